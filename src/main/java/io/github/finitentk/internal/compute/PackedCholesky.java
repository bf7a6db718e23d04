package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;

/**
 * The Cholesky factorisation {@code A + r I = U^T U} of a large symmetric matrix, in the memory of one triangle. Block column i of U, its
 * first {@code (i + 1) EDGE} rows, is a panel, which holds {@code -A} before; each step factors one block row of U and subtracts its products from
 * the rows below, tile by tile on all threads. Every number of U is {@code (a_rj - sum_q u_qr u_qj) / u_rr} summed in the order of q: its bits
 * depend neither on tiles nor on threads or the backend.
 */
public final class PackedCholesky implements AutoCloseable {

    /** Rows and columns of a tile. */
    public static final int EDGE = 256;

    private final int n;
    private final Precision precision;
    private final double ridge;
    private final Engine engine;
    private final List<Panel> panels = new ArrayList<>();
    private double norm1;

    /**
     * @param n rows of A, which is 0 before it is {@link #write written}
     * @param ridge r
     */
    public PackedCholesky(int n, Precision precision, double ridge, Engine engine) {
        this.n = n;
        this.precision = precision;
        this.ridge = ridge;
        this.engine = engine;
        try {
            for (int first = 0; first < n; first += EDGE) {
                int end = Math.min(n, first + EDGE);
                panels.add(engine.panel(precision, end, end - first));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    /** The memory that a matrix with n rows takes. */
    public static double bytes(int n, Precision precision) {
        return precision.bytes() * (0.5 * n * (n + EDGE) + EDGE * EDGE);
    }

    /**
     * Sets the part of a block of A that lies on or below its diagonal. Several threads may write blocks whose rows are in different tiles.
     *
     * @param values {@code rows x columns}, row-major
     * @throws IllegalArgumentException if a number is not finite
     */
    public void write(int row, int rows, int column, int columns, double[] values) {
        int end = row + rows;
        int panel = row / EDGE;
        engine.forEach((end - 1) / EDGE - panel + 1, (task, slot) -> {
            int first = Math.max(row, (panel + task) * EDGE);
            int next = Math.min(end, (panel + task + 1) * EDGE);
            writePanel(first, next, row, column, Math.min(column + columns, next), columns, values);
        });
    }

    // Rows first, ..., end - 1 of A, which belong to one panel, become its columns.
    private void writePanel(int first, int end, int row, int column, int columnEnd, int stride, double[] values) {
        Panel panel = panels.get(first / EDGE);
        int width = end - first;
        double largest = precision == Precision.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        double[] turned = new double[EDGE * width];
        for (int c = column; c < columnEnd; ) {
            int next = Math.min(columnEnd, c + EDGE);
            for (int j = 0; j < width; j++) {
                int from = (first + j - row) * stride - column;
                for (int q = c; q < next; q++) {
                    double a = values[from + q];
                    if (q > first + j) {
                        a = 0; // the other half of a block on the diagonal
                    } else if (!(Math.abs(a) <= largest)) {
                        throw new IllegalArgumentException("The kernel is not finite"
                                + (precision == Precision.F32 ? " in f32" : "") + ": entry (" + (first + j) + ", " + q
                                + ") is " + a + " (counted from 0).");
                    }
                    turned[(q - c) * width + j] = -(q == first + j ? a + ridge : a);
                }
            }
            panel.write(c, next - c, first % EDGE, width, turned);
            c = next;
        }
    }

    /**
     * Replaces A by U.
     *
     * @param progress is told the share of the work that is done
     * @throws NotPositiveDefiniteException if {@code A + r I} is not positive definite within rounding
     */
    public void factor(DoubleConsumer progress) {
        norm1 = norm1();
        int tiles = panels.size();
        for (int step = 0; step < tiles; step++) {
            int k = step;
            int first = k * EDGE;
            Panel diagonal = panels.get(k);
            int width = diagonal.columns();
            int row = diagonal.factorTriangle(first, width);
            if (row < width) {
                throw notPositiveDefinite(first + row, diagonal);
            }
            int rest = tiles - k - 1;
            engine.forEach(
                    rest, (task, slot) -> panels.get(k + 1 + task).solveTriangle(diagonal, first, width, true, first));
            engine.forEach(rest * (rest + 1) / 2, (task, slot) -> {
                int i = (int) ((Math.sqrt(8.0 * task + 1) - 1) / 2);
                int j = k + 1 + task - i * (i + 1) / 2;
                Panel panel = panels.get(k + 1 + i);
                Panel left = panels.get(j);
                panel.addProduct(left, first, true, panel, first, j * EDGE, left.columns(), width);
            });
            double left = (double) rest / tiles;
            progress.accept(1 - left * left * left);
        }
    }

    private NotPositiveDefiniteException notPositiveDefinite(int row, Panel panel) {
        double[] numbers = new double[panel.columns()];
        panel.read(row, 1, numbers);
        double pivot = -numbers[row % EDGE];
        double rounding = precision == Precision.F64 ? 0x1p-52 : 0x1p-23;
        double enough = ridge + 2 * Math.max(n * rounding * norm1, Math.abs(pivot));
        return new NotPositiveDefiniteException(String.format(
                Locale.ROOT,
                "The %d x %d kernel%s is not positive definite in %s: its factorisation ends at row %d (counted from 0) with the"
                        + " pivot %.3g; a ridge of %.1g would do.",
                n,
                n,
                ridge == 0 ? "" : " with the ridge " + ridge,
                precision.label(),
                row,
                pivot,
                enough));
    }

    // |A + r I|_1, summed in an order that does not depend on threads.
    private double norm1() {
        double[][] parts = new double[panels.size()][];
        engine.forEach(parts.length, (i, slot) -> {
            Panel panel = panels.get(i);
            int width = panel.columns();
            double[] sums = new double[panel.rows()];
            double[] row = new double[width];
            for (int r = 0; r < sums.length; r++) {
                panel.read(r, 1, row);
                for (int j = Math.max(0, r - i * EDGE); j < width; j++) {
                    double magnitude = Math.abs(row[j]);
                    sums[r] += magnitude;
                    if (r != i * EDGE + j) {
                        sums[i * EDGE + j] += magnitude;
                    }
                }
            }
            parts[i] = sums;
        });
        double[] sums = new double[n];
        for (double[] part : parts) {
            for (int r = 0; r < part.length; r++) {
                sums[r] += part[r];
            }
        }
        return Arrays.stream(sums).max().orElseThrow();
    }

    /**
     * {@code (A + r I)^-1 B}, after {@link #factor}; in the precision of the factor, for which columns are scaled by powers of two.
     *
     * @param b {@code n x m}, row-major; not modified
     * @param m columns, at least 1
     */
    public double[] solve(double[] b, int m) {
        if (b.length != (long) n * m) {
            throw new IllegalArgumentException(
                    m + " right-hand sides for " + n + " rows are not " + b.length + " numbers.");
        }
        double[] x = new double[b.length];
        double[] scales = scales(b, m);
        try (Panel right = engine.panel(precision, n, m)) {
            for (int i = 0; i < x.length; i++) {
                x[i] = -b[i] / scales[i % m];
            }
            right.write(0, n, x);
            int tiles = panels.size();
            for (int step = 0; step < tiles; step++) {
                int first = step * EDGE;
                Panel panel = panels.get(step);
                int width = panel.columns();
                right.solveTriangle(panel, first, width, true, first);
                engine.forEach(tiles - step - 1, (task, slot) -> {
                    Panel left = panels.get(first / EDGE + 1 + task);
                    right.addProduct(
                            left, first, true, right, first, left.rows() - left.columns(), left.columns(), width);
                });
            }
            right.read(0, n, x);
            for (int i = 0; i < x.length; i++) {
                x[i] = -x[i];
            }
            right.write(0, n, x);
            for (int step = tiles - 1; step >= 0; step--) {
                int first = step * EDGE;
                Panel panel = panels.get(step);
                int width = panel.columns();
                right.solveTriangle(panel, first, width, false, first);
                engine.forEach(
                        step,
                        (j, slot) -> right.addProduct(panel, j * EDGE, false, right, first, j * EDGE, EDGE, width));
            }
            right.read(0, n, x);
        }
        for (int i = 0; i < x.length; i++) {
            x[i] *= scales[i % m];
        }
        return x;
    }

    // The power of two at the largest number of each column.
    private static double[] scales(double[] b, int m) {
        double[] scales = new double[m];
        for (int i = 0; i < b.length; i++) {
            scales[i % m] = Math.max(scales[i % m], Math.abs(b[i]));
        }
        for (int j = 0; j < m; j++) {
            scales[j] = scales[j] == 0 ? 1 : Math.scalb(1.0, Math.getExponent(scales[j]));
        }
        return scales;
    }

    /** {@code 1 / (|A|_1 |A^-1|_1)} of {@code A + r I}, after {@link #factor}: never too small, rarely more than three times too large (Higham 1988). */
    public double reciprocalCondition() {
        double inverse = InverseNorm.estimate(n, v -> solve(v, 1));
        return inverse == 0 || norm1 == 0 ? 0 : 1 / norm1 / inverse;
    }

    @Override
    public void close() {
        panels.forEach(Panel::close);
        panels.clear();
    }
}
