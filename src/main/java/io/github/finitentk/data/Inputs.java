package io.github.finitentk.data;

import io.github.finitentk.internal.random.NormalStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Inputs of a network: {@code S} vectors of dimension {@code n_0}, finite numbers. Immutable; arrays are copied in and out. */
public final class Inputs {

    /** Networks draw their layers from streams 1 to L, so inputs and networks of one seed stay independent. */
    private static final int LAYER = 0;

    private final NpyArray matrix;

    private Inputs(NpyArray matrix) {
        matrix.requireFinite("The array of inputs");
        this.matrix = matrix;
    }

    /**
     * @param rows one input each, all of one dimension; copied
     * @throws IllegalArgumentException if there is no input, their dimensions differ or are 0, or a number is not finite
     */
    public static Inputs of(double[]... rows) {
        int dimension = rows.length == 0 ? 0 : rows[0].length;
        requireSize(rows.length, dimension);
        double[] values = new double[rows.length * dimension];
        for (int s = 0; s < rows.length; s++) {
            if (rows[s].length != dimension) {
                throw new IllegalArgumentException("Input " + s + " (counted from 0) has dimension " + rows[s].length
                        + ", the first one " + dimension + "; inputs must have one dimension.");
            }
            System.arraycopy(rows[s], 0, values, s * dimension, dimension);
        }
        return adopt(rows.length, dimension, values);
    }

    /**
     * @param count {@code S}, at least 1
     * @param dimension {@code n_0}, at least 1
     * @param values {@code S x n_0}, one input after the other; copied
     * @throws IllegalArgumentException if a size is below 1, there are more or fewer values, or one is not finite
     */
    public static Inputs of(int count, int dimension, double[] values) {
        return adopt(count, dimension, values.clone());
    }

    /**
     * Independent inputs, uniform on the sphere {@code |x|^2 = n_0}, that is {@code q^0 = 1}.
     *
     * @throws IllegalArgumentException if a size is below 1 or their product too large for one array
     */
    public static Inputs onSphere(int samples, int inputDim, Seed seed) {
        return onSphere(samples, inputDim, inputDim, seed);
    }

    /**
     * Independent inputs, uniform on the sphere {@code |x|^2 = norm2}: input {@code s} is a normal vector, drawn from the
     * {@link NormalStream} of cell 0, network {@code s}, layer 0, scaled to its norm. The first inputs do not depend on
     * how many are asked for.
     *
     * @param norm2 the squared norm, positive and finite
     * @throws IllegalArgumentException if a size is below 1, their product too large for one array, or the norm out of
     *     its range
     */
    public static Inputs onSphere(int samples, int inputDim, double norm2, Seed seed) {
        double[] inputs = allocate(samples, inputDim, norm2);
        long key = seed.derive(0).value();
        for (int s = 0; s < samples; s++) {
            int start = s * inputDim;
            // no normal number of the stream is so small that its square underflows, so the sum is positive
            new NormalStream(key, s, LAYER, 0).fill(inputs, start, inputDim, 0, 1);
            double sum = 0;
            for (int i = start; i < start + inputDim; i++) {
                sum += inputs[i] * inputs[i];
            }
            double scale = Math.sqrt(norm2 / sum);
            for (int i = start; i < start + inputDim; i++) {
                inputs[i] *= scale;
            }
        }
        return Inputs.adopt(samples, inputDim, inputs);
    }

