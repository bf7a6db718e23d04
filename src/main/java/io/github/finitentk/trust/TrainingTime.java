package io.github.finitentk.trust;

import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.training.TrainingPlan;

/**
 * How long networks are trained. Unless a rate is asked for: for the time t at which {@code t lambda_max(Theta*(X)) / S} is
 * {@link TrainingPlan#DURATION}, in steps of {@link #RELATIVE_RATE} times each network's own largest stable rate.
 */
final class TrainingTime {

    static final double RELATIVE_RATE = 0.4;

    /** Steps if a rate is asked for, but no number. */
    static final long STEPS = 1_000;

    private TrainingTime() {}

    /** t if no rate is asked for. @param theta {@code Theta*} on the samples, row-major */
    static double of(double[] theta, int samples) {
        return TrainingPlan.DURATION / 2 * largestStable(theta, samples);
    }

    /** t as the question has it: its rate and steps, where it gives them. */
    static double asked(TrustQuestion question, double[] theta, int samples) {
        if (question.learningRate().isPresent()) {
            return question.learningRate().getAsDouble() * question.maxSteps().orElse(STEPS);
        }
        double usual = of(theta, samples);
        return question.maxSteps().isPresent()
                ? Math.min(
                        usual,
                        RELATIVE_RATE
                                * largestStable(theta, samples)
                                * question.maxSteps().getAsLong())
                : usual;
    }

    private static double largestStable(double[] theta, int samples) {
        return LearningRate.largestStable(theta, samples, LossConvention.HALF_MSE);
    }
}
