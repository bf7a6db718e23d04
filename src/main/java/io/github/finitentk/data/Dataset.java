package io.github.finitentk.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * Training data: inputs, one target for each, and the names of the choices that made them, which every result prints.
 *
 * @param inputs {@code S x n_0}
 * @param targets {@code S} numbers, finite; copied in and out
 * @param source where the data come from, for example {@code mnist} or a file
 * @param normalization how inputs were scaled, for example {@code unit-q0}; {@code none} if they were not
 * @param targetChoice what the targets are, for example {@code digit}; {@code given} if they were read
 */
public record Dataset(Inputs inputs, double[] targets, String source, String normalization, String targetChoice) {

    /** @throws IllegalArgumentException if there is not one target for each input, or one is not finite */
    public Dataset {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(normalization, "normalization");
        Objects.requireNonNull(targetChoice, "targetChoice");
        if (targets.length != inputs.count()) {
            throw new IllegalArgumentException("There must be one target for each of the " + inputs.count()
                    + " inputs, not " + targets.length
                    + (targets.length == inputs.dimension() ? "; inputs transposed?" : "."));
        }
        targets = targets.clone();
        NpyArray.wrap(targets, targets.length).requireFinite("The array of targets");
    }

    /** Inputs and targets that an application has at hand, as they are. */
    public Dataset(Inputs inputs, double[] targets) {
        this(inputs, targets, "given", "none", "given");
    }

    /**
     * Inputs and targets from two files.
     *
     * @param inputs see {@link Inputs#read(Path)}
     * @param targets a file of the same kinds with {@code S} numbers, of shape {@code (S,)} or {@code (S, 1)}
     * @throws DataFormatException if a file cannot be read, a shape is wrong, or a number is not finite
     */
    public static Dataset read(Path inputs, Path targets) {
        Inputs x = Inputs.read(inputs);
        NpyArray y = Inputs.readArray(targets);
        boolean column = y.rank() == 2 && y.columns() == 1;
        if (y.size() != x.count() || !(y.rank() == 1 || column)) {
            throw new DataFormatException(targets + " has shape " + y.shapeText() + ", but " + inputs + " has shape ("
                    + x.count() + ", " + x.dimension() + "), so the targets must have shape (" + x.count() + ",) or ("
                    + x.count() + ", 1)" + (y.size() == x.dimension() ? "; inputs transposed?" : "."));
        }
        y.requireFinite(targets.toString());
        return new Dataset(x, y.sharedData(), inputs.toString(), "none", "given");
    }

    /** S, at least 1. */
    public int samples() {
        return inputs.count();
    }

    /** {@code n_0}, at least 1. */
    public int inputDim() {
        return inputs.dimension();
    }

    /**
     * The first samples.
     *
     * @param samples from 1 to all of them
     * @throws IllegalArgumentException if there are not that many
     */
    public Dataset first(int samples) {
        return new Dataset(
                inputs.slice(0, samples), Arrays.copyOf(targets, samples), source, normalization, targetChoice);
    }

    @Override
    public double[] targets() {
        return targets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dataset that
                && inputs.equals(that.inputs)
                && Arrays.equals(targets, that.targets)
                && source.equals(that.source)
                && normalization.equals(that.normalization)
                && targetChoice.equals(that.targetChoice);
    }

    @Override
    public int hashCode() {
        return 31 * inputs.hashCode() + Arrays.hashCode(targets);
    }

    @Override
    public String toString() {
        return samples() + " samples of dimension " + inputDim() + " (" + source + ", normalisation " + normalization
                + ", targets " + targetChoice + ")";
    }
}
