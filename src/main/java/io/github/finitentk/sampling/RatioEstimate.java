package io.github.finitentk.sampling;

import java.util.Arrays;

/**
 * An estimate of the paper's measure of randomness at initialisation, {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}: 1 for a
 * deterministic kernel, 2 where the standard deviation equals the mean.
 *
 * <p>The interval is the delta method's on the logarithm of the ratio, cut at the bound 1 that every ratio obeys. It holds
 * when many draws contribute. In the chaotic phase {@code Theta} is heavy-tailed: few draws then carry the second moment,
 * the estimate is biased low (it can never exceed the number of draws) and no interval computed from the same draws can
 * be trusted. {@link #tailShare} says so.
 *
 * @param draws the number of draws
 * @param mean the mean of {@code Theta}; infinite if it exceeds a double
 * @param secondMoment the mean of {@code Theta^2}; infinite if it exceeds a double
 * @param ratio their ratio, computed at a scale that cannot overflow; NaN if a draw was not finite
 * @param lower lower end of the 95 % interval
 * @param upper upper end of the 95 % interval
 * @param tailShare the largest draw's share of the sum of squares, {@code max Theta^2 / sum Theta^2}
 */
public record RatioEstimate(
        int draws, double mean, double secondMoment, double ratio, double lower, double upper, double tailShare) {

    /** Above this {@link #tailShare} the interval is not to be trusted. */
    public static final double MAX_TAIL_SHARE = 0.1;

    // The 97.5 % quantile of the normal distribution.
    private static final double NORMAL_QUANTILE = 1.959963984540054;

    /** Whether the second moment rests on too few draws for the interval to mean what it says. */
    public boolean heavyTailed() {
        return !(tailShare <= MAX_TAIL_SHARE);
    }

    /**
     * The estimate from independent draws of {@code Theta(x,x)}.
     *
     * @param theta at least two draws; not modified
     * @throws IllegalArgumentException if there are fewer than two draws
     */
    public static RatioEstimate of(double[] theta) {
        int n = theta.length;
        if (n < 2) {
            throw new IllegalArgumentException("At least 2 draws are needed to estimate a ratio, not " + n + ".");
        }
        // Dividing by a power of two is exact and keeps squares of huge kernels finite.
        double scale =
                Math.scalb(1.0, Math.getExponent(Arrays.stream(theta).max().orElseThrow()));
        double sum = 0;
        double sumOfSquares = 0;
        double maxSquare = 0;
        for (double t : theta) {
            double scaled = t / scale;
            sum += scaled;
            sumOfSquares += scaled * scaled;
            maxSquare = Math.max(maxSquare, scaled * scaled);
        }
        double mean = sum / n;
        double secondMoment = sumOfSquares / n;
        double ratio = secondMoment / (mean * mean);
        // The influence of one draw on log(ratio) is (t/mean)^2/ratio - 2 t/mean + 1.
        double variance = 0;
        for (double t : theta) {
            double relative = t / scale / mean;
            double influence = relative * relative / ratio - 2 * relative + 1;
            variance += influence * influence;
        }
        double halfWidth = NORMAL_QUANTILE * Math.sqrt(variance / (n - 1) / n);
        return new RatioEstimate(
                n,
                mean * scale,
                secondMoment * scale * scale,
                ratio,
                Math.max(1, ratio * Math.exp(-halfWidth)),
                ratio * Math.exp(halfWidth),
                maxSquare / sumOfSquares);
    }
}
