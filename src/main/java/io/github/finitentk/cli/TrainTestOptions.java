package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that select training data and test data: MNIST unless files are given. */
final class TrainTestOptions {

    private static final int DEFAULT_TESTS = 128;

    @Mixin
    private DataOptions training = new DataOptions();

    @Option(
            names = "--tests",
            paramLabel = "T",
            description = "With --data: test on the T images that follow (default: " + DEFAULT_TESTS
                    + "), or on the first T of --test-data (default: all).")
    private Integer tests;

    @Option(
            names = "--test-data",
            paramLabel = "DIR|IMAGES",
            description =
                    "With --data: test on these images: a folder with IDX files (its test set, t10k), or the file of any set's images.")
    private Path testData;

    @Option(names = "--test-inputs", paramLabel = "X.npy", description = "With --inputs: T x M_0 inputs to test on.")
    private Path testInputs;

    @Option(
            names = "--test-targets",
            paramLabel = "Y.npy",
            description = "With --test-inputs: their T targets; without, no bias is reported.")
    private Path testTargets;

    /** @throws IllegalArgumentException if the options contradict each other or the data cannot be read */
    TrainTestData data() {
        training.orMnist();
        if (!training.fromFiles()) {
            if (testInputs != null || testTargets != null) {
                throw new IllegalArgumentException(
                        "--test-inputs and --test-targets go with --inputs, not with --data.");
            }
            return images();
        }
        if (testData != null) {
            throw new IllegalArgumentException("--test-data goes with --data, not with --inputs; use --test-inputs.");
        }
        if (tests != null) {
            throw new IllegalArgumentException("--tests goes with --data, not with --inputs; use --test-inputs.");
        }
        if (testInputs == null) {
            throw new IllegalArgumentException("--inputs needs --test-inputs X.npy: regression predicts there.");
        }
        Dataset train = training.dataset();
        if (testTargets != null) {
            Dataset test = Dataset.read(testInputs, testTargets);
            requireDimension(test.inputDim(), train);
            return new TrainTestData(train, test.inputs(), Optional.of(test.targets()));
        }
        Inputs test = Inputs.read(testInputs);
        requireDimension(test.dimension(), train);
        return new TrainTestData(train, test, Optional.empty());
    }

    /** The files that the options name, as far as they do. */
    Path[] files() {
        return Destination.and(training.files(), testData, testInputs, testTargets);
    }

    /** The targets alone, for a kernel that has been computed at the inputs: of training, and of tests if they are known. */
    TrainTestTargets targets() {
        if (training.fromFiles() || testInputs != null) {
            throw new IllegalArgumentException(
                    "--inputs and --test-inputs have no effect with --kernel, which is the kernel of them.");
        }
        if (training.unspecified()) {
            if (tests != null || testData != null) {
                throw new IllegalArgumentException((tests != null ? "--tests" : "--test-data") + " goes with --data.");
            }
            return new TrainTestTargets(
                    training.targetsFile(), Optional.ofNullable(testTargets).map(Targets::read));
        }
        if (testTargets != null) {
            throw new IllegalArgumentException("--test-targets goes with --targets Y.npy, not with --data.");
        }
        TrainTestData images = images();
        return new TrainTestTargets(images.train().targets(), images.testTargets());
    }

    private TrainTestData images() {
        return testData == null
                ? training.withTests(tests == null ? DEFAULT_TESTS : tests)
                : training.withTests(testData, tests);
    }

    record TrainTestTargets(Targets train, Optional<Targets> test) {}

    private void requireDimension(int dimension, Dataset train) {
        if (dimension != train.inputDim()) {
            throw new IllegalArgumentException("The test inputs in " + testInputs + " have dimension " + dimension
                    + ", the training inputs " + train.inputDim() + ".");
        }
    }
}
