package io.github.finitentk.meanfield;

/**
 * Pair recursion for any other activation, pair by pair: Mehler's series where both inputs have an expansion, else the
 * integrals of {@link GaussianExpectation}. Pairs whose correlation is within 1e-2 of 1 or -1 in the first layer take the
 * careful path at the end.
 *
 * <p>Layers are the outer loop, so that the expansions of one layer at a time are in memory; the three result matrices hold
 * the state. Costs about a tenth of a microsecond per pair and layer with closed forms, one with series, and up to a second
 * where nested quadrature is needed (an activation with kinks that is not piecewise linear, or variances above about 40).
 */
final class GeneralRows {

    private static final double NEAR = 1e-2;

    private final KernelProblem problem;
    private final double[] qsr;
    private final double[] gap;
    private final double[] antiGap;
    private final double[] difference;

    GeneralRows(KernelProblem problem) {
        this.problem = problem;
        qsr = new double[problem.samples];
        gap = new double[problem.samples];
        antiGap = new double[problem.samples];
        difference = new double[problem.samples];
    }

    /** Layer 1 of row s. */
    void start(int s) {
        int count = problem.samples - s - 1;
        problem.inputCovariances(s, s + 1, count, qsr, gap, antiGap, difference);
        for (int k = 0; k < count; k++) {
            int index = s * problem.samples + s + 1 + k;
            problem.nngp[index] = problem.sigmaW2 * qsr[k] + problem.sigmaB2;
            problem.weightPart[index] = problem.weightFactor[0] * qsr[k];
            problem.biasPart[index] = problem.biasFactor;
        }
    }

    /**
     * From layer l to layer l + 1 of row s.
     *
     * @param series the expansions of layer l by input, null entries where there is none; null for closed forms
     */
    void step(int s, int l, HermiteCoefficients[] series) {
        for (int r = s + 1; r < problem.samples; r++) {
            if (problem.extreme(s) || problem.extreme(r)) {
                continue;
            }
            int index = s * problem.samples + r;
            double qs = problem.q[l - 1][s];
            double qr = problem.q[l - 1][r];
            double scale = Math.sqrt(qs) * Math.sqrt(qr);
            double covariance = Math.max(-scale, Math.min(scale, problem.nngp[index]));
            double slope;
            double qhat;
            double c = covariance / scale;
            if (series != null && series[s] != null && series[r] != null && series[s].serves(series[r], c)) {
                slope = series[s].derivativeProduct(series[r], c);
                qhat = series[s].product(series[r], c);
            } else {
                Covariance u = new Covariance(qs, qr, covariance, scale - covariance, scale + covariance, qs - qr);
                slope = problem.expectation.derivativeProduct(u);
                qhat = problem.expectation.product(u);
            }
            double chi = problem.sigmaW2 * slope;
            problem.weightPart[index] = chi * problem.weightPart[index] + problem.weightFactor[l] * qhat;
            problem.biasPart[index] = chi * problem.biasPart[index] + problem.biasFactor;
            problem.nngp[index] = problem.sigmaW2 * qhat + problem.sigmaB2;
        }
    }

    /** The near duplicates (and near opposites, and zero inputs) of row s once more, carefully. */
    void finish(int s) {
        int count = problem.samples - s - 1;
        problem.inputCovariances(s, s + 1, count, qsr, gap, antiGap, difference);
        for (int k = 0; k < count; k++) {
            double small = Math.min(gap[k], antiGap[k]);
            if (small <= NEAR * (gap[k] + antiGap[k])) {
                problem.carefully(s, s + 1 + k);
            }
        }
    }
}
