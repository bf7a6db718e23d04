package io.github.finitentk.trust;

import java.util.Locale;

/** How far a claim holds. */
public enum Standing {
    /** Within the tolerance. */
    HOLDS,
    /** In outline: order of magnitude and trends, not numbers. */
    LIMITED,
    /** Not at all. */
    FAILS;

    /** {@code holds}, {@code limited} or {@code fails}. */
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
}
