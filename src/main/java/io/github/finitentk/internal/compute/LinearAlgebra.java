package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.NotPositiveDefiniteException;

/**
 * Decompositions of dense symmetric matrices in f64. Matrices are {@code n x n}, row-major; only their lower triangle is
 * read. Implementations are stateless, and several threads may use one at once; a call runs on the caller's thread.
 */
public abstract class LinearAlgebra {

    /** Beyond this order the entries no longer fit one Java array. */
    private static final int MAX_ORDER = 46340;

    /**
     * {@code A = sum_k lambda_k v_k v_k^T} with {@code lambda_0 <= lambda_1 <= ...} and orthonormal {@code v_k}.
     *
     * @param n at least 1
     * @param a {@code n x n}, row-major, symmetric (the lower triangle is read); not modified
     * @throws IllegalArgumentException if the length is not {@code n^2} or an entry of the lower triangle is not finite
     * @throws ArithmeticException if the iteration does not converge
     */
    public final SymmetricEigen symmetricEigen(int n, double[] a) {
        requireMatrix(n, a);
        double[] vectors = a.clone();
        double[] values = new double[n];
        eigen(n, vectors, values);
        return new SymmetricEigen(n, values, vectors);
    }

    /**
     * {@code A = C C^T} with a lower triangular {@code C}.
     *
     * @param n at least 1
     * @param a {@code n x n}, row-major, symmetric (the lower triangle is read); not modified
     * @throws NotPositiveDefiniteException if {@code A} is not positive definite within rounding
     * @throws IllegalArgumentException if the length is not {@code n^2} or an entry of the lower triangle is not finite
     */
    public final Cholesky cholesky(int n, double[] a) {
        requireMatrix(n, a);
        double[] factor = a.clone();
        if (!factor(n, factor)) {
            throw new NotPositiveDefiniteException(
                    "The " + n + " x " + n + " matrix is not positive definite, so it has no Cholesky factor.");
        }
        return new Cholesky(this, n, factor, norm1(n, a));
    }

    /** Replaces {@code a} by the eigenvectors, row {@code k} that of {@code values[k]}, ascending. */
    protected abstract void eigen(int n, double[] a, double[] values);

    /** Replaces the lower triangle of {@code a} by {@code C}; false if it is not positive definite. */
    protected abstract boolean factor(int n, double[] a);

    /** Solves {@code C C^T x = b} for {@code count} right-hand sides, the rows of {@code rows}, in place. */
    protected abstract void solve(int n, double[] factor, int count, double[] rows);

    /** {@code 1 / (|A|_1 |A^-1|_1)}, estimated or exact, given {@code |A|_1}. */
    protected abstract double reciprocalCondition(int n, double[] factor, double norm1);

    private static void requireMatrix(int n, double[] a) {
        if (n < 1 || n > MAX_ORDER || a.length != n * n) {
            throw new IllegalArgumentException("A matrix with " + n + " rows needs n * n entries and between 1 and "
                    + MAX_ORDER + " rows; an array of " + a.length + " was given.");
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                if (!Double.isFinite(a[i * n + j])) {
                    throw new IllegalArgumentException("The matrix to decompose is not finite: entry (" + i + ", " + j
                            + ") is " + a[i * n + j] + ".");
                }
            }
        }
    }

    /** The largest sum of magnitudes in a column of the symmetric matrix whose lower triangle is given. */
    private static double norm1(int n, double[] a) {
        double[] sums = new double[n];
        double largest = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                sums[i] += Math.abs(a[i * n + j]);
                sums[j] += Math.abs(a[i * n + j]);
            }
            sums[i] += Math.abs(a[i * n + i]);
        }
        for (double sum : sums) {
            largest = Math.max(largest, sum);
        }
        return largest;
    }
}
