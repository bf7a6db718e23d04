package io.github.finitentk.meanfield;

import java.util.Arrays;

/**
 * The Hermite coefficients {@code a_k(q)}, {@code phi(sqrt(q) z) = sum_k a_k h_k(z)}, of a smooth activation for variances q of an
 * interval, even and odd ones apart since most activations lack one kind but for a single term.
 *
 * <p>{@code a_k} is analytic in {@code sqrt(q)} off the imaginary axis (a pole of phi at {@code sqrt(q) z} meets a real z only there), so
 * over an octave of q polynomial interpolation at n Chebyshev nodes errs by about {@code (3 + 2 sqrt 2)^-2n/sqrt 2}: below rounding for
 * {@link #NODES}. An interval may also be a single q.
 */
final class HermiteCell {

    /** Chebyshev nodes of an octave. */
    static final int NODES = 20;

    /** Coefficients below this share of the root mean square do not count. */
    private static final double NEGLIGIBLE = 1e-14;

    private final double[] nodes;
    /** Of the barycentric formula. */
    private final double[] weights;
    /** {@code a_{2m}} by node. */
    private final double[][] even;
    /** {@code a_{2m+1}} by node. */
    private final double[][] odd;

    private final int evenTerms;
    private final int oddTerms;
    /** How many terms of {@code phi'} the series needs up to a node. */
    private final int[] terms;

    private HermiteCell(double[] nodes, double[] weights, HermiteCoefficients[] at) {
        this.nodes = nodes;
        this.weights = weights;
        even = new double[nodes.length][];
        odd = new double[nodes.length][];
        terms = new int[nodes.length];
        int largestEven = -1;
        int largestOdd = -1;
        for (int j = 0; j < nodes.length; j++) {
            double[] a = at[j].coefficients();
            even[j] = new double[(a.length + 1) / 2];
            odd[j] = new double[a.length / 2];
            double square = 0;
            for (int k = 0; k < a.length; k++) {
                (k % 2 == 0 ? even : odd)[j][k / 2] = a[k];
                square += a[k] * a[k];
            }
            double least = NEGLIGIBLE * Math.sqrt(square);
            largestEven = Math.max(largestEven, largest(even[j], least));
            largestOdd = Math.max(largestOdd, largest(odd[j], least));
        }
        evenTerms = largestEven + 1;
        oddTerms = largestOdd + 1;
        for (int j = nodes.length - 1; j >= 0; j--) {
            terms[j] = Math.max(at[j].terms(), j + 1 < nodes.length ? terms[j + 1] : 0);
        }
    }

    /** The terms of phi' at the next node above, where more are needed. */
    private int terms(double root) {
        int j = nodes.length - 1;
        while (j > 0 && nodes[j] < root) {
            j--;
        }
        return terms[j];
    }

    private static int largest(double[] a, double least) {
        int m = a.length - 1;
        while (m >= 0 && Math.abs(a[m]) <= least) {
            m--;
        }
        return m;
    }

    /** For one variance; null if no expansion serves every correlation. */
    static HermiteCell at(double q, QuadratureExpectation expectation) {
        HermiteCoefficients expansion = expectation.expand(q);
        return expansion == null || !expansion.complete()
                ? null
                : new HermiteCell(new double[] {Math.sqrt(q)}, new double[] {1}, new HermiteCoefficients[] {expansion});
    }

    /** For {@code 2^exponent <= q <= 2^(exponent + 1)}; null if no expansion serves every correlation somewhere. */
    static HermiteCell octave(int exponent, QuadratureExpectation expectation) {
        double[] nodes = nodes(exponent);
        HermiteCoefficients[] at = new HermiteCoefficients[NODES];
        // from the largest on, which is the first to have none
        for (int j = 0; j < NODES; j++) {
            at[j] = expectation.expandDensely(nodes[j] * nodes[j]);
            if (at[j] == null || !at[j].complete()) {
                return null;
            }
        }
        return new HermiteCell(nodes, barycentricWeights(), at);
    }

    /** Chebyshev nodes in {@code sqrt(q)} of {@code 2^exponent <= q <= 2^(exponent + 1)}, from the largest to the smallest. */
    static double[] nodes(int exponent) {
        double from = Math.sqrt(Math.scalb(1.0, exponent));
        double to = Math.sqrt(Math.scalb(2.0, exponent));
        double[] nodes = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            nodes[j] = 0.5 * (from + to) + 0.5 * (to - from) * StrictMath.cos(Math.PI * (2 * j + 1) / (2 * NODES));
        }
        return nodes;
    }

    /** Those of {@link #nodes}. */
    static double[] barycentricWeights() {
        double[] weights = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            weights[j] = (j % 2 == 0 ? 1 : -1) * StrictMath.sin(Math.PI * (2 * j + 1) / (2 * NODES));
        }
        return weights;
    }

    /** Writes the values of the Lagrange polynomials of the nodes at x. */
    static void lagrange(double x, double[] nodes, double[] weights, double[] values) {
        double sum = 0;
        for (int j = 0; j < nodes.length; j++) {
            double distance = x - nodes[j];
            if (distance == 0) {
                Arrays.fill(values, 0, nodes.length, 0);
                values[j] = 1;
                return;
            }
            values[j] = weights[j] / distance;
            sum += values[j];
        }
        for (int j = 0; j < nodes.length; j++) {
            values[j] /= sum;
        }
    }

    /** How many even terms, {@code k = 0, 2, ...}, the series needs at {@code sqrt(q) = root}. */
    int evenTerms(double root) {
        // phi' has k = 1, ..., terms
        return Math.min(evenTerms, terms(root) / 2 + 1);
    }

    /** How many odd terms, {@code k = 1, 3, ...}, the series needs. */
    int oddTerms(double root) {
        return Math.min(oddTerms, (terms(root) + 1) / 2);
    }

    /**
     * The coefficients at a variance of the interval.
     *
     * @param root {@code sqrt(q)}
     * @param even on return {@code a_0, a_2, ...}: as many as the array holds, with zeros where they are negligible
     * @param odd on return {@code a_1, a_3, ...}
     * @param scratch of {@link #NODES} numbers
     */
    void coefficients(double root, double[] even, double[] odd, double[] scratch) {
        if (nodes.length == 1) {
            scratch[0] = 1;
        } else {
            lagrange(root, nodes, weights, scratch);
        }
        combine(this.even, scratch, even);
        combine(this.odd, scratch, odd);
    }

    /** The coefficients at a variance of the interval, as far as they are known at all of its nodes. */
    HermiteCoefficients expansion(double q) {
        double root = Math.sqrt(q);
        double[] evenAt = new double[known(even)];
        double[] oddAt = new double[known(odd)];
        coefficients(root, evenAt, oddAt, new double[NODES]);
        double[] a = new double[Math.min(2 * evenAt.length, 2 * oddAt.length + 1)];
        for (int k = 0; k < a.length; k++) {
            a[k] = (k % 2 == 0 ? evenAt : oddAt)[k / 2];
        }
        return HermiteCoefficients.complete(root, a, terms(root));
    }

    private static int known(double[][] at) {
        return Arrays.stream(at).mapToInt(a -> a.length).min().getAsInt();
    }

    private void combine(double[][] at, double[] factors, double[] sum) {
        Arrays.fill(sum, 0);
        for (int j = 0; j < at.length; j++) {
            add(sum, factors[j], at[j], Math.min(sum.length, at[j].length));
        }
    }

    private static void add(double[] sum, double factor, double[] terms, int count) {
        for (int m = 0; m < count; m++) {
            sum[m] += factor * terms[m];
        }
    }
}
