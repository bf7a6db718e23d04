package io.github.finitentk.training;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is trained: networks of one architecture, before training, on one data set.
 *
 * @param activation the activation of all hidden layers
 * @param data the inputs, of the networks' input dimension, and targets
 * @param networks at least one, all with the same widths
 */
public record TrainingProblem(Activation activation, Dataset data, List<Network> networks) {

    /** @throws IllegalArgumentException if there is no network, or widths or dimensions do not match */
    public TrainingProblem {
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(data, "data");
        networks = List.copyOf(networks);
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("There must be at least 1 network to train.");
        }
        Architecture first = networks.get(0).architecture();
        for (Network network : networks) {
            if (!network.architecture().equals(first)) {
                throw new IllegalArgumentException("Networks that are trained together must have the same widths, not "
                        + first + " and " + network.architecture() + ".");
            }
        }
        data.inputs().requireDimension(first.inputDim());
    }

    /**
     * Networks 0, ..., count - 1 of {@link RandomNetwork#sample(Seed, long)}.
     *
     * @param count the number of networks, at least 1
     */
    public static TrainingProblem draw(RandomNetwork network, Dataset data, Seed seed, int count) {
        List<Network> networks = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            networks.add(network.sample(seed, index));
        }
        return new TrainingProblem(network.activation(), data, networks);
    }

    public Architecture architecture() {
        return networks.get(0).architecture();
    }
}
