package io.github.finitentk.internal.compute;

/**
 * The eigen-decomposition {@code A = sum_k lambda_k v_k v_k^T} of a symmetric matrix.
 *
 * @param n the order
 * @param values {@code lambda_0 <= ... <= lambda_{n-1}}; owned by the caller
 * @param vectors {@code n x n}, row-major; row {@code k} is {@code v_k}, so the matrix is {@code V^T}; owned by the caller
 */
public record SymmetricEigen(int n, double[] values, double[] vectors) {

    /** {@code V^T x}: the coordinates of {@code x} in the eigenbasis, a new array. */
    public double[] coordinates(double[] x) {
        double[] z = new double[n];
        for (int k = 0; k < n; k++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += vectors[k * n + i] * x[i];
            }
            z[k] = sum;
        }
        return z;
    }

    /** {@code V z = sum_k z_k v_k}, a new array. */
    public double[] combine(double[] z) {
        double[] x = new double[n];
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                x[i] += z[k] * vectors[k * n + i];
            }
        }
        return x;
    }
}
