package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;

/**
 * What the pair recursions of {@link InfiniteWidth} share: the inputs (transposed as well), the recursion of every
 * input alone, and the three result matrices, whose upper triangles the recursions fill.
 */
final class KernelProblem {

    /** Correlations beyond this in size get their gap from direct differences of the inputs. */
    private static final double NEAR = 0.75;

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
    /** {@code S x S}, row-major: {@code q_sr^L}, the weight part and the bias part of Theta. */
    final double[] nngp;

    final double[] weightPart;
    final double[] biasPart;

    /** Where an entry of a matrix is not 0 but below the range of a double; null until there is one. */
    private volatile Below below;

    private final MeanField theory;
    private final double[] inputs;
    private final double[] transposed;
    private final double[] norm2;
    /** The inputs are in units of {@code 2^inputExponent}. */
    private final int inputExponent;
    /** Inputs with a variance that a double does not hold with room for products. */
    private final boolean[] extreme;

    /** One flag for each entry of the matrices in which 0 may be a misstatement. */
    private record Below(boolean[] nngp, boolean[] weightPart, boolean[] ntk) {}

    KernelProblem(
            double[] inputs,
            int samples,
            Architecture architecture,
            GaussianExpectation expectation,
            MeanField theory,
            InfiniteWidth.Parametrization parametrization) {
        Initialization initialization = theory.initialization();
        this.theory = theory;
        inputExponent = inputExponent(inputs);
        this.inputs = inputExponent == 0 ? inputs : scaled(inputs, -inputExponent);
        this.samples = samples;
        this.dimension = architecture.inputDim();
        this.depth = architecture.depth();
        this.sigmaW2 = initialization.sigmaW2();
        this.sigmaB2 = initialization.sigmaB2();
        this.expectation = expectation;
        boolean standard = parametrization == InfiniteWidth.Parametrization.STANDARD;
        weightFactor = new double[depth];
        for (int l = 0; l < depth; l++) {
            weightFactor[l] = standard ? architecture.width(l) : sigmaW2;
        }
        biasFactor = standard ? 1 : sigmaB2;
        transposed = new double[samples * dimension];
        norm2 = new double[samples];
        for (int s = 0; s < samples; s++) {
            double sum = 0;
            for (int i = 0; i < dimension; i++) {
                double x = this.inputs[s * dimension + i];
                transposed[i * samples + s] = x;
                sum += x * x;
            }
            norm2[s] = sum;
        }
        q = new double[depth][samples];
        nngp = new double[samples * samples];
        weightPart = new double[samples * samples];
        biasPart = new double[samples * samples];
        extreme = new boolean[samples];
        SignalPropagation previous = null;
        for (int s = 0; s < samples; s++) {
            SignalPropagation one = previous != null && norm2[s] == norm2[s - 1]
                    ? previous
                    : theory.propagate(ScaledValue.of(norm2[s] / dimension, 2L * inputExponent), depth);
            previous = one;
            diagonal(s, one);
        }
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
        store(s, s, one.scaledQ(depth), weights, biases);
    }

    /** The binary exponent of the largest entry if its square may leave the range of a double, else 0. */
    private static int inputExponent(double[] inputs) {
        double largest = 0;
        for (double x : inputs) {
            largest = Math.max(largest, Math.abs(x));
        }
        int exponent = largest == 0 ? 0 : ScaledValue.exponentOf(largest);
        return Math.abs(exponent) > ScaledValue.WINDOW / 2 ? exponent : 0;
    }

    private static double[] scaled(double[] inputs, int shift) {
        double[] scaled = new double[inputs.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = ScaledValue.scalb(inputs[i], shift);
        }
        return scaled;
    }

    /** Whether the recursion of this input needs {@link #carefully}, whatever the pair. */
    boolean extreme(int s) {
        return extreme[s];
    }

    /** Does the pairs of row s again of which a fast recursion left the range of a double. */
    void rescue(int s) {
        for (int r = s + 1; r < samples; r++) {
            int index = s * samples + r;
            if (extreme[s] || extreme[r] || !Double.isFinite(nngp[index] + weightPart[index] + biasPart[index])) {
                carefully(s, r);
            }
        }
    }

