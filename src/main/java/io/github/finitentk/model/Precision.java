package io.github.finitentk.model;

import java.util.Locale;

/** The number type of a network's parameters and states. Kernels (sums of products) are always returned in f64. */
public enum Precision {
    /** IEEE binary32. */
    F32(4),
    /** IEEE binary64, the default. */
    F64(8);

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** {@code f32} or {@code f64}, as on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if the label is neither {@code f32} nor {@code f64} */
    public static Precision parse(String label) {
        for (Precision precision : values()) {
            if (precision.label().equals(label.toLowerCase(Locale.ROOT))) {
                return precision;
            }
        }
        throw new IllegalArgumentException("Unknown precision \"" + label + "\"; allowed are f32 and f64.");
    }
}
