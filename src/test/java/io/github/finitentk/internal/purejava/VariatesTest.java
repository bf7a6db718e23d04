package io.github.finitentk.internal.purejava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.internal.numeric.Elementary;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The variates of the O(L) sampler against their distribution functions; the native core draws the same bits. */
@Tag("statistical")
class VariatesTest {

    private static final int DRAWS = 200_000;
    private static final int GROUP = 64;

    @Test
    void binomialsHaveTheirProbabilities() {
        for (int n : new int[] {1, 7, 64, 100, 1024, 1025, 1500, 5000}) {
            long[] counts = new long[n + 1];
            for (double k : binomials(n)) {
                counts[(int) k]++;
            }
            // log p_k = log n! - log k! - log (n-k)! - n log 2; bins with fewer than 20 expected draws are merged.
            double[] logFactorial = new double[n + 1];
            for (int k = 1; k <= n; k++) {
                logFactorial[k] = logFactorial[k - 1] + Math.log(k);
            }
            double statistic = 0;
            int bins = 0;
            double expected = 0;
            double observed = 0;
            for (int k = 0; k <= n; k++) {
                expected += DRAWS * Math.exp(logFactorial[n] - logFactorial[k] - logFactorial[n - k] - n * Math.log(2));
                observed += counts[k];
                if (expected >= 20) {
                    statistic += (observed - expected) * (observed - expected) / expected;
                    bins++;
                    expected = 0;
                    observed = 0;
                }
            }
            // About the 99.99 % quantile of chi-square with bins - 1 degrees of freedom.
            assertThat(statistic).as("n = %d", n).isLessThan(bins - 1 + 3.7 * Math.sqrt(2.0 * bins) + 10);
        }
    }

    @Test
    void largeBinomialsAreNormalWithTheRightVariance() {
        for (int n : new int[] {1_000_000, Integer.MAX_VALUE}) {
            double[] draws = binomials(n);
            double[] standardised = Arrays.stream(draws)
                    .map(k -> (k - 0.5 * n) / Math.sqrt(0.25 * n))
                    .toArray();
            assertDistribution(standardised, z -> 0.5 * (1 + Elementary.erf(z / Math.sqrt(2))), 1 / Math.sqrt(n));
            assertThat(Arrays.stream(draws)).allMatch(k -> k == Math.rint(k) && k >= 0 && k <= n);
        }
    }

    private static double[] binomials(int n) {
        double[] draws = new double[DRAWS];
        double[] group = new double[GROUP];
        for (int first = 0; first < DRAWS; first += GROUP) {
            int count = Math.min(GROUP, DRAWS - first);
            Variates.binomialHalf(9, 3, 19, n, first, count, group);
            System.arraycopy(group, 0, draws, first, count);
        }
        return draws;
    }

    @Test
    void chiSquaresHaveTheirDistribution() {
        assertChiSquare(1, x -> Elementary.erf(Math.sqrt(x / 2)));
        assertChiSquare(2, x -> -Math.expm1(-x / 2));
        assertChiSquare(3, x -> Elementary.erf(Math.sqrt(x / 2)) - Math.sqrt(2 * x / Math.PI) * Math.exp(-x / 2));
        assertChiSquare(4, x -> 1 - Math.exp(-x / 2) * (1 + x / 2));
        assertChiSquare(40, x -> erlang(20, x / 2));
        assertChiSquare(1000, x -> erlang(500, x / 2));
        // Wilson and Hilferty's cube root, whose error is far below the test's resolution here.
        double k = 2e9;
        double variance = 2 / (9 * k);
        assertChiSquare(
                k, x -> 0.5 * (1 + Elementary.erf((Math.cbrt(x / k) - (1 - variance)) / Math.sqrt(2 * variance))));
        double[] none = new double[GROUP];
        Arrays.fill(none, -1);
        double[] out = new double[GROUP];
        Variates.chiSquare(1, 1, 20, none, 0, GROUP, out);
        assertThat(out).containsOnly(0);
    }

    private static double erlang(int shape, double x) {
        double sum = 0;
        double logTerm = -x;
        for (int j = 0; j < shape; j++) {
            sum += Math.exp(logTerm);
            logTerm += Math.log(x) - Math.log(j + 1);
        }
        return 1 - sum;
    }

    private static void assertChiSquare(double degrees, DoubleUnaryOperator distribution) {
        double[] k = new double[GROUP];
        Arrays.fill(k, degrees);
        double[] draws = new double[DRAWS];
        double[] group = new double[GROUP];
        for (int first = 0; first < DRAWS; first += GROUP) {
            int count = Math.min(GROUP, DRAWS - first);
            Variates.chiSquare(11, 2, 20, k, first, count, group);
            System.arraycopy(group, 0, draws, first, count);
        }
        assertDistribution(draws, distribution, 0);
    }

    // One-sample Kolmogorov-Smirnov; 2.3 is the quantile of sqrt(n) D at level 5e-5. slack: the steps of a lattice.
    private static void assertDistribution(double[] draws, DoubleUnaryOperator distribution, double slack) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.length; i++) {
            double p = distribution.applyAsDouble(sorted[i]);
            distance = Math.max(distance, Math.max(p - (double) i / DRAWS, (i + 1.0) / DRAWS - p));
        }
        assertThat(distance).isCloseTo(0, within(2.3 / Math.sqrt(DRAWS) + slack));
    }
}
