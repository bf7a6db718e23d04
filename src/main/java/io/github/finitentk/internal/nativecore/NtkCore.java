package io.github.finitentk.internal.nativecore;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.ByRef;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.MemberGetter;
import org.bytedeco.javacpp.annotation.MemberSetter;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The binding of {@code src/main/cpp/ntk/ntk_core.h}, function by function and struct by struct; that header documents
 * arguments and buffers. A struct holds addresses only: whoever fills it keeps the buffers. Loading is the business of
 * {@link NativeLibrary}.
 */
@Platform(
        include = {"ntk/ntk_core.h", "ntk/span_adapter.h"},
        library = "jniNtkCore")
@Namespace("ntk")
final class NtkCore {

    private NtkCore() {}

    static class Network extends Pointer {

        protected Network(Pointer none) {
            super(none);
        }

        Network(long[] widths, int activation, double a, double b) {
            super((Pointer) null);
            allocate(widths, activation, a, b);
        }

        private native void allocate(@Const @Span long[] widths, int activation, double a, double b)
                throws NativeCoreException;
    }

    static final class RandomNetwork extends Network {

        RandomNetwork(long[] widths, int activation, double a, double b, double sigmaW2, double sigmaB2) {
            super((Pointer) null);
            allocate(widths, activation, a, b, sigmaW2, sigmaB2);
        }

        private native void allocate(
                @Const @Span long[] widths, int activation, double a, double b, double sigmaW2, double sigmaB2)
                throws NativeCoreException;
    }

    static final class Batch extends Pointer {

        Batch() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        native void type(@Cast("ntk::ElementType") int type);

        @MemberSetter
        native void inputs(@Cast("int64_t") long inputs);

        @MemberSetter
        native void directions(@Cast("int64_t") long directions);

        @MemberSetter
        native void pairs(boolean pairs);

        @MemberSetter
        native void columns(@Cast("int64_t") long columns);

        @MemberSetter
        native void x0(@Const @Span BytePointer x0);

        @MemberSetter
        @Name("input_gram")
        native void inputGram(@Span BytePointer inputGram);

        @MemberSetter
        native void parameters(@Span BytePointer parameters);

        @MemberSetter
        native void activations(@Span BytePointer activations);

        @MemberSetter
        native void derivatives(@Span BytePointer derivatives);

        @MemberSetter
        native void deltas(@Span BytePointer deltas);

        @MemberSetter
        native void scratch(@Span BytePointer scratch);

        @MemberSetter
        native void outputs(@Span BytePointer outputs);

        @MemberSetter
        native void theta(@Span DoublePointer theta);
    }

    static final class Panel extends Pointer {

        Panel() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        native void type(@Cast("ntk::ElementType") int type);

        @MemberSetter
        native void rows(@Cast("int64_t") long rows);

        @MemberSetter
        native void columns(@Cast("int64_t") long columns);

        @MemberSetter
        native void numbers(@Span BytePointer numbers);
    }

    static final class TrainingData extends Pointer {

        TrainingData() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        native void type(@Cast("ntk::ElementType") int type);

        @MemberSetter
        native void inputs(@Cast("int64_t") long inputs);

        @MemberSetter
        native void x0(@Const @Span BytePointer x0);

        @MemberSetter
        native void targets(@Const @Span DoublePointer targets);
    }

    static final class DescentRule extends Pointer {

        DescentRule() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        @Name("learning_rate")
        native void learningRate(double learningRate);

        @MemberSetter
        @Name("loss_factor")
        native void lossFactor(double lossFactor);

        @MemberSetter
        @Name("min_decrease")
        native void minDecrease(double minDecrease);

        @MemberSetter
        native void patience(@Cast("int64_t") long patience);

        @MemberSetter
        @Name("max_steps")
        native void maxSteps(@Cast("int64_t") long maxSteps);

        @MemberSetter
        native void loss(@Cast("ntk::Loss") int loss);

        @MemberSetter
        native void optimizer(@Cast("ntk::OptimizerKind") int optimizer);

        @MemberSetter
        native void momentum(double momentum);

        @MemberSetter
        @Name("second_momentum")
        native void secondMomentum(double secondMomentum);

        @MemberSetter
        native void epsilon(double epsilon);

        @MemberSetter
        native void batch(@Cast("int64_t") long batch);

        @MemberSetter
        @Name("order_key")
        native void orderKey(@Cast("int64_t") long orderKey);
    }

    static final class DescentNumbers extends Pointer {

