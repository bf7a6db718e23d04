package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.PiecewiseLinear;

/**
 * Where an activation is {@code phi(h) = a min(h, 0) + b max(h, 0)} to rounding: for small preactivations ({@link #zero}), for
 * large ones ({@link #infinity}: gelu, silu and softplus become ReLU), for all or for none.
 *
 * <p>There it is homogeneous, {@code phi(t h) = t phi(h)}, t > 0, and so are the integrals of eqs (5) to (9): a covariance may be
 * divided by any power of four before them and multiplied again after. That is how variances beyond the range of a double
 * are carried through layers, and why {@code q} grows or falls like {@code (sigmaW2 (a^2 + b^2)/2)^l} in the end.
 *
 * @param zero the two slopes at 0; null where phi(0) is not 0 or phi is flat there
 * @param infinity the two slopes far out; null where phi is bounded or not linear there
 */
record Homogeneity(Slopes zero, Slopes infinity) {

    /** From this variance on an activation that is linear far out is so to rounding: {@code 1/sqrt(q)} is 2^-55. */
    static final double LARGE = 0x1p110;

    /** To which exponent variances beyond the window of {@link ScaledValue} are brought: well inside the linear range. */
    private static final int UNIT = 300;

    private static final double NEGLIGIBLE = 1e-15;

    /** {@code a} for {@code h < 0} and {@code b} for {@code h > 0}. */
    record Slopes(double a, double b) {

        /** Whether the two sides differ. */
        boolean bent() {
            return a != b;
        }

        /** {@code E[phi^2]/q = E[phi'^2] = (a^2 + b^2)/2}. */
        double lambda() {
            return 0.5 * (a * a + b * b);
        }
    }

    static Homogeneity of(Activation activation) {
        if (activation instanceof PiecewiseLinear linear) {
            Slopes slopes = new Slopes(linear.negativeSlope(), linear.positiveSlope());
            return new Homogeneity(slopes, slopes);
        }
        return new Homogeneity(
                activation.value(0) == 0 ? slopes(activation, 0x1p-110, 0x1p-100, 0x1p-90) : null,
                slopes(activation, 0x1p110, 0x1p100, 0x1p90));
    }

    private static Slopes slopes(Activation activation, double... sizes) {
        double a = activation.value(-sizes[0]) / -sizes[0];
        double b = activation.value(sizes[0]) / sizes[0];
        double largest = Math.max(Math.abs(a), Math.abs(b));
        // a bounded function of 2^110 has a slope below 2^-100; a square has one of 2^110
        if (!(largest > 0x1p-80 && largest < 0x1p80)) {
            return null;
        }
        for (double size : sizes) {
            if (!(Math.abs(activation.value(-size) / -size - a) <= NEGLIGIBLE * largest
                    && Math.abs(activation.value(size) / size - b) <= NEGLIGIBLE * largest)) {
                return null;
            }
        }
        return new Slopes(a + 0.0, b + 0.0);
    }

    /** Whether phi is piecewise linear with its only kink at 0. */
    boolean everywhere() {
        // not equals(), whose code a record makes when it first runs
        return zero != null && infinity != null && zero.a == infinity.a && zero.b == infinity.b;
    }

    /**
     * The even power of two in whose units variances of this size are to be handed to a {@link GaussianExpectation}: 0 as
     * long as that loses nothing.
     */
    long unit(long size) {
        if (size > ScaledValue.WINDOW && infinity != null) {
            return (size - UNIT) & ~1L;
        }
        if (size < -ScaledValue.WINDOW && zero != null) {
            return (size + UNIT) & ~1L;
        }
        return 0;
    }
}
