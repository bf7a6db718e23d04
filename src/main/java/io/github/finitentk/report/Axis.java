package io.github.finitentk.report;

/**
 * What an axis shows: its label ({@link MathText} markup), whether it is logarithmic, and its limits; a limit of NaN is
 * taken from the data. Immutable.
 *
 * @param label may be empty
 * @param low the lower limit in the units of the data, or NaN
 * @param high the upper limit in the units of the data, or NaN
 */
public record Axis(String label, boolean log, double low, double high) {

    /**
     * @throws IllegalArgumentException if the label cannot be parsed, a limit is infinite, the limits are not in order,
     *     or a logarithmic axis would start at or below zero
     */
    public Axis {
        MathText.parse(label);
        if (Double.isInfinite(low) || Double.isInfinite(high) || low >= high) {
            throw new IllegalArgumentException("The limits of the axis \"" + label
                    + "\" must be finite and in order, but they are " + low + " and " + high + ".");
        }
        if (log && (low <= 0 || high <= 0)) {
            throw new IllegalArgumentException(
                    "The axis \"" + label + "\" is logarithmic, so its limits must be positive.");
        }
    }

    /** A linear axis whose limits come from the data. */
    public static Axis linear(String label) {
        return new Axis(label, false, Double.NaN, Double.NaN);
    }

    /** A logarithmic axis whose limits come from the data. */
    public static Axis log(String label) {
        return new Axis(label, true, Double.NaN, Double.NaN);
    }

    /**
     * The same axis with fixed limits; NaN leaves one to the data.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public Axis between(double low, double high) {
        return new Axis(label, log, low, high);
    }

    /** Fills the limits that are still open. */
    Axis orElse(double dataLow, double dataHigh) {
        double lo = Double.isNaN(low) ? dataLow : low;
        double hi = Double.isNaN(high) ? dataHigh : high;
        // A single value, or data wholly beyond a fixed limit, still needs an axis of some length.
        if (!(lo < hi)) {
            double room = Math.max(Math.abs(lo), Math.abs(hi)) * 0.1 + 1e-9;
            if (Double.isNaN(low)) {
                lo = log ? hi / 2 : hi - room;
            } else {
                hi = log ? lo * 2 : lo + room;
            }
            if (Double.isNaN(low) && Double.isNaN(high)) {
                hi = log ? dataHigh * 2 : dataHigh + room;
            }
        }
        return between(lo, hi);
    }

    /** Which panels of a figure have equal limits on an axis. */
    public enum Sharing {
        /** All of them. */
        ALL,
        /** Those beside each other. */
        ROWS,
        /** Those above each other. */
        COLUMNS,
        /** None: each has its own. */
        NONE;

        /** A number that panels with equal limits have in common. */
        int group(int panel, int columns) {
            return switch (this) {
                case ALL -> 0;
                case ROWS -> panel / columns;
                case COLUMNS -> panel % columns;
                case NONE -> panel;
            };
        }
    }
}
