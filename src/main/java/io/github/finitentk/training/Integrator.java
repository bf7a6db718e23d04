package io.github.finitentk.training;

import java.util.Locale;

/** How the steps of gradient descent are taken. */
public enum Integrator {
    /** One by one. */
    GD,
    /**
     * Many at once, while the kernel hardly changes: frozen-kernel macro steps whose errors, added up, have a budget. What
     * cannot be accelerated within it is taken one by one.
     */
    FLOW,
    /**
     * For maps of many networks with piecewise linear activations, whose kernels jump at kinks: three times the tolerance,
     * and macro steps also where the errors add up to more than the budget, as those of deep networks do. Kernel changes can
     * be off by 5 %. For other activations it is {@link #FLOW}.
     */
    FLOW_COARSE;

    /** {@code gd}, {@code flow} or {@code flow-coarse}, as on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is no such label (case does not matter) */
    public static Integrator parse(String label) {
        for (Integrator integrator : values()) {
            if (integrator.label().equals(label.toLowerCase(Locale.ROOT))) {
                return integrator;
            }
        }
        throw new IllegalArgumentException(
                "Unknown integrator \"" + label + "\"; allowed are gd, flow and flow-coarse.");
    }
}
