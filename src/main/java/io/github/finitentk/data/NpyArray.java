package io.github.finitentk.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An array of a NumPy file: f64 numbers of any rank in C order (row-major: the last index runs fastest). Immutable: arrays are
 * copied on the way in and on the way out.
 */
public final class NpyArray {

    /** The most elements one Java array can portably hold. */
    static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private final int[] shape;
    private final double[] data;

    private NpyArray(int[] shape, double[] data) {
        this.shape = shape;
        this.data = data;
    }

    /**
     * @param data the elements in C order; copied
     * @param shape the length of each dimension, none for a single number; copied
     * @throws IllegalArgumentException if a length is negative or the shape does not hold exactly {@code data.length}
     *     elements
     */
    public static NpyArray of(double[] data, int... shape) {
        return wrap(data.clone(), shape.clone());
    }

    /** As {@link #of}, without copying: the caller hands both arrays over. */
    public static NpyArray wrap(double[] data, int... shape) {
        long count = elementCount(shape);
        if (count != data.length) {
            throw new IllegalArgumentException("An array of shape " + shapeText(shape)
                    + " must be built from exactly as many numbers as it holds, not from " + data.length + ".");
        }
        return new NpyArray(shape, data);
    }

    /**
     * The number of elements of a shape, or -1 if it is above {@link #MAX_ELEMENTS}.
     *
     * @throws IllegalArgumentException if a length is negative
     */
    static long elementCount(int[] shape) {
        boolean empty = false;
        for (int length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException(
                        "The shape " + shapeText(shape) + " has a negative length; lengths must be 0 or more.");
            }
            empty |= length == 0;
        }
        if (empty) {
            return 0;
        }
        long count = 1;
        for (int length : shape) {
            count *= length; // at most 2^31 * 2^31 before the check below
            if (count > MAX_ELEMENTS) {
                return -1;
            }
        }
        return count;
    }

    /**
     * One array from an {@code .npy} file.
     *
     * @throws DataFormatException if the file is missing, unreadable, truncated, malformed, followed by other bytes, too
     *     large for the heap, or holds anything but real numbers that a double holds exactly
     */
    public static NpyArray read(Path npy) {
        return NpyFile.read(npy);
    }

    /**
     * All arrays of an {@code .npz} archive, compressed or not, by name (without {@code .npy}), or all tensors of a
     * {@code .safetensors} file, in the order of the file. A file of another ending is what its first bytes say.
     *
     * @throws DataFormatException if the file is missing, of neither kind or damaged, holds two arrays of one name or
     *     an entry that is not an array, needs more memory than the heap has left, or an array is refused by {@link #read}
     */
    public static Map<String, NpyArray> readAll(Path file) {
        return SafetensorsFile.isSafetensors(file) ? SafetensorsFile.read(file) : NpzFile.read(file);
    }

    /**
     * Writes an {@code .npy} file, the same bytes as {@code numpy.save}, in one step; an existing file is replaced.
     *
     * @throws java.io.UncheckedIOException with one sentence if that fails
     */
    public void write(Path npy) {
        NpyFile.write(npy, this);
    }

    /**
     * Writes the same to a stream, which is neither flushed nor closed.
     *
     * @throws IOException if the stream fails
     */
    public void write(OutputStream out) throws IOException {
        NpyFile.write(out, this);
    }

    /**
     * Writes a matrix as comma-separated numbers, one row a line, to a stream, which is flushed and not closed. Numbers have the
     * shortest decimals that give the same doubles back.
     *
     * @throws IllegalStateException if the rank is not 2
     * @throws IOException if the stream fails
     */
    public void writeCsv(OutputStream out) throws IOException {
        requireMatrix();
        CsvMatrix.write(out, this);
    }

    /**
     * Writes arrays by name as {@code numpy.savez} does to a stream, which is neither flushed nor closed.
     *
     * @throws IOException if the stream fails
     */
    public static void writeAll(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
        NpzFile.write(out, arrays);
    }

    /**
     * Writes an {@code .npz} archive, uncompressed, in the order of the map and in one step; an existing file is replaced.
     * Equal arrays give equal bytes.
     *
     * @param arrays name (without {@code .npy}) to array
     * @throws IllegalArgumentException if a name is empty
     * @throws java.io.UncheckedIOException with one sentence if writing fails
     */
    public static void writeAll(Path npz, Map<String, NpyArray> arrays) {
        NpzFile.write(npz, arrays);
    }

    /** A copy of the shape. */
    public int[] shape() {
        return shape.clone();
    }

    /** The number of dimensions: 0 for a single number, 1 for a vector, 2 for a matrix. */
    public int rank() {
        return shape.length;
    }

    /** The number of elements. */
    public int size() {
        return data.length;
    }

    /** A copy of the elements in C order. */
    public double[] data() {
        return data.clone();
    }

    /** The elements themselves, for readers and writers in this package; not to be modified. */
    double[] sharedData() {
        return data;
    }

    /**
     * Copies all elements, in C order, to {@code target[offset], ..., target[offset + size() - 1]}.
     *
     * @throws IndexOutOfBoundsException if they do not fit
     */
    public void copyTo(double[] target, int offset) {
        System.arraycopy(data, 0, Objects.requireNonNull(target, "target"), offset, data.length);
    }

    /** The element at a position counted from 0 in C order. */
    public double get(int position) {
        return data[position];
    }

    /**
     * The number of rows of a matrix.
     *
     * @throws IllegalStateException if the rank is not 2
     */
    public int rows() {
        requireMatrix();
        return shape[0];
    }

    /**
     * The number of columns of a matrix.
     *
     * @throws IllegalStateException if the rank is not 2
     */
    public int columns() {
        requireMatrix();
        return shape[1];
    }

    /**
     * The element of a matrix in a row and column counted from 0.
     *
     * @throws IllegalStateException if the rank is not 2
     * @throws IndexOutOfBoundsException if there is no such row or column
     */
    public double get(int row, int column) {
        requireMatrix();
        if (row < 0 || row >= shape[0] || column < 0 || column >= shape[1]) {
            throw new IndexOutOfBoundsException(
                    "No element (" + row + ", " + column + ") in a matrix of shape " + shapeText() + ".");
        }
        return data[row * shape[1] + column];
    }

    /**
     * Refuses NaN and infinite elements.
     *
     * @param name what to call this array in the message, for example its file
     * @throws DataFormatException naming the first element that is not finite
     */
    public void requireFinite(String name) {
        int i = firstNotFinite();
        if (i >= 0) {
            throw new DataFormatException(name + " holds " + data[i] + " at index " + indexText(i)
                    + " (counted from 0); all its numbers must be finite.");
        }
    }

    /** The position of the first element that is NaN or infinite, or -1. */
    int firstNotFinite() {
        for (int i = 0; i < data.length; i++) {
            if (!Double.isFinite(data[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The shape as Python prints it: {@code (3, 4)}, {@code (3,)} or {@code ()}. */
    public String shapeText() {
        return shapeText(shape);
    }

    static String shapeText(int[] shape) {
        return shapeText(Arrays.stream(shape).asLongStream().toArray());
    }

    static String shapeText(long[] shape) {
        if (shape.length == 1) {
            return "(" + shape[0] + ",)";
        }
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "(", ")"));
    }

    private String indexText(int position) {
        int[] index = new int[shape.length];
        int rest = position;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = rest % shape[d];
            rest /= shape[d];
        }
        return Arrays.stream(index).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    private void requireMatrix() {
        if (shape.length != 2) {
            throw new IllegalStateException("An array of shape " + shapeText() + " is not a matrix.");
        }
    }

    /** Equal shapes and equal elements, compared as {@link Double#equals} does. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NpyArray that && Arrays.equals(shape, that.shape) && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "float64 array of shape " + shapeText();
    }
}
