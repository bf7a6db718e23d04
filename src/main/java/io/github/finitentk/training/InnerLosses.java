package io.github.finitentk.training;

/**
 * The losses after each of the {@code n} steps of a macro step: those of the frozen mean kernel, corrected linearly so that
 * the last is the true one.
 */
final class InnerLosses {

    private final FrozenKernel.Walk walk;
    private final double factor;
    private final double correction;
    private final double end;
    private final long length;
    private long j;

    InnerLosses(MacroStep.Attempt attempt, TrainingPlan plan, int samples) {
        walk = attempt.mean().new Walk();
        factor = plan.loss().gradientFactor() / 2 / samples;
        length = attempt.length();
        end = attempt.end().loss();
        correction = (end - factor * attempt.mean().squaredNorm(length)) / length;
    }

    /** The loss after the next step. */
    double next() {
        j++;
        return j == length ? end : factor * walk.next() + j * correction;
    }
}
