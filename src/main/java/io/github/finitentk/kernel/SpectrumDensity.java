package io.github.finitentk.kernel;

import io.github.finitentk.kernel.SpectrumEstimate.Bin;
import io.github.finitentk.kernel.SpectrumEstimate.Density;
import io.github.finitentk.kernel.SpectrumEstimate.Estimate;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums over eigenvalues from measures {@code sum_i w_i delta(theta_i)}, one for each probe: {@code tr f(Theta) = n E sum_i w_i f(theta_i)} (stochastic
 * Lanczos quadrature). The eigenvalues themselves with equal weights are a measure that is exact.
 */
final class SpectrumDensity {

    private static final int BINS_PER_DECADE = 4;

    /** Smaller shares of the largest eigenvalue are rounding errors. */
    private static final int DECADES = 16;

    private final int order;
    private final List<double[]> values = new ArrayList<>();
    private final List<double[]> weights = new ArrayList<>();

    SpectrumDensity(int order) {
        this.order = order;
    }

    /** Adds a measure; weights sum to 1. */
    void add(double[] theta, double[] w) {
        values.add(theta);
        weights.add(w);
    }

    /** @param exact whether the measure is that of all eigenvalues */
    Density density(boolean exact) {
        double largest = values.stream().mapToDouble(theta -> theta[0]).max().orElseThrow();
        List<Bin> bins = new ArrayList<>();
        double to = largest;
        for (int k = 1; k <= DECADES * BINS_PER_DECADE + 1; k++) {
            double from =
                    k > DECADES * BINS_PER_DECADE ? 0 : largest * StrictMath.pow(10, -(double) k / BINS_PER_DECADE);
            double lower = from;
            double upper = to;
            boolean first = k == 1;
            Estimate count = sum(value -> (first || value <= upper) && (lower == 0 || value > lower) ? 1 : 0, exact);
            if (count.value() > 0) {
                bins.add(new Bin(from, to, count));
            }
            to = from;
        }
        return new Density(sum(value -> value, exact), logDeterminant(exact), bins, exact ? 0 : values.size());
    }

    private Estimate logDeterminant(boolean exact) {
        boolean positive = values.stream().allMatch(theta -> theta[theta.length - 1] > 0);
        return positive ? sum(StrictMath::log, exact) : new Estimate(Double.NEGATIVE_INFINITY, 0);
    }

    @FunctionalInterface
    private interface Function {
        double of(double value);
    }

    private Estimate sum(Function f, boolean exact) {
        int probes = values.size();
        double[] sums = new double[probes];
        double mean = 0;
        for (int p = 0; p < probes; p++) {
            for (int i = 0; i < values.get(p).length; i++) {
                sums[p] += order * weights.get(p)[i] * f.of(values.get(p)[i]);
            }
            mean += sums[p] / probes;
        }
        double variance = 0;
        for (double sum : sums) {
            variance += (sum - mean) * (sum - mean) / (probes - 1);
        }
        return new Estimate(mean, exact ? 0 : Math.sqrt(variance / probes));
    }
}
