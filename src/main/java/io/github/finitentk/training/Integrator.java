package io.github.finitentk.training;

import java.util.Locale;

/** How the steps of gradient descent are taken. */
public enum Integrator {
    /** One by one. */
    GD,
    /** Many at once, while the kernel hardly changes: frozen-kernel macro steps with error control. */
    FLOW;

    /** {@code gd} or {@code flow}, as on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if the label is neither {@code gd} nor {@code flow} */
    public static Integrator parse(String label) {
        for (Integrator integrator : values()) {
            if (integrator.label().equals(label.toLowerCase(Locale.ROOT))) {
                return integrator;
            }
        }
        throw new IllegalArgumentException("Unknown integrator \"" + label + "\"; allowed are gd and flow.");
    }
}
