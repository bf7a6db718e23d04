package io.github.finitentk.model;

import java.util.Objects;

/**
 * A random network at initialisation.
 *
 * @param architecture the widths
 * @param activation the activation of all hidden layers
 * @param initialization the variances
 */
public record NetworkLaw(Architecture architecture, Activation activation, Initialization initialization) {

    public NetworkLaw {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(initialization, "initialization");
    }
}
