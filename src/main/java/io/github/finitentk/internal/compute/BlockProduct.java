package io.github.finitentk.internal.compute;

import io.github.finitentk.data.KernelSource;
import io.github.finitentk.model.Precision;

/**
 * {@code Y = K V} for several columns at once, from the blocks of a kernel, each read once and forgotten; in f64. A block is worked on in pieces
 * of fixed size on all threads, whose sums are added in the order of the pieces: results depend on the order of blocks, not on threads.
 */
public final class BlockProduct implements AutoCloseable {

    /** Rows of a piece. */
    public static final int ROWS = 256;

    /** Columns of a piece. */
    private static final int COLUMNS = 2048;

    private final int m;
    private final Engine engine;
    private final Panel v;
    private final Panel y;
    // For each thread: the numbers of a piece as they are read, and as they are multiplied.
    private final double[][] numbers;
    private final Panel[] pieces;
    private final Panel partial;

    /**
     * @param rows of K
     * @param columns of K
     * @param v {@code columns x m}, row-major; copied
     */
    public BlockProduct(int rows, int columns, double[] v, int m, Engine engine) {
        this.m = m;
        this.engine = engine;
        this.v = engine.panel(Precision.F64, columns, m);
        this.v.write(0, columns, v);
        y = engine.panel(Precision.F64, rows, m);
        numbers = new double[engine.threads()][];
        pieces = new Panel[engine.threads()];
        int most = (columns + COLUMNS - 1) / COLUMNS + 2;
        partial = engine.panel(Precision.F64, most * ROWS, m);
    }

    /** The memory that it takes. */
    public static double bytes(int rows, int columns, int m, int threads) {
        double pieces = (double) columns / COLUMNS + 3;
        return 8.0 * m * (rows + columns + ROWS * pieces) + 2 * 8.0 * threads * ROWS * COLUMNS;
    }

    /**
     * {@code Y += K V} for a block of K.
     *
     * @param kernel has these entries of K at these places
     */
    public void add(int row, int rows, int column, int columns, KernelSource kernel) {
        int tasks = (rows + ROWS - 1) / ROWS;
        engine.forEach(tasks, (task, slot) -> {
            int first = row + task * ROWS;
            int end = Math.min(row + rows, first + ROWS);
            for (int begin = column; begin < column + columns; begin += COLUMNS) {
                int width = Math.min(COLUMNS, column + columns - begin);
                Panel piece = read(kernel, first, end, begin, begin + width, slot);
                y.addProduct(piece, 0, false, v, begin, first, end - first, width);
            }
        });
    }

    /**
     * The same for a block of the lower triangle of a symmetric K, which stands for its mirror image, too.
     *
     * @param kernel has these entries of K; where the block meets the diagonal the square there is read on both sides
     */
    public void addSymmetric(int row, int rows, int column, int columns, KernelSource kernel) {
        for (int first = row; first < row + rows; first += ROWS) {
            addSymmetricRows(first, Math.min(row + rows, first + ROWS), column, column + columns, kernel);
        }
    }

    private void addSymmetricRows(int first, int end, int column, int columnEnd, KernelSource kernel) {
        int below = Math.min(columnEnd, first);
        int tasks = below <= column ? 0 : (below - column + COLUMNS - 1) / COLUMNS;
        boolean diagonal = columnEnd > first;
        int all = tasks + (diagonal ? 1 : 0);
        partial.write(0, all * ROWS, new double[all * ROWS * m]);
        engine.forEach(all, (task, slot) -> {
            boolean square = task == tasks;
            int begin = square ? Math.max(first, column) : column + task * COLUMNS;
            int stop = square ? Math.min(end, columnEnd) : Math.min(below, begin + COLUMNS);
            Panel piece = read(kernel, first, end, begin, stop, slot);
            partial.addProduct(piece, 0, false, v, begin, task * ROWS, end - first, stop - begin);
            if (!square) {
                y.addProduct(piece, 0, true, v, first, begin, stop - begin, end - first);
            }
        });
        double[] sums = new double[(end - first) * m];
        double[] part = new double[sums.length];
        y.read(first, end - first, sums);
        for (int task = 0; task < all; task++) {
            partial.read(task * ROWS, end - first, part);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += part[i];
            }
        }
        y.write(first, end - first, sums);
    }

    private Panel read(KernelSource kernel, int first, int end, int begin, int stop, int slot) {
        int width = stop - begin;
        if (numbers[slot] == null) {
            numbers[slot] = new double[ROWS * COLUMNS];
            pieces[slot] = engine.panel(Precision.F64, ROWS, COLUMNS);
        }
        kernel.read(first, end, begin, stop, numbers[slot]);
        pieces[slot].write(0, end - first, 0, width, numbers[slot]);
        return pieces[slot];
    }

    /** Y, {@code rows x m}, a new array. */
    public double[] result() {
        double[] result = new double[y.rows() * m];
        y.read(0, y.rows(), result);
        return result;
    }

    @Override
    public void close() {
        v.close();
        y.close();
        partial.close();
        for (Panel piece : pieces) {
            if (piece != null) {
                piece.close();
            }
        }
    }
}
