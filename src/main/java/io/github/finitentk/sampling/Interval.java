package io.github.finitentk.sampling;

/**
 * A 95 % confidence interval.
 *
 * @param lower its lower end
 * @param upper its upper end
 */
public record Interval(double lower, double upper) {

    /** Whether the value lies in it, ends included. */
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }

    /** {@code [1.02, 1.05]}. */
    @Override
    public String toString() {
        return "[" + lower + ", " + upper + "]";
    }
}
