package io.github.finitentk.meanfield;

/**
 * Pair recursion for smooth activations by Mehler's series, over flat runs of pairs in a form that compilers vectorise.
 *
 * <p>State of a pair: {@code q_sr}. With the Hermite coefficients of both inputs ({@link HermiteCell}), {@code p_k = a_k(qs) a_k(qr)}
 * and {@code w = c^2}, Horner's scheme gives both integrals at once:
 * <pre>
 * E(w) = sum_m p_{2m} w^m,    O(w) = sum_m p_{2m+1} w^m
 * E2[phi phi] = E + c O,      sqrt(qs qr) E2[phi' phi'] = 2 c E' + O + 2 w O'
 * </pre>
 * Pairs whose correlation is within 1e-2 of 1 or -1 in the first layer take the careful path instead: their gap would drown in the
 * rounding of q_sr. The number of terms is that of all inputs of the problem, so that a pair's numbers don't depend on the tile.
 */
final class SeriesTiles implements PairRecursion.Tiles {

    private static final double NEAR = 1e-2;

    private final KernelProblem problem;
    private final HermiteSeries series;
    // Loops over arrays at one common index, that of the column, are those that become vector instructions.
    /** State of the pairs of a tile. */
    private final double[][] qsr = new double[InputTile.ROWS][InputTile.COLUMNS];

    private final double[][] weights = new double[InputTile.ROWS][InputTile.COLUMNS];
    private final double[][] biases = new double[InputTile.ROWS][InputTile.COLUMNS];
    private final boolean[][] careful = new boolean[InputTile.ROWS][InputTile.COLUMNS];

    /** Coefficient m of column k. */
    private final double[][] evenColumns;

    private final double[][] oddColumns;
    private final double[] scratch = new double[HermiteCell.NODES];
    private final double[] moment = new double[InputTile.COLUMNS];
    private final double[] gap = new double[InputTile.COLUMNS];
    private final double[] antiGap = new double[InputTile.COLUMNS];
    private final double[] difference = new double[InputTile.COLUMNS];
    private final double[] inverse = new double[InputTile.COLUMNS];
    private final double[] c = new double[InputTile.COLUMNS];
    private final double[] w = new double[InputTile.COLUMNS];
    private final double[] even = new double[InputTile.COLUMNS];
    private final double[] evenSlope = new double[InputTile.COLUMNS];
    private final double[] odd = new double[InputTile.COLUMNS];
    private final double[] oddSlope = new double[InputTile.COLUMNS];

    SeriesTiles(KernelProblem problem, HermiteSeries series) {
        this.problem = problem;
        this.series = series;
        int mostEven = 0;
        int mostOdd = 0;
        for (int l = 0; l < problem.depth - 1; l++) {
            mostEven = Math.max(mostEven, series.evenTerms()[l]);
            mostOdd = Math.max(mostOdd, series.oddTerms()[l]);
        }
        evenColumns = new double[mostEven][InputTile.COLUMNS];
        oddColumns = new double[mostOdd][InputTile.COLUMNS];
    }

    @Override
    public void fill(InputTile tile, KernelBlock block) {
        PairRecursion.forEachRow(block, tile, (s, from) -> start(s, from, tile));
        for (int l = 1; l < problem.depth; l++) {
            layer(l, tile, block);
        }
        PairRecursion.forEachRow(block, tile, (s, from) -> {
            int i = s - tile.row();
            for (int r = from; r < tile.column() + tile.columns(); r++) {
                int k = r - tile.column();
                if (careful[i][k]) {
                    block.carefully(s, r);
                } else {
                    block.put(s, r, qsr[i][k], weights[i][k], biases[i][k]);
                }
            }
        });
    }

    private void start(int s, int from, InputTile tile) {
        tile.covariances(s, from, moment, gap, antiGap, difference);
        int i = s - tile.row();
        int first = from - tile.column();
        for (int k = first; k < tile.columns(); k++) {
            int j = k - first;
            int r = tile.column() + k;
            boolean near = Math.min(gap[j], antiGap[j]) <= NEAR * (gap[j] + antiGap[j]);
            boolean zero = problem.q[0][s] == 0 || problem.q[0][r] == 0;
            careful[i][k] = near || zero || problem.extreme(s) || problem.extreme(r);
            qsr[i][k] = problem.sigmaW2 * moment[j] + problem.sigmaB2;
            weights[i][k] = problem.weightFactor[0] * moment[j];
            biases[i][k] = problem.biasFactor;
        }
    }