    /**
     * Inputs of equal norm with the same correlation {@code c = x_s.x_r / norm2} between every two. Nothing is random:
     * the rows are the Cholesky factor of the matrix with 1 on and {@code c} off the diagonal, in closed form, times
     * {@code sqrt(norm2)} and padded with zero columns. (The law of a network's kernel at Gaussian initialisation
     * depends on the inputs through their inner products only, so no generality is lost.)
     *
     * @param norm2 the squared norm, positive and finite
     * @param correlation from {@code -1/(samples - 1)}, below which no such inputs exist, to 1
     * @throws IllegalArgumentException if a size is below 1 or their product too large for one array, the norm or the
     *     correlation is out of its range, or the dimension is too small to hold such inputs
     */
    public static Inputs withCorrelation(int samples, int inputDim, double norm2, double correlation) {
        double[] inputs = allocate(samples, inputDim, norm2);
        double lowest = samples == 1 ? -1 : -1.0 / (samples - 1);
        if (!(correlation >= lowest && correlation <= 1)) {
            throw new IllegalArgumentException("The correlation between " + samples + " inputs must be from " + lowest
                    + " to 1, not " + correlation + ".");
        }
        int rank = samples;
        if (correlation == 1) {
            rank = 1;
        } else if (correlation == lowest && samples > 1) {
            rank = samples - 1;
        }
        if (inputDim < rank) {
            throw new IllegalArgumentException(samples + " inputs with correlation " + correlation
                    + " need an input dimension of at least " + rank + ", not " + inputDim + ".");
        }
        double norm = Math.sqrt(norm2);
        double c = correlation;
        for (int j = 0; j < rank; j++) {
            // column j: one value on the diagonal, another one everywhere below it
            // (the last diagonal element vanishes at the lowest correlation; rounding must not make it imaginary)
            double before = 1 + (j - 1) * c;
            double diagonal = j == 0 ? 1 : Math.sqrt((1 - c) * Math.max(0, 1 + j * c) / before);
            double below = j == 0 ? c : c * (1 - c) / (before * diagonal);
            inputs[j * inputDim + j] = norm * diagonal;
            for (int i = j + 1; i < samples; i++) {
                inputs[i * inputDim + j] = norm * below;
            }
        }
        return Inputs.adopt(samples, inputDim, inputs);
    }

    private static double[] allocate(int samples, int inputDim, double norm2) {
        Inputs.requireSize(samples, inputDim);
        if (!(norm2 > 0) || Double.isInfinite(norm2)) {
            throw new IllegalArgumentException(
                    "The squared norm of the inputs must be a positive finite number, not " + norm2 + ".");
        }
        return new double[samples * inputDim];
    }

    /** As {@link #of(int, int, double[])}, without copying. */
    static Inputs adopt(int count, int dimension, double[] values) {
        requireSize(count, dimension);
        if (values.length != (long) count * dimension) {
            throw new IllegalArgumentException(count + " inputs of dimension " + dimension + " are "
                    + (long) count * dimension + " numbers, but " + values.length + " were given.");
        }
        return new Inputs(NpyArray.wrap(values, count, dimension));
    }

    /** @throws IllegalArgumentException if there are no such inputs, or they do not fit into an array */
    static void requireSize(int count, int dimension) {
        if (count < 1 || dimension < 1) {
            throw new IllegalArgumentException(
                    "There must be at least 1 input of dimension 1, not " + count + " of dimension " + dimension + ".");
        }
        if ((long) count * dimension > NpyArray.MAX_ELEMENTS) {
            throw new IllegalArgumentException(
                    count + " inputs of dimension " + dimension + " are more numbers than one array can hold.");
        }
    }

    /**
     * A matrix, one input a row, from an {@code .npy} file, an {@code .npz} archive of one array, or comma-separated
     * numbers in a {@code .csv} file. A file of another ending is taken to be an {@code .npy} file.
     *
     * @throws DataFormatException if the file cannot be read, does not hold a matrix of at least one row and column, or
     *     a number is not finite
     */
    public static Inputs read(Path path) {
        NpyArray x = readArray(path);
        if (x.rank() != 2 || x.size() == 0) {
            throw new DataFormatException(path + " has shape " + x.shapeText()
                    + ", but inputs must be a matrix of at least one row (sample) and one column" + reshaped(x) + ".");
        }
        x.requireFinite(path.toString());
        return new Inputs(x);
    }

