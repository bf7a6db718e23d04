package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.LossConvention;
import java.util.Arrays;

/**
 * The eigenvalues {@code lambda_1 >= ... >= lambda_n} of a kernel of n inputs with themselves, and what they say. Applications
 * call {@code Ntk.spectrum}. Those below {@code 1e-16 lambda_1} or so are rounding errors, and may be negative.
 *
 * @param eigenvalues in descending order; copied in and out
 */
public record Spectrum(double[] eigenvalues) {

    /** @throws IllegalArgumentException if there is none, one is not finite, or they do not descend */
    public Spectrum {
        eigenvalues = eigenvalues.clone();
        for (int k = 0; k < eigenvalues.length; k++) {
            if (!Double.isFinite(eigenvalues[k]) || k > 0 && eigenvalues[k] > eigenvalues[k - 1]) {
                throw new IllegalArgumentException("Eigenvalues must be finite and in descending order, but number "
                        + (k + 1) + " is " + eigenvalues[k] + (k == 0 ? "." : ", after " + eigenvalues[k - 1] + "."));
            }
        }
        if (eigenvalues.length == 0) {
            throw new IllegalArgumentException("A kernel has at least one eigenvalue.");
        }
    }

    /**
     * Computes all eigenvalues.
     *
     * @param theta symmetric: its lower triangle is read
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if the kernel is not square or not finite
     * @throws ArithmeticException if the iteration does not converge
     */
    public static Spectrum of(Kernel theta, Engine engine) {
        if (theta.rows() != theta.columns()) {
            throw new IllegalArgumentException("A kernel of " + theta.rows() + " x " + theta.columns()
                    + " entries is not square: it has no eigenvalues.");
        }
        double[] ascending = engine.linearAlgebra()
                .symmetricEigen(theta.rows(), theta.toArray())
                .values();
        double[] descending = new double[ascending.length];
        for (int k = 0; k < descending.length; k++) {
            descending[k] = ascending[descending.length - 1 - k];
        }
        return new Spectrum(descending);
    }

    @Override
    public double[] eigenvalues() {
        return eigenvalues.clone();
    }

    /** {@code lambda_1}. */
    public double largest() {
        return eigenvalues[0];
    }

    /** {@code lambda_n}. */
    public double smallest() {
        return eigenvalues[eigenvalues.length - 1];
    }

    /** {@code lambda_1 / lambda_n}; infinite if the kernel is singular within rounding. */
    public double conditionNumber() {
        return smallest() > 0 ? largest() / smallest() : Double.POSITIVE_INFINITY;
    }

    /**
     * {@code exp(-sum p_k log p_k)} with {@code p_k = lambda_k / sum lambda}: n if all are equal, 1 if all but one vanish.
     * Negative ones, which are rounding errors, count as 0; NaN if all are.
     */
    public double effectiveRank() {
        double entropy = 0;
        for (double share : shares()) {
            entropy -= share == 0 ? 0 : share * StrictMath.log(share);
        }
        return StrictMath.exp(entropy);
    }

    /** {@code (sum lambda)^2 / sum lambda^2}: n if all are equal, 1 if all but one vanish; NaN if all do. */
    public double participationRatio() {
        double squares = 0;
        for (double share : shares()) {
            squares += share * share;
        }
        return 1 / squares;
    }

    /**
     * {@code (lambda_1 + ... + lambda_k) / sum lambda}, the share of the trace in the first k.
     *
     * @throws IllegalArgumentException unless k is 1 to n
     */
    public double traceShare(int k) {
        if (k < 1 || k > eigenvalues.length) {
            throw new IllegalArgumentException("There are " + eigenvalues.length + " eigenvalues, so k must be 1 to "
                    + eigenvalues.length + ", not " + k + ".");
        }
        double[] shares = shares();
        double sum = 0;
        for (int i = k - 1; i >= 0; i--) {
            sum += shares[i];
        }
        return sum;
    }

    // Divided by the largest first: no sum overflows.
    private double[] shares() {
        double sum = 0;
        double[] shares = new double[eigenvalues.length];
        for (int k = shares.length - 1; k >= 0; k--) {
            shares[k] = Math.max(0, eigenvalues[k]) / eigenvalues[0];
            sum += shares[k];
        }
        for (int k = 0; k < shares.length; k++) {
            shares[k] /= sum;
        }
        return shares;
    }

    /**
     * {@code a = eta lambda_1 factor / S}: a step of gradient descent multiplies the residual along the first eigenvector by
     * {@code 1 - a}. Gradient descent is stable where this is below {@link #stabilityBound}.
     *
     * @param largest {@code lambda_1}; of several outputs that of the {@link KernelForm#FULL} kernel
     * @param learningRate {@code eta}
     * @param loss its factor is 2 for the loss 1/S, else 1
     * @param samples S
     */
    public static double sharpness(double largest, double learningRate, LossConvention loss, int samples) {
        return learningRate * loss.gradientFactor() * largest / samples;
    }

    /**
     * Where gradient descent with momentum m, {@code v <- m v + gradient, w <- w - eta v}, becomes unstable: the sharpness
     * {@code 2 (1 + m)}; 2 without momentum. Exact for losses of squares with a constant kernel. For cross-entropy the sharpness
     * bounds nothing exactly: its curvature is at most half of that of squares, and falls as training goes on.
     *
     * @param momentum m
     * @throws IllegalArgumentException unless it is from 0 to below 1
     */
    public static double stabilityBound(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("The momentum must be from 0 to below 1, not " + momentum + ".");
        }
        return 2 * (1 + momentum);
    }

    /** Equal eigenvalues. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Spectrum that && Arrays.equals(eigenvalues, that.eigenvalues);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(eigenvalues);
    }

    @Override
    public String toString() {
        return eigenvalues.length + " eigenvalues from " + largest() + " to " + smallest();
    }
}
