package io.github.finitentk.meanfield;

import io.github.finitentk.model.Initialization;

/**
 * A covariance {@code value 2^exponent}, every entry in the same units: what {@link ScaledValue} is for one number.
 *
 * @param value the covariance in units of {@code 2^exponent}
 * @param exponent even; not 0 only beyond the window of {@link ScaledValue}, see {@link Homogeneity#unit}
 */
record ScaledCovariance(Covariance value, long exponent) {

    /** Weight and bias variances of a larger binary exponent need care even where the covariance does not. */
    private static final int MODERATE = 200;

    ScaledCovariance(Covariance value) {
        this(value, 0);
    }

    ScaledValue qsr() {
        return ScaledValue.of(value.qsr(), exponent);
    }

    double distance2() {
        return ScaledValue.of(value.distance2(), exponent).fitting();
    }

    /** The covariance itself, where it fits. */
    Covariance unscaled() {
        return times(value, exponent);
    }

    /** The exponent of the leading bit of {@code sqrt(qs qr)}, of the larger variance if one is 0. */
    private static long size(Covariance u) {
        double scale = u.scale();
        double representative = scale > 0 ? scale : Math.max(u.qs(), u.qr());
        return representative == 0 ? 0 : ScaledValue.exponentOf(representative);
    }

    private static Covariance times(Covariance u, long shift) {
        if (shift == 0) {
            return u;
        }
        Covariance shifted = Covariance.ifFinite(
                ScaledValue.scalb(u.qs(), shift),
                ScaledValue.scalb(u.qr(), shift),
                ScaledValue.scalb(u.qsr(), shift),
                ScaledValue.scalb(u.gap(), shift),
                ScaledValue.scalb(u.antiGap(), shift),
                ScaledValue.scalb(u.difference(), shift));
        if (shifted == null) {
            throw MeanField.tooLarge("A variance of the preactivations");
        }
        return shifted;
    }

    /** {@code sigmaW2 this + sigmaB2} in the units in which the next layer wants it. */
    ScaledCovariance throughWeights(Initialization initialization, Homogeneity homogeneity) {
        double sigmaW2 = initialization.sigmaW2();
        double sigmaB2 = initialization.sigmaB2();
        long weights = ScaledValue.exponentOf(sigmaW2) & ~1L;
        long biases = sigmaB2 == 0 ? Long.MIN_VALUE : ScaledValue.exponentOf(sigmaB2) & ~1L;
        if (exponent == 0
                && Math.abs(weights) <= MODERATE
                && biases <= MODERATE
                && Math.abs(size(value)) <= ScaledValue.WINDOW) {
            return normal(value.throughWeights(sigmaW2, sigmaB2), 0, homogeneity);
        }
        // in units in which the largest part is near 1
        long unit = Math.max(exponent + (size(value) & ~1L) + weights, biases);
        Covariance scaled = times(value, exponent + weights - unit);
        return normal(
                scaled.throughWeights(ScaledValue.scalb(sigmaW2, -weights), ScaledValue.scalb(sigmaB2, -unit)),
                unit,
                homogeneity);
    }

    private static ScaledCovariance normal(Covariance u, long exponent, Homogeneity homogeneity) {
        long unit = homogeneity.unit(exponent + size(u));
        return new ScaledCovariance(times(u, exponent - unit), unit);
    }
}
