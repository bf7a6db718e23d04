package io.github.finitentk.data;

import java.util.Locale;

/**
 * The number {@code mantissa * 2^exponent}, for results beyond the range of a double.
 *
 * @param mantissa of a size in [1, 2), or 0
 * @param exponent the power of two; 0 for the number 0
 */
public record ScaledDouble(double mantissa, long exponent) {

    public ScaledDouble {
        double size = Math.abs(mantissa);
        boolean normal = size >= 1 && size < 2 || mantissa == 0 && exponent == 0;
        if (!normal) {
            throw new IllegalArgumentException(
                    "A scaled number has a mantissa of a size in [1, 2), or 0 with exponent 0, not " + mantissa
                            + " with exponent " + exponent + ".");
        }
    }

    /** {@code value * 2^exponent}; the value is finite. */
    public static ScaledDouble of(double value, long exponent) {
        if (value == 0) {
            return new ScaledDouble(0, 0);
        }
        int shift = Math.getExponent(value);
        if (shift < Double.MIN_EXPONENT) {
            return of(value * 0x1p100, exponent - 100);
        }
        return new ScaledDouble(Math.scalb(value, -shift), exponent + shift);
    }

    /** The nearest double; infinity or zero when out of range. */
    public double doubleValue() {
        int clipped = (int) Math.max(-4000, Math.min(4000, exponent));
        return Math.scalb(mantissa, clipped);
    }

    /**
     * The number in decimal, in scientific notation where a double cannot hold it: {@code 1.28460e+456}.
     *
     * @param digits 1 to 100; a double has 17
     * @throws IllegalArgumentException if they are fewer or more
     */
    public String toDecimal(int digits) {
        if (digits < 1 || digits > 100) {
            throw new IllegalArgumentException("A number has 1 to 100 digits, not " + digits + ".");
        }
        double value = doubleValue();
        if (mantissa == 0 || Double.isFinite(value) && Math.abs(value) >= Double.MIN_NORMAL) {
            return String.format(Locale.ROOT, "%." + digits + "g", value);
        }
        if (mantissa < 0) {
            return "-" + new ScaledDouble(-mantissa, exponent).toDecimal(digits);
        }
        double log10 = StrictMath.log10(mantissa) + exponent * StrictMath.log10(2);
        long power = (long) Math.floor(log10);
        String decimal = String.format(Locale.ROOT, "%." + (digits - 1) + "f", StrictMath.pow(10, log10 - power));
        return decimal.startsWith("10")
                ? String.format(Locale.ROOT, "%." + (digits - 1) + "fe%+d", 1.0, power + 1)
                : decimal + String.format(Locale.ROOT, "e%+d", power);
    }

    /** The nearest double, or NaN where that would be infinite: what a table holds beside {@link #log}. */
    public double doubleOrNaN() {
        double value = doubleValue();
        return Double.isInfinite(value) ? Double.NaN : value;
    }

    /** Natural logarithm; minus infinity for 0, NaN for negative numbers. */
    public double log() {
        return StrictMath.log(mantissa) + exponent * StrictMath.log(2);
    }
}
