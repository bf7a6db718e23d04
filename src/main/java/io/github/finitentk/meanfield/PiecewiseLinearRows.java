package io.github.finitentk.meanfield;

/**
 * Pair recursion for piecewise linear activations, over flat blocks of pairs in a form that compilers vectorise.
 *
 * <p>State of a pair: the gap g = sqrt(qs qr) - qsr. With N = sqrt(qs qr), {@code w = g / 2N = sin^2(theta/2)}:
 * <pre>
 * theta = 2 arcsin sqrt(w),    f = sin theta - theta cos theta
 * gap of phi = lambda g - kappa N f,    qhat_sr = lambda N - gap of phi,    E2[phi' phi'] = kappa (pi - theta) + a b
 * g &lt;- sigmaW2 (gap of phi) + sigmaW2 sigmaB2 lambda (sqrt qs - sqrt qr)^2 / (N' + sigmaW2 lambda N + sigmaB2)
 * </pre>
 * arcsin and f are own polynomials (relative error below 6e-17 before rounding) for {@code c >= 0}. ReLU's correlations are
 * never negative after one layer; a pair with a negative one takes the step of {@link PiecewiseLinearExpectation}.
 */
final class PiecewiseLinearRows implements PairRows {

    private final KernelProblem problem;
    private final PiecewiseLinearExpectation phi;
    private final double[] qsr = new double[InputTile.COLUMNS];
    private final double[] gap = new double[InputTile.COLUMNS];
    private final double[] antiGap = new double[InputTile.COLUMNS];
    private final double[] difference = new double[InputTile.COLUMNS];
    private final double[] weights = new double[InputTile.COLUMNS];
    private final double[] biases = new double[InputTile.COLUMNS];
    private final double[] theta = new double[InputTile.COLUMNS];
    private final double[] radial = new double[InputTile.COLUMNS];
    /** Parts of {@link #root} and {@link #inverse}: loops over arrays at one common index are those that become vector instructions. */
    private final double[] columnRoot = new double[InputTile.COLUMNS];

    private final double[] columnInverse = new double[InputTile.COLUMNS];
    private final double[] columnNext = new double[InputTile.COLUMNS];
    /** {@code sqrt(q)} and its inverse by layer and input; shared, read only. */
    private final double[][] root;

    private final double[][] inverse;

    /** Which pairs of the run have a negative covariance: correlations >= 0 never become negative again. */
    private final int[] negative = new int[InputTile.COLUMNS];

    private int negatives;
    private final Slow[] slow = new Slow[InputTile.COLUMNS];

    /** The next layer of a pair with a negative covariance. */
    private record Slow(double weights, double biases, double gap, boolean negative) {}

    PiecewiseLinearRows(KernelProblem problem, double[][] root, double[][] inverse) {
        this.problem = problem;
        this.phi = (PiecewiseLinearExpectation) problem.expectation;
        this.root = root;
        this.inverse = inverse;
    }

    /** {@code sqrt(q^l)} of every input. */
    static double[][] roots(double[][] q) {
        double[][] root = new double[q.length][];
        for (int l = 0; l < q.length; l++) {
            root[l] = new double[q[l].length];
            for (int s = 0; s < q[l].length; s++) {
                root[l][s] = Math.sqrt(q[l][s]);
            }
        }
        return root;
    }

    /** The inverses, with 0 for a variance of 0 (whose pairs are done one by one). */
    static double[][] inverses(double[][] root) {
        double[][] inverse = new double[root.length][];
        for (int l = 0; l < root.length; l++) {
            inverse[l] = new double[root[l].length];
            for (int s = 0; s < root[l].length; s++) {
                inverse[l][s] = root[l][s] > 0 ? 1 / root[l][s] : 0;
            }
        }
        return inverse;
    }

