package io.github.finitentk.model;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One network: {@code h^l = W^l x^{l-1} + b^l} and {@code x^l = phi(h^l)} for {@code l = 1, ..., L}, {@code f = h^L}.
 * Immutable.
 *
 * <p>Weights alone have no kernel and cannot be trained: a network that was read, or made from parameters, takes its activation
 * by {@link #with}, as in {@code Network.read(path).with(Activations.TANH)}.
 *
 * <p>As a file it is an {@code .npz} archive with the arrays {@code W1, b1, ..., WL, bL}, where {@code Wl} is
 * {@code n_l x n_{l-1}} (the layout of PyTorch's {@code Linear.weight}) and {@code bl} has shape {@code (n_l,)}. Biases of
 * shape {@code (n_l, 1)} or {@code (1, n_l)} and a vector {@code WL} are read, too.
 */
public final class Network {

    private final Architecture architecture;
    private final Activation activation; // null: none is known
    private final double[] parameters;

    /**
     * Weights and biases, whose activation is not known yet.
     *
     * @param parameters {@code [W^1, b^1, ..., W^L, b^L]}, each {@code W^l} row-major, as in
     *     {@link Architecture#weightOffset}; copied
     * @throws IllegalArgumentException if there are more or fewer than {@link Architecture#parameterCount()}, or one is
     *     NaN or infinite
     */
    public Network(Architecture architecture, double[] parameters) {
        this(architecture, checkedLength(architecture, parameters).clone(), "The network");
    }

    /** @param parameters of the right length, not copied */
    Network(Architecture architecture, double[] parameters, String name) {
        this.architecture = architecture;
        this.activation = null;
        this.parameters = parameters;
        requireFinite(name);
    }

    private Network(Network weights, Activation activation) {
        this.architecture = weights.architecture;
        this.activation = activation;
        this.parameters = weights.parameters;
    }

    /** The network of these weights and biases with this activation in all hidden layers. */
    public Network with(Activation activation) {
        return new Network(this, Objects.requireNonNull(activation, "activation"));
    }

    private static double[] checkedLength(Architecture architecture, double[] parameters) {
        if (parameters.length != architecture.parameterCount()) {
            throw new IllegalArgumentException("A network of widths " + architecture + " has "
                    + architecture.parameterCount() + " parameters, but " + parameters.length + " were given.");
        }
        return parameters;
    }

    private void requireFinite(String name) {
        for (int l = 1; l <= architecture.depth(); l++) {
            int weights = (int) architecture.weightOffset(l);
            int biases = (int) architecture.biasOffset(l);
            int columns = architecture.width(l - 1);
            for (int i = weights; i < biases + architecture.width(l); i++) {
                if (!Double.isFinite(parameters[i])) {
                    String place = i < biases
                            ? "W" + l + "[" + (i - weights) / columns + ", " + (i - weights) % columns + "]"
                            : "b" + l + "[" + (i - biases) + "]";
                    throw new IllegalArgumentException(name + " holds " + parameters[i] + " in " + place
                            + " (counted from 0); all weights and biases must be finite.");
                }
            }
        }
    }

    /** The widths. */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * The activation of all hidden layers.
     *
     * @throws IllegalStateException if none is known
     */
    public Activation activation() {
        if (activation == null) {
            throw new IllegalStateException(
                    "This network has weights but no activation, which a file does not hold; say"
                            + " which one it has by network.with(...), for example network.with(Activations.TANH).");
        }
        return activation;
    }

    /** A copy of {@code W^l}, {@code n_l x n_{l-1}} row-major, {@code l = 1, ..., L}. */
    public double[] weights(int l) {
        checkLayer(l);
        return Arrays.copyOfRange(parameters, (int) architecture.weightOffset(l), (int) architecture.biasOffset(l));
    }

    /** A copy of {@code b^l}, {@code n_l} numbers, {@code l = 1, ..., L}. */
    public double[] biases(int l) {
        checkLayer(l);
        int start = (int) architecture.biasOffset(l);
        return Arrays.copyOfRange(parameters, start, start + architecture.width(l));
    }

    private void checkLayer(int l) {
        if (l < 1 || l > architecture.depth()) {
            throw new IndexOutOfBoundsException(
                    "No layer " + l + "; the layers are 1 to " + architecture.depth() + ".");
        }
    }

    /** A copy of {@code [W^1, b^1, ..., W^L, b^L]}. */
    public double[] parameters() {
        return parameters.clone();
    }

    /**
     * Weights and biases from a file, which does not hold the activation.
     *
     * @throws DataFormatException if the file cannot be read, an array is missing, unknown, of a wrong shape or not
     *     finite, or the output width is not 1
     */
    public static Network read(Path npz) {
        return NetworkFile.read(npz);
    }

    /**
     * Writes weights and biases as an {@code .npz} archive that {@link #read} and {@code numpy.load} read; an existing file is replaced, in
     * one step.
     *
     * @throws java.io.UncheckedIOException with one sentence if writing fails
     */
    public void write(Path npz) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (int l = 1; l <= architecture.depth(); l++) {
            arrays.put("W" + l, NpyArray.of(weights(l), architecture.width(l), architecture.width(l - 1)));
            arrays.put("b" + l, NpyArray.of(biases(l), architecture.width(l)));
        }
        NpyArray.writeAll(npz, arrays);
    }

    /** Equal widths, activations and parameters. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Network that
                && architecture.equals(that.architecture)
                && Objects.equals(activation, that.activation)
                && Arrays.equals(parameters, that.parameters);
    }

    @Override
    public int hashCode() {
        return 31 * architecture.hashCode() + Arrays.hashCode(parameters);
    }

    @Override
    public String toString() {
        return (activation == null ? "network" : activation.label() + " network") + " of widths " + architecture;
    }
}
