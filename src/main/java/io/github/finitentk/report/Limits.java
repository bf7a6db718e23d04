package io.github.finitentk.report;

/** The range of the finite numbers seen so far; for a logarithmic axis, of the positive ones. */
final class Limits {

    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;
    private double lowestPositive = Double.POSITIVE_INFINITY;

    void add(double... values) {
        for (double v : values) {
            if (Double.isFinite(v)) {
                low = Math.min(low, v);
                high = Math.max(high, v);
                if (v > 0) {
                    lowestPositive = Math.min(lowestPositive, v);
                }
            }
        }
    }

    /** From the least to the largest of some numbers. */
    record Range(double low, double high) {}

    /** Of all numbers. */
    Range range() {
        return new Range(low, high);
    }

    /**
     * Of the positive ones.
     *
     * @throws IllegalArgumentException if there are none, with the name of what has none
     */
    Range positive(String name) {
        if (!(lowestPositive <= high)) {
            throw new IllegalArgumentException(
                    "The column " + name + " has no positive number, so it has no place on a logarithmic scale.");
        }
        return new Range(lowestPositive, high);
    }

    /**
     * The axis with its open limits taken from the data.
     *
     * @param room part of the range by which limits from the data are widened at each end
     */
    Axis fill(Axis axis, double room) {
        double lo = axis.log() ? lowestPositive : low;
        double hi = high;
        if (!(lo <= hi)) {
            // No data at all: any range will do.
            lo = axis.log() ? 1 : 0;
            hi = axis.log() ? 10 : 1;
        }
        if (axis.log()) {
            double factor = StrictMath.pow(hi / lo, room);
            return axis.orElse(lo / factor, hi * factor);
        }
        return axis.orElse(lo - room * (hi - lo), hi + room * (hi - lo));
    }
}
