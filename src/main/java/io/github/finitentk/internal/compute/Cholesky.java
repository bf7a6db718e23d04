package io.github.finitentk.internal.compute;

/**
 * The Cholesky decomposition {@code A = C C^T} of a symmetric positive definite matrix, from {@link LinearAlgebra#cholesky}.
 * Immutable; several threads may use it.
 */
public final class Cholesky {

    private final LinearAlgebra algebra;
    private final int n;
    private final double[] factor;
    private final double norm1;

    Cholesky(LinearAlgebra algebra, int n, double[] factor, double norm1) {
        this.algebra = algebra;
        this.n = n;
        this.factor = factor;
        this.norm1 = norm1;
    }

    /**
     * {@code A^-1 b} for each row {@code b}.
     *
     * @param rows {@code m x n}, row-major: each row is one right-hand side (so {@code B A^-1} for a matrix {@code B}); not
     *     modified
     * @return {@code m x n}, row-major: each row is one solution
     * @throws IllegalArgumentException if the length is not a multiple of {@code n}
     */
    public double[] solve(double[] rows) {
        if (rows.length % n != 0) {
            throw new IllegalArgumentException("Right-hand sides for a matrix with " + n + " rows need a multiple of "
                    + n + " numbers, not " + rows.length + ".");
        }
        double[] solutions = rows.clone();
        algebra.solve(n, factor, rows.length / n, solutions);
        return solutions;
    }

    /**
     * {@code 1 / (|A|_1 |A^-1|_1)}, between 0 and 1. The native backend estimates {@code |A^-1|_1} as LAPACK's dpocon does
     * (never too large, rarely below a third of it); the Java backend computes it.
     */
    public double reciprocalCondition() {
        return algebra.reciprocalCondition(n, factor, norm1);
    }
}
