package io.github.finitentk.meanfield;

/**
 * A rectangle of the kernels of a {@link KernelProblem}: rows {@code row, ..., row + rows - 1}, columns likewise, dense and
 * row-major. Entries of which both mirror images lie inside are filled where {@code r >= s} and mirrored in the end.
 */
final class KernelBlock {

    final KernelProblem problem;
    final int row;
    final int rows;
    final int column;
    final int columns;
    final double[] nngp;
    final double[] ntk;
    /** The part of the NTK that the weights make; null if it is not asked for. */
    final double[] weights;

    /** @param weights null if that part is not asked for */
    KernelBlock(
            KernelProblem problem,
            int row,
            int rows,
            int column,
            int columns,
            double[] nngp,
            double[] ntk,
            double[] weights) {
        this.problem = problem;
        this.row = row;
        this.rows = rows;
        this.column = column;
        this.columns = columns;
        this.nngp = nngp;
        this.ntk = ntk;
        this.weights = weights;
    }

    /** The kernels of all inputs with all, in new arrays. */
    static KernelBlock whole(KernelProblem problem) {
        int n = problem.samples;
        return new KernelBlock(problem, 0, n, 0, n, new double[n * n], new double[n * n], new double[n * n]);
    }

    /** The number of entries; the arrays may be longer. */
    int size() {
        return rows * columns;
    }

    int index(int s, int r) {
        return (s - row) * columns + r - column;
    }

    /** Whether the entry is filled by {@link #mirror}. */
    boolean mirrored(int s, int r) {
        return r < s && r >= Math.max(row, column) && s < column + columns;
    }

    /** Where to begin in row s at a run of columns from {@code from} on: after those that are mirrored. */
    int firstColumn(int s, int from) {
        return mirrored(s, from) ? s : from;
    }

    /**
     * Stores the kernels of a pair that a fast recursion found, or, where it left the range of a double, those of the careful one.
     */
    void put(int s, int r, double covariance, double weightPart, double biasPart) {
        double theta = biasPart + weightPart;
        if (r == s || !Double.isFinite(covariance + theta)) {
            carefully(s, r);
            return;
        }
        int index = index(s, r);
        nngp[index] = covariance;
        ntk[index] = theta;
        if (weights != null) {
            weights[index] = weightPart;
        }
    }

    /** Stores the kernels of a pair, or of an input with itself, by the recursion that is always right. */
    void carefully(int s, int r) {
        KernelProblem.Entry entry = r == s ? problem.diagonal(s) : problem.carefully(s, r);
        int index = index(s, r);
        nngp[index] = entry.nngp();
        ntk[index] = entry.ntk();
        if (weights != null) {
            weights[index] = entry.weights();
        }
    }

    /** Copies entries with {@code r > s} to their mirror images, as far as both lie inside. */
    void mirror() {
        mirror(nngp);
        mirror(ntk);
        if (weights != null) {
            mirror(weights);
        }
    }

    private void mirror(double[] matrix) {
        int tile = 32;
        int from = Math.max(row, column);
        int to = Math.min(row + rows, column + columns);
        for (int i0 = from; i0 < to; i0 += tile) {
            for (int j0 = i0; j0 < to; j0 += tile) {
                for (int i = i0; i < Math.min(to, i0 + tile); i++) {
                    for (int j = Math.max(i + 1, j0); j < Math.min(to, j0 + tile); j++) {
                        matrix[index(j, i)] = matrix[index(i, j)];
                    }
                }
            }
        }
    }

    /** @throws ArithmeticException if an entry exceeds the range of a double */
    void requireRange() {
        for (int i = 0; i < size(); i++) {
            if (Double.isInfinite(ntk[i]) || Double.isInfinite(nngp[i])) {
                throw MeanField.tooLarge("Entry (" + (row + i / columns) + ", "
                        + (column - problem.firstColumn + i % columns) + ") of the infinite-width kernels");
            }
        }
    }
}