    @Override
    public void row(int s, int from, InputTile tile, KernelBlock block) {
        int count = tile.column() + tile.columns() - from;
        if (problem.extreme(s)) {
            for (int k = 0; k < count; k++) {
                block.carefully(s, from + k);
            }
            return;
        }
        tile.covariances(s, from, qsr, gap, antiGap, difference);
        boolean anyRadial = firstLayer(s, from, count);
        // (qs - qr)^2 of layer l is that of layer 1 times growth
        double growth = 1;
        for (int l = 1; l < problem.depth; l++) {
            double factor = anyRadial ? problem.sigmaW2 * problem.sigmaB2 * phi.lambda() * growth : 0;
            slowSteps(s, from, l);
            step(s, from, count, l, factor);
            keepSlowSteps();
            growth *= problem.sigmaW2 * phi.lambda() * problem.sigmaW2 * phi.lambda();
        }
        double[] last = root[problem.depth - 1];
        for (int k = 0; k < count; k++) {
            int r = from + k;
            boolean zero = problem.q[0][s] == 0 || problem.q[0][r] == 0;
            if (zero || problem.extreme(r)) {
                block.carefully(s, r);
            } else {
                block.put(s, r, last[s] * last[r] - gap[k], weights[k], biases[k]);
            }
        }
    }

    private boolean firstLayer(int s, int from, int count) {
        double sigmaW2 = problem.sigmaW2;
        boolean anyRadial = false;
        negatives = 0;
        for (int k = 0; k < count; k++) {
            weights[k] = problem.weightFactor[0] * qsr[k];
            biases[k] = problem.biasFactor;
            double qs = problem.q[0][s];
            double qr = problem.q[0][from + k];
            anyRadial |= difference[k] != 0;
            if (problem.sigmaB2 > 0 && !problem.extreme(from + k)) {
                double hatS = (qs - problem.sigmaB2) / sigmaW2;
                double hatR = (qr - problem.sigmaB2) / sigmaW2;
                Covariance u = new Covariance(hatS, hatR, qsr[k], gap[k], antiGap[k], difference[k])
                        .throughWeights(sigmaW2, problem.sigmaB2);
                qsr[k] = u.qsr();
                gap[k] = u.gap();
                antiGap[k] = u.antiGap();
            } else {
                qsr[k] *= sigmaW2;
                gap[k] *= sigmaW2;
                antiGap[k] *= sigmaW2;
            }
            difference[k] *= sigmaW2;
            radial[k] = difference[k] * difference[k];
            if (qsr[k] < 0 && !problem.extreme(from + k)) {
                negative[negatives++] = k;
            }
        }
        return anyRadial;
    }

    /** The step from layer l of the pairs with a negative covariance, into {@link #slow}; reads qsr, gap and antiGap. */
    private void slowSteps(int s, int from, int l) {
        if (negatives == 0) {
            return;
        }
        double spread = StrictMath.pow(problem.sigmaW2 * phi.lambda(), l - 1);
        for (int i = 0; i < negatives; i++) {
            int k = negative[i];
            double scale = root[l - 1][s] * root[l - 1][from + k];
            double product = scale - gap[k];
            if (l > 1) {
                antiGap[k] = Math.max(0, scale + product);
            }
            Covariance u = new Covariance(
                    problem.q[l - 1][s],
                    problem.q[l - 1][from + k],
                    l > 1 ? product : qsr[k],
                    gap[k],
                    antiGap[k],
                    spread * difference[k]);
            double chi = problem.sigmaW2 * phi.derivativeProduct(u);
            Covariance next = phi.propagate(u);
            Covariance through = next.throughWeights(problem.sigmaW2, problem.sigmaB2);
            slow[i] = new Slow(
                    chi * weights[k] + problem.weightFactor[l] * next.qsr(),
                    chi * biases[k] + problem.biasFactor,
                    through.gap(),
                    through.qsr() < 0);
        }
    }

    /** Puts what {@link #slowSteps} found in place of what the polynomials made of negative covariances. */
    private void keepSlowSteps() {
        int still = 0;
        for (int i = 0; i < negatives; i++) {
            int k = negative[i];
            weights[k] = slow[i].weights();
            biases[k] = slow[i].biases();
            gap[k] = slow[i].gap();
            if (slow[i].negative()) {
                negative[still++] = k;
            }
        }
        negatives = still;
    }

