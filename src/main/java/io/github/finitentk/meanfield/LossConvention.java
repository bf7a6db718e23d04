package io.github.finitentk.meanfield;

/** Which multiple of the squared error is descended; results always say which. */
public enum LossConvention {
    /** {@code 1/(2S) sum (f - y)^2}: its gradient flow is eq. (2) of the paper. */
    HALF_MSE(1),
    /** {@code 1/S sum (f - y)^2}: twice the gradient, so half the stable learning rate. */
    MSE(2);

    private final double gradientFactor;

    LossConvention(double gradientFactor) {
        this.gradientFactor = gradientFactor;
    }

    /** The gradient relative to that of {@link #HALF_MSE}. */
    public double gradientFactor() {
        return gradientFactor;
    }
}
