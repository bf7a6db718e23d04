package io.github.finitentk.sampling;

import io.github.finitentk.data.ScaledDouble;
import io.github.finitentk.internal.numeric.StudentT;
import io.github.finitentk.meanfield.LeadingOrder;
import java.util.Locale;

/**
 * An estimate of the paper's measure of randomness at initialisation, {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}: 1 for a
 * deterministic kernel, 2 where the standard deviation equals the mean.
 *
 * <p>In the chaotic phase Theta is heavy-tailed: few draws then carry the second moment, and a plain estimate is biased low
 * (from n draws it can never exceed n). Its interval therefore does not trust what the draws show of the tail: variance and
 * skewness are the draws' own or those of the lognormal law with their logarithms' moments, whichever is larger. Where that
 * is no longer enough the estimate is {@link #heavyTailed}; whether it is, other draws decide (a pilot with streams of its
 * own, the same for every seed), so that a lucky sample cannot acquit itself. How often intervals cover the truth is tabled
 * in docs/coverage.md.
 *
 * @param method the method that was used, never {@link Method#AUTO}
 * @param reason why, in a few words
 * @param draws networks, forward passes or particles in all; 0 for {@link Method#EXACT} and {@link Method#LEADING_ORDER}
 * @param mean {@code E[Theta]}
 * @param secondMoment {@code E[Theta^2]}
 * @param ratio their ratio; infinite beyond the range of a double, NaN if it could not be estimated ({@link #problem})
 * @param interval 95 %, cut at the bound 1 that every ratio obeys; not to be trusted if {@code heavyTailed}; its ends are NaN for
 *     {@link Method#LEADING_ORDER}, whose error is not random
 * @param heavyTailed whether the draws are too few for the interval to keep its promise; the ratio is then probably too low
 * @param tailShare the largest draw's share of the second moment; 0 for exact results
 * @param effectiveDraws {@code (sum)^2 / sum of squares} of the contributions to the second moment; infinite for exact
 *     results. For {@link Method#SMC} in the last generation, averaged over repetitions
 */
