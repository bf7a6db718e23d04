package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.Panel;
import io.github.finitentk.model.Precision;
import java.util.Arrays;

/**
 * A panel as an array of rows; the twin of {@code panels.cpp}. Sums are kept with the opposite sign there and here.
 *
 * @param <R> the type of one row
 */
final class PureJavaPanel<R> extends Panel {

    // Rows of A^T that are made at a time.
    private static final int ROWS_AT_ONCE = 256;

    private final Rows<R> loops;
    private R[] matrix;

    private PureJavaPanel(Precision precision, int rows, int columns, Rows<R> loops) {
        super(precision, rows, columns);
        this.loops = loops;
        matrix = loops.matrix(rows, columns);
    }

    static Panel of(Precision precision, int rows, int columns) {
        return switch (precision) {
            case F32 -> new PureJavaPanel<>(precision, rows, columns, new FloatRows());
            case F64 -> new PureJavaPanel<>(precision, rows, columns, new DoubleRows());
        };
    }

    @SuppressWarnings("unchecked")
    private static <R> PureJavaPanel<R> same(Panel other) {
        return (PureJavaPanel<R>) other;
    }

    @Override
    protected void writeBlock(int first, int count, int column, int width, double[] values) {
        if (column == 0) {
            for (int r = 0; r < count; r++) {
                loops.read(values, r * width, matrix[first + r], width);
            }
            return;
        }
        for (int r = 0; r < count; r++) {
            for (int j = 0; j < width; j++) {
                loops.set(matrix[first + r], column + j, values[r * width + j]);
            }
        }
    }

    @Override
    protected void readRows(int first, int count, double[] target) {
        for (int r = 0; r < count; r++) {
            loops.write(matrix[first + r], target, r * columns(), columns());
        }
    }

    @Override
    protected void add(Panel a, int firstA, boolean transposed, Panel b, int firstB, int first, int m, int k) {
        R[] left = PureJavaPanel.<R>same(a).matrix;
        R[] right = Arrays.copyOfRange(PureJavaPanel.<R>same(b).matrix, firstB, firstB + k);
        if (!transposed) {
            loops.multiplyAdd(left, firstA, firstA + m, right, k, matrix, first, columns());
            return;
        }
        int atOnce = Math.min(m, ROWS_AT_ONCE);
        R[] columns = loops.matrix(atOnce, k);
        for (int i = 0; i < m; i += atOnce) {
            int rows = Math.min(atOnce, m - i);
            for (int q = 0; q < k; q++) {
                for (int r = 0; r < rows; r++) {
                    loops.set(columns[r], q, loops.get(left[firstA + q], i + r));
                }
            }
            loops.multiplyAdd(columns, 0, rows, right, k, matrix, first + i, columns());
        }
    }

    @Override
    protected int factor(int first, int n) {
        R[] u = Arrays.copyOfRange(matrix, first, first + n);
        for (int r = 0; r < n; r++) {
            addRowsAbove(u, r, u, n);
            double pivot = -loops.get(u[r], r);
            if (!(pivot > 0) || Double.isInfinite(pivot)) {
                return r;
            }
            loops.set(u[r], r, Math.sqrt(pivot)); // rounded once more to single precision: as sqrt there rounds
            loops.divide(u[r], r + 1, n, -loops.get(u[r], r));
        }
        return n;
    }

    @Override
    protected void solve(Panel triangle, int firstU, int n, boolean transposed, int first) {
        R[] u = Arrays.copyOfRange(PureJavaPanel.<R>same(triangle).matrix, firstU, firstU + n);
        R[] x = Arrays.copyOfRange(matrix, first, first + n);
        for (int step = 0; step < n; step++) {
            int r = transposed ? step : n - 1 - step;
            if (transposed) {
                addRowsAbove(u, r, x, columns());
            } else {
                addRowsBelow(u, r, x);
            }
            loops.divide(x[r], 0, columns(), -loops.get(u[r], r));
        }
    }

    // x_r += sum_q u_qr x_q, q < r
    private void addRowsAbove(R[] u, int r, R[] x, int columns) {
        R[] factors = loops.matrix(1, r);
        for (int q = 0; q < r; q++) {
            loops.set(factors[0], q, loops.get(u[q], r));
        }
        loops.multiplyAdd(factors, 0, 1, x, r, x, r, columns);
    }

    // x_r += sum_q u_rq x_q, q > r
    private void addRowsBelow(R[] u, int r, R[] x) {
        int count = x.length - r - 1;
        R[] factors = loops.matrix(1, count);
        for (int q = 0; q < count; q++) {
            loops.set(factors[0], q, loops.get(u[r], r + 1 + q));
        }
        loops.multiplyAdd(factors, 0, 1, Arrays.copyOfRange(x, r + 1, x.length), count, x, r, columns());
    }

    @Override
    protected void release() {
        matrix = null;
    }
}
