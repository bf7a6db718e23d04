package io.github.finitentk.internal.nativecore;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The binding of {@code src/main/cpp/ntk/ntk_core.h}, function by function; that header documents arguments and buffers.
 * Loading is the business of {@link NativeLibrary}.
 */
@Platform(
        value = "linux-x86_64",
        include = {"ntk/ntk_core.h", "ntk/span_adapter.h"},
        library = "jniNtkCore",
        preload = {"quadmath@.0", "gfortran@.5", "openblas@.0"})
@Namespace("ntk")
final class NtkCore {

    private NtkCore() {}

    @Name("abi_version")
    static native int abiVersion();

    @Name("simd_level")
    static native @Cast("const char*") BytePointer simdLevel() throws NativeCoreException;

    @Name("blas_description")
    static native @Cast("const char*") BytePointer blasDescription() throws NativeCoreException;

    @Name("prepare_blas")
    static native void prepareBlas() throws NativeCoreException;

    @Name("block_size")
    static native int blockSize();

    @Name("initialize")
    static native void initialize(
            @Const @Span LongPointer widths,
            int depth,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Span DoublePointer parameters)
            throws NativeCoreException;

    @Name("forward")
    static native void forward(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const @Span DoublePointer parameters,
            @Const @Span DoublePointer x0,
            @Span DoublePointer activations,
            @Span DoublePointer deltas,
            @Span DoublePointer outputs)
            throws NativeCoreException;

    @Name("backward")
    static native void backward(
            @Const @Span LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const @Span DoublePointer parameters,
            @Span DoublePointer deltas,
            @Span DoublePointer scratch)
            throws NativeCoreException;

    @Name("add_gradient")
    static native void addGradient(
            @Const @Span LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Const @Span DoublePointer coefficients,
            @Const @Span DoublePointer x0,
            @Const @Span DoublePointer activations,
            @Const @Span DoublePointer deltas,
            @Span DoublePointer scratch,
            @Span DoublePointer parameters)
            throws NativeCoreException;

    @Name("input_gram")
    static native void inputGram(
            @Cast("int64_t") long inputDim,
            @Cast("int64_t") long inputs,
            @Const @Span DoublePointer x0,
            @Span DoublePointer gram)
            throws NativeCoreException;

    @Name("ntk_gram")
    static native void ntkGram(
            @Const @Span LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstTile,
            @Cast("int64_t") long tiles,
            @Const @Span DoublePointer inputGram,
            @Const @Span DoublePointer activations,
            @Const @Span DoublePointer deltas,
            @Span DoublePointer scratch,
            @Span DoublePointer theta)
            throws NativeCoreException;

    @Name("initialize")
    static native void initialize(
            @Const @Span LongPointer widths,
            int depth,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Span FloatPointer parameters)
            throws NativeCoreException;

    @Name("forward")
    static native void forward(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const @Span FloatPointer parameters,
            @Const @Span FloatPointer x0,
            @Span FloatPointer activations,
            @Span FloatPointer deltas,
            @Span FloatPointer outputs)
            throws NativeCoreException;

    @Name("backward")
    static native void backward(
            @Const @Span LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const @Span FloatPointer parameters,
            @Span FloatPointer deltas,
            @Span FloatPointer scratch)
            throws NativeCoreException;

    @Name("add_gradient")
    static native void addGradient(
            @Const @Span LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Const @Span DoublePointer coefficients,
            @Const @Span FloatPointer x0,
            @Const @Span FloatPointer activations,
            @Const @Span FloatPointer deltas,
            @Span FloatPointer scratch,
            @Span FloatPointer parameters)
            throws NativeCoreException;

    @Name("input_gram")
    static native void inputGram(
            @Cast("int64_t") long inputDim,
            @Cast("int64_t") long inputs,
            @Const @Span FloatPointer x0,
            @Span FloatPointer gram)
            throws NativeCoreException;

    @Name("ntk_gram")
    static native void ntkGram(
            @Const @Span LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstTile,
            @Cast("int64_t") long tiles,
            @Const @Span FloatPointer inputGram,
            @Const @Span FloatPointer activations,
            @Const @Span FloatPointer deltas,
            @Span FloatPointer scratch,
            @Span DoublePointer theta)
            throws NativeCoreException;

