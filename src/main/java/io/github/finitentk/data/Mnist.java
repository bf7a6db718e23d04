package io.github.finitentk.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Labelled images of handwritten digits, in the order of the training set of MNIST (LeCun, Cortes and Burges). The
 * first 1,024 are embedded in the library. Immutable.
 */
public final class Mnist {

    private static final String IMAGES = "mnist-train-1024-images-idx3-ubyte.gz";
    private static final String LABELS = "mnist-train-1024-labels-idx1-ubyte.gz";

    private final String source;
    private final int size;
    private final int rows;
    private final int columns;
    /** At least {@code size} images; shared between a set and its beginnings, never modified. */
    private final byte[] pixels;

    private final byte[] labels;

    private Mnist(String source, int size, int rows, int columns, byte[] pixels, byte[] labels) {
        this.source = source;
        this.size = size;
        this.rows = rows;
        this.columns = columns;
        this.pixels = pixels;
        this.labels = labels;
    }

    /** The first 1,024 images and labels of the training set, of 28 x 28 pixels. */
    public static Mnist embedded() {
        try (InputStream images = resource(IMAGES);
                InputStream labels = resource(LABELS)) {
            return of("mnist", IdxFile.images(images, IMAGES), IMAGES, IdxFile.labels(labels, LABELS), LABELS);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded MNIST sample cannot be read.", e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = Mnist.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("The embedded MNIST sample " + name + " is missing from the library.");
        }
        return in;
    }

    /**
     * The training set in a folder: {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, each plain or
     * with {@code .gz} (the plain one is taken if both are there), also with a dot before {@code idx}.
     *
     * @throws DataFormatException if a file is missing or malformed, the two do not belong together, or a label is
     *     above 9
     */
    public static Mnist load(Path folder) {
        Path images = find(folder, "train-images", "idx3-ubyte");
        Path labels = find(folder, "train-labels", "idx1-ubyte");
        return of(
                "mnist from " + folder,
                IdxFile.images(images),
                images.toString(),
                IdxFile.labels(labels),
                labels.toString());
    }

    private static Path find(Path folder, String stem, String type) {
        if (!Files.isDirectory(folder)) {
            throw new DataFormatException("Cannot read " + folder + ": no such folder.");
        }
        for (String name :
                List.of(stem + "-" + type, stem + "-" + type + ".gz", stem + "." + type, stem + "." + type + ".gz")) {
            Path path = folder.resolve(name);
            if (Files.isRegularFile(path)) {
                return path;
            }
        }
        throw new DataFormatException(
                "The folder " + folder + " has neither " + stem + "-" + type + " nor " + stem + "-" + type + ".gz.");
    }

    private static Mnist of(String source, IdxFile.Images images, String imagesName, byte[] labels, String labelsName) {
        if (images.count() != labels.length) {
            throw new DataFormatException(imagesName + " holds " + images.count() + " images, but " + labelsName
                    + " holds " + labels.length + " labels.");
        }
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xff) > 9) {
                throw new DataFormatException(labelsName + " holds the label " + (labels[i] & 0xff) + " at position "
                        + i + " (counted from 0); labels must be digits from 0 to 9.");
            }
        }
        return new Mnist(source, images.count(), images.rows(), images.columns(), images.pixels(), labels);
    }

    /** The number of images. */
    public int size() {
        return size;
    }

    /** The number of pixels of one image, which is the input dimension {@code n_0}. */
    public int inputDim() {
        return rows * columns;
    }

    /** The height of an image in pixels. */
    public int rows() {
        return rows;
    }

    /** The width of an image in pixels. */
    public int columns() {
        return columns;
    }

    /**
     * The digit image {@code i} shows.
     *
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int label(int i) {
        checkIndex(i);
        return labels[i];
    }

    /**
     * A pixel from 0 (background) to 255.
     *
     * @throws IndexOutOfBoundsException if there is no such image or pixel
     */
    public int pixel(int i, int row, int column) {
        checkIndex(i);
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "No pixel (" + row + ", " + column + ") in an image of " + rows + " x " + columns + " pixels.");
        }
        return pixels[i * rows * columns + row * columns + column] & 0xff;
    }

    private void checkIndex(int i) {
        if (i < 0 || i >= size) {
            throw new IndexOutOfBoundsException("No image " + i + " in a set of " + size + ".");
        }
    }

    /**
     * The first {@code n} images.
     *
     * @throws IllegalArgumentException if {@code n} is below 1 or above {@link #size()}
     */
    public Mnist first(int n) {
        if (n < 1 || n > size) {
            throw new IllegalArgumentException(
                    "The number of samples must be from 1 to " + size + " (all images of this set), not " + n + ".");
        }
        return new Mnist(source, n, rows, columns, pixels, labels);
    }

    /**
     * All images of this set as network inputs with their targets.
     *
     * @throws IllegalArgumentException if an image is all zero and the normalisation scales it to a norm, or the inputs
     *     are more than one array or the heap can hold
     */
    public Dataset dataset(Normalization normalization, Targets targets) {
        if ((long) size * inputDim() > NpyArray.MAX_ELEMENTS) {
            throw new IllegalArgumentException(size + " images of " + inputDim()
                    + " pixels are more numbers than one array can hold; use fewer samples.");
        }
        HeapLimit.require(8L * size * inputDim(), "A data set of " + size + " images");
        double[] y = new double[size];
        for (int i = 0; i < size; i++) {
            y[i] = targets.of(labels[i]);
        }
        Inputs inputs = Inputs.adopt(size, inputDim(), normalization.apply(pixels, size, inputDim()));
        return new Dataset(inputs, y, source, normalization.label(), targets.label());
    }
}
