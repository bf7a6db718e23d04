package io.github.finitentk.meanfield;

/**
 * The real number {@code value 2^exponent}: a variance, a product of {@code chi_1} or a sum of such, which in deep networks
 * leave the range of a double long before the kernels made of them do.
 *
 * <p>Only powers of two are moved between the two parts, and the exponent is 0 while the number lies in 2^-480 … 2^480. So the
 * arithmetic is that of plain doubles there, bit for bit, and has the same relative accuracy everywhere else. (For results of
 * estimators there is {@link io.github.finitentk.data.ScaledDouble}, which has no arithmetic.)
 *
 * @param value in 2^-480 … 2^480 in size, or 0
 * @param exponent the power of two; not 0 only where {@code value} alone would leave that range
 */
record ScaledValue(double value, long exponent) {

    /** Numbers whose binary exponent is larger than this in size are scaled. */
    static final int WINDOW = 480;

    static final ScaledValue ONE = new ScaledValue(1, 0);

    /** {@code value 2^exponent} in normal form. */
    static ScaledValue of(double value, long exponent) {
        if (value == 0 || !Double.isFinite(value)) {
            return new ScaledValue(value, 0);
        }
        long size = exponent + exponentOf(value);
        long target = Math.abs(size) <= WINDOW ? 0 : size;
        return new ScaledValue(scalb(value, exponent - target), target);
    }

    static ScaledValue of(double value) {
        return of(value, 0);
    }

    /** The exponent of the leading bit of a number that is not 0, subnormal ones included. */
    static int exponentOf(double value) {
        int exponent = Math.getExponent(value);
        return exponent >= Double.MIN_EXPONENT ? exponent : Math.getExponent(value * 0x1p100) - 100;
    }

    /** {@code value 2^shift} for any shift. */
    static double scalb(double value, long shift) {
        return shift == 0 ? value : Math.scalb(value, (int) Math.max(-5000, Math.min(5000, shift)));
    }

    /** The exponent of the leading bit; 0 for the number 0. */
    long size() {
        return value == 0 ? 0 : exponent + exponentOf(value);
    }

    ScaledValue times(ScaledValue factor) {
        return of(value * factor.value, exponent + factor.exponent);
    }

    ScaledValue times(double factor) {
        return times(of(factor));
    }

    ScaledValue plus(ScaledValue term) {
        if (exponent == term.exponent) {
            return of(value + term.value, exponent);
        }
        if (value == 0 || term.value == 0) {
            return value == 0 ? term : this;
        }
        long unit = size() >= term.size() ? exponent : term.exponent;
        return of(scalb(value, exponent - unit) + scalb(term.value, term.exponent - unit), unit);
    }

    ScaledValue plus(double term) {
        return plus(of(term));
    }

    /** The nearest double: infinite or 0 when out of range. */
    double doubleValue() {
        return scalb(value, exponent);
    }

    /** Whether the number is not 0 but nearer to 0 than every double. */
    boolean underflows() {
        return value != 0 && doubleValue() == 0;
    }

    /** The nearest double; infinite above the range, NaN (missing) where the number is not 0 but lies below it. */
    double fitting() {
        return underflows() ? Double.NaN : doubleValue();
    }
}
