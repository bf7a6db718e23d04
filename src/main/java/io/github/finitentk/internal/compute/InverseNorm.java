package io.github.finitentk.internal.compute;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Hager's estimate of {@code |B|_1} for a symmetric B of which only products are known, as refined by Higham (1988): a lower bound, rarely below a third. */
final class InverseNorm {

    private static final int MAX_STEPS = 5;

    private InverseNorm() {}

    /** @param product gives {@code B v}, and may keep v */
    static double estimate(int n, UnaryOperator<double[]> product) {
        double[] v = new double[n];
        Arrays.fill(v, 1.0 / n);
        double estimate = 0;
        double[] signs = null;
        int place = -1;
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] image = product.apply(v);
            double sum = Arrays.stream(image).map(Math::abs).sum();
            double[] next = Arrays.stream(image).map(x -> x < 0 ? -1 : 1).toArray();
            if (sum <= estimate || Arrays.equals(next, signs)) {
                estimate = Math.max(estimate, sum);
                break;
            }
            estimate = sum;
            signs = next;
            double[] slope = product.apply(signs.clone());
            int steepest = 0;
            for (int i = 1; i < n; i++) {
                if (Math.abs(slope[i]) > Math.abs(slope[steepest])) {
                    steepest = i;
                }
            }
            if (steepest == place) {
                break;
            }
            place = steepest;
            v = new double[n];
            v[place] = 1;
        }
        // What the search cannot see: a vector of alternating signs.
        double[] alternating = new double[n];
        for (int i = 0; i < n; i++) {
            alternating[i] = (i % 2 == 0 ? 1 : -1) * (1 + (n == 1 ? 0 : i / (n - 1.0)));
        }
        double other =
                2 * Arrays.stream(product.apply(alternating)).map(Math::abs).sum() / (3.0 * n);
        return Math.max(estimate, other);
    }
}
