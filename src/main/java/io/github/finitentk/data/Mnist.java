package io.github.finitentk.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Labelled images of handwritten digits, in the order of the training set of MNIST (LeCun, Cortes and Burges). The
 * first 1,024 are embedded in the library. Immutable.
 */
public final class Mnist {

    /** How pixels from 0 to 255 become network inputs. */
    public enum Normalization {
        /** Each image scaled to {@code |x|^2 = n_0}, so that {@code q^0 = |x|^2 / n_0 = 1}; the default. */
        UNIT_Q0,
        /** Pixels divided by 255. */
        PIXELS,
        /** Each image scaled to {@code |x|^2 = 1}. */
        UNIT_NORM,
        /** Pixels less their mean over the image, scaled to {@code |x|^2 = n_0}: mean 0 and variance 1 over each image. */
        STANDARDIZED;

        /** The name on the command line: {@code unit-q0}, {@code pixels}, {@code unit-norm} or {@code standardized}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalArgumentException if there is no such label (case does not matter) */
        public static Normalization parse(String label) {
            for (Normalization normalization : values()) {
                if (normalization.label().equals(label.toLowerCase(Locale.ROOT))) {
                    return normalization;
                }
            }
            throw new IllegalArgumentException("Unknown normalisation \"" + label + "\"; allowed are "
                    + Arrays.stream(values()).map(Normalization::label).collect(Collectors.joining(", ")) + ".");
        }

        /**
         * @param pixels {@code samples x inputDim} unsigned bytes, row-major; not modified
         * @return a new array of the same layout
         * @throws IllegalArgumentException naming the first image that is all zero, or of one shade where means are taken off, unless
         *     this is {@link #PIXELS}
         */
        double[] apply(byte[] pixels, int samples, int inputDim) {
            double[] inputs = new double[Math.multiplyExact(samples, inputDim)];
            for (int s = 0; s < samples; s++) {
                apply(pixels, s * inputDim, inputDim, s, inputs);
            }
            return inputs;
        }

        // Dividing by 255 first would cancel, so sums are those of integers, without rounding.
        private void apply(byte[] pixels, int start, int inputDim, int sample, double[] inputs) {
            if (this == PIXELS) {
                for (int i = start; i < start + inputDim; i++) {
                    inputs[i] = (pixels[i] & 0xff) / 255.0;
                }
                return;
            }
            long sum = 0;
            long norm2 = 0;
            for (int i = start; i < start + inputDim; i++) {
                int pixel = pixels[i] & 0xff;
                sum += pixel;
                norm2 += pixel * pixel;
            }
            if (this == STANDARDIZED) {
                // x = (p - sum/n) / sqrt(norm2/n - sum^2/n^2)
                double spread = Math.sqrt(require(inputDim * norm2 - sum * sum, sample, "pixels of one shade"));
                for (int i = start; i < start + inputDim; i++) {
                    inputs[i] = ((long) inputDim * (pixels[i] & 0xff) - sum) / spread;
                }
                return;
            }
            double scale = Math.sqrt((this == UNIT_Q0 ? inputDim : 1) / (double) require(norm2, sample, "zero pixels"));
            for (int i = start; i < start + inputDim; i++) {
                inputs[i] = (pixels[i] & 0xff) * scale;
            }
        }

        private static long require(long positive, int sample, String what) {
            if (positive == 0) {
                throw new IllegalArgumentException("Image " + sample + " (counted from 0) has only " + what
                        + ", so it cannot be scaled to a given norm; use the normalisation pixels.");
            }
            return positive;
        }
    }

    /** What a network is trained to give for a digit from 0 to 9, or for another label. */
    public enum TargetChoice {
        /** The digit divided by 10; the default, and the choice under which the paper's statements hold. */
        DIGIT,
        /** +1 for an even digit, -1 for an odd one. */
        PARITY,
        /** The digit itself. */
        LABEL,
        /** 1 in the digit's column, 0 in all others: one output for each class, {@link Mnist#classes}. */
        ONE_HOT,
        /** The same less its mean: {@code 1 - 1/K} in the digit's column, {@code -1/K} in all others. */
        ZERO_MEAN_ONE_HOT;

        /** Those of one number for each image. */
        public static final List<TargetChoice> SCALAR = List.of(DIGIT, PARITY, LABEL);

        /** The name on the command line: {@code digit}, {@code parity}, {@code label}, {@code one-hot} or {@code zero-mean-one-hot}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalArgumentException if there is no such label (case does not matter) */
        public static TargetChoice parse(String label) {
            for (TargetChoice targets : values()) {
                if (targets.label().equals(label.toLowerCase(Locale.ROOT))) {
                    return targets;
                }
            }
            throw new IllegalArgumentException("Unknown targets \"" + label + "\"; allowed are "
                    + Arrays.stream(values()).map(TargetChoice::label).collect(Collectors.joining(", ")) + ".");
        }

