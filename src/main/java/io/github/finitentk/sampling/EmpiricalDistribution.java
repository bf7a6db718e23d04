package io.github.finitentk.sampling;

import java.util.Arrays;
import java.util.Locale;

/**
 * The distribution of independent draws of a number: {@code Theta(x,x)}, an entry of a kernel, an output. Immutable.
 *
 * <p>Where Theta exceeds a double there is a distribution of its logarithm only.
 */
public final class EmpiricalDistribution {

    /**
     * Counts of draws in adjacent bins; a bin includes its lower edge, the last one both.
     *
     * @param edges increasing, one more than there are bins; not copied
     * @param counts one for each bin; not copied
     */
    public record Histogram(double[] edges, long[] counts) {

        /** The number of draws. */
        public long total() {
            long total = 0;
            for (long count : counts) {
                total += count;
            }
            return total;
        }

        /** The estimated probability density in one bin; infinite if all draws are equal. */
        public double density(int bin) {
            return counts[bin] / (total() * (edges[bin + 1] - edges[bin]));
        }

        /** Equal edges and counts. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Histogram that
                    && Arrays.equals(edges, that.edges)
                    && Arrays.equals(counts, that.counts);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(edges) + Arrays.hashCode(counts);
        }

        @Override
        public String toString() {
            return total() + " draws in " + counts.length + " bins from " + edges[0] + " to " + edges[counts.length];
        }
    }

    private static final int MOST_BINS = 1_000_000;

    private final double[] sorted;

    private EmpiricalDistribution(double[] sorted) {
        this.sorted = sorted;
    }

    /**
     * @param draws at least one; copied
     * @throws IllegalArgumentException if there is none or one is not finite
     */
    public static EmpiricalDistribution of(double[] draws) {
        if (draws.length == 0) {
            throw new IllegalArgumentException("A distribution needs at least 1 draw.");
        }
        for (int i = 0; i < draws.length; i++) {
            if (!Double.isFinite(draws[i])) {
                throw new IllegalArgumentException("Draw " + i + " is not finite: " + draws[i]
                        + "; kernels beyond the range of a double have a distribution on the logarithmic scale.");
            }
        }
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        return new EmpiricalDistribution(sorted);
    }

    /** The number of draws. */
    public int size() {
        return sorted.length;
    }

    /** The draws in increasing order, a copy. */
    public double[] sorted() {
        return sorted.clone();
    }

    /**
     * The quantile at probability {@code p}, linear between order statistics (type 7 of Hyndman and Fan 1996).
     *
     * @param p 0 to 1
     */
    public double quantile(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("A probability lies between 0 and 1; " + p + " does not.");
        }
        double position = p * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** {@link #quantile} at each probability. */
    public double[] quantiles(double... probabilities) {
        return Arrays.stream(probabilities).map(this::quantile).toArray();
    }

    /**
     * Counts in bins of equal width from the smallest to the largest draw.
     *
     * @param bins 1 to 1,000,000
     * @throws IllegalArgumentException if they are fewer or more
     */
    public Histogram histogram(int bins) {
        return histogram(bins, false);
    }

    /**
     * Counts in bins of equal width on the logarithmic scale.
     *
     * @throws IllegalArgumentException if a draw is not positive
     */
    public Histogram logHistogram(int bins) {
        if (sorted[0] <= 0) {
            throw new IllegalArgumentException(
                    "A logarithmic histogram needs positive draws; the smallest is " + sorted[0] + ".");
        }
        return histogram(bins, true);
    }

    private Histogram histogram(int bins, boolean logarithmic) {
        if (bins < 1) {
            throw new IllegalArgumentException("A histogram needs at least 1 bin, not " + bins + ".");
        }
        if (bins > MOST_BINS) {
            throw new IllegalArgumentException("A histogram has at most " + MOST_BINS + " bins, not " + bins + ".");
        }
        double low = sorted[0];
        double high = sorted[sorted.length - 1];
        double[] edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            double t = (double) i / bins;
            // Weighted means of the ends: no difference that could overflow.
            edges[i] = logarithmic
                    ? StrictMath.exp((1 - t) * StrictMath.log(low) + t * StrictMath.log(high))
                    : (1 - t) * low + t * high;
        }
        edges[0] = low;
        edges[bins] = high;
        long[] counts = new long[bins];
        int bin = 0;
        for (double value : sorted) {
            while (bin < bins - 1 && value >= edges[bin + 1]) {
                bin++;
            }
            counts[bin]++;
        }
        return new Histogram(edges, counts);
    }

    /** Equal draws. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EmpiricalDistribution that && Arrays.equals(sorted, that.sorted);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sorted);
    }

    /** {@code 200 draws: median 1.5, 5 % to 95 % from 0.5 to 4.2}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d draws: median %.6g, 5 %% to 95 %% from %.6g to %.6g",
                sorted.length,
                quantile(0.5),
                quantile(0.05),
                quantile(0.95));
    }
}
