package io.github.finitentk.model;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One network: {@code h^l = W^l x^{l-1} + b^l} and {@code x^l = phi(h^l)} for {@code l = 1, ..., L}, {@code f = h^L}.
 * Immutable.
 *
 * <p>Weights alone have no kernel and cannot be trained: a network that was read, or made from parameters, takes its activation
 * by {@link #with}, as in {@code Network.read(path).with(Activations.TANH)}.
 *
 * <p>{@link #write} makes an {@code .npz} archive with the arrays {@code W1, b1, ..., WL, bL}, where {@code Wl} is
 * {@code n_l x n_{l-1}} (the layout of PyTorch's {@code Linear.weight}) and {@code bl} has shape {@code (n_l,)}. {@link #read}
 * takes these and what PyTorch, Keras, Flax and scikit-learn call weights and biases, from {@code .npz} and {@code .safetensors}.
 */
public final class Network {

    private final Architecture architecture;
    private final Activation activation; // null: none is known
    private final double[] parameters;
    private final boolean[] biased; // by layer; false: its biases are 0 and no parameters
    private final Optional<String> origin;

    /**
     * Weights and biases, whose activation is not known yet.
     *
     * @param parameters {@code [W^1, b^1, ..., W^L, b^L]}, each {@code W^l} row-major, as in
     *     {@link Architecture#weightOffset}; copied
     * @throws IllegalArgumentException if there are more or fewer than {@link Architecture#parameterCount()}, or one is
     *     NaN or infinite
     */
    public Network(Architecture architecture, double[] parameters) {
        this(architecture, checkedLength(architecture, parameters).clone(), allBiased(architecture), Optional.empty());
    }

    /** What was read or drawn, in arrays of the right length that are not copied. */
    Network(Architecture architecture, double[] parameters, boolean[] biased, Optional<String> origin) {
        this.architecture = architecture;
        this.activation = null;
        this.parameters = parameters;
        this.biased = biased;
        this.origin = origin;
        requireFinite();
    }

    private Network(Network weights, Activation activation) {
        this.architecture = weights.architecture;
        this.activation = activation;
        this.parameters = weights.parameters;
        this.biased = weights.biased;
        this.origin = weights.origin;
    }

    static boolean[] allBiased(Architecture architecture) {
        boolean[] all = new boolean[architecture.depth()];
        Arrays.fill(all, true);
        return all;
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

    private void requireFinite() {
        for (int l = 1; l <= architecture.depth(); l++) {
            int weights = (int) architecture.weightOffset(l);
            int biases = (int) architecture.biasOffset(l);
            int columns = architecture.width(l - 1);
            for (int i = weights; i < biases + architecture.width(l); i++) {
                if (!Double.isFinite(parameters[i])) {
                    String place = i < biases
                            ? "W" + l + "[" + (i - weights) / columns + ", " + (i - weights) % columns + "]"
                            : "b" + l + "[" + (i - biases) + "]";
                    throw new IllegalArgumentException("The network holds " + parameters[i] + " in " + place
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

    /**
     * Whether layer {@code l = 1, ..., L} has biases. If not, those that {@link #biases} gives are 0 and no parameters: nothing trains
     * them, and no kernel contains their gradients.
     */
    public boolean hasBiases(int l) {
        checkLayer(l);
        return biased[l - 1];
    }

    /** The mean of {@code n_{l-1} (W^l_ij)^2} over all weights: what {@code sigma_w^2} of eq. (1) is estimated by. */
    public double weightVariance() {
        double sum = 0;
        long count = 0;
        for (int l = 1; l <= architecture.depth(); l++) {
            count += (long) architecture.width(l) * architecture.width(l - 1);
            sum += layerWeightVariance(l) * architecture.width(l) * architecture.width(l - 1);
        }
        return sum / count;
    }

    /** The same of the weights of layer {@code l = 1, ..., L} alone. */
    public double layerWeightVariance(int l) {
        double sum = 0;
        double[] weights = weights(l);
        for (double weight : weights) {
            sum += weight * weight;
        }
        return sum * architecture.width(l - 1) / weights.length;
    }

    /** The mean of {@code (b^l_i)^2} over all biases, 0 if there are none: what {@code sigma_b^2} is estimated by. */
    public double biasVariance() {
        double sum = 0;
        long count = 0;
        for (int l = 1; l <= architecture.depth(); l++) {
            for (double bias : hasBiases(l) ? biases(l) : new double[0]) {
                sum += bias * bias;
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    /** How a file was read, layer by layer, for people to check: which arrays, their sizes, and which way round; empty if none was. */
    public Optional<String> origin() {
        return origin;
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
     * {@code |w - w_0| / |w_0|} over all weights and biases.
     *
     * @param start {@code w_0}, of the same widths
     * @throws IllegalArgumentException if its widths are others
     */
    public double changeFrom(Network start) {
        if (!architecture.equals(start.architecture)) {
            throw new IllegalArgumentException("A network of widths " + architecture
                    + " has not come from one of widths " + start.architecture + ".");
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < parameters.length; i++) {
            double step = parameters[i] - start.parameters[i];
            difference += step * step;
            norm += start.parameters[i] * start.parameters[i];
        }
        return Math.sqrt(difference / norm);
    }

    /** Which way round the weights of a layer lie in a file. */
    public enum WeightLayout {
        /** {@code n_l x n_{l-1}}, a row for each output, as in PyTorch. */
        OUT_IN,
        /** {@code n_{l-1} x n_l}, a column for each output, as in Keras, Flax and scikit-learn. */
        IN_OUT;

        /** {@code out-in} or {@code in-out}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalArgumentException if there is no such label (case does not matter) */
        public static WeightLayout parse(String label) {
            for (WeightLayout layout : values()) {
                if (layout.label().equals(label.toLowerCase(Locale.ROOT))) {
                    return layout;
                }
            }
            throw new IllegalArgumentException("Unknown weight layout \"" + label + "\"; allowed are " + OUT_IN.label()
                    + " and " + IN_OUT.label() + ".");
        }
    }

    /**
     * What a file's names and shapes may leave open.
     *
     * @param layerNames the layers in the order in which inputs go through them, each by its name or that of its weights, with or
     *     without what stands before the last dot or slash; only these are read. None: all layers, in the order that the numbers in
     *     their names and their shapes give
     * @param weights which way round all weights lie; by default as their shapes allow, and if they allow both, as their
     *     names say
     */
    public record FileLayout(List<String> layerNames, Optional<WeightLayout> weights) {

        /** Everything by names and shapes. */
        public static final FileLayout BY_NAMES = new FileLayout(List.of(), Optional.empty());

        public FileLayout {
            layerNames = List.copyOf(layerNames);
            Objects.requireNonNull(weights, "weights");
        }
    }

    /**
     * Weights and biases from a file, which does not hold the activation.
     *
     * @throws DataFormatException as {@link #read(Path, FileLayout)}
     */
    public static Network read(Path file) {
        return read(file, FileLayout.BY_NAMES);
    }

    /**
     * Weights and biases from an {@code .npz} or {@code .safetensors} file, of any float or integer type. Known are the names that
     * PyTorch ({@code fc1.weight}, {@code layers.0.bias}), Keras and Flax ({@code dense_1/kernel}), scikit-learn ({@code coefs_0},
     * {@code intercepts_0}) and {@link #write} give them, and {@code arr_0, arr_1, ...} of {@code numpy.savez} without names.
     *
     * <p>Numbers in names order the layers; words do not, and are put in the one order in which the shapes fit. The weights lie as
     * the shapes allow, and if they allow both, as such names mean them. Biases may also be columns or rows, and the weights of a last
     * layer with one output a vector. A layer without biases gets zeros.
     *
     * @throws DataFormatException if the file cannot be read, holds anything but the layers of one fully-connected network, its
     *     layers fit in several orders or both ways round and {@code layout} does not say which, or not at all, or a number is
     *     not finite
     */
    public static Network read(Path file, FileLayout layout) {
        return NetworkFile.read(file, layout);
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
            if (hasBiases(l)) {
                arrays.put("b" + l, NpyArray.of(biases(l), architecture.width(l)));
            }
        }
        NpyArray.writeAll(npz, arrays);
    }

    /** Equal widths, activations and parameters, wherever they come from. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Network that
                && architecture.equals(that.architecture)
                && Objects.equals(activation, that.activation)
                && Arrays.equals(biased, that.biased)
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
