package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;

/**
 * What the pair recursions of {@link InfiniteWidthKernel} share: the inputs (transposed as well), the recursion of every
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

    private final double[] inputs;
    private final double[] transposed;
    private final double[] norm2;

    KernelProblem(
            double[] inputs,
            int samples,
            Architecture architecture,
            GaussianExpectation expectation,
            MeanField theory,
            Parametrization parametrization) {
        Initialization initialization = theory.initialization();
        this.inputs = inputs;
        this.samples = samples;
        this.dimension = architecture.inputDim();
        this.depth = architecture.depth();
        this.sigmaW2 = initialization.sigmaW2();
        this.sigmaB2 = initialization.sigmaB2();
        this.expectation = expectation;
        boolean standard = parametrization == Parametrization.STANDARD;
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
                double x = inputs[s * dimension + i];
                transposed[i * samples + s] = x;
                sum += x * x;
            }
            norm2[s] = sum;
        }
        q = new double[depth][samples];
        nngp = new double[samples * samples];
        weightPart = new double[samples * samples];
        biasPart = new double[samples * samples];
        SignalPropagation previous = null;
        for (int s = 0; s < samples; s++) {
            SignalPropagation one = previous != null && norm2[s] == norm2[s - 1]
                    ? previous
                    : theory.propagate(norm2[s] / dimension, depth);
            previous = one;
            double weights = 0;
            double biases = 0;
            for (int l = 0; l < depth; l++) {
                q[l][s] = one.q(l + 1);
                weights += one.p(l + 1) * weightFactor[l] * one.qhat(l);
                biases += one.p(l + 1) * biasFactor;
            }
            nngp[s * samples + s] = one.nngp();
            weightPart[s * samples + s] = weights;
            biasPart[s * samples + s] = biases;
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

    /** The whole recursion of one pair with every small quantity carried along: slow and always right. */
    void carefully(int s, int r) {
        Covariance qhat = inputs(s, r);
        Covariance u = qhat.throughWeights(sigmaW2, sigmaB2);
        double weights = weightFactor[0] * qhat.qsr();
        double biases = biasFactor;
        for (int l = 1; l < depth; l++) {
            double chi = sigmaW2 * expectation.derivativeProduct(u);
            qhat = expectation.propagate(u);
            weights = chi * weights + weightFactor[l] * qhat.qsr();
            biases = chi * biases + biasFactor;
            u = qhat.throughWeights(sigmaW2, sigmaB2);
        }
        int index = s * samples + r;
        nngp[index] = u.qsr();
        weightPart[index] = weights;
        biasPart[index] = biases;
    }
}
