package io.github.finitentk.data;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Training data: inputs, the targets of each, and the names of the choices that made them, which every result prints.
 *
 * @param inputs {@code S x n_0}
 * @param targets {@code S x K}
 * @param source where the data come from, for example {@code mnist} or a file
 * @param normalization how inputs were scaled, for example {@code unit-q0}; {@code none} if they were not
 * @param targetChoice what the targets are, for example {@code digit}; {@code given} if they were read
 */
public record Dataset(Inputs inputs, Targets targets, String source, String normalization, String targetChoice) {

    /** @throws IllegalArgumentException if there is not one row of targets for each input */
    public Dataset {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(normalization, "normalization");
        Objects.requireNonNull(targetChoice, "targetChoice");
        if (targets.count() != inputs.count()) {
            throw new IllegalArgumentException("There must be one target for each of the " + inputs.count()
                    + " inputs, not " + targets.count()
                    + (targets.count() == inputs.dimension() ? "; inputs transposed?" : "."));
        }
    }

    /** Inputs and targets that an application has at hand, as they are. */
    public Dataset(Inputs inputs, Targets targets) {
        this(inputs, targets, "given", "none", "given");
    }

    /** The same with one output: {@code S} numbers, copied. */
    public Dataset(Inputs inputs, double[] targets) {
        this(inputs, Targets.of(targets));
    }

    /**
     * Inputs and targets from two files.
     *
     * @param inputs see {@link Inputs#read(Path)}
     * @param targets see {@link Targets#read}
     * @throws DataFormatException if a file cannot be read, a shape is wrong, or a number is not finite
     */
    public static Dataset read(Path inputs, Path targets) {
        Inputs x = Inputs.read(inputs);
        Targets y = Targets.read(targets);
        if (y.count() != x.count()) {
            throw new DataFormatException(targets + " holds " + y + ", but " + inputs
                    + " has shape (" + x.count() + ", " + x.dimension() + "), so the targets must have shape ("
                    + x.count() + ",) or (" + x.count() + ", K)"
                    + (y.count() == x.dimension() ? "; inputs transposed?" : "."));
        }
        return new Dataset(x, y, inputs.toString(), "none", "given");
    }

    /** S, at least 1. */
    public int samples() {
        return inputs.count();
    }

    /** {@code n_0}, at least 1. */
    public int inputDim() {
        return inputs.dimension();
    }

    /** {@code K}, at least 1. */
    public int outputs() {
        return targets.outputs();
    }

    /**
     * The same with {@link Targets#forOutputs}: one-hot rows for classes.
     *
     * @throws IllegalArgumentException if the targets are for another number of outputs, or no classes
     */
    public Dataset forOutputs(int outputs) {
        return new Dataset(inputs, targets.forOutputs(outputs), source, normalization, targetChoice);
    }

    /**
     * The first samples.
     *
     * @param samples from 1 to all of them
     * @throws IllegalArgumentException if there are not that many
     */
    public Dataset first(int samples) {
        return new Dataset(inputs.slice(0, samples), targets.slice(0, samples), source, normalization, targetChoice);
    }

    @Override
    public String toString() {
        return samples() + " samples of dimension " + inputDim() + " (" + source + ", normalisation " + normalization
                + ", targets " + targetChoice + ")";
    }
}
