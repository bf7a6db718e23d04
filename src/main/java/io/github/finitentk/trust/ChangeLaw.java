package io.github.finitentk.trust;

import io.github.finitentk.internal.numeric.StudentT;
import io.github.finitentk.sampling.Interval;
import java.util.Arrays;

/**
 * What a few networks say about the mean change of the kernel over all networks of their law, and about networks of another
 * size.
 *
 * <p><b>Scatter.</b> The logarithms of the changes of independent networks have a standard deviation of 0.25 to 0.55 at every
 * width, since much of it comes from the initial outputs, which stay random. With n networks it is estimated as
 * {@code s^2 = (nu_0 s_0^2 + sum (log c_i - mean)^2)/(nu_0 + n - 1)}: {@link TrustThresholds#SCATTER} counts as
 * {@link #PRIOR_DEGREES} observations. The mean is known up to the factor {@code exp(t s/sqrt(n))}, t Student's.
 *
 * <p><b>Size.</b> Between two sizes (widths, or numbers of samples) the change is taken to follow a power. The theory's law
 * is {@code 1/M} in the width; with the number of samples it grew like the square root or slower where it was measured. The
 * exponent is fitted to the two sizes, no better than the law's for widths, and the interval reaches from the least to the
 * largest of what the fit and what each size alone, by the law, predict.
 */
final class ChangeLaw {

    private static final int PRIOR_DEGREES = 10;
    private static final double TINY = 1e-300;

    private ChangeLaw() {}

    /**
     * A number and where it lies.
     *
     * @param value the best guess
     * @param interval 95 %
     * @param exponent of the size; NaN if nothing was extrapolated
     */
    record Prediction(double value, Interval interval, double exponent) {}

    /** The mean change of networks of the size that was trained. */
    static Prediction measured(double[] changes) {
        double mean = mean(changes);
        double factor = StrictMath.exp(halfWidth(changes));
        return new Prediction(mean, new Interval(mean / factor, mean * factor), Double.NaN);
    }

    /**
     * At a larger width, from two smaller ones.
     *
     * @param near changes at the larger of these
     * @param far changes at the other
     * @param nearToFar ratio of these widths
     * @param targetToNear ratio of the width asked for to the larger one
     */
    static Prediction wider(double[] near, double[] far, double nearToFar, double targetToNear) {
        double fitted = StrictMath.log(mean(far) / mean(near)) / StrictMath.log(nearToFar);
        return extrapolated(near, far, nearToFar, targetToNear, -Math.max(0, Math.min(1, fitted)), -1);
    }

    /** On more samples, from two smaller numbers of them; the arguments are those of {@link #wider}. */
    static Prediction onMoreSamples(double[] near, double[] far, double nearToFar, double targetToNear) {
        double fitted = StrictMath.log(mean(near) / mean(far)) / StrictMath.log(nearToFar);
        return extrapolated(near, far, nearToFar, targetToNear, Math.max(0, Math.min(1, fitted)), 0.5);
    }

    private static Prediction extrapolated(
            double[] near, double[] far, double nearToFar, double targetToNear, double exponent, double law) {
        double[] guesses = {
            mean(near) * StrictMath.pow(targetToNear, exponent),
            mean(near) * StrictMath.pow(targetToNear, law),
            mean(far) * StrictMath.pow(nearToFar * targetToNear, law)
        };
        double factor = StrictMath.exp(halfWidth(near));
        return new Prediction(
                guesses[0],
                new Interval(
                        Arrays.stream(guesses).min().orElseThrow() / factor,
                        Arrays.stream(guesses).max().orElseThrow() * factor),
                Math.abs(exponent));
    }

    private static double mean(double[] changes) {
        return Math.max(TINY, Arrays.stream(changes).average().orElseThrow());
    }

    /** {@code t s/sqrt(n)}: half the interval of the logarithm. */
    private static double halfWidth(double[] changes) {
        int n = changes.length;
        double[] logs = Arrays.stream(changes)
                .map(c -> StrictMath.log(Math.max(TINY, c)))
                .toArray();
        double mean = Arrays.stream(logs).average().orElseThrow();
        double square = PRIOR_DEGREES * TrustThresholds.SCATTER * TrustThresholds.SCATTER;
        for (double log : logs) {
            square += (log - mean) * (log - mean);
        }
        int degrees = PRIOR_DEGREES + n - 1;
        return StudentT.quantile(degrees) * Math.sqrt(square / degrees / n);
    }
}
