package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that select training data: files of one's own, or MNIST. */
final class DataOptions {

    private static final int DEFAULT_SAMPLES = 128;

    @Option(
            names = "--inputs",
            paramLabel = "X.npy",
            description = "Inputs: S x M_0, as .npy, .npz (one array) or .csv; takes --targets Y.npy.")
    private Path inputs;

    @Option(
            names = "--targets",
            paramLabel = "Y.npy|digit|parity|label|one-hot|zero-mean-one-hot",
            description =
                    "With --inputs: the file of S targets, or S x K for K outputs; with --data: the scalar target of a digit,"
                            + " digit/10 (digit), +1 or -1 (parity), or the digit itself (label), or an output for each class"
                            + " (one-hot), also less their mean 1/K (zero-mean-one-hot) (default: digit).")
    private String targets;

    @Option(
            names = "--data",
            paramLabel = "mnist|DIR|IMAGES",
            description =
                    "The embedded 1,024 training images of MNIST, a folder with IDX files of MNIST, Fashion-MNIST, KMNIST, QMNIST or"
                            + " EMNIST (its training set), or the file of any set's images, as t10k-images-idx3-ubyte.gz.")
    private String data;

    @Option(
            names = "--samples",
            paramLabel = "S",
            description = "With --data: the first S images (default: " + DEFAULT_SAMPLES + ").")
    private Integer samples;

    @Option(
            names = "--normalize",
            completionCandidates = OptionTypes.Normalizations.class,
            paramLabel = "unit-q0|pixels|unit-norm|standardized",
            description =
                    "With --data: each image scaled to |x|^2 = M_0 (unit-q0), pixels/255 (pixels), |x|^2 = 1 (unit-norm), or less its"
                            + " mean and scaled to |x|^2 = M_0 (standardized) (default: unit-q0).")
    private Mnist.Normalization normalization;

    /** Whether neither files nor images were chosen. */
    boolean unspecified() {
        return inputs == null && data == null;
    }

    /** Whether inputs and targets are files of one's own. */
    boolean fromFiles() {
        return inputs != null;
    }

    /** What {@code --targets} names, where the inputs are not needed. */
    Targets targetsFile() {
        if (targets == null) {
            throw new IllegalArgumentException("--kernel needs --targets Y.npy, or the targets of --data.");
        }
        return Targets.read(Path.of(targets));
    }

    /** Chooses MNIST where nothing was chosen. */
    void orMnist() {
        if (unspecified()) {
            data = "mnist";
        }
    }

    /** The files that the options name, as far as they do. */
    Path[] files() {
        return Stream.of(
                        inputs,
                        inputs == null || targets == null ? null : Path.of(targets),
                        data == null || isEmbedded() ? null : Path.of(data))
                .filter(Objects::nonNull)
                .toArray(Path[]::new);
    }

    private boolean isEmbedded() {
        return data.equalsIgnoreCase("mnist");
    }

    /** @throws IllegalArgumentException if the options contradict each other or the data cannot be read */
    Dataset dataset() {
        if ((inputs == null) == (data == null)) {
            throw new IllegalArgumentException("Give either --inputs X.npy --targets Y.npy or --data mnist.");
        }
        if (inputs != null) {
            if (targets == null) {
                throw new IllegalArgumentException("--inputs needs --targets Y.npy.");
            }
            if (samples != null || normalization != null) {
                throw new IllegalArgumentException("--samples and --normalize go with --data, not with --inputs.");
            }
            return Dataset.read(inputs, Path.of(targets));
        }
        return images(training(), samples());
    }

    /**
     * The images that {@link #dataset} takes, and those that follow them to test on.
     *
     * @param tests at least 1
     * @throws IllegalArgumentException if there are not that many images
     */
    TrainTestData withTests(int tests) {
        if (tests < 1) {
            throw new IllegalArgumentException("There must be at least 1 test input, not " + tests + ".");
        }
        return TrainTestData.split(
                images(training(), (int) Math.min(Integer.MAX_VALUE, (long) samples() + tests)), samples());
    }

    /**
     * The images that {@link #dataset} takes, and those of a test set.
     *
     * @param place a folder with the set, or the file of its images
     * @param tests null for all of them
     * @throws IllegalArgumentException if there are not that many images, or they are of another size or of other classes
     */
    TrainTestData withTests(Path place, Integer tests) {
        Mnist test = Mnist.loadTests(place);
        Mnist train = training();
        if (test.inputDim() != train.inputDim()) {
            throw new IllegalArgumentException("The test images in " + place + " have " + test.rows() + " x "
                    + test.columns() + " pixels, those to train on " + train.rows() + " x " + train.columns() + ".");
        }
        Dataset tested = images(test, tests == null ? test.size() : tests);
        return new TrainTestData(images(train, samples()), tested.inputs(), Optional.of(tested.targets()));
    }

    private int samples() {
        return samples == null ? DEFAULT_SAMPLES : samples;
    }

    private Mnist training() {
        return isEmbedded() ? Mnist.embedded() : Mnist.load(Path.of(data));
    }

    private Dataset images(Mnist set, int count) {
        return set.first(count)
                .dataset(
                        normalization == null ? Mnist.Normalization.UNIT_Q0 : normalization,
                        targets == null ? Mnist.TargetChoice.DIGIT : Mnist.TargetChoice.parse(targets));
    }
}
