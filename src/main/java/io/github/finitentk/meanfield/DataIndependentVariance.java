package io.github.finitentk.meanfield;

import io.github.finitentk.data.Kernel;

/**
 * Theorem 3: the variance, over initialisations, of the output of a fully trained network that follows NTK theory, from
 * data-independent means alone:
 * <pre>
 * A = S / (k1/k2 + S - 1),      Var f ~ (1 + A^2/S) (q - q_sr) + (A - 1)^2 q_sr
 * </pre>
 * It is what {@code Var f = K(x,x) - 2 Theta(x,X) Theta^-1 K(X,x) + Theta(x,X) Theta^-1 K Theta^-1 Theta(X,x)} becomes when
 * Theta and the NNGP kernel K have one value on and one value off the diagonal; the paper assumes a well-conditioned
 * kernel for the step.
 *
 * <p>The paper takes the means over the law of the data. Here they are means over given inputs, training and test inputs
 * together, and over all pairs of different ones ({@link #of}); which is an unbiased estimate if all come from one
 * distribution.
 *
 * @param samples S, the number of training inputs, at least 1
 * @param kappa1 the mean of kappa_1, positive
 * @param kappa2 the mean of kappa_2 over pairs of different inputs; only the ratio of both matters
 * @param q the mean of {@code q^L(x) = K(x,x)}
 * @param qsr the mean of {@code q_sr^L = K(x_s, x_r)} over pairs of different inputs
 */
public record DataIndependentVariance(int samples, double kappa1, double kappa2, double q, double qsr) {

    /** @throws IllegalArgumentException if there is no training input, or a mean is not a finite number */
    public DataIndependentVariance {
        if (samples < 1) {
            throw new IllegalArgumentException("Theorem 3 needs at least 1 training input, not " + samples + ".");
        }
        if (!(kappa1 > 0) || !Double.isFinite(kappa1 + kappa2 + q + qsr)) {
            throw new IllegalArgumentException("Theorem 3 needs finite means with kappa_1 > 0, not kappa_1 = " + kappa1
                    + ", kappa_2 = " + kappa2 + ", q = " + q + ", q_sr = " + qsr + ".");
        }
    }

    /**
     * With means over the inputs of a kernel. Without hidden layers (L = 1) Lemma 2 defines no kappa; the mean entries of
     * {@code Theta*}, to which they are proportional at leading order, take their place.
     *
     * @param kernel of training and test inputs together, at least 2, in the standard parametrisation
     * @param samples S, how many of them are trained on
     * @throws IllegalArgumentException if the kernel has fewer than two inputs, or fewer than S
     */
    public static DataIndependentVariance of(InfiniteWidth kernel, int samples) {
        if (kernel.samples() < 2 || samples > kernel.samples()) {
            throw new IllegalArgumentException(
                    "Theorem 3 takes its means over pairs of at least 2 inputs, training inputs"
                            + " included, but the kernel has " + kernel.samples() + " and " + samples
                            + " are trained on.");
        }
        InfiniteWidth.DataIndependent means = kernel.dataIndependent();
        boolean hidden = kernel.alpha() > 0;
        Kernel.Statistics theta = kernel.ntk().statistics();
        Kernel.Statistics nngp = kernel.nngp().statistics();
        return new DataIndependentVariance(
                samples,
                hidden ? means.kappa1() : theta.meanDiagonal(),
                hidden ? means.kappa2() : theta.meanOffDiagonal(),
                nngp.meanDiagonal(),
                nngp.meanOffDiagonal());
    }

    /** {@code A = S / (k1/k2 + S - 1)}, at most 1 for {@code k2 <= k1}; 0 if k2 is 0. */
    public double a() {
        return samples * kappa2 / (kappa1 + (samples - 1) * kappa2);
    }

    /** {@code (1 + A^2/S) (q - q_sr) + (A - 1)^2 q_sr}. */
    public double variance() {
        double a = a();
        return (1 + a * a / samples) * (q - qsr) + (a - 1) * (a - 1) * qsr;
    }
}