public record RatioEstimate(
        Method method,
        String reason,
        long draws,
        ScaledDouble mean,
        ScaledDouble secondMoment,
        double ratio,
        Interval interval,
        boolean heavyTailed,
        double tailShare,
        double effectiveDraws) {

    /**
     * Above this variance of the ratio's logarithm the interval is not to be trusted: the ratio is known to a tenth only.
     * Calibrated together with the interval, see docs/coverage.md.
     */
    public static final double MAX_VARIANCE = 0.01;

    /** With fewer draws than this no interval is to be trusted. */
    public static final int MIN_DRAWS = 20;

    // A single draw that carries more of the second moment than this shows a tail that neither a pilot nor the bulk
    // of the draws knows of.
    private static final double MAX_TAIL_SHARE = 0.5;

    private static final double OWN_JUDGEMENT = 5;

    /** To this C/M the true excess of the ratio over 1 is C/M within 12 %, see figure 15. */
    private static final double LEADING_ORDER_HOLDS = 0.1;

    static final String OVERFLOWED = "some of its networks leave the range of a double";

    /** {@code log(E[Theta^2] / E[Theta]^2)}, finite where the ratio is not. */
    public double logRatio() {
        return Double.isInfinite(ratio) ? secondMoment.log() - 2 * mean.log() : StrictMath.log(ratio);
    }

    /** The same estimate with another reason. */
    public RatioEstimate because(String otherReason) {
        return new RatioEstimate(
                method,
                otherReason,
                draws,
                mean,
                secondMoment,
                ratio,
                interval,
                heavyTailed,
                tailShare,
                effectiveDraws);
    }

    /** The same estimate of a mean that is too uncertain for a ratio to be known. */
    RatioEstimate withUncertainMean() {
        return new RatioEstimate(
                method,
                reason + "; its mean is too close to 0 beside its error for a ratio",
                draws,
                mean,
                secondMoment,
                ratio,
                interval,
                true,
                tailShare,
                effectiveDraws);
    }

    /** Known moments. */
    static RatioEstimate exact(String reason, ScaledDouble mean, ScaledDouble secondMoment, double ratio) {
        return new RatioEstimate(
                Method.EXACT,
                reason,
                0,
                mean,
                secondMoment,
                ratio,
                new Interval(ratio, ratio),
                false,
                0,
                Double.POSITIVE_INFINITY);
    }

    /**
     * {@code 1 + C/M}: nothing is drawn, so there is no interval; what is left out is of the size {@code (C/M)^2}, and the
     * reason says so where that is more than a tenth of it.
     */
    static RatioEstimate leadingOrder(String reason, LeadingOrder.Moments law) {
        double excess = law.relativeVariance();
        return new RatioEstimate(
                Method.LEADING_ORDER,
                String.format(
                        Locale.ROOT,
                        "%s; first term in 1/M, C = %.6g, C/M = %.3g%s; exp(C/M) = %.6g",
                        reason,
                        law.constant(),
                        excess,
                        excess > LEADING_ORDER_HOLDS ? ", beyond 0.1, where it falls short by more than a tenth" : "",
                        law.lognormalRatio()),
                0,
                law.mean(),
                law.secondMoment(),
                law.ratio(),
                new Interval(Double.NaN, Double.NaN),
                false,
                0,
                Double.POSITIVE_INFINITY);
    }

    /**
     * The estimate from plain draws of {@code Theta(x,x)}, which have to judge their own tail.
     *
     * @throws IllegalArgumentException if there are fewer than two draws
     */
    public static RatioEstimate of(double[] theta) {
        return ofDraws(Method.WEIGHTS, "asked for", theta, new double[theta.length], null);
    }

    /**
     * The estimate from plain draws of an entry of Theta, each {@code mantissas[i] 2^exponents[i]}.
     *
     * @param tail by independent draws; null to have the draws judge themselves
     * @throws IllegalArgumentException if there are fewer than two draws
     */
    static RatioEstimate ofDraws(Method method, String reason, double[] mantissas, double[] exponents, TailModel tail) {
        double[] squares = new double[mantissas.length];
        double[] squareExponents = new double[mantissas.length];
        square(mantissas, exponents, squares, squareExponents);
        return ofMoments(method, reason, mantissas, exponents, squares, squareExponents, tail);
    }

    /** Squares of {@code mantissas[i] 2^exponents[i]}. */
    static void square(double[] mantissas, double[] exponents, double[] squares, double[] squareExponents) {
        for (int i = 0; i < squares.length; i++) {
            // Halves of the exponent keep the square of any double finite.
            int e = Double.isFinite(mantissas[i]) ? Math.getExponent(mantissas[i]) : 0;
            double unit = Math.scalb(mantissas[i], -e);
            squares[i] = unit * unit;
            squareExponents[i] = 2 * (exponents[i] + e);
        }
    }

    /**
     * The estimate from independent unbiased pairs of {@code E[Theta]} and {@code E[Theta^2]}: the Rao-Blackwell
     * estimator's conditional moments, or Theta and its square. The interval is the delta method's on the logarithm,
     * corrected for skewness.
     *
     * @param tail as in {@link #ofDraws}
     * @throws IllegalArgumentException if there are fewer than two pairs
     */
    static RatioEstimate ofMoments(
            Method method,
            String reason,
            double[] firstMantissas,
            double[] firstExponents,
            double[] secondMantissas,
            double[] secondExponents,
            TailModel tail) {
        int n = firstMantissas.length;
        if (n < 2) {
            throw new IllegalArgumentException("At least 2 draws are needed to estimate a ratio, not " + n + ".");
        }
        ScaledDraws first = new ScaledDraws(firstMantissas, firstExponents);
        ScaledDraws second = new ScaledDraws(secondMantissas, secondExponents);
        if (!first.finite || !second.finite) {
            return notFinite(method, OVERFLOWED, n);
        }
        double mean = first.scaledMean();
        double secondMoment = second.scaledMean();
        double scaledRatio = secondMoment / (mean * mean);
        double ratio = Math.scalb(scaledRatio, ScaledDraws.clip(second.exponent - 2 * first.exponent));
        // The influence of one draw on log(ratio) is b/E[b] - 2 a/E[a] + 1.
        double[] influences = new double[n];
        for (int i = 0; i < n; i++) {
            influences[i] = second.values[i] / secondMoment - 2 * (first.values[i] / mean) + 1;
        }
        TailModel model = TailModel.of(first.logs, second.logs, method != Method.RAO_BLACKWELL);
        // Draws that judge themselves may be lucky: a fifth of the variance is allowed to them.
        TailModel judge = tail == null ? model.times(OWN_JUDGEMENT) : tail;
        return ofInfluences(method, reason, first.mean(), second.mean(), ratio, influences, model, judge, second);
    }

    /**
     * The estimate whose error is a mean of independent influences on its logarithm.
     *
     * @param influences one for each draw
     * @param model what the influences are like, judged by the bulk of the draws
     * @param judge the same by independent draws
     * @param second the contributions to the second moment
     */
    static RatioEstimate ofInfluences(
            Method method,
            String reason,
            ScaledDouble mean,
            ScaledDouble secondMoment,
            double ratio,
            double[] influences,
            TailModel model,
            TailModel judge,
            ScaledDraws second) {
        int n = influences.length;
        // Equal draws of what is known to vary say nothing.
        boolean equal = judge.variance() > 0 && model.variance() == 0;
        boolean heavy = equal || judge.tooHeavyFor(n) || second.tailShare() > Math.max(MAX_TAIL_SHARE, 2.0 / n);
        return new RatioEstimate(
                method,
                reason,
                n,
                mean,
                secondMoment,
                ratio,
                equal ? new Interval(1, Double.POSITIVE_INFINITY) : skewedInterval(ratio, influences, model),
                heavy,
                second.tailShare(),
                second.effectiveDraws());
    }

    // Hall's transformation of the studentised mean (P. Hall, On the removal of skewness by transformation, J. R.
    // Stat. Soc. B 54, 1992): the influences are skewed to the right, so the interval has to reach further up than
    // down. What the draws show of their variance and third moment is too little where they missed the tail; the
    // model does not need it.
    private static Interval skewedInterval(double ratio, double[] influences, TailModel model) {
        int n = influences.length;
        double squares = 0;
        double cubes = 0;
        for (double influence : influences) {
            squares += influence * influence;
            cubes += influence * influence * influence;
        }
        double variance = Math.max(squares / (n - 1), model.variance());
        if (variance == 0) {
            return new Interval(Math.max(1, ratio), Math.max(1, ratio));
        }
        double third = Math.max(cubes / n, model.thirdMoment());
        // Beyond a standard deviation of the logarithm of 1 there is no interval worth the name: it is only kept
        // finite.
        double deviation = Math.min(1, Math.sqrt(variance / n));
        double skewness = third / StrictMath.pow(variance, 1.5) / Math.sqrt(n);
        skewness = Math.max(-maxSkewness(n), Math.min(maxSkewness(n), skewness));
        double quantile = StudentT.quantile(n - 1);
        double down = deviation * halls(quantile, skewness);
        double up = -deviation * halls(-quantile, skewness);
        return new Interval(Math.max(1, ratio * StrictMath.exp(-down)), Math.max(1, ratio * StrictMath.exp(up)));
    }

    // Hall's transformation turns back at a standardised skewness of about a half; few draws may come close to that.
    private static double maxSkewness(int n) {
        return Math.min(0.45, 0.34 + 2.0 / n);
    }

    private static double halls(double x, double skewness) {
        if (Math.abs(skewness) < 1e-8) {
            return x;
        }
        return 3 / skewness * (StrictMath.cbrt(1 + skewness * (x - skewness / 6)) - 1);
    }

    /** {@code ratio exp(-halfWidth)} to {@code ratio exp(halfWidth)}, cut at 1. */
    static Interval interval(double ratio, double halfWidth) {
        return new Interval(
                Math.max(1, ratio * StrictMath.exp(-halfWidth)), Math.max(1, ratio * StrictMath.exp(halfWidth)));
    }

    /** No number at all: {@code reason} says why. */
    static RatioEstimate notFinite(Method method, String reason, long draws) {
        ScaledDouble none = new ScaledDouble(0, 0);
        return new RatioEstimate(
                method,
                reason,
                draws,
                none,
                none,
                Double.NaN,
                new Interval(1, Double.POSITIVE_INFINITY),
                true,
                Double.NaN,
                Double.NaN);
    }

    /**
     * Why there is no {@link #ratio}, in a sentence: it exceeds the range of a double or could not be estimated. Empty if there is
     * one.
     */
    public String problem() {
        if (Double.isNaN(ratio)) {
            return "E[Theta^2]/E[Theta]^2 cannot be estimated: " + reason + ".";
        }
        return Double.isFinite(ratio)
                ? ""
                : String.format(
                        Locale.ROOT,
                        "E[Theta^2]/E[Theta]^2 exceeds the range of a double; its natural logarithm is %s%.6g (method %s).",
                        method == Method.EXACT ? "" : "about ",
                        logRatio(),
                        method.label());
    }

    /** {@code E[Theta^2]/E[Theta]^2 = 1.04, 95 % [1.02, 1.05] (rao-blackwell, 200 draws)}. */
    @Override
    public String toString() {
        return "E[Theta^2]/E[Theta]^2 = " + ratio
                + (method == Method.EXACT ? "" : ", 95 % " + interval)
                + (heavyTailed ? ", heavy-tailed" : "")
                + " (" + method.label() + (method == Method.EXACT ? "" : ", " + draws + " draws") + ")";
    }
}
