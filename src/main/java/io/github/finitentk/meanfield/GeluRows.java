package io.github.finitentk.meanfield;

/**
 * Pair recursion for GELU by the closed forms of {@link GeluExpectation}, over flat blocks of pairs in a form that compilers vectorise.
 *
 * <p>State of a pair: {@code q_sr}. With {@code E = sqrt((1 + qs)(1 + qr))} and {@code R = sqrt(D) = sqrt((E - q_sr)(E + q_sr))}:
 * {@code arctan(q_sr/R) = 2 arctan(q_sr / (E + R))}. Pairs whose correlation is within 1e-2 of 1 or -1 in the first layer, or with a
 * variance beyond 200, take the careful path instead: their gap would drown in the rounding of q_sr.
 */
final class GeluRows implements PairRows {

    private static final double NEAR = 1e-2;
    private static final double LARGE = 200;

    private final KernelProblem problem;
    private final Norms norms;
    private final double[] largest;
    private final double[] y = new double[InputTile.COLUMNS];
    private final double[] gap = new double[InputTile.COLUMNS];
    private final double[] antiGap = new double[InputTile.COLUMNS];
    private final double[] difference = new double[InputTile.COLUMNS];
    private final double[] weights = new double[InputTile.COLUMNS];
    private final double[] biases = new double[InputTile.COLUMNS];
    private final double[] argument = new double[InputTile.COLUMNS];
    private final double[] angle = new double[InputTile.COLUMNS];
    private final double[] inverseRoot = new double[InputTile.COLUMNS];
    // Parts of the norms: loops over arrays at one common index are those that become vector instructions.
    private final double[] columnRoot = new double[InputTile.COLUMNS];
    private final double[] columnNorm = new double[InputTile.COLUMNS];
    private final double[] columnWeight = new double[InputTile.COLUMNS];

    /**
     * What is known of every input alone, by layer and input; shared, read only.
     *
     * @param root {@code sqrt(q)}
     * @param norm {@code sqrt(1 + q)}
     * @param weight {@code 1 / (1 + q)}
     */
    record Norms(double[][] root, double[][] norm, double[][] weight) {

        static Norms of(double[][] q) {
            double[][] norm = new double[q.length][q[0].length];
            double[][] weight = new double[q.length][q[0].length];
            for (int l = 0; l < q.length; l++) {
                for (int s = 0; s < q[l].length; s++) {
                    norm[l][s] = Math.sqrt(1 + q[l][s]);
                    weight[l][s] = 1 / (1 + q[l][s]);
                }
            }
            return new Norms(PiecewiseLinearRows.roots(q), norm, weight);
        }
    }

    GeluRows(KernelProblem problem, Norms norms, double[] largest) {
        this.problem = problem;
        this.norms = norms;
        this.largest = largest;
    }

    @Override
    public void row(int s, int from, InputTile tile, KernelBlock block) {
        int count = tile.column() + tile.columns() - from;
        tile.covariances(s, from, y, gap, antiGap, difference);
        for (int k = 0; k < count; k++) {
            weights[k] = problem.weightFactor[0] * y[k];
            biases[k] = problem.biasFactor;
            y[k] = problem.sigmaW2 * y[k] + problem.sigmaB2;
        }
        for (int l = 1; l < problem.depth; l++) {
            layer(s, from, l, count);
        }
        for (int k = 0; k < count; k++) {
            int r = from + k;
            double small = Math.min(gap[k], antiGap[k]);
            if (small <= NEAR * (gap[k] + antiGap[k])
                    || Math.max(largest[s], largest[r]) > LARGE
                    || problem.extreme(s)
                    || problem.extreme(r)) {
                block.carefully(s, r);
            } else {
                block.put(s, r, y[k], weights[k], biases[k]);
            }
        }
    }

    private void layer(int s, int from, int l, int count) {
        System.arraycopy(norms.root[l - 1], from, columnRoot, 0, count);
        System.arraycopy(norms.norm[l - 1], from, columnNorm, 0, count);
        System.arraycopy(norms.weight[l - 1], from, columnWeight, 0, count);
        arguments(y, columnNorm, norms.norm[l - 1][s], argument, inverseRoot, count);
        ErfRows.arctangents(argument, angle, count);
        double rootS = norms.root[l - 1][s];
        double weightS = norms.weight[l - 1][s];
        for (int k = 0; k < count; k++) {
            double scale = rootS * columnRoot[k];
            double weight = weightS + columnWeight[k];
            double i = 0.25 + angle[k] * (1 / Math.PI);
            double a = inverseRoot[k] * (1 / (2 * Math.PI));
            double qhat = y[k] * i + a * ((scale - y[k]) * (scale + y[k]) + y[k] * y[k] * weight);
            double slope = i + a * (y[k] * (weight + inverseRoot[k] * inverseRoot[k]));
            double chi = problem.sigmaW2 * slope;
            weights[k] = chi * weights[k] + problem.weightFactor[l] * qhat;
            biases[k] = chi * biases[k] + problem.biasFactor;
            y[k] = problem.sigmaW2 * qhat + problem.sigmaB2;
        }
    }

    /** {@code argument = y / (E + R)} and {@code 1 / R}, with one square root and one division. */
    private static void arguments(
            double[] y, double[] norm, double normS, double[] argument, double[] inverseRoot, int count) {
        for (int k = 0; k < count; k++) {
            double e = normS * norm[k];
            double root = Math.sqrt((e - y[k]) * (e + y[k]));
            double sum = e + root;
            double inverse = 1 / (root * sum);
            argument[k] = y[k] * (root * inverse);
            inverseRoot[k] = sum * inverse;
        }
    }
}
