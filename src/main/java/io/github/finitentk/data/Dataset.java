package io.github.finitentk.data;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Training data: inputs, one target for each, and the names of the choices that made them, which every result prints.
 *
 * @param samples the number {@code S} of inputs, at least 1
 * @param inputDim their dimension {@code n_0}, at least 1
 * @param inputs {@code S x n_0}, row-major, finite; copied in and out
 * @param targets {@code S} numbers, finite; copied in and out
 * @param source where the data come from, for example {@code mnist} or a file
 * @param normalization how inputs were scaled, for example {@code unit-q0}; {@code none} if they were not
 * @param targetChoice what the targets are, for example {@code digit}; {@code given} if they were read
 */
public record Dataset(
        int samples,
        int inputDim,
        double[] inputs,
        double[] targets,
        String source,
        String normalization,
        String targetChoice) {

    /** @throws IllegalArgumentException if a size is below 1, an array has another size, or a number is not finite */
    public Dataset {
        if (samples < 1 || inputDim < 1) {
            throw new IllegalArgumentException("A data set needs at least 1 sample of dimension 1, not " + samples
                    + " of dimension " + inputDim + ".");
        }
        if (inputs.length != (long) samples * inputDim) {
            throw new IllegalArgumentException(
                    "The inputs must be " + samples + " x " + inputDim + " numbers, not " + inputs.length + ".");
        }
        if (targets.length != samples) {
            throw new IllegalArgumentException(
                    "There must be one target for each of the " + samples + " inputs, not " + targets.length + ".");
        }
        inputs = inputs.clone();
        targets = targets.clone();
        NpyArray.wrap(inputs, samples, inputDim).requireFinite("The array of inputs");
        NpyArray.wrap(targets, samples).requireFinite("The array of targets");
    }

    /**
     * Inputs and targets from two {@code .npy} files.
     *
     * @param inputs a file with a matrix {@code S x n_0}
     * @param targets a file with {@code S} numbers, of shape {@code (S,)} or {@code (S, 1)}
     * @throws DataFormatException if a file cannot be read, a shape is wrong, or a number is not finite
     */
    public static Dataset read(Path inputs, Path targets) {
        NpyArray x = readInputs(inputs);
        NpyArray y = NpyFile.read(targets);
        boolean column = y.rank() == 2 && y.columns() == 1;
        if (y.size() != x.rows() || !(y.rank() == 1 || column)) {
            throw new DataFormatException(targets + " has shape " + y.shapeText() + ", but " + inputs + " has shape "
                    + x.shapeText() + ", so the targets must have shape (" + x.rows() + ",) or (" + x.rows() + ", 1).");
        }
        y.requireFinite(targets.toString());
        return new Dataset(x.rows(), x.columns(), x.sharedData(), y.sharedData(), inputs.toString(), "none", "given");
    }

    /**
     * A matrix of inputs from an {@code .npy} file.
     *
     * @return {@code S x n_0}, with neither of them 0
     * @throws DataFormatException if the file cannot be read, does not hold a matrix of at least one row and column, or
     *     a number is not finite
     */
    public static NpyArray readInputs(Path path) {
        NpyArray x = NpyFile.read(path);
        if (x.rank() != 2 || x.size() == 0) {
            throw new DataFormatException(path + " has shape " + x.shapeText()
                    + ", but inputs must be a matrix of at least one row (sample) and one column" + reshaped(x) + ".");
        }
        x.requireFinite(path.toString());
        return x;
    }

    private static String reshaped(NpyArray x) {
        if (x.size() == 0 || x.rank() == 0) {
            return "";
        }
        return x.rank() == 1
                ? "; save x.reshape(1, -1) if it is one input, x.reshape(-1, 1) if it is inputs of dimension 1"
                : "; save x.reshape(len(x), -1) if its first index counts the inputs";
    }

    @Override
    public double[] inputs() {
        return inputs.clone();
    }

    @Override
    public double[] targets() {
        return targets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dataset that
                && samples == that.samples
                && inputDim == that.inputDim
                && Arrays.equals(inputs, that.inputs)
                && Arrays.equals(targets, that.targets)
                && source.equals(that.source)
                && normalization.equals(that.normalization)
                && targetChoice.equals(that.targetChoice);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(inputs) + Arrays.hashCode(targets);
    }

    @Override
    public String toString() {
        return samples + " samples of dimension " + inputDim + " (" + source + ", normalisation " + normalization
                + ", targets " + targetChoice + ")";
    }
}