    private void step(int s, int from, int count, int l, double factor) {
        System.arraycopy(root[l - 1], from, columnRoot, 0, count);
        System.arraycopy(inverse[l - 1], from, columnInverse, 0, count);
        angles(gap, columnInverse, 0.5 * inverse[l - 1][s], theta, count);
        advance(
                gap,
                theta,
                weights,
                biases,
                columnRoot,
                root[l - 1][s],
                count,
                phi.lambda(),
                phi.kappa(),
                phi.slopeProduct(),
                problem.sigmaW2,
                problem.weightFactor[l],
                problem.biasFactor);
        if (factor != 0) {
            System.arraycopy(root[l], from, columnNext, 0, count);
            addRadial(
                    gap,
                    radial,
                    columnRoot,
                    root[l - 1][s],
                    columnNext,
                    root[l][s],
                    count,
                    factor,
                    problem.sigmaW2 * phi.lambda(),
                    problem.sigmaB2);
        }
    }

    /** {@code theta = 2 arcsin sqrt(w)}, {@code w = gap * half * inverse}, for w up to 1/2. */
    private static void angles(double[] gap, double[] inverse, double half, double[] theta, int count) {
        for (int k = 0; k < count; k++) {
            double w = gap[k] * (half * inverse[k]);
            double p = 0x1.205d03b3080c1p+0;
            p = p * w + -0x1.1c15929b57733p+2;
            p = p * w + 0x1.0a6643dbd6d20p+3;
            p = p * w + -0x1.356dd98c077c9p+3;
            p = p * w + 0x1.f1299f1a6888dp+2;
            p = p * w + -0x1.224a69b3a5b9fp+2;
            p = p * w + 0x1.00349041fd6c9p+1;
            p = p * w + -0x1.54080330e43bcp-1;
            p = p * w + 0x1.7299d36d300cfp-3;
            p = p * w + -0x1.af2aaa5367e8bp-6;
            p = p * w + 0x1.ee87270af83f9p-7;
            p = p * w + 0x1.66220666726b7p-7;
            p = p * w + 0x1.cb6156b6eca4cp-7;
            p = p * w + 0x1.1c40481da6b30p-6;
            p = p * w + 0x1.6e8c485a593c7p-6;
            p = p * w + 0x1.f1c7178b92a47p-6;
            p = p * w + 0x1.6db6db7907f67p-5;
            p = p * w + 0x1.3333333325688p-4;
            p = p * w + 0x1.55555555555c0p-3;
            // 2 arcsin(sqrt w) = 2 sqrt(w) (1 + w p)
            double sine = 2 * Math.sqrt(w);
            theta[k] = sine + sine * (w * p);
        }
    }

    /** One layer for a block: gap, weights and biases of layer l in, of layer l + 1 out (without the radial term). */
    private static void advance(
            double[] gap,
            double[] theta,
            double[] weights,
            double[] biases,
            double[] root,
            double rootS,
            int count,
            double lambda,
            double kappa,
            double ab,
            double sigmaW2,
            double weightFactor,
            double biasFactor) {
        for (int k = 0; k < count; k++) {
            double t = theta[k];
            double x = t * t;
            double f = 0x1.4b4dd4a26be1cp-53;
            f = f * x + -0x1.94fed78bcfb46p-45;
            f = f * x + 0x1.78aee4efddbacp-37;
            f = f * x + -0x1.08db4846922c1p-29;
            f = f * x + 0x1.0cfeb60e7a27fp-22;
            f = f * x + -0x1.71de3a556a54ap-16;
            f = f * x + 0x1.38138138137f3p-10;
            f = f * x + -0x1.1111111111111p-5;
            f = f * x + 0x1.5555555555555p-2;
            double scale = rootS * root[k];
            double nextGap = lambda * gap[k] - kappa * scale * (t * x * f);
            double qhat = lambda * scale - nextGap;
            double chi = sigmaW2 * (kappa * (Math.PI - t) + ab);
            weights[k] = chi * weights[k] + weightFactor * qhat;
            biases[k] = chi * biases[k] + biasFactor;
            gap[k] = sigmaW2 * nextGap;
        }
    }

    private static void addRadial(
            double[] gap,
            double[] radial,
            double[] root,
            double rootS,
            double[] next,
            double nextS,
            int count,
            double factor,
            double growth,
            double sigmaB2) {
        for (int k = 0; k < count; k++) {
            double a = root[k];
            double sum = rootS + a;
            gap[k] += factor * radial[k] / (sum * sum * (nextS * next[k] + growth * (rootS * a) + sigmaB2));
        }
    }
}
