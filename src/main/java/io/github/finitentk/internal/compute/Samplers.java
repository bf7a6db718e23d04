package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.RandomNetwork;

/**
 * A backend's samplers of the kernel at initialisation that never draw a weight. Given the earlier layers, a layer's
 * preactivations and pulled-back gradients are Gaussian with known covariance; drawing these instead is exact in
 * distribution. All work in double precision. Draw {@code i} depends on the seed and on {@code i} alone, and both backends
 * draw the same numbers.
 *
 * <p>Each method allocates a sampler with its own buffers for one thread at a time; the caller closes it.
 */
public interface Samplers {

    /**
     * One input, any activation, {@code O(n_1 + ... + n_{L-1})} a draw: forward {@code h^l = sqrt(v_l) z}, backward
     * {@code W^T delta} conditioned on {@code W x}.
     *
     * @throws IllegalArgumentException if this backend cannot evaluate the activation
     * @throws InsufficientMemoryException if the states of one draw do not fit
     */
    KernelSampler chain(NetworkAtInput ensemble);

    /**
     * One input, ReLU, {@code O(L)} a draw at any width: only the norms of a layer matter, and these are chi-square
     * variates with binomially many degrees of freedom.
     *
     * @throws IllegalArgumentException if the activation is not ReLU
     */
    KernelSampler reluNorms(NetworkAtInput ensemble);

    /**
     * S inputs, any activation, {@code O(S^2 (n_1 + ... + n_{L-1}))} a draw. Inputs may be parallel, repeated or more
     * than there are dimensions.
     *
     * @param inputs {@code S x n_0}, row-major; copied
     * @throws IllegalArgumentException if the inputs are no whole number of finite rows, at least one, or this backend
     *     cannot evaluate the activation
     * @throws InsufficientMemoryException if the states of one draw do not fit
     */
    KernelSampler conditional(RandomNetwork network, double[] inputs);

    /**
     * Forward passes with the conditional moments of Theta given them.
     *
     * @param particles how many at once, at least 1
     * @throws IllegalArgumentException if this backend cannot evaluate the activation
     */
    MomentParticles moments(NetworkAtInput ensemble, int particles);

    /** @throws IllegalArgumentException unless the activation is ReLU */
    static void requireRelu(NetworkAtInput ensemble) {
        if (!Activations.isRelu(ensemble.activation())) {
            throw new IllegalArgumentException("Only ReLU networks can be drawn by their norms alone, not "
                    + ensemble.activation().label() + ".");
        }
    }

    /**
     * The number {@code S} of rows of an {@code S x n_0} matrix.
     *
     * @throws IllegalArgumentException unless there is at least one row, no part of one, and all entries are finite
     */
    static int requireInputs(RandomNetwork network, double[] inputs) {
        int dim = network.architecture().inputDim();
        if (inputs.length == 0 || inputs.length % dim != 0) {
            throw new IllegalArgumentException("The inputs must be a whole number of rows of " + dim
                    + " numbers, at least one row, not " + inputs.length + " numbers.");
        }
        for (int i = 0; i < inputs.length; i++) {
            if (!Double.isFinite(inputs[i])) {
                throw new IllegalArgumentException(
                        "Input " + i / dim + " is not finite: entry " + i % dim + " is " + inputs[i] + ".");
            }
        }
        return inputs.length / dim;
    }

    /** @throws IllegalArgumentException unless random streams {@code first, ..., first + count - 1} exist */
    static void requireStreams(long first, int count) {
        if (first < 0) {
            throw new IllegalArgumentException("The first random stream must not be negative, not " + first + ".");
        }
        if (first > Long.MAX_VALUE - count) {
            throw new IllegalArgumentException("Random streams are numbered up to 2^63 - 1; there are no " + count
                    + " from stream " + first + " on.");
        }
    }
}
