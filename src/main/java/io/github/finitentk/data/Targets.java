package io.github.finitentk.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a network is trained to give: {@code K} numbers for each of {@code S} inputs, {@code S x K}, all finite. Immutable; arrays
 * are copied in and out.
 */
public final class Targets {

    private static final double SINGLE_PRECISION = 0x1p-23;

    private final NpyArray matrix;

    private Targets(NpyArray matrix) {
        matrix.requireFinite("The array of targets");
        this.matrix = matrix;
    }

    /**
     * One number for each input, {@code K = 1}.
     *
     * @param values {@code S} numbers; copied
     * @throws IllegalArgumentException if there is none, or one is not finite
     */
    public static Targets of(double[] values) {
        return of(values.length, 1, values);
    }

    /**
     * @param rows {@code K} numbers for each input; copied
     * @throws IllegalArgumentException if there is no row, their lengths differ or are 0, or a number is not finite
     */
    public static Targets of(double[][] rows) {
        int outputs = rows.length == 0 ? 0 : rows[0].length;
        requireSize(rows.length, outputs);
        double[] values = new double[rows.length * outputs];
        for (int s = 0; s < rows.length; s++) {
            if (rows[s].length != outputs) {
                throw new IllegalArgumentException("Target " + s + " (counted from 0) has " + rows[s].length
                        + " numbers, the first one " + outputs + "; all must have one number for each output.");
            }
            System.arraycopy(rows[s], 0, values, s * outputs, outputs);
        }
        return new Targets(NpyArray.wrap(values, rows.length, outputs));
    }

    /**
     * @param count {@code S}, at least 1
     * @param outputs {@code K}, at least 1
     * @param values {@code S x K}, one input after the other; copied
     * @throws IllegalArgumentException if a size is below 1, there are more or fewer values, or one is not finite
     */
    public static Targets of(int count, int outputs, double[] values) {
        requireSize(count, outputs);
        if (values.length != (long) count * outputs) {
            throw new IllegalArgumentException("Targets of " + count + " inputs and " + outputs + " outputs are "
                    + (long) count * outputs + " numbers, but " + values.length + " were given.");
        }
        return new Targets(NpyArray.of(values, count, outputs));
    }

    /**
     * 1 in the column of an input's class, 0 in all others.
     *
     * @param labels the class of each input, from 0 to {@code classes - 1}
     * @param classes {@code K}, at least 1
     * @throws IllegalArgumentException if there is no label, or one is no such class
     */
    public static Targets oneHot(int[] labels, int classes) {
        requireSize(labels.length, classes);
        double[] values = new double[labels.length * classes];
        for (int s = 0; s < labels.length; s++) {
            if (labels[s] < 0 || labels[s] >= classes) {
                throw new IllegalArgumentException("Label " + s + " (counted from 0) is " + labels[s] + "; " + classes
                        + " classes are numbered from 0 to " + (classes - 1) + ".");
            }
            values[s * classes + labels[s]] = 1;
        }
        return new Targets(NpyArray.wrap(values, labels.length, classes));
    }

    /** These less the mean over the outputs of each input: of one-hot rows {@code 1 - 1/K} and {@code -1/K}. */
    public Targets zeroMean() {
        double[] values = toArray();
        int outputs = outputs();
        for (int start = 0; start < values.length; start += outputs) {
            double sum = 0;
            for (int i = start; i < start + outputs; i++) {
                sum += values[i];
            }
            for (int i = start; i < start + outputs; i++) {
                values[i] -= sum / outputs;
            }
        }
        return new Targets(NpyArray.wrap(values, count(), outputs));
    }

    private static void requireSize(int count, int outputs) {
        if (count < 1 || outputs < 1) {
            throw new IllegalArgumentException(
                    "There must be at least 1 target for at least 1 output, not " + count + " for " + outputs + ".");
        }
        if ((long) count * outputs > NpyArray.MAX_ELEMENTS) {
            throw new IllegalArgumentException("Targets of " + count + " inputs and " + outputs
                    + " outputs are more numbers than one array can hold.");
        }
    }

    /**
     * Targets of shape {@code (S,)} or {@code (S, K)} from a file of the kinds that {@link Inputs#read(Path)} takes; integers of any
     * size are as good as floats.
     *
     * @throws DataFormatException if the file cannot be read, its array has another rank or no element, or a number is not finite
     */
    public static Targets read(Path path) {
        NpyArray y = Inputs.readArray(path);
        if (y.rank() < 1 || y.rank() > 2 || y.size() == 0) {
            throw new DataFormatException(path + " has shape " + y.shapeText()
                    + ", but targets must have shape (S,) or (S, K): K numbers for each of S inputs.");
        }
        y.requireFinite(path.toString());
        return new Targets(NpyArray.wrap(y.sharedData(), y.shape()[0], y.rank() == 1 ? 1 : y.columns()));
    }

    /** S, at least 1. */
    public int count() {
        return matrix.rows();
    }

    /** K, at least 1. */
    public int outputs() {
        return matrix.columns();
    }

    /**
     * What output k shall be at input s, both counted from 0.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public double get(int s, int k) {
        return matrix.get(s, k);
    }

    /** All targets, {@code S x K} row-major, a new array. */
    public double[] toArray() {
        return matrix.data();
    }