    private void store(int s, int r, ScaledValue covariance, ScaledValue weights, ScaledValue biases) {
        int index = s * samples + r;
        nngp[index] = covariance.doubleValue();
        weightPart[index] = weights.doubleValue();
        biasPart[index] = biases.doubleValue();
        if (covariance.underflows() || weights.underflows()) {
            Below flags = below();
            flags.nngp[index] = covariance.underflows();
            flags.weightPart[index] = weights.underflows();
            flags.ntk[index] = weights.plus(biases).underflows();
        }
    }

    private synchronized Below below() {
        if (below == null) {
            int n = samples * samples;
            below = new Below(new boolean[n], new boolean[n], new boolean[n]);
        }
        return below;
    }

    /**
     * Puts NaN (missing) for the entries that are not 0 but below the range of a double into the mirrored matrices.
     *
     * @param ntk the sum of the two parts
     */
    void markMissing(double[] ntk) {
        if (below != null) {
            mark(nngp, below.nngp);
            mark(weightPart, below.weightPart);
            mark(ntk, below.ntk);
        }
    }

    private void mark(double[] matrix, boolean[] flags) {
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < samples; r++) {
                if (flags[Math.min(s, r) * samples + Math.max(s, r)]) {
                    matrix[s * samples + r] = Double.NaN;
                }
            }
        }
    }

    /** Second moments of inputs s and r, near duplicates from direct differences. */
    Covariance inputs(int s, int r) {
        return Covariance.ofInputs(inputs, s * dimension, inputs, r * dimension, dimension);
    }

    /**
     * The second moments {@code qhat^0} of input s with inputs {@code from … from + count - 1}.
     *
     * @param qsr on return {@code qhat_sr^0}
     * @param gap on return the gaps
     * @param antiGap on return the anti-gaps
     * @param difference on return {@code qhat_ss^0 - qhat_rr^0}
     */
    void inputCovariances(
            int s, int from, int count, double[] qsr, double[] gap, double[] antiGap, double[] difference) {
        java.util.Arrays.fill(qsr, 0, count, 0);
        int i = 0;
        for (; i + 3 < dimension; i += 4) {
            double x0 = inputs[s * dimension + i];
            double x1 = inputs[s * dimension + i + 1];
            double x2 = inputs[s * dimension + i + 2];
            double x3 = inputs[s * dimension + i + 3];
            add(qsr, x0, i * samples + from, x1, x2, x3, count);
        }
        for (; i < dimension; i++) {
            double x = inputs[s * dimension + i];
            int offset = i * samples + from;
            for (int k = 0; k < count; k++) {
                qsr[k] += x * transposed[offset + k];
            }
        }
        double rootS = Math.sqrt(norm2[s]);
        for (int k = 0; k < count; k++) {
            double scale = rootS * Math.sqrt(norm2[from + k]);
            if (Math.abs(qsr[k]) > NEAR * scale) {
                Covariance direct = inputs(s, from + k);
                qsr[k] = direct.qsr();
                gap[k] = direct.gap();
                antiGap[k] = direct.antiGap();
                difference[k] = direct.difference();
            } else {
                gap[k] = (scale - qsr[k]) / dimension;
                antiGap[k] = (scale + qsr[k]) / dimension;
                qsr[k] /= dimension;
                difference[k] = (norm2[s] - norm2[from + k]) / dimension;
            }
        }
    }

    /** Four input dimensions at once, so that the sums are loaded and stored a quarter as often. */
    private void add(double[] sum, double x0, int offset, double x1, double x2, double x3, int count) {
        double[] t = transposed;
        int offset1 = offset + samples;
        int offset2 = offset1 + samples;
        int offset3 = offset2 + samples;
        for (int k = 0; k < count; k++) {
            sum[k] += (x0 * t[offset + k] + x1 * t[offset1 + k]) + (x2 * t[offset2 + k] + x3 * t[offset3 + k]);
        }
    }

    /**
     * The whole recursion of one pair with every small quantity carried along, and with variances and kernels of any size: slow
     * and always right.
     */
    void carefully(int s, int r) {
        ScaledCovariance qhat = new ScaledCovariance(inputs(s, r), 2L * inputExponent);
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
        store(s, r, u.qsr(), weights, biases);
    }
}
