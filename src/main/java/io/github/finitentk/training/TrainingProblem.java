package io.github.finitentk.training;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Memory;
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
 * @param data the inputs, of the networks' input dimension, and targets
 * @param networks at least one, all with the same widths and activation
 */
public record TrainingProblem(Dataset data, List<Network> networks) {

    /**
     * @throws IllegalArgumentException if there is no network, a layer has no biases, or widths, activations, dimensions or outputs do
     *     not match
     * @throws IllegalStateException if a network has no activation
     */
    public TrainingProblem {
        Objects.requireNonNull(data, "data");
        networks = List.copyOf(Objects.requireNonNull(networks, "networks"));
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("There must be at least 1 network to train.");
        }
        Network first = networks.get(0);
        for (Network network : networks) {
            if (!network.architecture().equals(first.architecture())) {
                throw new IllegalArgumentException("Networks that are trained together must have the same widths, not "
                        + first.architecture() + " and " + network.architecture() + ".");
            }
            if (!network.activation().equals(first.activation())) {
                throw new IllegalArgumentException(
                        "Networks that are trained together must have the same activation, not "
                                + first.activation().label() + " and "
                                + network.activation().label() + ".");
            }
            for (int l = 1; l <= network.architecture().depth(); l++) {
                if (!network.hasBiases(l)) {
                    throw new IllegalArgumentException("Training trains all biases, but layer " + l
                            + " of this network has none; give it some that are 0 to train them, too.");
                }
            }
        }
        data.inputs().requireDimension(first.architecture().inputDim());
        if (data.outputs() != first.architecture().outputs()) {
            throw new IllegalArgumentException("Networks of "
                    + first.architecture().outputs() + " output(s) cannot be trained on " + data.targets() + ".");
        }
    }

    /**
     * Networks 0, ..., count - 1 of {@link RandomNetwork#sample(Seed, long)}.
     *
     * @param count the number of networks, at least 1
     * @throws io.github.finitentk.compute.InsufficientMemoryException if they do not fit
     */
    public static TrainingProblem draw(RandomNetwork network, Dataset data, Seed seed, int count) {
        Memory.requireHeap(
                (double) Double.BYTES * count * network.architecture().parameterCount(),
                0,
                count + " networks",
                "networks");
        List<Network> networks = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            networks.add(network.sample(seed, index));
        }
        return new TrainingProblem(data, networks);
    }

    /** The activation of all hidden layers. */
    public Activation activation() {
        return networks.get(0).activation();
    }

    /** The widths of all networks. */
    public Architecture architecture() {
        return networks.get(0).architecture();
    }
}
