package io.github.finitentk.sampling;

import java.util.Arrays;

/**
 * Tests of hypotheses for the statistical tests. Seeds are fixed, so a test passes always or never; its threshold is a
 * quantile of the null distribution.
 */
final class Statistics {

    /**
     * The level of one two-sample comparison. The suite makes a few hundred, so a correct sampler would fail one of them for about
     * one in a hundred choices of the seed.
     */
    static final double ALPHA = 3e-5;

    /** The normal quantile that belongs to {@link #ALPHA}, two-sided. */
    static final double Z = 4.17;

    private Statistics() {}

    /** A number of draws: {@code quick}, or ten times that with {@code -Dntk.statistics=full}. */
    static int draws(int quick) {
        return "full".equals(System.getProperty("ntk.statistics")) ? 10 * quick : quick;
    }

    /**
     * The asymptotic p-value of the two-sample Kolmogorov-Smirnov test; too large, never too small, where values repeat.
     */
    static double kolmogorovSmirnov(double[] first, double[] second) {
        double[] x = first.clone();
        double[] y = second.clone();
        Arrays.sort(x);
        Arrays.sort(y);
        double distance = 0;
        int i = 0;
        int j = 0;
        while (i < x.length && j < y.length) {
            double value = Math.min(x[i], y[j]);
            while (i < x.length && x[i] <= value) {
                i++;
            }
            while (j < y.length && y[j] <= value) {
                j++;
            }
            distance = Math.max(distance, Math.abs((double) i / x.length - (double) j / y.length));
        }
        double n = (double) x.length * y.length / (x.length + y.length);
        return kolmogorov(Math.sqrt(n) * distance);
    }

    /** {@code P(K > t) = 2 sum_k (-1)^{k-1} exp(-2 k^2 t^2)}. */
    static double kolmogorov(double t) {
        if (t < 0.2) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; k <= 50; k++) {
            sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * t * t);
        }
        return Math.min(1, Math.max(0, sum));
    }

    static double mean(double[] x) {
        return Arrays.stream(x).sum() / x.length;
    }

    /** The standard error of the mean. */
    static double standardError(double[] x) {
        double mean = mean(x);
        return Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1.0) / x.length);
    }

    /** The difference of two means in standard errors. */
    static double differenceOfMeans(double[] x, double[] y) {
        double error = Math.hypot(standardError(x), standardError(y));
        double difference = mean(x) - mean(y);
        // A deterministic number agrees to rounding.
        return Math.abs(difference) <= 1e-12 * Math.abs(mean(x)) ? 0 : difference / error;
    }
}
