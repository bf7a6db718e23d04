package io.github.finitentk.meanfield;

import java.util.Locale;

/** What is descended: which multiple of the squared error, or cross-entropy; results always say which. */
public enum LossConvention {
    /** {@code 1/(2S) sum (f - y)^2}: its gradient flow is eq. (2) of the paper. */
    HALF_MSE(1),
    /** {@code 1/S sum (f - y)^2}: twice the gradient, so half the stable learning rate. */
    MSE(2),
    /**
     * {@code -1/S sum y . log softmax(f)}: the residual {@code softmax(f) - y} in the place of {@code f - y}. No learning rate is
     * known to be stable for it.
     */
    CROSS_ENTROPY(1);

    private final double gradientFactor;

    LossConvention(double gradientFactor) {
        this.gradientFactor = gradientFactor;
    }

    /** The gradient by the outputs relative to that of {@link #HALF_MSE}, with the loss's own residual. */
    public double gradientFactor() {
        return gradientFactor;
    }

    /** Whether it is a multiple of the squared error, which NTK theory is about. */
    public boolean isSquaredError() {
        return this != CROSS_ENTROPY;
    }

    /** {@code half-mse}, {@code mse} or {@code cross-entropy}, as on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is no such label (case does not matter) */
    public static LossConvention parse(String label) {
        for (LossConvention loss : values()) {
            if (loss.label().equals(label.toLowerCase(Locale.ROOT))) {
                return loss;
            }
        }
        throw new IllegalArgumentException(
                "Unknown loss \"" + label + "\"; allowed are half-mse, mse and cross-entropy.");
    }

    /** What is descended, as a formula. */
    public String formula() {
        return switch (this) {
            case HALF_MSE -> "1/(2S) sum (f - y)^2";
            case MSE -> "1/S sum (f - y)^2";
            case CROSS_ENTROPY -> "-1/S sum y . log softmax(f)";
        };
    }
}
