package io.github.finitentk.trust;

import io.github.finitentk.sampling.Interval;
import java.util.Locale;

/** How far a claim holds. */
public enum Standing {
    /** Within the tolerance. */
    HOLDS,
    /** In outline: order of magnitude and trends, not numbers. */
    LIMITED,
    /** Not at all. */
    FAILS,
    /** What could be computed within the budget does not say. */
    UNKNOWN;

    /** {@code holds}, {@code limited}, {@code fails} or {@code unknown}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By two thresholds; a value that is not a number fails. */
    static Standing of(double value, double holds, double limited) {
        if (value <= holds) {
            return HOLDS;
        }
        return value <= limited ? LIMITED : FAILS;
    }

    /**
     * By two thresholds for a number that is known to lie in an interval: it holds if the whole interval is within the first,
     * fails if the whole of it is beyond the second, and is unknown if both could be.
     */
    static Standing of(Interval interval, double holds, double limited) {
        Standing best = of(interval.lower(), holds, limited);
        Standing worst = of(interval.upper(), holds, limited);
        if (best == worst) {
            return best;
        }
        return best == HOLDS && worst == FAILS ? UNKNOWN : LIMITED;
    }

    /** One step worse, down to {@link #FAILS}. */
    Standing lowered() {
        return switch (this) {
            case HOLDS -> LIMITED;
            case LIMITED, FAILS -> FAILS;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
