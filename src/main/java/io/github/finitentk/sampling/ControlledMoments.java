package io.github.finitentk.sampling;

import io.github.finitentk.data.ScaledDouble;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.meanfield.ExactMoments;
import java.util.Arrays;

/**
 * Moments of {@code Theta(x,x')} by ratio estimates, where those of {@code Theta(x,x)}, and so of {@code Theta(x',x')}, are known:
 * <pre>
 * E[a] = E[A] mean(a) / mean(A),   a = Theta(x,x'),     A = (Theta(x,x) + Theta(x',x')) / 2
 * E[b] = E[B] mean(b) / mean(B),   b = Theta(x,x')^2,   B = (Theta(x,x)^2 + Theta(x',x')^2) / 2
 * </pre>
 * In a heavy tail the few networks that carry the one carry the other, so what a sample misses of both cancels: it has to tell
 * the mean of {@code b/B}, a number between 0 and 1, weighted by B, and not the size of the tail.
 */
final class ControlledMoments {

    private final double[] first;
    private final double[] second;
    private final Ratio mean;
    private final Ratio secondMoment;

    /**
     * {@code mean(part) / mean(whole)}.
     *
     * @param influences of each draw on its logarithm
     * @param missed by how much the mean of {@code whole^2} exceeds that of the draws, by the law of the tail; at least 1
     */
    private record Ratio(double value, double[] influences, double missed) {

        /**
         * @param whole positive
         */
        static Ratio of(double[] part, double[] whole) {
            int n = part.length;
            double partMean = Arrays.stream(part).sum() / n;
            double wholeMean = Arrays.stream(whole).sum() / n;
            double value = partMean / wholeMean;
            double[] influences = new double[n];
            double squares = 0;
            double[] logs = new double[n];
            for (int i = 0; i < n; i++) {
                double weight = whole[i] / wholeMean;
                influences[i] = weight * (part[i] / whole[i] / value - 1);
                squares += weight * weight / n;
                logs[i] = StrictMath.log(whole[i]);
            }
            return new Ratio(value, influences, Math.max(1, (1 + TailModel.relativeVariance(logs)) / squares));
        }
    }

    ControlledMoments(KernelDraws kernels) {
        first = kernels.theta(0, 1);
        double[] x = kernels.theta(0, 0);
        double[] other = kernels.theta(1, 1);
        int n = first.length;
        second = new double[n];
        double[] firstOfOne = new double[n];
        double[] secondOfOne = new double[n];
        for (int i = 0; i < n; i++) {
            second[i] = first[i] * first[i];
            firstOfOne[i] = (x[i] + other[i]) / 2;
            secondOfOne[i] = (x[i] * x[i] + other[i] * other[i]) / 2;
        }
        mean = Ratio.of(first, firstOfOne);
        secondMoment = Ratio.of(second, secondOfOne);
    }

    /**
     * One draw's influence on the logarithm of {@code E[b]/E[a]^2}. Influences are weighted by B, so a sample that misses the tail shows
     * too little of their variance, as it does of the variance of B, which the bulk of log B knows better.
     */
    TailModel tail() {
        double variance = variance(influences(), secondMoment.missed);
        return Double.isFinite(variance) ? new TailModel(variance, 0, Double.NaN) : TailModel.unknown(Double.NaN);
    }

    /** Of one draw's influence on the logarithm of {@code E[a]}, likewise. */
    double meanVariance() {
        return variance(mean.influences, mean.missed);
    }

    /**
     * @param exact of {@code Theta(x,x)}
     * @param judge whether there are enough draws, by others
     */
    RatioEstimate estimate(String reason, ExactMoments exact, TailModel judge) {
        int n = first.length;
        ScaledDraws squares = new ScaledDraws(second, new double[n]);
        return RatioEstimate.ofInfluences(
                Method.CONDITIONAL,
                reason,
                times(exact.mean(), mean.value),
                times(exact.secondMoment(), secondMoment.value),
                exact.ratio() * secondMoment.value / (mean.value * mean.value),
                influences(),
                tail(),
                judge,
                squares);
    }

    private static ScaledDouble times(ScaledDouble exact, double ratio) {
        return ScaledDouble.of(exact.mantissa() * ratio, exact.exponent());
    }

    private double[] influences() {
        double[] influences = new double[first.length];
        Arrays.setAll(influences, i -> secondMoment.influences[i] - 2 * mean.influences[i]);
        return influences;
    }

    private static double variance(double[] influences, double missed) {
        return missed * Arrays.stream(influences).map(value -> value * value).sum() / (influences.length - 1);
    }
}
