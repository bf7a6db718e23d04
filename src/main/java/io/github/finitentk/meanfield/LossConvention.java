package io.github.finitentk.meanfield;

import java.util.Locale;

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

    /** {@code half-mse} or {@code mse}, as on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if the label is neither {@code half-mse} nor {@code mse} */
    public static LossConvention parse(String label) {
        for (LossConvention loss : values()) {
            if (loss.label().equals(label.toLowerCase(Locale.ROOT))) {
                return loss;
            }
        }
        throw new IllegalArgumentException("Unknown loss \"" + label + "\"; allowed are half-mse and mse.");
    }

    /** What is descended, as a formula. */
    public String formula() {
        return this == HALF_MSE ? "1/(2S) sum (f - y)^2" : "1/S sum (f - y)^2";
    }
}
