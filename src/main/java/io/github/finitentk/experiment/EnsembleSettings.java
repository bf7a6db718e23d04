package io.github.finitentk.experiment;

import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.training.TrainingPlan;

/**
 * How the networks of an ensemble are trained: by gradient descent on 1/(2S) for the same time t, each in steps that suit its
 * own kernel. In units of the infinite-width kernel the time is {@code t lambda_max(Theta*(X)) / S = duration}; directions
 * with more than {@code lambda_max/duration} are learnt by then.
 *
 * @param networks how many, at least 2
 * @param duration positive and finite
 * @param relativeRate the learning rate in units of the largest stable one of the network's own initial kernel,
 *     {@code 2 S/lambda_max(Theta^0(X))}, in (0, 1); small ones approach gradient flow
 */
public record EnsembleSettings(int networks, double duration, double relativeRate) {

    public static final int NETWORKS = 16;
    public static final double RELATIVE_RATE = 0.2;

    /** @throws IllegalArgumentException if an argument is out of its range */
    public EnsembleSettings {
        if (networks < 2) {
            throw new IllegalArgumentException(
                    "A variance over networks needs at least 2 of them, not " + networks + ".");
        }
        if (!(duration > 0) || Double.isInfinite(duration)) {
            throw new IllegalArgumentException(
                    "The duration of training must be a positive finite number, not " + duration + ".");
        }
        if (!(relativeRate > 0 && relativeRate < 1)) {
            throw new IllegalArgumentException(
                    "The learning rate must be between 0 and 1 times the largest stable one, not " + relativeRate
                            + ".");
        }
    }

    /** So many networks, everything else by default. */
    public static EnsembleSettings of(int networks) {
        return new EnsembleSettings(networks, TrainingPlan.DURATION, RELATIVE_RATE);
    }

    /** The training time t for networks with this infinite-width kernel. */
    public double time(InfiniteWidthRegression theory) {
        double[] eigenvalues = theory.regression().eigenvalues();
        return duration * eigenvalues.length / eigenvalues[eigenvalues.length - 1];
    }

    /**
     * The plan for one network: as few equal steps as the relative rate allows.
     *
     * @param time t
     * @param largestStableRate of the network's initial kernel
     */
    TrainingPlan plan(double time, double largestStableRate) {
        long steps = Math.max(1, (long) Math.ceil(time / (relativeRate * largestStableRate)));
        return TrainingPlan.TO_THE_END.toBuilder()
                .learningRate(time / steps)
                .maxSteps(steps)
                .build();
    }
}
