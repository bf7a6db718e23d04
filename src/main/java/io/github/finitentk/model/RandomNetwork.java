package io.github.finitentk.model;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.random.NormalStream;
import java.util.Objects;
import java.util.Optional;

/**
 * The distribution of a network at initialisation, eq. (1): {@code W^l_ij ~ N(0, sigma_w^2 / n_{l-1})} and
 * {@code b^l_i ~ N(0, sigma_b^2)}, all independent.
 *
 * @param architecture the widths {@code n_0, ..., n_L}
 * @param activation the activation of all hidden layers
 * @param initialization the variances
 */
public record RandomNetwork(Architecture architecture, Activation activation, Initialization initialization) {

    /** The longest array that every Java virtual machine allocates. */
    private static final int MAX_PARAMETERS = Integer.MAX_VALUE - 8;

    // Which tensor of a layer: part of a number's address, in the native core, too.
    private static final int WEIGHTS = 0;
    private static final int BIASES = 1;

    public RandomNetwork {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(initialization, "initialization");
    }

    /**
     * The same with another number of outputs.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public RandomNetwork withOutputs(int outputs) {
        return new RandomNetwork(architecture.withOutputs(outputs), activation, initialization);
    }

    /** Network 0 of {@link #sample(Seed, long)}. */
    public Network sample(Seed seed) {
        return sample(seed, 0);
    }

    /**
     * One of many independent networks of a seed. Seed and index alone decide its weights, bit for bit, on every machine.
     *
     * @param index which, at least 0
     * @throws IllegalArgumentException if the index is negative, or there are more parameters than one array can hold
     */
    public Network sample(Seed seed, long index) {
        if (index < 0) {
            throw new IllegalArgumentException("Networks are numbered from 0 on; there is no network " + index + ".");
        }
        if (architecture.parameterCount() > MAX_PARAMETERS) {
            throw new IllegalArgumentException("A network of widths " + architecture + " has "
                    + architecture.parameterCount() + " parameters, more than one array can hold.");
        }
        double[] parameters = new double[(int) architecture.parameterCount()];
        double biasScale = Math.sqrt(initialization.sigmaB2());
        for (int l = 1; l <= architecture.depth(); l++) {
            int weights = (int) architecture.weightOffset(l);
            int biases = (int) architecture.biasOffset(l);
            double weightScale = Math.sqrt(initialization.sigmaW2() / architecture.width(l - 1));
            new NormalStream(seed.value(), index, l, WEIGHTS)
                    .fill(parameters, weights, biases - weights, 0, weightScale);
            new NormalStream(seed.value(), index, l, BIASES)
                    .fill(parameters, biases, architecture.width(l), 0, biasScale);
        }
        return new Network(architecture, parameters, Network.allBiased(architecture), Optional.empty())
                .with(activation);
    }

    /** The same with {@link Architecture#truncated} networks. */
    public RandomNetwork truncated(int depth) {
        return new RandomNetwork(architecture.truncated(depth), activation, initialization);
    }
}
