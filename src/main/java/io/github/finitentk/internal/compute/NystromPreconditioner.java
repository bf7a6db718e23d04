package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Precision;
import java.util.function.DoubleConsumer;

/**
 * The randomised Nystroem approximation of a positive semidefinite A as a preconditioner of {@code A + mu I} (Frangella, Tropp and Udell 2023):
 * with r random test vectors {@code Omega},
 * <pre>
 * A_nys = (A Omega) (Omega^T A Omega)^-1 (A Omega)^T = W Lambda W^T,     M = I - W (I - (lambda_r + mu) (Lambda + mu I)^-1) W^T
 * </pre>
 * M makes the r largest eigenvalues of {@code A + mu I} about {@code lambda_r + mu}, and leaves the others as they are: the smallest
 * eigenvalue of {@code M (A + mu I)} is about that of {@code A + mu I}.
 */
public final class NystromPreconditioner implements LinearOperator, AutoCloseable {

    /** Rows of W that are worked on at a time. */
    private static final int ROWS = 2048;

    /** Test vectors that are multiplied at a time. */
    private static final int AT_ONCE = 64;

    private static final long KEY = NormalStream.key(0x4e797374726f656dL, 0);

    // Of the largest eigenvalue: below, directions are rounding.
    private static final double NEGLIGIBLE = 1e-12;

    private final int n;
    private final int rank;
    private final Engine engine;
    private final Panel w;
    // 1 - (lambda_r + mu) / (lambda_i + mu)
    private final double[] weights;
    private final double largest;

    /**
     * @param a A, n x n
     * @param rank r, between 1 and n
     * @param mu at least 0
     * @param progress is told the share of products that have been made
     * @throws NotPositiveDefiniteException if A is not positive semidefinite, by far
     */
    public NystromPreconditioner(LinearOperator a, int n, int rank, double mu, Engine engine, DoubleConsumer progress) {
        this.n = n;
        this.rank = rank;
        this.engine = engine;
        weights = new double[rank];
        w = engine.panel(Precision.F64, n, rank);
        try (Panel omega = engine.panel(Precision.F64, n, rank);
                Panel square = engine.panel(Precision.F64, rank, rank)) {
            for (int first = 0; first < rank; first += AT_ONCE) {
                sketch(a, first, Math.min(AT_ONCE, rank - first), omega);
                progress.accept(Math.min(1, (first + AT_ONCE) / (double) rank));
            }
            // A_nys = B B^T with B = A Omega U^-1, U^T U = Omega^T A Omega; its eigenvalues are those of B^T B
            double shift = factor(omega, square);
            engine.forEach(chunks(), (chunk, slot) -> whiten(chunk * ROWS, omega, shift, square));
            square.write(0, rank, new double[rank * rank]);
            SymmetricEigen eigen = engine.linearAlgebra().symmetricEigen(rank, products(w, square));
            double[] values = eigen.values();
            largest = Math.max(0, values[rank - 1] - shift);
            double least = Math.max(0, values[0] - shift);
            double[] basis = new double[rank * rank];
            for (int i = 0; i < rank; i++) {
                boolean counts = values[i] > NEGLIGIBLE * values[rank - 1];
                weights[i] = counts ? 1 - (least + mu) / (Math.max(0, values[i] - shift) + mu) : 0;
                for (int q = 0; q < rank; q++) {
                    basis[q * rank + i] = counts ? eigen.vectors()[i * rank + q] / Math.sqrt(values[i]) : 0;
                }
            }
            square.write(0, rank, basis);
            engine.forEach(chunks(), (chunk, slot) -> turn(chunk * ROWS, square));
        } catch (RuntimeException | OutOfMemoryError e) {
            w.close();
            throw e;
        }
    }

    // Columns first, first + 1, ... of Omega, and of A Omega in w.
    private void sketch(LinearOperator a, int first, int count, Panel omega) {
        double[] normals = new double[n * count];
        engine.forEach(count, (j, slot) -> {
            double[] column = new double[n];
            new NormalStream(KEY, first + j, 0, 0).fill(column, 0, n, 0, 1);
            for (int i = 0; i < n; i++) {
                normals[i * count + j] = column[i];
            }
        });
        omega.write(0, n, first, count, normals);
        w.write(0, n, first, count, a.times(normals, count));
    }