        DescentNumbers() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        native void parameters(@Span BytePointer parameters);

        @MemberSetter
        native void pending(@Span BytePointer pending);

        @MemberSetter
        native void moments(@Span BytePointer moments);
    }

    static final class DescentState extends Pointer {

        DescentState() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberGetter
        native @Cast("int64_t") long step();

        @MemberSetter
        native void step(@Cast("int64_t") long step);

        @MemberGetter
        native @Cast("ntk::DescentStatus") int status();

        @MemberSetter
        native void status(@Cast("ntk::DescentStatus") int status);

        @MemberGetter
        native double best();

        @MemberSetter
        native void best(double best);

        @MemberGetter
        native @Cast("int64_t") long waited();

        @MemberSetter
        native void waited(@Cast("int64_t") long waited);

        @MemberGetter
        @Name("least_loss")
        native double leastLoss();

        @MemberSetter
        @Name("least_loss")
        native void leastLoss(double leastLoss);

        @MemberGetter
        @Name("last_loss")
        native double lastLoss();

        @MemberSetter
        @Name("last_loss")
        native void lastLoss(double lastLoss);

        @MemberGetter
        @Name("epoch_sum")
        native double epochSum();

        @MemberSetter
        @Name("epoch_sum")
        native void epochSum(double epochSum);
    }

    static final class KernelDraws extends Pointer {

        KernelDraws() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        native void theta(@Span DoublePointer theta);

        @MemberSetter
        native void exponents(@Span DoublePointer exponents);

        @MemberSetter
        native void outputs(@Span DoublePointer outputs);
    }

    static final class Particles extends Pointer {

        Particles() {
            super((Pointer) null);
            allocate();
        }

        private native void allocate();

        @MemberSetter
        native void count(@Cast("int64_t") long count);

        @MemberSetter
        native void stride(@Cast("int64_t") long stride);

        @MemberSetter
        native void state(@Span DoublePointer state);

        @MemberSetter
        native void moments(@Span DoublePointer moments);
    }

    @Name("abi_version")
    static native int abiVersion();

    @Name("simd_level")
    static native @Cast("const char*") BytePointer simdLevel() throws NativeCoreException;

    @Name("products_name")
    static native @Cast("const char*") BytePointer productsName() throws NativeCoreException;

    @Name("blas_description")
    static native @Cast("const char*") BytePointer blasDescription() throws NativeCoreException;

    @Name("prepare_blas")
    static native void prepareBlas() throws NativeCoreException;

    @Name("prefer_huge_pages")
    static native void preferHugePages(@Span BytePointer memory) throws NativeCoreException;

    @Name("block_size")
    static native int blockSize();

    static native void initialize(
            @Const @ByRef Network network,
            @Const @ByRef Batch batch,
            double sigmaW2,
            double sigmaB2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks)
            throws NativeCoreException;

    @Name("input_gram")
    static native void inputGram(@Const @ByRef Network network, @Const @ByRef Batch batch) throws NativeCoreException;

    static native void forward(
            @Const @ByRef Network network,
            @Const @ByRef Batch batch,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount)
            throws NativeCoreException;

    static native void backward(
            @Const @ByRef Network network,
            @Const @ByRef Batch batch,
            @Const @Span double[] directions,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount)
            throws NativeCoreException;

    @Name("ntk_gram")
    static native void ntkGram(
            @Const @ByRef Network network,
            @Const @ByRef Batch batch,
            @Const @Span double[] directions,
            @Const @Span double[] alpha,
            @Const @Span double[] beta,
            @Cast("int64_t") long firstNetwork,
            @Cast("int64_t") long networks,
            @Cast("int64_t") long firstTile,
            @Cast("int64_t") long tiles,
            @Span BytePointer scratch)
            throws NativeCoreException;

    @Name("cross_gram")
    static native void crossGram(
            @Const @ByRef Network network,
            @Const @ByRef Batch rows,
            @Const @ByRef Batch columns,
            @Const @Span double[] directions,
            @Const @Span double[] alpha,
            @Const @Span double[] beta,
            @Cast("bool") boolean pairs,
            @Cast("int64_t") long firstRow,
            @Cast("int64_t") long rowCount,
            @Cast("int64_t") long firstColumn,
            @Cast("int64_t") long columnCount,
            @Span BytePointer scratch,
            @Span DoublePointer theta)
            throws NativeCoreException;

