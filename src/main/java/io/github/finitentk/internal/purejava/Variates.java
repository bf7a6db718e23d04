package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.numeric.Elementary;
import io.github.finitentk.internal.random.NormalStream;

/**
 * Binomial(n, 1/2) and chi-square variates on the counter-based stream, exact for every n up to rounding; twin of
 * {@code variates.cpp}. Draw {@code i} takes position {@code i} of its streams, and attempt {@code t} of a rejection
 * method takes network {@code t} of the stream: nothing depends on how draws are grouped.
 *
 * <p>Sources: W. Hörmann, The generation of binomial random variates, J. Stat. Comput. Simul. 46 (1993), algorithm BTRS;
 * G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000).
 */
final class Variates {

    /** Up to this n a binomial is drawn by counting random bits. */
    private static final int MAX_BITS = 1024;

    private Variates() {}

    /** {@code out[i] ~ Binomial(n, 1/2)} for draws {@code firstDraw + i}, {@code i < count}. */
    static void binomialHalf(long key, int layer, int tensor, long n, long firstDraw, int count, double[] out) {
        if (n <= MAX_BITS) {
            countBits(key, layer, tensor, (int) n, firstDraw, count, out);
            return;
        }
        Btrs btrs = new Btrs(n);
        double[] first = new double[2 * count];
        new NormalStream(key, 0, layer, tensor).uniforms(first, 0, first.length, 2 * firstDraw);
        double[] pair = new double[2];
        for (int i = 0; i < count; i++) {
            pair[0] = first[2 * i];
            pair[1] = first[2 * i + 1];
            for (long attempt = 1; !btrs.accept(pair[0], pair[1]); attempt++) {
                new NormalStream(key, attempt, layer, tensor).uniforms(pair, 0, 2, 2 * (firstDraw + i));
            }
            out[i] = btrs.result;
        }
    }

    private static void countBits(long key, int layer, int tensor, int n, long firstDraw, int count, double[] out) {
        int words = (n + 63) / 64;
        long mask = n % 64 == 0 ? -1L : (1L << n % 64) - 1;
        long[] bits = new long[words * count];
        new NormalStream(key, 0, layer, tensor).words(bits, firstDraw * words);
        for (int i = 0; i < count; i++) {
            int ones = Long.bitCount(bits[(i + 1) * words - 1] & mask);
            for (int k = 0; k + 1 < words; k++) {
                ones += Long.bitCount(bits[i * words + k]);
            }
            out[i] = ones;
        }
    }

    /** {@code out[i]} ~ chi-square with {@code degrees[i]} degrees of freedom; 0 and fewer give 0. */
    static void chiSquare(long key, int layer, int tensor, double[] degrees, long firstDraw, int count, double[] out) {
        double[] x = new double[count];
        double[] u = new double[count];
        new NormalStream(key, 0, layer, tensor).fill(x, 0, count, firstDraw, 1.0);
        new NormalStream(key, 0, layer, tensor + 1).uniforms(u, 0, count, firstDraw);
        for (int i = 0; i < count; i++) {
            if (degrees[i] <= 1) {
                out[i] = degrees[i] == 1 ? x[i] * x[i] : 0;
                continue;
            }
            double d = 0.5 * degrees[i] - 1.0 / 3;
            double gamma = gamma(d, x[i], u[i]);
            for (long attempt = 1; gamma < 0; attempt++) {
                new NormalStream(key, attempt, layer, tensor).fill(x, i, 1, firstDraw + i, 1.0);
                new NormalStream(key, attempt, layer, tensor + 1).uniforms(u, i, 1, firstDraw + i);
                gamma = gamma(d, x[i], u[i]);
            }
            out[i] = 2 * gamma;
        }
    }

    // Marsaglia and Tsang's attempt at shape d + 1/3 from a normal and a uniform; negative if rejected.
    private static double gamma(double d, double x, double u) {
        double t = 1 + x / Math.sqrt(9 * d);
        double v = t * t * t;
        if (!(v > 0)) {
            return -1;
        }
        double x2 = x * x;
        boolean accepted = u < 1 - 0.0331 * (x2 * x2)
                || Elementary.logPositive(u) < 0.5 * x2 + d * ((1 - v) + Elementary.logPositive(v));
        return accepted ? d * v : -1;
    }

    /** {@code log k! - [(k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2]}, for {@code k >= 10}. */
    private static double stirlingRest(double k) {
        double y = 1 / (k + 1);
        double y2 = y * y;
        return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 * y2) * y2) * y;
    }

    /** BTRS for {@code p = 1/2}: transformed rejection with a squeeze. */
    private static final class Btrs {
        private final double n;
        private final double a;
        private final double b;
        private final double centre;
        private final double squeeze;
        private final double alpha;
        private final double mode;
        private final double modeRest;
        private double result;

        Btrs(double n) {
            this.n = n;
            double deviation = Math.sqrt(0.25 * n);
            b = 1.15 + 2.53 * deviation;
            a = -0.0873 + 0.0248 * b + 0.01 * 0.5;
            centre = n * 0.5 + 0.5;
            squeeze = 0.92 - 4.2 / b;
            alpha = (2.83 + 5.1 / b) * deviation;
            mode = Math.floor((n + 1) * 0.5);
            modeRest = stirlingRest(mode) + stirlingRest(n - mode);
        }

        /** One attempt from two uniform numbers. */
        boolean accept(double first, double v) {
            double u = first - 0.5;
            double us = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / us + b) * u + centre);
            result = k;
            if (us >= 0.07 && v <= squeeze) {
                return true;
            }
            if (k < 0 || k > n) {
                return false;
            }
            double bound = Elementary.logPositive(v * alpha / (a / (us * us) + b));
            double other = n - k;
            double logRatio = (mode + 0.5) * Elementary.logPositive((mode + 1) / (n - mode + 1))
                    + (n + 1) * Elementary.logPositive((n - mode + 1) / (other + 1))
                    + (k + 0.5) * Elementary.logPositive((other + 1) / (k + 1))
                    + (modeRest - (stirlingRest(k) + stirlingRest(other)));
            return bound <= logRatio;
        }
    }
}
