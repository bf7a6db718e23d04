package io.github.finitentk.model;

import java.util.Arrays;

/**
 * The widths {@code n_0, n_1, ..., n_L} of a fully-connected network: {@code n_0} is the input dimension, {@code n_1}
 * to {@code n_{L-1}} are the hidden widths and {@code n_L = K} is the number of outputs. {@code L} counts weight layers, so
 * {@code L = 1} is a linear network. Immutable.
 */
public final class Architecture {

    /** What anything is computed for: the states of more layers hold nothing of the input. */
    private static final int MOST_LAYERS = 1_000_000;

    private final int[] widths;
    private final long parameterCount;

    private Architecture(int[] widths) {
        if (widths.length < 2) {
            throw new IllegalArgumentException(
                    "An architecture needs at least the input dimension and the output width, but " + widths.length
                            + " width(s) were given.");
        }
        for (int l = 0; l < widths.length; l++) {
            if (widths[l] < 1) {
                throw new IllegalArgumentException(
                        "Width " + l + " of the architecture must be at least 1, not " + widths[l] + ".");
            }
        }
        this.widths = widths;
        long count = 0;
        for (int l = 1; l < widths.length; l++) {
            count += (long) widths[l] * widths[l - 1] + widths[l];
            if (count < 0) {
                throw new IllegalArgumentException("A network of these widths has more than 2^63 parameters.");
            }
        }
        this.parameterCount = count;
    }

    /**
     * @param widths {@code n_0, ..., n_L}; copied
     * @throws IllegalArgumentException if fewer than two widths are given, or one is below 1
     */
    public static Architecture of(int... widths) {
        return new Architecture(widths.clone());
    }

    /**
     * Constant hidden width and one output: {@code n_0 = inputDim}, {@code n_1 = ... = n_{depth-1} = width}, {@code n_depth = 1}.
     *
     * @throws IllegalArgumentException if an argument is below 1, or the depth above a million
     */
    public static Architecture constant(int inputDim, int width, int depth) {
        if (depth < 1 || depth > MOST_LAYERS) {
            throw new IllegalArgumentException(
                    "The depth must be 1 to " + MOST_LAYERS + " weight layers, not " + depth + ".");
        }
        if (width < 1) {
            throw new IllegalArgumentException("The width must be at least 1, not " + width + ".");
        }
        int[] widths = new int[depth + 1];
        Arrays.fill(widths, width);
        widths[0] = inputDim;
        widths[depth] = 1;
        return new Architecture(widths);
    }

    /**
     * The network that ends with its K linear outputs above layer {@code depth - 1}: widths
     * {@code n_0, ..., n_{depth-1}, K}.
     *
     * @throws IllegalArgumentException if {@code depth} is not between 1 and {@code L}
     */
    public Architecture truncated(int depth) {
        if (depth < 1 || depth > depth()) {
            throw new IllegalArgumentException(
                    "A network of depth " + depth() + " cannot be cut to depth " + depth + ".");
        }
        int[] cut = Arrays.copyOf(widths, depth + 1);
        cut[depth] = outputs();
        return new Architecture(cut);
    }

    /**
     * The same with another number of outputs, {@code n_L = outputs}.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Architecture withOutputs(int outputs) {
        int[] changed = widths.clone();
        changed[depth()] = outputs;
        return new Architecture(changed);
    }

    /** The number {@code L} of weight layers. */
    public int depth() {
        return widths.length - 1;
    }

    /** The input dimension {@code n_0}. */
    public int inputDim() {
        return widths[0];
    }

    /** The number {@code K = n_L} of outputs. */
    public int outputs() {
        return widths[depth()];
    }

    /**
     * Refuses several outputs.
     *
     * @param purpose what is about one output only, to begin a sentence with
     * @throws IllegalArgumentException if there are several
     */
    public void requireOneOutput(String purpose) {
        if (outputs() != 1) {
            throw new IllegalArgumentException(
                    purpose + " is about networks of one output, not of K = " + outputs() + ".");
        }
    }

    /** {@code n_l} for {@code l = 0, ..., L}. */
    public int width(int l) {
        return widths[l];
    }

    /** A copy of {@code n_0, ..., n_L}. */
    public int[] widths() {
        return widths.clone();
    }

    /** The largest hidden width, or 1 if there is no hidden layer. */
    public int maxHiddenWidth() {
        int max = 1;
        for (int l = 1; l < depth(); l++) {
            max = Math.max(max, widths[l]);
        }
        return max;
    }

    /**
     * {@code alpha = sum_{l=1..L-1} n_l n_{l-1} / M^2} of Lemma 2, with {@link #maxHiddenWidth} for the reference width M; 0
     * without hidden layers.
     */
    public double alpha() {
        int width = maxHiddenWidth();
        double sum = 0;
        for (int l = 1; l < depth(); l++) {
            sum += (double) widths[l] / width * ((double) widths[l - 1] / width);
        }
        return sum;
    }

    /** {@code n_1 + ... + n_{L-1}}, the number of hidden units. */
    public long hiddenUnits() {
        long sum = 0;
        for (int l = 1; l < depth(); l++) {
            sum += widths[l];
        }
        return sum;
    }

    /** The number of weights and biases. */
    public long parameterCount() {
        return parameterCount;
    }

    /**
     * Where {@code W^l} starts in a flat parameter vector {@code [W^1, b^1, W^2, b^2, ...]}; {@code W^l} is
     * {@code n_l x n_{l-1}} row-major and {@code b^l} follows it.
     */
    public long weightOffset(int l) {
        long offset = 0;
        for (int k = 1; k < l; k++) {
            offset += (long) widths[k] * widths[k - 1] + widths[k];
        }
        return offset;
    }

    /** Where {@code b^l} starts in the flat parameter vector. */
    public long biasOffset(int l) {
        return weightOffset(l) + (long) widths[l] * widths[l - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Architecture that && Arrays.equals(widths, that.widths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(widths);
    }

    @Override
    public String toString() {
        return Arrays.toString(widths);
    }
}
