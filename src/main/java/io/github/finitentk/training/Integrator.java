package io.github.finitentk.training;

import java.util.Locale;

/** How the steps of gradient descent are taken. */
public enum Integrator {
    /** One by one. */
    GD,
    /**
     * Many at once, while the kernel hardly changes: frozen-kernel macro steps whose errors are known, or checked by macro
     * steps of another length. A network for which these do not agree within the contract (kernel changes 2 %, loss 1 %) is
     * trained one by one.
     */
    FLOW,
    /**
     * For maps of many networks: always many at once, with a wider tolerance for activations with kinks. The error estimate
     * says what macro steps of two lengths differ by, however much that is.
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
