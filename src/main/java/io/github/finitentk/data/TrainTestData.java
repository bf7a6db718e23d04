package io.github.finitentk.data;

import java.util.Optional;

/**
 * Training data and the inputs at which the trained network is judged.
 *
 * @param train what is trained on
 * @param testInputs {@code T x n_0}, of the training inputs' dimension
 * @param testTargets {@code T x K}, if they are known
 */
public record TrainTestData(Dataset train, Inputs testInputs, Optional<Targets> testTargets) {

    /** @throws IllegalArgumentException if a dimension or a number of rows or outputs does not fit */
    public TrainTestData {
        testInputs.requireDimension(train.inputDim());
        int tests = testInputs.count();
        testTargets.ifPresent(targets -> {
            if (targets.count() != tests) {
                throw new IllegalArgumentException("There must be one target for each of the " + tests
                        + " test inputs, not " + targets.count() + ".");
            }
            if (targets.outputs() != train.outputs()) {
                throw new IllegalArgumentException("The test targets are of " + targets.outputs()
                        + " output(s), those of training of " + train.outputs() + ".");
            }
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
        return new TrainTestData(
                all.first(samples),
                all.inputs().slice(samples, all.samples()),
                Optional.of(all.targets().slice(samples, all.samples())));
    }

    /**
     * The same with {@link Targets#forOutputs}: one-hot rows for classes.
     *
     * @throws IllegalArgumentException if the targets are for another number of outputs, or no classes
     */
    public TrainTestData forOutputs(int outputs) {
        return new TrainTestData(train.forOutputs(outputs), testInputs, testTargets.map(y -> y.forOutputs(outputs)));
    }

    /** T, at least 1. */
    public int tests() {
        return testInputs.count();
    }

    /** Training inputs followed by test inputs, {@code (S + T) x n_0}. */
    public Inputs jointInputs() {
        return train.inputs().followedBy(testInputs);
    }

    @Override
    public String toString() {
        return train + " to train on, " + tests() + " to test on";
    }
}
