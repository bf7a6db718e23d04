package io.github.finitentk.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The scalar a network is trained to give for a digit from 0 to 9. */
public enum Targets {
    /** The digit divided by 10; the default, and the choice under which the paper's statements hold. */
    DIGIT,
    /** +1 for an even digit, -1 for an odd one. */
    PARITY,
    /** The digit itself. */
    LABEL;

    /** The name on the command line: {@code digit}, {@code parity} or {@code label}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such label (case does not matter) */
    public static Targets parse(String label) {
        for (Targets targets : values()) {
            if (targets.label().equals(label.toLowerCase(Locale.ROOT))) {
                return targets;
            }
        }
        throw new IllegalArgumentException("Unknown targets \"" + label + "\"; allowed are "
                + Arrays.stream(values()).map(Targets::label).collect(Collectors.joining(", ")) + ".");
    }

    /** The target for a digit. */
    public double of(int digit) {
        return switch (this) {
            case DIGIT -> digit / 10.0;
            case PARITY -> digit % 2 == 0 ? 1 : -1;
            case LABEL -> digit;
        };
    }
}
