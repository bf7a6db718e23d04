package io.github.finitentk.sampling;

import io.github.finitentk.data.ScaledDouble;

/**
 * Independent copies of a random number, each {@code mantissas[i] 2^exponents[i]}, brought to one power of two: sums and
 * ratios of them cannot overflow.
 */
final class ScaledDraws {

    /** Each number divided by {@code 2^exponent}: the largest in size lies in [1, 2). */
    final double[] values;

    /** Natural logarithms of the sizes of the {@link #values}, finite for every number but 0. */
    final double[] logs;

    final long exponent;
    final double sum;
    final double max;
    final boolean finite;

    ScaledDraws(double[] mantissas, double[] exponents) {
        this(mantissas, exponents, new double[mantissas.length], new double[mantissas.length]);
    }

    /** The same into arrays of the caller, which it may use again when it is done with these draws. */
    ScaledDraws(double[] mantissas, double[] exponents, double[] values, double[] logs) {
        int n = mantissas.length;
        long top = Long.MIN_VALUE;
        boolean allFinite = true;
        for (int i = 0; i < n; i++) {
            allFinite &= Double.isFinite(mantissas[i]);
            if (mantissas[i] != 0) {
                top = Math.max(top, (long) exponents[i] + Math.getExponent(mantissas[i]));
            }
        }
        finite = allFinite;
        exponent = top == Long.MIN_VALUE ? 0 : top;
        this.values = values;
        this.logs = logs;
        double total = 0;
        double largest = 0;
        for (int i = 0; i < n; i++) {
            double value = Math.scalb(mantissas[i], clip((long) exponents[i] - exponent));
            values[i] = value;
            logs[i] = StrictMath.log(Math.abs(mantissas[i])) + ((long) exponents[i] - exponent) * StrictMath.log(2);
            total += value;
            largest = Math.max(largest, Math.abs(value));
        }
        sum = total;
        max = largest;
    }

    static int clip(long exponent) {
        return (int) Math.max(-4000, Math.min(4000, exponent));
    }

    double scaledMean() {
        return sum / values.length;
    }

    ScaledDouble mean() {
        return ScaledDouble.of(scaledMean(), exponent);
    }

    /** The largest draw's share of the sum. */
    double tailShare() {
        return max / sum;
    }

    /** {@code (sum)^2 / sum of squares}: how many equal draws would carry the same mean as reliably. */
    double effectiveDraws() {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return sum * sum / squares;
    }
}
