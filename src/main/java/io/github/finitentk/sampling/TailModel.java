package io.github.finitentk.sampling;

/**
 * What the tail of a heavy-tailed sample must be like, judged by its bulk. The moments of {@code log Theta} are known from n
 * draws to {@code sqrt(2/n)}, while those of {@code Theta^2} rest on draws that a sample may not contain; and Theta is a
 * product of many layers' factors, so it is close to lognormal.
 *
 * <p>With {@code a, b} unbiased for {@code E[Theta], E[Theta^2]} (Theta and its square, or conditional moments) the influence
 * of one draw on {@code log(E[b] / E[a]^2)} is {@code b/E[b] - 2 a/E[a] + 1}. If {@code (log a, log b)} is normal its variance
 * and third moment follow from the covariance. Tails heavier or lighter than lognormal show as a skewness of {@code log b}: the
 * covariance is multiplied by {@code 1 + kappa_3 / kappa_2}, at least 1/2, which is what a third cumulant adds to
 * {@code log(E[b^2] / E[b]^2)}; a positive one
 * counts twice for plain draws, where the backward pass adds cumulants of every order.
 *
 * @param variance of one draw's influence; infinite beyond a double
 * @param thirdMoment of one draw's influence
 * @param logRatio {@code log(E[b] / E[a]^2)} of that lognormal law, a diagnostic
 */
record TailModel(double variance, double thirdMoment, double logRatio) {

    // Below this variance of log b the third moment drowns in rounding.
    private static final double SMALLEST_FOR_THIRD_MOMENT = 1e-6;

    private static final double PLAIN = 2;

    /**
     * From independent pairs.
     *
     * @param logFirst log a
     * @param logSecond log b; as many, at least two
     * @param plain whether they are Theta and its square, not conditional moments
     */
    static TailModel of(double[] logFirst, double[] logSecond, boolean plain) {
        return of(mean(logFirst), logFirst, logSecond, plain);
    }

    // Without logFirst: log a = 0.
    private static TailModel of(double meanA, double[] logFirst, double[] logSecond, boolean plain) {
        int n = logSecond.length;
        double meanB = mean(logSecond);
        double aa = 0;
        double ab = 0;
        double bb = 0;
        double bbb = 0;
        for (int i = 0; i < n; i++) {
            double a = logFirst == null ? 0 : logFirst[i] - meanA;
            double b = logSecond[i] - meanB;
            aa += a * a / (n - 1);
            ab += a * b / (n - 1);
            bb += b * b / (n - 1);
            bbb += b * b * b / n;
        }
        double heavier = bb > 0 ? Math.max(0.5, 1 + (plain && bbb > 0 ? PLAIN : 1) * bbb / bb) : 1;
        double logRatio = meanB - 2 * meanA + 0.5 * bb - aa;
        return lognormal(heavier * aa, heavier * ab, heavier * bb, logRatio);
    }

    /** The model of draws that overflowed. */
    static TailModel unknown(double logRatio) {
        return new TailModel(Double.POSITIVE_INFINITY, 0, logRatio);
    }

    // a and b, both of mean 1, have the moments E[b^i a^j] = exp(i(i-1)/2 bb + j(j-1)/2 aa + i j ab).
    private static TailModel lognormal(double aa, double ab, double bb, double logRatio) {
        double a = StrictMath.expm1(aa);
        double b = StrictMath.expm1(bb);
        double mixed = StrictMath.expm1(ab);
        double variance = b + 4 * a - 4 * mixed;
        double third = (StrictMath.expm1(3 * bb) - 3 * b)
                - 6 * (StrictMath.expm1(bb + 2 * ab) - b - 2 * mixed)
                + 12 * (StrictMath.expm1(aa + 2 * ab) - a - 2 * mixed)
                - 8 * (StrictMath.expm1(3 * aa) - 3 * a);
        if (!Double.isFinite(third)) {
            return unknown(logRatio);
        }
        return new TailModel(Math.max(0, variance), bb < SMALLEST_FOR_THIRD_MOMENT ? 0 : third, logRatio);
    }

    /** {@code E[w^2] / E[w]^2 - 1} of independent positive numbers w, by the same model. */
    static double relativeVariance(double[] logs) {
        return of(0, null, logs, false).variance;
    }

    /**
     * The same where all but a share of the networks have a dead layer and add next to nothing to the moments, so that a sample
     * need not contain one that does. The third moment is left alone.
     *
     * @param alive the share that has none
     */
    TailModel ifAlive(double alive) {
        return new TailModel(variance / alive + (1 - alive) / alive, thirdMoment, logRatio);
    }

    /** The same with a multiple of the variance. */
    TailModel times(double factor) {
        return new TailModel(factor * variance, thirdMoment, logRatio);
    }

    /** Whether an interval from that many draws is not to be trusted. */
    boolean tooHeavyFor(int draws) {
        return variance > 0 && (draws < RatioEstimate.MIN_DRAWS || variance > RatioEstimate.MAX_VARIANCE * draws);
    }

    private static double mean(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value;
        }
        return sum / x.length;
    }
}