        /**
         * The target for a digit.
         *
         * @throws IllegalArgumentException if this is about digits, and it is above 9, or it is not one number
         */
        public double of(int digit) {
            if (!SCALAR.contains(this)) {
                throw new IllegalArgumentException("The targets " + label() + " are not one number for each image.");
            }
            if (this != LABEL && digit > 9) {
                throw new IllegalArgumentException(
                        "The targets " + label() + " are about digits from 0 to 9, but there is the label " + digit
                                + "; the targets label are any labels.");
            }
            return switch (this) {
                case DIGIT -> digit / 10.0;
                case PARITY -> digit % 2 == 0 ? 1 : -1;
                case LABEL, ONE_HOT, ZERO_MEAN_ONE_HOT -> digit;
            };
        }
    }

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
     * The training set in a folder of MNIST, Fashion-MNIST, KMNIST, QMNIST or EMNIST: {@code train-images-idx3-ubyte} and
     * {@code train-labels-idx1-ubyte}, or as the others call them ({@code emnist-letters-train-...}), each plain or with {@code .gz};
     * or any set, by the file of its images: {@code t10k-images-idx3-ubyte.gz}, beside which its labels lie. EMNIST's images are transposed,
     * which no fully-connected network notices; its labels may be above 9.
     *
     * @throws DataFormatException if a file is missing or malformed, the two do not belong together, or a folder has several
     *     training sets
     */
    public static Mnist load(Path folder) {
        return load(IdxFolder.training(folder), folder);
    }

    /**
     * The test set in such a folder: {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, or as the others call them
     * ({@code emnist-letters-test-...}); or any set, by the file of its images.
     *
     * @throws DataFormatException if a file is missing or malformed, the two do not belong together, or a folder has several test sets
     */
    public static Mnist loadTests(Path folder) {
        return load(IdxFolder.testing(folder), folder);
    }

    private static Mnist load(IdxFolder files, Path folder) {
        return of(
                files.source(folder),
                IdxFile.images(files.images()),
                files.images().toString(),
                IdxFile.labels(files.labels()),
                files.labels().toString());
    }

    private static Mnist of(String source, IdxFile.Images images, String imagesName, byte[] labels, String labelsName) {
        if (images.count() != labels.length) {
            throw new DataFormatException(imagesName + " holds " + images.count() + " images, but " + labelsName
                    + " holds " + labels.length + " labels.");
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
     * The digit image {@code i} shows, or the number of its class.
     *
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int label(int i) {
        checkIndex(i);
        return labels[i] & 0xff;
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
     * All images of this set as network inputs of the paper's norm: {@link Normalization#UNIT_Q0}.
     *
     * @throws IllegalArgumentException as {@link #inputs(Normalization)}
     */
    public Inputs inputs() {
        return inputs(Normalization.UNIT_Q0);
    }

    /**
     * All images of this set as network inputs.
     *
     * @throws IllegalArgumentException if an image is all zero and the normalisation scales it to a norm, or the inputs
     *     are more than one array or the heap can hold
     */
    public Inputs inputs(Normalization normalization) {
        if ((long) size * inputDim() > NpyArray.MAX_ELEMENTS) {
            throw new IllegalArgumentException(size + " images of " + inputDim()
                    + " pixels are more numbers than one array can hold; use fewer samples.");
        }
        HeapLimit.require(8L * size * inputDim(), "A data set of " + size + " images");
        return Inputs.adopt(size, inputDim(), normalization.apply(pixels, size, inputDim()));
    }

    /**
     * All images of this set as network inputs with their targets.
     *
     * @throws IllegalArgumentException as {@link #inputs(Normalization)}
     */
    public Dataset dataset(Normalization normalization, TargetChoice targets) {
        Objects.requireNonNull(targets, "targets");
        Inputs inputs = inputs(normalization);
        return new Dataset(inputs, targets(targets), source, normalization.label(), targets.label());
    }

    private Targets targets(TargetChoice choice) {
        if (!TargetChoice.SCALAR.contains(choice)) {
            int[] digits = new int[size];
            Arrays.setAll(digits, this::label);
            Targets classes = Targets.oneHot(digits, classes());
            return choice == TargetChoice.ONE_HOT ? classes : classes.zeroMean();
        }
        double[] y = new double[size];
        Arrays.setAll(y, i -> choice.of(label(i)));
        return Targets.of(y);
    }

    /** The number of classes: one more than the largest label of the whole set, whatever part of it this is. */
    public int classes() {
        int largest = 0;
        for (byte label : labels) {
            largest = Math.max(largest, Byte.toUnsignedInt(label));
        }
        return largest + 1;
    }
}