    @Name("descent_scratch")
    static native @Cast("int64_t") long descentScratch(
            @Const @Span LongPointer widths, int depth, @Cast("int64_t") long inputs) throws NativeCoreException;

    @Name("descend")
    static native void descend(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Const @Span DoublePointer x0,
            @Const @Span DoublePointer targets,
            double learningRate,
            double factor,
            double minDecrease,
            @Cast("int64_t") long patience,
            @Cast("int64_t") long maxSteps,
            @Cast("int64_t") long until,
            @Span DoublePointer scratch,
            @Span DoublePointer parameters,
            @Span DoublePointer state,
            @Span DoublePointer losses)
            throws NativeCoreException;

    @Name("descend")
    static native void descend(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Const @Span FloatPointer x0,
            @Const @Span DoublePointer targets,
            double learningRate,
            double factor,
            double minDecrease,
            @Cast("int64_t") long patience,
            @Cast("int64_t") long maxSteps,
            @Cast("int64_t") long until,
            @Span FloatPointer scratch,
            @Span FloatPointer parameters,
            @Span FloatPointer pending,
            @Span DoublePointer state,
            @Span DoublePointer losses)
            throws NativeCoreException;

    @Name("chain_scratch")
    static native @Cast("int64_t") long chainScratch(@Const @Span LongPointer widths, int depth)
            throws NativeCoreException;

    @Name("chain_draws")
    static native void chainDraws(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            double sigmaW2,
            double sigmaB2,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            @Span DoublePointer scratch,
            @Span DoublePointer theta,
            @Span DoublePointer exponents,
            @Span DoublePointer outputs)
            throws NativeCoreException;

    @Name("relu_chain_scratch")
    static native @Cast("int64_t") long reluChainScratch(@Const @Span LongPointer widths, int depth)
            throws NativeCoreException;

    @Name("relu_chain_draws")
    static native void reluChainDraws(
            @Const @Span LongPointer widths,
            int depth,
            double sigmaW2,
            double sigmaB2,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            @Span DoublePointer scratch,
            @Span DoublePointer theta,
            @Span DoublePointer exponents,
            @Span DoublePointer outputs)
            throws NativeCoreException;

    @Name("conditional_scratch")
    static native @Cast("int64_t") long conditionalScratch(
            @Const @Span LongPointer widths, int depth, @Cast("int64_t") long inputs) throws NativeCoreException;

    @Name("conditional_draws")
    static native void conditionalDraws(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long inputs,
            @Const @Span DoublePointer x0,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            @Span DoublePointer scratch,
            @Span DoublePointer theta,
            @Span DoublePointer outputs)
            throws NativeCoreException;

    @Name("moment_scratch")
    static native @Cast("int64_t") long momentScratch(@Const @Span LongPointer widths, int depth)
            throws NativeCoreException;

    @Name("start_particles")
    static native void startParticles(
            @Const @Span LongPointer widths,
            int depth,
            double inputNorm2,
            @Cast("int64_t") long particles,
            @Cast("int64_t") long stride,
            @Span DoublePointer state,
            @Span DoublePointer moments)
            throws NativeCoreException;

    @Name("advance_particles")
    static native void advanceParticles(
            @Const @Span LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            double sigmaW2,
            double sigmaB2,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            @Cast("int64_t") long particles,
            @Cast("int64_t") long stride,
            int firstLayer,
            int lastLayer,
            @Span DoublePointer scratch,
            @Span DoublePointer state,
            @Span DoublePointer moments)
            throws NativeCoreException;

    @Name("symmetric_eigen")
    static native void symmetricEigen(@Cast("int64_t") long n, @Span double[] matrix, @Span double[] values)
            throws NativeCoreException;

    @Name("cholesky_factor")
    static native @Cast("bool") boolean choleskyFactor(@Cast("int64_t") long n, @Span double[] matrix)
            throws NativeCoreException;

    @Name("cholesky_solve")
    static native void choleskySolve(
            @Cast("int64_t") long n, @Const @Span double[] factor, @Cast("int64_t") long count, @Span double[] rows)
            throws NativeCoreException;

    @Name("cholesky_reciprocal_condition")
    static native double choleskyReciprocalCondition(
            @Cast("int64_t") long n, @Const @Span double[] factor, double norm1) throws NativeCoreException;
}
