package io.github.finitentk.meanfield;

import io.github.finitentk.internal.compute.Engine;

/**
 * Pair recursion for any other activation, pair by pair: Mehler's series where both inputs have an expansion, else the
 * integrals of {@link GaussianExpectation}. Pairs whose correlation is within 1e-2 of 1 or -1 in the first layer take the
 * careful path at the end.
 *
 * <p>Layers are the outer loop, so that the expansions of one layer at a time are in memory; matrices of the size of the block
 * hold the state. Costs about a tenth of a microsecond per pair and layer with closed forms, one with series, and up to a second
 * where nested quadrature is needed (an activation with kinks that is not piecewise linear, or variances above about 40).
 */
final class GeneralRecursion {

    private static final double NEAR = 1e-2;

    private final KernelProblem problem;
    private final KernelBlock block;
    private final Engine engine;
    /** {@code q_sr^l}; NaN for the pairs that take the careful path, and for those that mirroring fills. */
    private final double[] covariance;

    private final double[] weights;
    private final double[] biases;

    GeneralRecursion(KernelBlock block, Engine engine) {
        this.problem = block.problem;
        this.block = block;
        this.engine = engine;
        covariance = block.nngp;
        java.util.Arrays.fill(covariance, 0, block.size(), Double.NaN);
        weights = block.weights == null ? new double[block.size()] : block.weights;
        biases = block.ntk;
    }

    void fill() {
        start();
        for (int layer = 1; layer < problem.depth; layer++) {
            int l = layer;
            HermiteCoefficients[] series =
                    problem.expectation instanceof QuadratureExpectation quadrature ? expansions(quadrature, l) : null;
            engine.forEach(block.rows, (i, slot) -> step(block.row + i, l, series));
        }
        engine.forEach(block.rows, (i, slot) -> finish(block.row + i));
    }

    private void start() {
        PairRecursion.forEachTile(block, engine, (tile, slot) -> {
            double[][] moments = new double[4][InputTile.COLUMNS];
            PairRecursion.forEachRow(block, tile, (s, from) -> {
                tile.covariances(s, from, moments[0], moments[1], moments[2], moments[3]);
                for (int r = from; r < tile.column() + tile.columns(); r++) {
                    double qsr = moments[0][r - from];
                    double gap = moments[1][r - from];
                    double antiGap = moments[2][r - from];
                    boolean near = Math.min(gap, antiGap) <= NEAR * (gap + antiGap);
                    if (!near && !problem.extreme(s) && !problem.extreme(r)) {
                        int index = block.index(s, r);
                        covariance[index] = problem.sigmaW2 * qsr + problem.sigmaB2;
                        weights[index] = problem.weightFactor[0] * qsr;
                        biases[index] = problem.biasFactor;
                    }
                }
            });
        });
    }

    /** The expansions of layer l by input; null entries where there is none, and for inputs outside of the block. */
    private HermiteCoefficients[] expansions(QuadratureExpectation quadrature, int l) {
        HermiteCoefficients[] found = new HermiteCoefficients[problem.samples];
        double[] q = problem.q[l - 1];
        int[] representative = representatives(q);
        boolean[] wanted = new boolean[problem.samples];
        for (int i = 0; i < block.rows; i++) {
            wanted[representative[block.row + i]] = true;
        }
        for (int i = 0; i < block.columns; i++) {
            wanted[representative[block.column + i]] = true;
        }
        engine.forEach(problem.samples, (s, slot) -> {
            if (wanted[s] && !problem.extreme(s)) {
                found[s] = quadrature.expand(q[s]);
            }
        });
        for (int s = 0; s < problem.samples; s++) {
            found[s] = found[representative[s]];
        }
        return found;
    }

    // Inputs normalised to one length differ in it by rounding only: runs of them share an expansion, which changes the
    // result by no more than that rounding does.
    private static int[] representatives(double[] q) {
        int[] representative = new int[q.length];
        for (int s = 1; s < q.length; s++) {
            int last = representative[s - 1];
            representative[s] = Math.abs(q[s] - q[last]) <= 2e-15 * q[last] ? last : s;
        }
        return representative;
    }

    /** From layer l to layer l + 1 of row {@code row}. */
    private void step(int row, int l, HermiteCoefficients[] series) {
        for (int column = block.column; column < block.column + block.columns; column++) {
            int index = block.index(row, column);
            if (Double.isNaN(covariance[index])) {
                continue;
            }
            int s = Math.min(row, column);
            int r = Math.max(row, column);
            double qs = problem.q[l - 1][s];
            double qr = problem.q[l - 1][r];
            double scale = Math.sqrt(qs) * Math.sqrt(qr);
            double qsr = Math.max(-scale, Math.min(scale, covariance[index]));
            double slope;
            double qhat;
            double c = qsr / scale;
            if (series != null && series[s] != null && series[r] != null && series[s].serves(series[r], c)) {
                slope = series[s].derivativeProduct(series[r], c);
                qhat = series[s].product(series[r], c);
            } else {
                Covariance u = new Covariance(qs, qr, qsr, scale - qsr, scale + qsr, qs - qr);
                slope = problem.expectation.derivativeProduct(u);
                qhat = problem.expectation.product(u);
            }
            double chi = problem.sigmaW2 * slope;
            weights[index] = chi * weights[index] + problem.weightFactor[l] * qhat;
            biases[index] = chi * biases[index] + problem.biasFactor;
            covariance[index] = problem.sigmaW2 * qhat + problem.sigmaB2;
        }
    }

    private void finish(int s) {
        for (int r = block.column; r < block.column + block.columns; r++) {
            if (!block.mirrored(s, r)) {
                int index = block.index(s, r);
                block.put(s, r, covariance[index], weights[index], biases[index]);
            }
        }
    }
}
