package io.github.finitentk.experiment;

import java.util.Arrays;

/**
 * One trained network of an ensemble, and what eq. (10) predicts for it from its own initial kernel and outputs.
 *
 * @param initial {@code f_0(x)} at the T test inputs
 * @param trained {@code f_t(x)} of the trained network; NaN if it diverged
 * @param predicted eq. (10) with its own {@code Theta^0} at the same time t
 * @param converged eq. (10) with its own {@code Theta^0} for {@code t = infinity}
 * @param conditionNumber of its {@code Theta^0(X)}
 * @param steps of gradient descent until training ended
 * @param initialLoss before training
 * @param finalLoss after it
 * @param kernelChange {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}; NaN if it diverged
 */
public record EnsembleMember(
        double[] initial,
        double[] trained,
        double[] predicted,
        double[] converged,
        double conditionNumber,
        long steps,
        double initialLoss,
        double finalLoss,
        double kernelChange) {

    /** Whether all outputs are finite. */
    public boolean finite() {
        return finite(trained) && finite(predicted) && finite(converged);
    }

    private static boolean finite(double[] outputs) {
        return Arrays.stream(outputs).allMatch(Double::isFinite);
    }

    /** The same numbers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EnsembleMember that
                && Arrays.equals(initial, that.initial)
                && Arrays.equals(trained, that.trained)
                && Arrays.equals(predicted, that.predicted)
                && Arrays.equals(converged, that.converged)
                && Double.compare(conditionNumber, that.conditionNumber) == 0
                && steps == that.steps
                && Double.compare(initialLoss, that.initialLoss) == 0
                && Double.compare(finalLoss, that.finalLoss) == 0
                && Double.compare(kernelChange, that.kernelChange) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(trained);
    }

    @Override
    public String toString() {
        return "network trained for " + steps + " steps from loss " + initialLoss + " to " + finalLoss;
    }
}