    /**
     * The targets of output k, {@code S} numbers, a new array.
     *
     * @throws IndexOutOfBoundsException if there is no such output
     */
    public double[] column(int k) {
        double[] column = new double[count()];
        for (int s = 0; s < column.length; s++) {
            column[s] = get(s, k);
        }
        return column;
    }

    /**
     * The targets of the only output, {@code S} numbers, a new array.
     *
     * @param purpose what takes one number for each input only, to begin a sentence with
     * @throws IllegalArgumentException if there are several outputs
     */
    public double[] scalars(String purpose) {
        if (outputs() != 1) {
            throw new IllegalArgumentException(
                    purpose + " takes one target for each input, not K = " + outputs() + " of them.");
        }
        return toArray();
    }

    /**
     * The class of each input, counted from 0, where the targets are classes: numbers 0, 1, 2, ... of one output, rows with one 1
     * and zeros, or these less their mean ({@link #zeroMean}), to single precision.
     */
    public Optional<int[]> labels() {
        int[] labels = new int[count()];
        double mean = outputs() > 1 && Math.min(get(0, 0), get(0, 1)) < 0 ? 1.0 / outputs() : 0;
        for (int s = 0; s < labels.length; s++) {
            labels[s] = outputs() == 1 ? wholeNumber(get(s, 0)) : one(s, mean);
            if (labels[s] < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(labels);
    }

    /**
     * {@code 1/(2S) sum_s |f(x_s) - y_s|^2}.
     *
     * @param outputs {@code S x K}
     */
    public double halfSquaredError(double[][] outputs) {
        double sum = 0;
        for (int s = 0; s < count(); s++) {
            for (int k = 0; k < outputs(); k++) {
                double residual = outputs[s][k] - get(s, k);
                sum += residual * residual;
            }
        }
        return sum / (2 * count());
    }

    /**
     * The share of inputs at which no output is larger than that of the input's class; NaN if there is one output, or the targets
     * are no classes.
     *
     * @param outputs {@code S x K}
     */
    public double accuracy(double[][] outputs) {
        Optional<int[]> labels = outputs() == 1 ? Optional.empty() : labels();
        if (labels.isEmpty()) {
            return Double.NaN;
        }
        int right = 0;
        for (int s = 0; s < count(); s++) {
            double wanted = outputs[s][labels.get()[s]];
            right += Arrays.stream(outputs[s]).allMatch(value -> value <= wanted) ? 1 : 0;
        }
        return (double) right / count();
    }

    /**
     * These targets for a network of several outputs: where they are one number for each input, its class, one-hot rows; else these.
     *
     * @param outputs of the network, {@code K >= 1}
     * @throws IllegalArgumentException if they are of neither K outputs nor of the classes 0 to {@code K - 1}
     */
    public Targets forOutputs(int outputs) {
        if (outputs() == outputs) {
            return this;
        }
        if (outputs() > 1 || labels().isEmpty()) {
            throw new IllegalArgumentException("A network of " + outputs + " output(s) takes targets of shape (S, "
                    + outputs + ")" + (outputs > 1 ? ", or the class of each input, 0 to " + (outputs - 1) + "," : ",")
                    + " not " + this + ".");
        }
        return oneHot(labels().get(), outputs);
    }

    private static int wholeNumber(double value) {
        return value >= 0 && value == (int) value ? (int) value : -1;
    }

    private int one(int s, double mean) {
        int place = -1;
        for (int k = 0; k < outputs(); k++) {
            double value = get(s, k);
            if (is(value, 1, mean) && place < 0) {
                place = k;
            } else if (!is(value, 0, mean)) {
                return -1;
            }
        }
        return place;
    }

    private static boolean is(double value, double wanted, double mean) {
        return mean == 0 ? value == wanted : Math.abs(value - (wanted - mean)) <= SINGLE_PRECISION;
    }

    /**
     * {@code 1/S sum_s (f_k(x_s) - y_sk)^2} of each output k, {@code K} numbers.
     *
     * @param outputs {@code S x K}
     */
    public double[] meanSquaredErrors(double[][] outputs) {
        double[] errors = new double[outputs()];
        for (int s = 0; s < count(); s++) {
            for (int k = 0; k < errors.length; k++) {
                double residual = outputs[s][k] - get(s, k);
                errors[k] += residual * residual;
            }
        }
        Arrays.setAll(errors, k -> errors[k] / count());
        return errors;
    }

    /**
     * The targets of inputs {@code from, ..., to - 1}, counted from 0.
     *
     * @throws IllegalArgumentException if that is not at least one of these inputs
     */
    public Targets slice(int from, int to) {
        if (from < 0 || from >= to || to > count()) {
            throw new IllegalArgumentException(
                    "Targets " + from + " to " + (to - 1) + " are no part of " + count() + " targets.");
        }
        double[] part = new double[(to - from) * outputs()];
        System.arraycopy(matrix.sharedData(), from * outputs(), part, 0, part.length);
        return new Targets(NpyArray.wrap(part, to - from, outputs()));
    }

    /** The same numbers in the same shape. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Targets that && matrix.equals(that.matrix);
    }

    @Override
    public int hashCode() {
        return matrix.hashCode();
    }

    @Override
    public String toString() {
        return count()
                + (count() == 1 ? " target of " : " targets of ")
                + outputs()
                + (outputs() == 1 ? " output" : " outputs");
    }
}