    private void layer(int l, InputTile tile, KernelBlock block) {
        double[] evenOfOne = new double[series.evenTerms()[l - 1]];
        double[] oddOfOne = new double[series.oddTerms()[l - 1]];
        for (int k = 0; k < tile.columns(); k++) {
            coefficients(l, tile.column() + k, evenOfOne, oddOfOne);
            for (int m = 0; m < evenOfOne.length; m++) {
                evenColumns[m][k] = evenOfOne[m];
            }
            for (int m = 0; m < oddOfOne.length; m++) {
                oddColumns[m][k] = oddOfOne[m];
            }
        }
        double[] inverses = series.inverses()[l - 1];
        System.arraycopy(inverses, tile.column(), inverse, 0, tile.columns());
        PairRecursion.forEachRow(block, tile, (s, from) -> {
            coefficients(l, s, evenOfOne, oddOfOne);
            int i = s - tile.row();
            int first = from - tile.column();
            int end = tile.columns();
            correlations(qsr[i], inverse, inverses[s], c, w, first, end);
            series(evenOfOne, evenColumns, w, even, evenSlope, first, end);
            series(oddOfOne, oddColumns, w, odd, oddSlope, first, end);
            double[] factors = {problem.sigmaW2, problem.sigmaB2, problem.weightFactor[l], problem.biasFactor};
            advance(
                    c,
                    w,
                    even,
                    evenSlope,
                    odd,
                    oddSlope,
                    inverse,
                    inverses[s],
                    factors,
                    qsr[i],
                    weights[i],
                    biases[i],
                    first,
                    end);
        });
    }

    private void coefficients(int l, int s, double[] evenOfOne, double[] oddOfOne) {
        HermiteCell cell = series.cells()[l - 1][s];
        if (cell != null) {
            cell.coefficients(series.roots()[l - 1][s], evenOfOne, oddOfOne, scratch);
        }
    }

    private static void correlations(
            double[] qsr, double[] inverse, double inverseS, double[] c, double[] w, int first, int end) {
        for (int k = first; k < end; k++) {
            double correlation = Math.max(-1, Math.min(1, qsr[k] * (inverseS * inverse[k])));
            c[k] = correlation;
            w[k] = correlation * correlation;
        }
    }

    /** Horner's scheme of {@code sum_m row[m] columns[m] w^m} and its derivative, four terms at a time. */
    private static void series(
            double[] row, double[][] columns, double[] w, double[] sum, double[] slope, int first, int end) {
        java.util.Arrays.fill(sum, first, end, 0);
        java.util.Arrays.fill(slope, first, end, 0);
        int m = row.length;
        for (; m % 4 != 0; m--) {
            one(row[m - 1], columns[m - 1], w, sum, slope, first, end);
        }
        for (; m > 0; m -= 4) {
            four(row, m - 4, columns[m - 4], columns[m - 3], columns[m - 2], columns[m - 1], w, sum, slope, first, end);
        }
    }

    private static void one(double x, double[] column, double[] w, double[] sum, double[] slope, int first, int end) {
        for (int k = first; k < end; k++) {
            slope[k] = Math.fma(slope[k], w[k], sum[k]);
            sum[k] = Math.fma(sum[k], w[k], x * column[k]);
        }
    }

    private static void four(
            double[] row,
            int m,
            double[] column0,
            double[] column1,
            double[] column2,
            double[] column3,
            double[] w,
            double[] sum,
            double[] slope,
            int first,
            int end) {
        double x0 = row[m];
        double x1 = row[m + 1];
        double x2 = row[m + 2];
        double x3 = row[m + 3];
        for (int k = first; k < end; k++) {
            double v = w[k];
            double f = sum[k];
            double d = Math.fma(slope[k], v, f);
            f = Math.fma(f, v, x3 * column3[k]);
            d = Math.fma(d, v, f);
            f = Math.fma(f, v, x2 * column2[k]);
            d = Math.fma(d, v, f);
            f = Math.fma(f, v, x1 * column1[k]);
            d = Math.fma(d, v, f);
            f = Math.fma(f, v, x0 * column0[k]);
            sum[k] = f;
            slope[k] = d;
        }
    }

    private static void advance(
            double[] c,
            double[] w,
            double[] even,
            double[] evenSlope,
            double[] odd,
            double[] oddSlope,
            double[] inverse,
            double inverseS,
            double[] factors,
            double[] qsr,
            double[] weights,
            double[] biases,
            int first,
            int end) {
        double sigmaW2 = factors[0];
        double sigmaB2 = factors[1];
        double weightFactor = factors[2];
        double biasFactor = factors[3];
        for (int k = first; k < end; k++) {
            double qhat = even[k] + c[k] * odd[k];
            double derivative = 2 * c[k] * evenSlope[k] + (odd[k] + 2 * w[k] * oddSlope[k]);
            double chi = sigmaW2 * (derivative * (inverseS * inverse[k]));
            weights[k] = chi * weights[k] + weightFactor * qhat;
            biases[k] = chi * biases[k] + biasFactor;
            qsr[k] = sigmaW2 * qhat + sigmaB2;
        }
    }
}
