package io.github.finitentk.trust;

import io.github.finitentk.data.Kernel;
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

    /** t if no rate is asked for. @param theta {@code Theta*} on the samples */
    static double of(Kernel theta) {
        return TrainingPlan.DURATION / 2 * largestStable(theta);
    }

    /** t as the question has it: its rate and steps, where it gives them. */
    static double asked(TrustQuestion question, Kernel theta) {
        if (question.learningRate().isPresent()) {
            return question.learningRate().getAsDouble() * question.maxSteps().orElse(STEPS);
        }
        double usual = of(theta);
        return question.maxSteps().isPresent()
                ? Math.min(
                        usual,
                        RELATIVE_RATE
                                * largestStable(theta)
                                * question.maxSteps().getAsLong())
                : usual;
    }

    private static double largestStable(Kernel theta) {
        return LearningRate.largestStable(theta, LossConvention.HALF_MSE);
    }
}