    /**
     * As {@link #read(Path)}, for a network that takes inputs of a known dimension; a vector of that length is one input.
     *
     * @throws DataFormatException as {@link #read(Path)}, or if the inputs have another dimension
     */
    public static Inputs read(Path path, int dimension) {
        NpyArray x = readArray(path);
        boolean vector = x.rank() == 1 && x.size() == dimension;
        if (!vector && (x.rank() != 2 || x.columns() != dimension || x.size() == 0)) {
            throw new DataFormatException("The inputs in " + path + " have shape " + x.shapeText()
                    + ", but this network takes S x " + dimension + " with S >= 1"
                    + (x.rank() == 2 && x.rows() == dimension ? "; transposed?" : "."));
        }
        x.requireFinite(path.toString());
        return new Inputs(vector ? NpyArray.wrap(x.sharedData(), 1, dimension) : x);
    }

    /** The array in a file, whose ending says of what kind it is. */
    static NpyArray readArray(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return CsvMatrix.read(path);
        }
        if (!name.endsWith(".npz")) {
            return NpyFile.read(path);
        }
        Map<String, NpyArray> arrays = NpzFile.read(path);
        if (arrays.size() != 1) {
            throw new DataFormatException(path + " holds " + arrays.size()
                    + " arrays, but an archive of one is needed here: numpy.savez(file, x=...).");
        }
        return arrays.values().iterator().next();
    }

    private static String reshaped(NpyArray x) {
        if (x.size() == 0 || x.rank() == 0) {
            return "";
        }
        return x.rank() == 1
                ? "; save x.reshape(1, -1) if it is one input, x.reshape(-1, 1) if it is inputs of dimension 1"
                : "; save x.reshape(len(x), -1) if its first index counts the inputs";
    }

    /** S, at least 1. */
    public int count() {
        return matrix.rows();
    }

    /** {@code n_0}, at least 1. */
    public int dimension() {
        return matrix.columns();
    }

    /**
     * Coordinate i of input s, both counted from 0.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public double get(int s, int i) {
        return matrix.get(s, i);
    }

    /** All inputs, one after the other: {@code S x n_0}, row-major, a new array. */
    public double[] toArray() {
        return matrix.data();
    }

    /**
     * Inputs {@code from, ..., to - 1}, counted from 0.
     *
     * @throws IllegalArgumentException if that is not at least one of these inputs
     */
    public Inputs slice(int from, int to) {
        if (from < 0 || from >= to || to > count()) {
            throw new IllegalArgumentException(
                    "Inputs " + from + " to " + (to - 1) + " are no part of " + count() + " inputs.");
        }
        double[] part = new double[(to - from) * dimension()];
        System.arraycopy(matrix.sharedData(), from * dimension(), part, 0, part.length);
        return adopt(to - from, dimension(), part);
    }

    /**
     * These inputs, then others.
     *
     * @throws IllegalArgumentException if the dimensions differ, or they do not fit into one array
     */
    public Inputs followedBy(Inputs others) {
        others.requireDimension(dimension());
        int all = (int) Math.min(Integer.MAX_VALUE, (long) count() + others.count());
        requireSize(all, dimension());
        double[] joint = new double[all * dimension()];
        matrix.copyTo(joint, 0);
        others.matrix.copyTo(joint, matrix.size());
        return adopt(all, dimension(), joint);
    }

    /** @throws IllegalArgumentException if the dimension is another one, saying so if they look transposed */
    public void requireDimension(int expected) {
        if (dimension() != expected) {
            throw new IllegalArgumentException("Inputs of dimension " + expected + " are needed, but these are " + this
                    + (count() == expected ? "; transposed? Each row is one input." : "."));
        }
    }

    /** The same numbers in the same shape. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Inputs that && matrix.equals(that.matrix);
    }

    @Override
    public int hashCode() {
        return matrix.hashCode();
    }

    @Override
    public String toString() {
        return count() + (count() == 1 ? " input" : " inputs") + " of dimension " + dimension();
    }
}
