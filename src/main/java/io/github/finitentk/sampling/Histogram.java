package io.github.finitentk.sampling;

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
}
