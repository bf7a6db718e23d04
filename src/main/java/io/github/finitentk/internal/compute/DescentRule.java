package io.github.finitentk.internal.compute;

/**
 * How networks descend the loss {@code factor/(2S) sum_s (f(x_s) - y_s)^2}, and when they stop.
 *
 * @param learningRate {@code eta}, positive and finite
 * @param lossFactor 1 for {@code 1/(2S) sum (...)^2}, 2 for {@code 1/S sum (...)^2}
 * @param minDecrease a loss below the best one minus this becomes the new best
 * @param patience so many losses in a row that do not end the descent, at least 1
 * @param maxSteps the largest number of updates
 */
public record DescentRule(double learningRate, double lossFactor, double minDecrease, int patience, long maxSteps) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public DescentRule {
        if (!(learningRate > 0 && lossFactor > 0 && minDecrease >= 0)
                || Double.isInfinite(learningRate * lossFactor * minDecrease)) {
            throw new IllegalArgumentException("The learning rate and the loss factor must be positive and the least"
                    + " decrease at least 0, all finite, not " + learningRate + ", " + lossFactor + " and "
                    + minDecrease + ".");
        }
        if (patience < 1 || maxSteps < 0) {
            throw new IllegalArgumentException(
                    "The patience must be at least 1 and the number of steps at least 0, not " + patience + " and "
                            + maxSteps + ".");
        }
    }
}
