package io.github.finitentk.meanfield;

import java.util.Arrays;

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
    private int column = -1;
    private int columns;

    private final double[] rowInputs;
    private final double[] columnInputs;
    /** Coordinate i of column k. Rows of their own, since loops over arrays at one common index become vector instructions. */
    private final double[][] transposed;
    /** {@code x_s . x_r}, {@code ROWS x COLUMNS}. */
    private final double[][] products = new double[ROWS][COLUMNS];

    /** The memory of one, with what recursions keep for each of its pairs. */
    static double bytes(int dimension) {
        return 8.0 * (dimension * (ROWS + 2.0 * COLUMNS) + 5.0 * ROWS * COLUMNS);
    }

    InputTile(KernelProblem problem) {
        this.problem = problem;
        rowInputs = new double[ROWS * problem.dimension];
        columnInputs = new double[COLUMNS * problem.dimension];
        transposed = new double[problem.dimension][COLUMNS];
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

    /** Moves to another rectangle; the same columns again cost nothing. */
    void load(int row, int rows, int column, int columns) {
        int n = problem.dimension;
        this.row = row;
        this.rows = rows;
        for (int s = 0; s < rows; s++) {
            problem.copy(row + s, rowInputs, s * n);
        }
        if (this.column != column || this.columns != columns) {
            this.column = column;
            this.columns = columns;
            for (int r = 0; r < columns; r++) {
                problem.copy(column + r, columnInputs, r * n);
                for (int i = 0; i < n; i++) {
                    transposed[i][r] = columnInputs[r * n + i];
                }
            }
        }
        multiply();
    }

    // Coordinates are the outer loop: four of the columns' stay in the first-level cache while all rows pass by.
    private void multiply() {
        int n = problem.dimension;
        for (int s = 0; s < rows; s++) {
            Arrays.fill(products[s], 0, columns, 0);
        }
        int i = 0;
        for (; i + 3 < n; i += 4) {
            for (int s = 0; s < rows; s++) {
                add(
                        products[s],
                        rowInputs,
                        s * n + i,
                        transposed[i],
                        transposed[i + 1],
                        transposed[i + 2],
                        transposed[i + 3],
                        columns);
            }
        }
        for (; i < n; i++) {
            for (int s = 0; s < rows; s++) {
                add(products[s], rowInputs[s * n + i], transposed[i], columns);
            }
        }
    }

    private static void add(double[] sum, double x, double[] t, int count) {
        for (int k = 0; k < count; k++) {
            sum[k] += x * t[k];
        }
    }

    /** Four coordinates at once, so that the sums are loaded and stored a quarter as often. */
    private static void add(
            double[] sum, double[] x, int at, double[] t0, double[] t1, double[] t2, double[] t3, int count) {
        double x0 = x[at];
        double x1 = x[at + 1];
        double x2 = x[at + 2];
        double x3 = x[at + 3];
        for (int k = 0; k < count; k++) {
            sum[k] += (x0 * t0[k] + x1 * t1[k]) + (x2 * t2[k] + x3 * t3[k]);
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
        System.arraycopy(products[s - row], from - column, qsr, 0, count);
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
