package io.github.finitentk.internal.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The Lanczos method with full reorthogonalisation for a symmetric operator of order n: {@code A V_m = V_m T_m + beta_m v_{m+1} e_m^T} with
 * orthonormal {@code V_m} and tridiagonal {@code T_m}, one product with A a step. Where the Krylov space ends before n, it goes on from
 * another vector, orthogonal to all so far.
 */
public final class Lanczos {

    /** Below this share of the largest number in T, beta is rounding: the Krylov space has ended. */
    private static final double EXHAUSTED = 1e-13;

    private final int order;
    private final UnaryOperator<double[]> operator;
    private final IntFunction<double[]> fresh;
    private final LinearAlgebra algebra;
    private final List<double[]> deflated;
    private final List<double[]> basis = new ArrayList<>();
    private final List<Double> diagonal = new ArrayList<>();
    private final List<Double> beside = new ArrayList<>();
    private double[] next;
    private double scale;
    private int started;

    /**
     * @param operator gives {@code A v} for {@code v} of n numbers, which it does not keep
     * @param deflated orthonormal vectors that the basis is kept orthogonal to: A acts on the rest
     * @param fresh the start vector (0), and those that it goes on from
     */
    public Lanczos(
            int order,
            UnaryOperator<double[]> operator,
            List<double[]> deflated,
            IntFunction<double[]> fresh,
            LinearAlgebra algebra) {
        this.order = order;
        this.operator = operator;
        this.deflated = List.copyOf(deflated);
        this.fresh = fresh;
        this.algebra = algebra;
        next = start();
    }

    // Null where the basis and what is deflated span everything.
    private double[] start() {
        while (basis.size() + deflated.size() < order) {
            double[] v = fresh.apply(started++).clone();
            double before = norm(v);
            orthogonalize(v);
            double norm = norm(v);
            if (norm > EXHAUSTED * before) {
                scale(v, 1 / norm);
                return v;
            }
        }
        return null;
    }

    /** One step; false, and none, if the basis spans everything. */
    public boolean step() {
        if (next == null) {
            return false;
        }
        double[] v = next;
        basis.add(v);
        double[] w = operator.apply(v).clone();
        diagonal.add(dot(w, v));
        orthogonalize(w);
        double beta = norm(w);
        scale = Math.max(scale, Math.max(Math.abs(diagonal.get(diagonal.size() - 1)), beta));
        if (beta > EXHAUSTED * scale) {
            scale(w, 1 / beta);
            next = w;
        } else {
            beta = 0;
            next = start();
        }
        beside.add(beta);
        return true;
    }

    // Twice is enough.
    private void orthogonalize(double[] w) {
        for (int pass = 0; pass < 2; pass++) {
            for (double[] v : deflated) {
                add(w, -dot(w, v), v);
            }
            for (double[] v : basis) {
                add(w, -dot(w, v), v);
            }
        }
    }

    /** m, the number of steps taken. */
    public int steps() {
        return basis.size();
    }

    /**
     * The eigenvalues of T, descending, with what is known of them.
     *
     * @param values {@code theta_i}: there is an eigenvalue of A within {@code residuals[i]}
     * @param residuals {@code |A u_i - theta_i u_i| = beta_m |s_mi|}
     * @param weights {@code s_1i^2}: the measure of the start vector, {@code v^T f(A) v = sum_i weights[i] f(theta_i)} for polynomials of degree below
     *     2m
     * @param vectors row i is {@code s_i}, the coordinates of {@code u_i} in the basis
     */
    public record Ritz(double[] values, double[] residuals, double[] weights, double[][] vectors) {}

    /** The eigenvalues of {@code T_m}, m at least 1. */
    public Ritz ritz() {
        int m = steps();
        double[] matrix = new double[m * m];
        for (int i = 0; i < m; i++) {
            matrix[i * m + i] = diagonal.get(i);
            if (i + 1 < m) {
                matrix[(i + 1) * m + i] = beside.get(i);
                matrix[i * m + i + 1] = beside.get(i);
            }
        }
        SymmetricEigen eigen = algebra.symmetricEigen(m, matrix);
        double[] values = new double[m];
        double[] residuals = new double[m];
        double[] weights = new double[m];
        double[][] vectors = new double[m][];
        for (int i = 0; i < m; i++) {
            int row = m - 1 - i;
            values[i] = eigen.values()[row];
            vectors[i] = Arrays.copyOfRange(eigen.vectors(), row * m, (row + 1) * m);
            residuals[i] = beside.get(m - 1) * Math.abs(vectors[i][m - 1]);
            weights[i] = vectors[i][0] * vectors[i][0];
        }
        return new Ritz(values, residuals, weights, vectors);
    }

    /** {@code u = V s}, normalised. */
    public double[] vector(double[] coordinates) {
        double[] u = new double[order];
        for (int k = 0; k < coordinates.length; k++) {
            add(u, coordinates[k], basis.get(k));
        }
        scale(u, 1 / norm(u));
        return u;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double norm(double[] x) {
        return Math.sqrt(dot(x, x));
    }

    private static void add(double[] y, double a, double[] x) {
        for (int i = 0; i < y.length; i++) {
            y[i] += a * x[i];
        }
    }

    private static void scale(double[] x, double a) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= a;
        }
    }
}
