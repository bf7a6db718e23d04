package io.github.finitentk.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * Training data and the inputs at which the trained network is judged.
 *
 * @param train what is trained on
 * @param testInputs {@code T x n_0}, row-major, finite, at least one; not copied, not modified
 * @param testTargets T numbers, if they are known; not copied, not modified
 */
public record TrainTestData(Dataset train, double[] testInputs, Optional<double[]> testTargets) {

    /** @throws IllegalArgumentException if there is no test input, a length does not fit or a number is not finite */
    public TrainTestData {
        int dimension = train.inputDim();
        if (testInputs.length == 0 || testInputs.length % dimension != 0) {
            throw new IllegalArgumentException("The test inputs must be vectors of dimension " + dimension
                    + " like the training inputs, at least one, but there are " + testInputs.length + " numbers.");
        }
        int tests = testInputs.length / dimension;
        NpyArray.wrap(testInputs, tests, dimension).requireFinite("The array of test inputs");
        testTargets.ifPresent(targets -> {
            if (targets.length != tests) {
                throw new IllegalArgumentException("There must be one target for each of the " + tests
                        + " test inputs, not " + targets.length + ".");
            }
            NpyArray.wrap(targets, tests).requireFinite("The array of test targets");
        });
    }

    /**
     * The first samples of a set to train on, the rest to test on.
     *
     * @throws IllegalArgumentException if that leaves either without a sample
     */
    public static TrainTestData split(Dataset all, int samples) {
        int tests = all.samples() - samples;
        if (samples < 1 || tests < 1) {
            throw new IllegalArgumentException("A set of " + all.samples() + " samples cannot be split into " + samples
                    + " for training and at least 1 for testing.");
        }
        double[] x = all.inputs();
        double[] y = all.targets();
        int dimension = all.inputDim();
        Dataset train = new Dataset(
                samples,
                dimension,
                Arrays.copyOf(x, samples * dimension),
                Arrays.copyOf(y, samples),
                all.source(),
                all.normalization(),
                all.targetChoice());
        return new TrainTestData(
                train,
                Arrays.copyOfRange(x, samples * dimension, x.length),
                Optional.of(Arrays.copyOfRange(y, samples, y.length)));
    }

    /** T. */
    public int tests() {
        return testInputs.length / train.inputDim();
    }

    /** Training inputs followed by test inputs, {@code (S + T) x n_0} row-major, a new array. */
    public double[] jointInputs() {
        double[] x = train.inputs();
        double[] joint = Arrays.copyOf(x, x.length + testInputs.length);
        System.arraycopy(testInputs, 0, joint, x.length, testInputs.length);
        return joint;
    }

    /** The same numbers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TrainTestData that
                && train.equals(that.train)
                && Arrays.equals(testInputs, that.testInputs)
                && Arrays.equals(testTargets.orElse(null), that.testTargets.orElse(null));
    }

    @Override
    public int hashCode() {
        return 31 * train.hashCode() + Arrays.hashCode(testInputs);
    }

    @Override
    public String toString() {
        return train + " to train on, " + tests() + " to test on";
    }
}