    @Name("add_gradient")
    static native void addGradient(
            @Const @ByRef Network network,
            @Const @ByRef Batch source,
            @Cast("int64_t") long index,
            @Cast("int64_t") long direction,
            @Const @Span double[] v,
            @Const @Span double[] coefficients,
            @Const @ByRef Batch target)
            throws NativeCoreException;

    @Name("derivatives")
    static native void derivatives(
            @Const @ByRef Network network,
            @Const @ByRef Batch source,
            @Cast("int64_t") long index,
            @Cast("int64_t") long direction,
            @Const @Span double[] v,
            @Const @ByRef Batch along,
            @Cast("int64_t") long firstInput,
            @Cast("int64_t") long inputCount,
            @Span double[] target)
            throws NativeCoreException;

    @Name("descent_scratch")
    static native @Cast("int64_t") long descentScratch(
            @Const @ByRef Network network, @Cast("int64_t") long inputs, @Const @ByRef DescentRule rule)
            throws NativeCoreException;

    static native void descend(
            @Const @ByRef Network network,
            @Const @ByRef TrainingData data,
            @Const @ByRef DescentRule rule,
            @Cast("int64_t") long until,
            @Span BytePointer scratch,
            @Const @ByRef DescentNumbers numbers,
            @ByRef DescentState state,
            @Span DoublePointer losses)
            throws NativeCoreException;

    @Name("descent_loss")
    static native double descentLoss(
            @Const @ByRef Network network,
            @Const @ByRef TrainingData data,
            @Const @ByRef DescentRule rule,
            @Span BytePointer scratch,
            @Const @Span BytePointer parameters)
            throws NativeCoreException;

    @Name("chain_scratch")
    static native @Cast("int64_t") long chainScratch(@Const @ByRef Network network) throws NativeCoreException;

    @Name("chain_draws")
    static native void chainDraws(
            @Const @ByRef RandomNetwork network,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            @Span DoublePointer scratch,
            @Const @ByRef KernelDraws target)
            throws NativeCoreException;

    @Name("relu_chain_scratch")
    static native @Cast("int64_t") long reluChainScratch(@Const @ByRef Network network) throws NativeCoreException;

    @Name("relu_chain_draws")
    static native void reluChainDraws(
            @Const @ByRef RandomNetwork network,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            @Span DoublePointer scratch,
            @Const @ByRef KernelDraws target)
            throws NativeCoreException;

    @Name("conditional_scratch")
    static native @Cast("int64_t") long conditionalScratch(@Const @ByRef Network network, @Cast("int64_t") long inputs)
            throws NativeCoreException;

    @Name("conditional_draws")
    static native void conditionalDraws(
            @Const @ByRef RandomNetwork network,
            @Cast("int64_t") long inputs,
            @Const @Span DoublePointer x0,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstDraw,
            @Cast("int64_t") long draws,
            @Span DoublePointer scratch,
            @Const @ByRef KernelDraws target)
            throws NativeCoreException;

    @Name("moment_scratch")
    static native @Cast("int64_t") long momentScratch(@Const @ByRef Network network) throws NativeCoreException;

    @Name("start_particles")
    static native void startParticles(
            @Const @ByRef RandomNetwork network, double inputNorm2, @Const @ByRef Particles particles)
            throws NativeCoreException;

    @Name("advance_particles")
    static native void advanceParticles(
            @Const @ByRef RandomNetwork network,
            double inputNorm2,
            @Cast("int64_t") long key,
            @Cast("int64_t") long firstStream,
            int firstLayer,
            int lastLayer,
            @Span DoublePointer scratch,
            @Const @ByRef Particles particles)
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

    @Name("add_product")
    static native void addProduct(
            @Const @ByRef Panel a,
            @Cast("int64_t") long firstA,
            boolean transposed,
            @Const @ByRef Panel b,
            @Cast("int64_t") long firstB,
            @Const @ByRef Panel c,
            @Cast("int64_t") long firstC,
            @Cast("int64_t") long m,
            @Cast("int64_t") long k)
            throws NativeCoreException;

    @Name("factor_triangle")
    static native @Cast("int64_t") long factorTriangle(
            @Const @ByRef Panel u, @Cast("int64_t") long first, @Cast("int64_t") long n) throws NativeCoreException;

    @Name("solve_triangle")
    static native void solveTriangle(
            @Const @ByRef Panel u,
            @Cast("int64_t") long first,
            @Cast("int64_t") long n,
            boolean transposed,
            @Const @ByRef Panel x,
            @Cast("int64_t") long firstX)
            throws NativeCoreException;
}
