package io.github.finitentk.meanfield;

/**
 * The second moments {@code qhat^0} of a rectangle of at most {@link #ROWS} x {@link #COLUMNS} pairs of inputs. Confined to one
 * thread; a pair's numbers depend neither on the tile nor on the order of its inputs.
 */
final class InputTile {

    static final int ROWS = 64;
    /** All buffers of one row of a tile stay in the first-level cache. */
    static final int COLUMNS = 256;

    /** Correlations beyond this in size get their gap from direct differences of the inputs. */
    private static final double NEAR = 0.75;

    final KernelProblem problem;
    private int row;
    private int rows;
    private int column;
    private int columns;

    private final double[] rowInputs;
    private final double[] columnInputs;
    /** Coordinate i of column k at {@code i COLUMNS + k}. */
    private final double[] transposed;
    /** {@code x_s . x_r}, {@code ROWS x COLUMNS}. */
    private final double[] products = new double[ROWS * COLUMNS];

    InputTile(KernelProblem problem) {
        this.problem = problem;
        rowInputs = new double[ROWS * problem.dimension];
        columnInputs = new double[COLUMNS * problem.dimension];
        transposed = new double[COLUMNS * problem.dimension];
    }

    int row() {
        return row;
    }

    int rows() {
        return rows;
    }

    int column() {
        return column;
    }

    int columns() {
        return columns;
    }

    /** Moves to another rectangle. */
    void load(int row, int rows, int column, int columns) {
        int n = problem.dimension;
        this.row = row;
        this.rows = rows;
        for (int s = 0; s < rows; s++) {
            problem.copy(row + s, rowInputs, s * n);
        }
        this.column = column;
        this.columns = columns;
        for (int r = 0; r < columns; r++) {
            problem.copy(column + r, columnInputs, r * n);
            for (int i = 0; i < n; i++) {
                transposed[i * COLUMNS + r] = columnInputs[r * n + i];
            }
        }
        for (int s = 0; s < rows; s++) {
            multiply(s);
        }
    }

    private void multiply(int s) {
        int n = problem.dimension;
        int target = s * COLUMNS;
        java.util.Arrays.fill(products, target, target + columns, 0);
        int i = 0;
        for (; i + 3 < n; i += 4) {
            double x0 = rowInputs[s * n + i];
            double x1 = rowInputs[s * n + i + 1];
            double x2 = rowInputs[s * n + i + 2];
            double x3 = rowInputs[s * n + i + 3];
            add(products, target, transposed, i * COLUMNS, x0, x1, x2, x3, columns);
        }
        for (; i < n; i++) {
            double x = rowInputs[s * n + i];
            for (int k = 0; k < columns; k++) {
                products[target + k] += x * transposed[i * COLUMNS + k];
            }
        }
    }

    /** Four input dimensions at once, so that the sums are loaded and stored a quarter as often. */
    private static void add(
            double[] sum, int target, double[] t, int offset, double x0, double x1, double x2, double x3, int count) {
        int offset1 = offset + COLUMNS;
        int offset2 = offset1 + COLUMNS;
        int offset3 = offset2 + COLUMNS;
        for (int k = 0; k < count; k++) {
            sum[target + k] += (x0 * t[offset + k] + x1 * t[offset1 + k]) + (x2 * t[offset2 + k] + x3 * t[offset3 + k]);
        }
    }

    /**
     * The second moments of input s, a row of the tile, with its columns from {@code from} on, at index 0, 1, ...
     *
     * @param qsr on return {@code qhat_sr^0}
     * @param gap on return the gaps
     * @param antiGap on return the anti-gaps
     * @param difference on return {@code qhat_ss^0 - qhat_rr^0}
     */
    void covariances(int s, int from, double[] qsr, double[] gap, double[] antiGap, double[] difference) {
        int n = problem.dimension;
        int count = column + columns - from;
        System.arraycopy(products, (s - row) * COLUMNS + from - column, qsr, 0, count);
        double[] norm2 = problem.norm2;
        double rootS = Math.sqrt(norm2[s]);
        for (int k = 0; k < count; k++) {
            int r = from + k;
            double scale = rootS * Math.sqrt(norm2[r]);
            if (Math.abs(qsr[k]) > NEAR * scale) {
                int ofS = (s - row) * n;
                int ofR = (r - column) * n;
                Covariance direct = s < r
                        ? Covariance.ofInputs(rowInputs, ofS, columnInputs, ofR, n)
                        : Covariance.ofInputs(columnInputs, ofR, rowInputs, ofS, n);
                qsr[k] = direct.qsr();
                gap[k] = direct.gap();
                antiGap[k] = direct.antiGap();
                difference[k] = s < r ? direct.difference() : -direct.difference();
            } else {
                gap[k] = (scale - qsr[k]) / n;
                antiGap[k] = (scale + qsr[k]) / n;
                qsr[k] /= n;
                difference[k] = (norm2[s] - norm2[r]) / n;
            }
        }
    }
}
