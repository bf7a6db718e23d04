package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Precision;
import java.util.Objects;

/**
 * A row-major matrix in a backend's memory, of which large solvers are made. Sums are {@code fma} in the order given here, in the
 * panel's precision, the same bits on both backends. Several threads may work on one panel as long as the rows that they write are
 * apart from all that others touch. {@link #close} may come from any of them, at any time: it frees the memory once nobody works on it, and
 * whoever comes later gets an {@link IllegalStateException}.
 */
public abstract class Panel implements AutoCloseable {

    private final Precision precision;
    private final int rows;
    private final int columns;
    private final InUse inUse;

    protected Panel(Precision precision, int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "A panel has at least 1 row and 1 column, not " + rows + " x " + columns + ".");
        }
        this.precision = Objects.requireNonNull(precision);
        this.rows = rows;
        this.columns = columns;
        inUse = new InUse(this, "This panel has been closed.", this::release);
    }

    public final Precision precision() {
        return precision;
    }

    public final int rows() {
        return rows;
    }

    public final int columns() {
        return columns;
    }

    /** Sets {@code count} whole rows from {@code first} on, rounding if need be; values beyond them are not used. */
    public final void write(int first, int count, double[] values) {
        requireRows(this, first, count);
        requireNumbers(values, count, columns);
        using(() -> writeBlock(first, count, 0, columns, values), this);
    }

    /**
     * Sets a block, rounding if need be.
     *
     * @param values {@code count x width}, row-major; those beyond are not used
     */
    public final void write(int first, int count, int column, int width, double[] values) {
        requireRows(this, first, count);
        Objects.checkFromIndexSize(column, width, columns);
        requireNumbers(values, count, width);
        using(() -> writeBlock(first, count, column, width, values), this);
    }

    /** Reads {@code count} whole rows from {@code first} on. */
    public final void read(int first, int count, double[] target) {
        requireRows(this, first, count);
        requireNumbers(target, count, columns);
        using(() -> readRows(first, count, target), this);
    }

    /**
     * Rows {@code first, ..., first + m - 1} of this {@code += A B} or {@code += A^T B}, in the order of {@code k = 0, 1, ...}.
     *
     * @param a rows from {@code firstA} on: m of them with their first k columns, or, transposed, k of them with their first m
     * @param b k rows from {@code firstB} on; as many columns as this. May share panels with this, but no rows
     */
    public final void addProduct(
            Panel a, int firstA, boolean transposed, Panel b, int firstB, int first, int m, int k) {
        requireAlike(a);
        requireAlike(b);
        requireRows(a, firstA, transposed ? k : m);
        Objects.checkFromIndexSize(0, transposed ? m : k, a.columns);
        requireRows(b, firstB, k);
        requireRows(this, first, m);
        if (b.columns != columns) {
            throw new IllegalArgumentException(
                    "Panels of " + b.columns + " and " + columns + " columns cannot be added.");
        }
        using(() -> add(a, firstA, transposed, b, firstB, first, m, k), this, a, b);
    }

    /**
     * In the first n columns of rows {@code first, ..., first + n - 1}, replaces the upper triangle of {@code -A} by U,
     * {@code A = U^T U}: {@code u_rr = sqrt(a_rr - sum_q u_qr^2)}, {@code u_rj = (a_rj - sum_q u_qr u_qj) / u_rr}, {@code q = 0, 1, ... r - 1}.
     * What is below the diagonal afterwards is not defined.
     *
     * @return n, or the first row whose pivot {@code u_rr^2} is not a positive number; on its diagonal is minus that pivot then
     */
    public final int factorTriangle(int first, int n) {
        requireRows(this, first, n);
        Objects.checkFromIndexSize(0, n, columns);
        int[] row = new int[1];
        using(() -> row[0] = factor(first, n), this);
        return row[0];
    }

    /**
     * Replaces n rows {@code -b} from {@code first} on by the solution of {@code U x = b}, {@code x_r = (b_r - sum_q u_rq x_q) / u_rr},
     * {@code q = r + 1, ..., n - 1}; or, transposed, of {@code U^T x = b}, {@code q = 0, 1, ..., r - 1}.
     *
     * @param u a triangle from row {@code firstU} on, as {@link #factorTriangle} leaves it
     */
    public final void solveTriangle(Panel u, int firstU, int n, boolean transposed, int first) {
        requireAlike(u);
        requireRows(u, firstU, n);
        Objects.checkFromIndexSize(0, n, u.columns);
        requireRows(this, first, n);
        using(() -> solve(u, firstU, n, transposed, first), this, u);
    }

    protected abstract void writeBlock(int first, int count, int column, int width, double[] values);

    protected abstract void readRows(int first, int count, double[] target);

    protected abstract void add(Panel a, int firstA, boolean transposed, Panel b, int firstB, int first, int m, int k);

    protected abstract int factor(int first, int n);

    protected abstract void solve(Panel u, int firstU, int n, boolean transposed, int first);

    private void requireAlike(Panel other) {
        if (other.precision != precision || other.getClass() != getClass()) {
            throw new IllegalArgumentException("Panels of two backends or precisions do not work together.");
        }
    }

    private static void requireRows(Panel panel, int first, int count) {
        Objects.checkFromIndexSize(first, count, panel.rows);
    }

    private static void requireNumbers(double[] values, int rows, int columns) {
        if (values.length < (long) rows * columns) {
            throw new IllegalArgumentException(
                    rows + " x " + columns + " numbers do not fit an array of " + values.length + ".");
        }
    }

    private static void using(Runnable body, Panel... panels) {
        int entered = 0;
        try {
            for (Panel panel : panels) {
                panel.inUse.enter();
                entered++;
            }
            body.run();
        } finally {
            while (entered > 0) {
                panels[--entered].inUse.leave();
            }
        }
    }

    /** Frees the memory; called once, when nobody works on it. */
    protected abstract void release();

    @Override
    public final void close() {
        inUse.close();
    }
}