    // square += w^T x, in the order of rows
    private double[] products(Panel x, Panel square) {
        for (int first = 0; first < n; first += ROWS) {
            square.addProduct(w, first, true, x, first, 0, rank, Math.min(ROWS, n - first));
        }
        double[] products = new double[rank * rank];
        square.read(0, rank, products);
        return products;
    }

    // U of U^T U = Omega^T (A + shift I) Omega, the shift as small as rounding allows.
    private double factor(Panel omega, Panel square) {
        double[] products = products(omega, square);
        double trace = 0;
        for (int i = 0; i < rank; i++) {
            trace += products[i * rank + i];
        }
        double[] attempt = new double[rank * rank];
        // E Omega^T Omega = n I
        double mean = trace / rank;
        for (double share = Math.sqrt(n) * 0x1p-52; share < 1; share *= 16) {
            for (int i = 0; i < rank; i++) {
                for (int j = 0; j < rank; j++) {
                    attempt[i * rank + j] = -(products[i * rank + j] + products[j * rank + i]) / 2;
                }
                attempt[i * rank + i] -= share * mean;
            }
            square.write(0, rank, attempt);
            if (square.factorTriangle(0, rank) == rank) {
                return share * mean / n;
            }
        }
        throw new NotPositiveDefiniteException(
                "The " + n + " x " + n + " kernel is not positive semidefinite: neither are its" + " products with "
                        + rank + " random vectors.");
    }

    // Rows first, first + 1, ... of B: the solution of U^T B^T = (A Omega + shift Omega)^T.
    private void whiten(int first, Panel omega, double shift, Panel root) {
        int count = Math.min(ROWS, n - first);
        double[] rows = new double[count * rank];
        double[] tests = new double[count * rank];
        w.read(first, count, rows);
        omega.read(first, count, tests);
        double[] columns = new double[count * rank];
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < rank; i++) {
                columns[i * count + s] = -(rows[s * rank + i] + shift * tests[s * rank + i]);
            }
        }
        try (Panel right = engine.panel(Precision.F64, rank, count)) {
            right.write(0, rank, columns);
            right.solveTriangle(root, 0, rank, true, 0);
            right.read(0, rank, columns);
        }
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < rank; i++) {
                rows[s * rank + i] = columns[i * count + s];
            }
        }
        w.write(first, count, rows);
    }

    private int chunks() {
        return (n + ROWS - 1) / ROWS;
    }

    /** The memory that it takes, with what it is made from. */
    public static double bytes(int n, int rank, int threads) {
        return 8.0 * rank * (2.0 * n + 6.0 * rank + 4.0 * threads * ROWS) + 8.0 * n * 5 * AT_ONCE;
    }

    private void turn(int first, Panel basis) {
        int count = Math.min(ROWS, n - first);
        double[] numbers = new double[count * rank];
        try (Panel result = engine.panel(Precision.F64, count, rank)) {
            result.addProduct(w, first, false, basis, 0, 0, count, rank);
            result.read(0, count, numbers);
        }
        w.write(first, count, numbers);
    }

    /** {@code lambda_1}, an estimate from below of the largest eigenvalue of A. */
    public double largest() {
        return largest;
    }

    /** {@code M v}. */
    @Override
    public double[] times(double[] v, int m) {
        double[] result = new double[n * m];
        try (Panel right = engine.panel(Precision.F64, n, m);
                Panel partial = engine.panel(Precision.F64, chunks() * rank, m);
                Panel inner = engine.panel(Precision.F64, rank, m)) {
            right.write(0, n, v);
            engine.forEach(
                    chunks(),
                    (chunk, slot) -> partial.addProduct(
                            w,
                            chunk * ROWS,
                            true,
                            right,
                            chunk * ROWS,
                            chunk * rank,
                            rank,
                            Math.min(ROWS, n - chunk * ROWS)));
            double[] sums = new double[rank * m];
            double[] part = new double[rank * m];
            for (int chunk = 0; chunk < chunks(); chunk++) {
                partial.read(chunk * rank, rank, part);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] -= weights[i / m] * part[i];
                }
            }
            inner.write(0, rank, sums);
            engine.forEach(
                    chunks(),
                    (chunk, slot) -> right.addProduct(
                            w, chunk * ROWS, false, inner, 0, chunk * ROWS, Math.min(ROWS, n - chunk * ROWS), rank));
            right.read(0, n, result);
        }
        return result;
    }

    @Override
    public void close() {
        w.close();
    }
}
