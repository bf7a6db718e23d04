package io.github.finitentk.meanfield;

/**
 * The data-independent part of the NTK, {@code alpha M ((k1 - k2) I + k2 11^T)} (Karakida et al. 2018, section 5 of the
 * paper), with its two eigenvalues.
 *
 * @param leading alpha M
 * @param kappa1 mean of kappa_1 over the inputs
 * @param kappa2 mean of kappa_2 over pairs of different inputs; NaN for one input
 * @param samples S
 */
public record DataIndependentKernel(double leading, double kappa1, double kappa2, int samples) {

    /** {@code alpha M (k1 + (S - 1) k2)}, simple. */
    public double largestEigenvalue() {
        return samples == 1 ? leading * kappa1 : leading * (kappa1 + (samples - 1) * kappa2);
    }

    /** {@code alpha M (k1 - k2)}, S - 1 times. */
    public double smallestEigenvalue() {
        return samples == 1 ? leading * kappa1 : leading * (kappa1 - kappa2);
    }

    /** {@code (k1/k2 + S - 1) / (k1/k2 - 1)}; 1 for one input. */
    public double conditionNumber() {
        return largestEigenvalue() / smallestEigenvalue();
    }
}
