package io.github.finitentk.training;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
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
     * Networks drawn at random: network {@code b} gets the numbers of stream {@code b}, the same in every backend.
     *
     * @param seed the seed of the random streams
     * @param count the number of networks, at least 1
     */
    public static TrainingProblem draw(
            Architecture architecture,
            Activation activation,
            Initialization initialization,
            Dataset data,
            Seed seed,
            int count,
            Engine engine) {
        List<Network> networks = new ArrayList<>();
        BatchShape one = new BatchShape(architecture, activation, Precision.F64, 1, 1);
        try (NetworkBatch batch = engine.single().allocate(one)) {
            for (int index = 0; index < count; index++) {
                batch.initialize(initialization, seed, index);
                networks.add(new Network(architecture, batch.parameters(0)));
            }
        }
        return new TrainingProblem(activation, data, networks);
    }

    public Architecture architecture() {
        return networks.get(0).architecture();
    }
}
