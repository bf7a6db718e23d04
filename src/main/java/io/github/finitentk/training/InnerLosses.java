package io.github.finitentk.training;

/**
 * The losses after each of the {@code n} steps of a macro step: those of the frozen mean kernel times {@code exp(e(j))}, where
 * the cubic {@code e} makes the loss and its change in one step the true ones at both ends. The slope matters: the stopping
 * rule compares losses 100 steps apart.
 */
final class InnerLosses {

    /** Beyond it, in logarithms, loss and frozen loss have nothing in common any more. */
    private static final double FAR = 2;

    private final FrozenKernel.Walk walk;
    private final double factor;
    private final double end;
    private final long length;
    private final double atEnd;
    private final double slopeAtStart;
    private final double slopeAtEnd;
    private long j;

    /**
     * @param start where the macro step began, with kernel
     * @param attempt the macro step
     * @param plan the training's
     * @param samples S
     */
    InnerLosses(Residual start, MacroStep.Attempt attempt, TrainingPlan plan, int samples) {
        double rate = plan.stepSize(1, samples);
        FrozenKernel mean = attempt.mean();
        walk = mean.new Walk();
        factor = plan.loss().gradientFactor() / 2 / samples;
        length = attempt.length();
        end = attempt.end().loss();
        double difference = StrictMath.log(end) - StrictMath.log(factor * mean.squaredNorm(length));
        double first = start.logChange(rate) - mean.logChange(0);
        double last = attempt.end().logChange(rate) - mean.logChange(length);
        boolean close = Math.abs(difference) < FAR && length * Math.max(Math.abs(first), Math.abs(last)) < FAR;
        atEnd = Math.abs(difference) < FAR ? difference : 0;
        slopeAtStart = close ? length * first : atEnd;
        slopeAtEnd = close ? length * last : atEnd;
    }

    /** The loss after the next step. */
    double next() {
        j++;
        if (j == length) {
            return end;
        }
        double t = (double) j / length;
        double correction = t * t * (3 - 2 * t) * atEnd + t * (1 - t) * ((1 - t) * slopeAtStart - t * slopeAtEnd);
        return factor * walk.next() * StrictMath.exp(correction);
    }
}
