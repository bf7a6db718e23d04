package io.github.finitentk.meanfield;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.numeric.RecentValues;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Optional;

/**
 * What the pair recursions of {@link InfiniteWidth} share: the inputs, the recursion of every input alone, and the careful
 * recursion of one pair. Nothing here is of size {@code S^2}. A pair has the same numbers in whatever order its inputs are named.
 */
final class KernelProblem {

    final int samples;
    final int dimension;
    final int depth;
    final double sigmaW2;
    final double sigmaB2;
    final GaussianExpectation expectation;
    /** {@code weightFactor[l]} multiplies {@code qhat^l} when layer l + 1 is added: {@code n_l}, or sigmaW2. */
    final double[] weightFactor;
    /** What the biases of a layer add: 1, or sigmaB2. */
    final double biasFactor;
    /** {@code q[l][s] = q^{l+1}(x_s)}. */
    final double[][] q;
    /** {@code |x_s|^2} in units of {@code 4^inputExponent}. */
    final double[] norm2;

    /** Norms of inputs that were normalised to one length differ by no more than this. */
    static final double SAME = 2e-15;

    /** Inputs of one norm, apart from rounding, have one number here. */
    final int[] normClass;

    /** So many layers are remembered, for inputs of the same norm. */
    private static final int KEPT = 100_000;

    private final boolean smooth;
    private final MeanField theory;
    private final Inputs inputs;
    /** Those of the columns; null if they are the same. */
    private final Inputs others;
    /** The number of the input that belongs to column 0. */
    final int firstColumn;
    /** The inputs are in units of {@code 2^inputExponent}. */
    private final int inputExponent;
    /** Inputs with a variance that a double does not hold with room for products. */
    private final boolean[] extreme;

    private final Entry[] diagonal;

    /**
     * The kernels of one pair. An entry that is not 0 but below the range of a double is NaN.
     *
     * @param nngp {@code q_sr^L}
     * @param ntk {@code Theta*}
     * @param weights the part of Theta* that its weights make
     */
    record Entry(double nngp, double ntk, double weights) {

        private static Entry of(ScaledValue covariance, ScaledValue weights, ScaledValue biases) {
            double ntk = weights.plus(biases).underflows() ? Double.NaN : weights.doubleValue() + biases.doubleValue();
            return new Entry(covariance.fitting(), ntk, weights.fitting());
        }
    }

    /** Of all inputs with themselves. */
    KernelProblem(RandomNetwork network, Inputs inputs, InfiniteWidth.Parametrization parametrization) {
        this(network, inputs, Optional.empty(), parametrization);
    }

    /**
     * @param others more inputs, numbered after the first ones, if columns are others than rows
     * @throws IllegalArgumentException if inputs have another dimension
     */
    KernelProblem(
            RandomNetwork network,
            Inputs inputs,
            Optional<Inputs> others,
            InfiniteWidth.Parametrization parametrization) {
        Architecture architecture = network.architecture();
        inputs.requireDimension(architecture.inputDim());
        Initialization initialization = network.initialization();
        others.ifPresent(second -> second.requireDimension(architecture.inputDim()));
        this.inputs = inputs;
        this.others = others.orElse(null);
        firstColumn = others.isPresent() ? inputs.count() : 0;
        samples = Math.addExact(inputs.count(), others.map(Inputs::count).orElse(0));
        dimension = architecture.inputDim();
        depth = architecture.depth();
        sigmaW2 = initialization.sigmaW2();
        sigmaB2 = initialization.sigmaB2();
        boolean standard = parametrization == InfiniteWidth.Parametrization.STANDARD;
        weightFactor = new double[depth];
        for (int l = 0; l < depth; l++) {
            weightFactor[l] = standard ? architecture.width(l) : sigmaW2;
        }
        biasFactor = standard ? 1 : sigmaB2;
        inputExponent = inputExponent(
                Math.max(largest(inputs), others.map(KernelProblem::largest).orElse(0.0)));
        norm2 = norms();
        smooth = TabulatedExpectation.serves(network.activation());
        normClass = classes(norm2);
        theory = smooth && java.util.Arrays.stream(normClass).max().getAsInt() >= HermiteCell.NODES
                ? new MeanField(network.activation(), initialization, new TabulatedExpectation(network.activation()))
                : new MeanField(network.activation(), initialization);
        expectation = theory.expectation();
        q = new double[depth][samples];
        extreme = new boolean[samples];
        diagonal = new Entry[samples];
        RecentValues<SignalPropagation> alone = new RecentValues<>(
                Math.max(1, Math.min(64, KEPT / depth)),
                norm -> theory.propagate(ScaledValue.of(norm / dimension, 2L * inputExponent), depth));
        for (int s = 0; s < samples; s++) {
            diagonal(s, alone.apply(norm2[s]));
        }
    }

