package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.Objects;

/**
 * What a {@link NetworkBatch} holds: {@code B} networks of one architecture and activation, evaluated on the same
 * {@code S} inputs.
 *
 * @param architecture the widths
 * @param activation the activation of all hidden layers
 * @param precision the number type of parameters and states
 * @param networks {@code B >= 1}
 * @param inputs {@code S >= 1}
 */
public record BatchShape(
        Architecture architecture, Activation activation, Precision precision, int networks, int inputs) {

    /** Inputs per block and edge of a kernel tile; both backends use the same, so that they share their schedule. */
    public static final int BLOCK = 64;

    private static final int MOST_KERNEL_INPUTS = 46340;

    /** @throws IllegalArgumentException if there is not at least one network and one input */
    public BatchShape {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(precision, "precision");
        architecture.requireOneOutput("A batch");
        if (networks < 1) {
            throw new IllegalArgumentException("A batch needs at least 1 network, not " + networks + ".");
        }
        if (inputs < 1) {
            throw new IllegalArgumentException("A batch needs at least 1 input, not " + inputs + ".");
        }
    }

    /**
     * That kernel, parameters and the states of a layer can each be copied to an array.
     *
     * @throws IllegalArgumentException naming what cannot
     */
    void requireArrays() {
        Memory.requireArray((double) inputs * inputs, "A kernel of " + inputs + " inputs");
        Memory.requireArray(
                architecture.parameterCount(), "A network of " + architecture.parameterCount() + " parameters");
        double widest = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
        Memory.requireArray(inputs * widest, "A layer of width " + (int) widest + " at " + inputs + " inputs");
    }

    /** {@code ceil(S / BLOCK)}. */
    public int blocks() {
        return (inputs + BLOCK - 1) / BLOCK;
    }

    /** The number of {@code BLOCK x BLOCK} tiles in the lower triangle of an {@code S x S} kernel. */
    public int tiles() {
        return Math.multiplyExact(blocks(), blocks() + 1) / 2;
    }

    /** Numbers in the hidden states of one network: {@code S (n_1 + ... + n_{L-1})}. */
    public long statesPerNetwork() {
        return Math.multiplyExact(architecture.hiddenUnits(), inputs);
    }

    /**
     * The entries of one kernel, {@code S^2}.
     *
     * @throws IllegalArgumentException if they do not fit one array
     */
    public int kernelEntries() {
        if (inputs > MOST_KERNEL_INPUTS) {
            throw new IllegalArgumentException("A kernel has at most " + MOST_KERNEL_INPUTS + " x " + MOST_KERNEL_INPUTS
                    + " entries, which is as many as fit one array; there are " + inputs + " inputs.");
        }
        return inputs * inputs;
    }

    /**
     * The memory of a batch in bytes: parameters, activations, deltas, scratch space, outputs and kernels. Estimated
     * before anything is allocated.
     */
    public double bytes() {
        double perNetwork = (double) architecture.parameterCount()
                + 2.0 * architecture.hiddenUnits() * inputs
                + (double) inputs * architecture.maxHiddenWidth()
                + inputs;
        double shared = (double) inputs * architecture.inputDim() + (double) inputs * inputs;
        double kernels = 8.0 * networks * inputs * inputs;
        return precision.bytes() * (networks * perNetwork + shared) + kernels;
    }
}
