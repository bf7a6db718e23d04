package io.github.finitentk.compute.nativecore;

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
        include = "ntk/ntk_core.h",
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

    @Name("ntk_tiles")
    static native @Cast("int64_t") long ntkTiles(@Cast("int64_t") long inputs) throws NativeCoreException;

    @Name("random_key")
    static native @Cast("int64_t") long randomKey(@Cast("int64_t") long seed, @Cast("int64_t") long cell);

    @Name("initialize")
    static native void initialize(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            DoublePointer parameters)
            throws NativeCoreException;

    @Name("forward")
    static native void forward(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const DoublePointer parameters,
            @Const DoublePointer x0,
            DoublePointer activations,
            DoublePointer deltas,
            DoublePointer outputs)
            throws NativeCoreException;

    @Name("backward")
    static native void backward(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const DoublePointer parameters,
            DoublePointer deltas,
            DoublePointer scratch)
            throws NativeCoreException;

    @Name("add_gradient")
    static native void addGradient(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Const DoublePointer coefficients,
            @Const DoublePointer x0,
            @Const DoublePointer activations,
            @Const DoublePointer deltas,
            DoublePointer scratch,
            DoublePointer parameters)
            throws NativeCoreException;

    @Name("input_gram")
    static native void inputGram(
            @Cast("int64_t") long inputDim, @Cast("int64_t") long inputs, @Const DoublePointer x0, DoublePointer gram)
            throws NativeCoreException;

    @Name("ntk_gram")
    static native void ntkGram(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstTile,
            @Cast("int64_t") long tiles,
            @Const DoublePointer inputGram,
            @Const DoublePointer activations,
            @Const DoublePointer deltas,
            DoublePointer scratch,
            DoublePointer theta)
            throws NativeCoreException;

    @Name("initialize")
    static native void initialize(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            FloatPointer parameters)
            throws NativeCoreException;

    @Name("forward")
    static native void forward(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const FloatPointer parameters,
            @Const FloatPointer x0,
            FloatPointer activations,
            FloatPointer deltas,
            FloatPointer outputs)
            throws NativeCoreException;

    @Name("backward")
    static native void backward(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Const FloatPointer parameters,
            FloatPointer deltas,
            FloatPointer scratch)
            throws NativeCoreException;

    @Name("add_gradient")
    static native void addGradient(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Const DoublePointer coefficients,
            @Const FloatPointer x0,
            @Const FloatPointer activations,
            @Const FloatPointer deltas,
            FloatPointer scratch,
            FloatPointer parameters)
            throws NativeCoreException;

    @Name("input_gram")
    static native void inputGram(
            @Cast("int64_t") long inputDim, @Cast("int64_t") long inputs, @Const FloatPointer x0, FloatPointer gram)
            throws NativeCoreException;

    @Name("ntk_gram")
    static native void ntkGram(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            @Cast("int64_t") long inputs,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstTile,
            @Cast("int64_t") long tiles,
            @Const FloatPointer inputGram,
            @Const FloatPointer activations,
            @Const FloatPointer deltas,
            FloatPointer scratch,
            DoublePointer theta)
            throws NativeCoreException;

    @Name("descent_scratch")
    static native @Cast("int64_t") long descentScratch(
            @Cast("const int64_t*") LongPointer widths, int depth, @Cast("int64_t") long inputs)
            throws NativeCoreException;

    @Name("descend")
    static native void descend(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Const DoublePointer x0,
            @Const DoublePointer targets,
            double learningRate,
            double factor,
            double minDecrease,
            @Cast("int64_t") long patience,
            @Cast("int64_t") long maxSteps,
            @Cast("int64_t") long until,
            DoublePointer scratch,
            DoublePointer parameters,
            DoublePointer state,
            DoublePointer losses)
            throws NativeCoreException;

    @Name("descend")
    static native void descend(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            @Cast("int64_t") long inputs,
            @Const FloatPointer x0,
            @Const DoublePointer targets,
            double learningRate,
            double factor,
            double minDecrease,
            @Cast("int64_t") long patience,
            @Cast("int64_t") long maxSteps,
            @Cast("int64_t") long until,
            FloatPointer scratch,
            FloatPointer parameters,
            FloatPointer pending,
            DoublePointer state,
            DoublePointer losses)
            throws NativeCoreException;

    @Name("chain_scratch")
    static native @Cast("int64_t") long chainScratch(@Cast("const int64_t*") LongPointer widths, int depth)
            throws NativeCoreException;

    @Name("chain_draws")
    static native void chainDraws(
            @Cast("const int64_t*") LongPointer widths,
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
            DoublePointer scratch,
            DoublePointer theta,
            DoublePointer exponents,
            DoublePointer outputs)
            throws NativeCoreException;

    @Name("relu_chain_scratch")
    static native @Cast("int64_t") long reluChainScratch(@Cast("const int64_t*") LongPointer widths, int depth)
            throws NativeCoreException;

    @Name("relu_chain_draws")
    static native void reluChainDraws(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            double sigmaW2,
            double sigmaB2,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            DoublePointer scratch,
            DoublePointer theta,
            DoublePointer exponents,
            DoublePointer outputs)
            throws NativeCoreException;

    @Name("conditional_scratch")
    static native @Cast("int64_t") long conditionalScratch(
            @Cast("const int64_t*") LongPointer widths, int depth, @Cast("int64_t") long inputs)
            throws NativeCoreException;

    @Name("conditional_draws")
    static native void conditionalDraws(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            int activationKind,
            double a,
            double b,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long inputs,
            @Const DoublePointer x0,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            DoublePointer scratch,
            DoublePointer theta,
            DoublePointer outputs)
            throws NativeCoreException;

    @Name("moment_scratch")
    static native @Cast("int64_t") long momentScratch(@Cast("const int64_t*") LongPointer widths, int depth)
            throws NativeCoreException;

    @Name("start_particles")
    static native void startParticles(
            @Cast("const int64_t*") LongPointer widths,
            int depth,
            double inputNorm2,
            @Cast("int64_t") long particles,
            @Cast("int64_t") long stride,
            DoublePointer state,
            DoublePointer moments)
            throws NativeCoreException;

    @Name("advance_particles")
    static native void advanceParticles(
            @Cast("const int64_t*") LongPointer widths,
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
            DoublePointer scratch,
            DoublePointer state,
            DoublePointer moments)
            throws NativeCoreException;

    @Name("symmetric_eigen")
    static native void symmetricEigen(@Cast("int64_t") long n, double[] matrix, double[] values)
            throws NativeCoreException;

    @Name("cholesky_factor")
    static native @Cast("bool") boolean choleskyFactor(@Cast("int64_t") long n, double[] matrix)
            throws NativeCoreException;

    @Name("cholesky_solve")
    static native void choleskySolve(
            @Cast("int64_t") long n, @Const double[] factor, @Cast("int64_t") long count, double[] rows)
            throws NativeCoreException;

    @Name("cholesky_reciprocal_condition")
    static native double choleskyReciprocalCondition(@Cast("int64_t") long n, @Const double[] factor, double norm1)
            throws NativeCoreException;
}
