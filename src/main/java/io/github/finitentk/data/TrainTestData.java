package io.github.finitentk.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * Training data and the inputs at which the trained network is judged.
 *
 * @param train what is trained on
 * @param testInputs {@code T x n_0}, of the training inputs' dimension
 * @param testTargets T numbers, if they are known; copied in and out
 */
public record TrainTestData(Dataset train, Inputs testInputs, Optional<double[]> testTargets) {

    /** @throws IllegalArgumentException if a dimension or a length does not fit, or a target is not finite */
    public TrainTestData {
        testInputs.requireDimension(train.inputDim());
        int tests = testInputs.count();
        testTargets.ifPresent(targets -> {
            if (targets.length != tests) {
                throw new IllegalArgumentException("There must be one target for each of the " + tests
                        + " test inputs, not " + targets.length + ".");
            }
            NpyArray.wrap(targets, tests).requireFinite("The array of test targets");
        });
        testTargets = testTargets.map(double[]::clone);
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
        return new TrainTestData(
                all.first(samples),
                all.inputs().slice(samples, all.samples()),
                Optional.of(Arrays.copyOfRange(all.targets(), samples, all.samples())));
    }

    /** T, at least 1. */
    public int tests() {
        return testInputs.count();
    }

    @Override
    public Optional<double[]> testTargets() {
        return testTargets.map(double[]::clone);
    }

    /** Training inputs followed by test inputs, {@code (S + T) x n_0}. */
    public Inputs jointInputs() {
        return train.inputs().followedBy(testInputs);
    }

    /** The same numbers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TrainTestData that
                && train.equals(that.train)
                && testInputs.equals(that.testInputs)
                && Arrays.equals(testTargets.orElse(null), that.testTargets.orElse(null));
    }

    @Override
    public int hashCode() {
        return 31 * train.hashCode() + testInputs.hashCode();
    }

    @Override
    public String toString() {
        return train + " to train on, " + tests() + " to test on";
    }
}
