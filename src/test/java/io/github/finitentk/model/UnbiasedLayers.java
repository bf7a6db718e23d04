package io.github.finitentk.model;

import java.util.Optional;

/** Networks of which some layers have no biases, as they come out of files. */
public final class UnbiasedLayers {

    private UnbiasedLayers() {}

    /** @param biased by layer; where it is false the biases among the parameters must be 0 */
    public static Network of(Architecture architecture, double[] parameters, boolean[] biased) {
        return new Network(architecture, parameters.clone(), biased.clone(), Optional.empty());
    }
}