    private double[] norms() {
        double[] squares = new double[samples];
        double[] x = new double[dimension];
        for (int s = 0; s < samples; s++) {
            copy(s, x, 0);
            for (int i = 0; i < dimension; i++) {
                squares[s] += x[i] * x[i];
            }
        }
        return squares;
    }

    /** Numbers the norms that differ by more than rounding, from 0 on. */
    private static int[] classes(double[] norm2) {
        Integer[] order = new Integer[norm2.length];
        java.util.Arrays.setAll(order, s -> s);
        java.util.Arrays.sort(order, java.util.Comparator.comparingDouble(s -> norm2[s]));
        int[] classes = new int[norm2.length];
        double first = norm2[order[0]];
        int current = 0;
        for (int s : order) {
            if (norm2[s] - first > SAME * first) {
                first = norm2[s];
                current++;
            }
            classes[s] = current;
        }
        return classes;
    }

    /** Whether the activation is smooth and has no closed forms. */
    boolean smooth() {
        return smooth;
    }

    private void diagonal(int s, SignalPropagation one) {
        ScaledValue weights = ScaledValue.of(0);
        ScaledValue biases = weights;
        for (int l = 0; l < depth; l++) {
            q[l][s] = one.scaledQ(l + 1).doubleValue();
            extreme[s] |= one.scaledQ(l + 1).exponent() != 0;
            weights = weights.plus(one.scaledP(l + 1).times(weightFactor[l]).times(one.scaledQhat(l)));
            biases = biases.plus(one.scaledP(l + 1).times(biasFactor));
        }
        extreme[s] |= inputExponent != 0 || one.scaledQhat(0).exponent() != 0;
        diagonal[s] = Entry.of(one.scaledQ(depth), weights, biases);
    }

    /** The kernels of input s with itself. */
    Entry diagonal(int s) {
        return diagonal[s];
    }

    /** Writes input s in units of {@code 2^inputExponent}. */
    void copy(int s, double[] target, int offset) {
        boolean first = s < inputs.count();
        for (int i = 0; i < dimension; i++) {
            double x = first ? inputs.get(s, i) : others.get(s - inputs.count(), i);
            target[offset + i] = inputExponent == 0 ? x : ScaledValue.scalb(x, -inputExponent);
        }
    }

    private static double largest(Inputs inputs) {
        double largest = 0;
        for (int s = 0; s < inputs.count(); s++) {
            for (int i = 0; i < inputs.dimension(); i++) {
                largest = Math.max(largest, Math.abs(inputs.get(s, i)));
            }
        }
        return largest;
    }

    /** The binary exponent of the largest coordinate if its square may leave the range of a double, else 0. */
    private static int inputExponent(double largest) {
        int exponent = largest == 0 ? 0 : ScaledValue.exponentOf(largest);
        return Math.abs(exponent) > ScaledValue.WINDOW / 2 ? exponent : 0;
    }

    /** Whether the recursion of this input needs {@link #carefully}, whatever the pair. */
    boolean extreme(int s) {
        return extreme[s];
    }

    /**
     * The whole recursion of one pair with every small quantity carried along, and with variances and kernels of any size: slow
     * and always right.
     */
    Entry carefully(int s, int r) {
        double[] pair = new double[2 * dimension];
        copy(Math.min(s, r), pair, 0);
        copy(Math.max(s, r), pair, dimension);
        Covariance start = Covariance.ofInputs(pair, 0, pair, dimension, dimension);
        ScaledCovariance qhat = new ScaledCovariance(start, 2L * inputExponent);
        ScaledCovariance u = theory.throughWeights(qhat);
        ScaledValue weights = qhat.qsr().times(weightFactor[0]);
        ScaledValue biases = ScaledValue.of(biasFactor);
        for (int l = 1; l < depth; l++) {
            double chi = theory.chi(u);
            qhat = theory.activationCovariance(u);
            weights = weights.times(chi).plus(qhat.qsr().times(weightFactor[l]));
            biases = biases.times(chi).plus(biasFactor);
            u = theory.throughWeights(qhat);
        }
        return Entry.of(u.qsr(), weights, biases);
    }
}
