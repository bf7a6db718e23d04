package io.github.finitentk.meanfield;

/**
 * Pair recursion for erf, over flat blocks of pairs in a form that compilers vectorise.
 *
 * <p>State of a pair: {@code y = 2 q_sr}. With {@code E = sqrt((1 + 2 qs)(1 + 2 qr))} and {@code R = sqrt((E - y)(E + y))}:
 * {@code arctan(y/R) = 2 arctan(y / (E + R))}, whose argument lies in [-1, 1], where an own polynomial serves (relative error
 * below 2e-17 before rounding); {@code E2[phi' phi'] = (4/pi)/R}. Pairs whose correlation is within 1e-2 of 1 or -1 in the
 * first layer, or with a variance beyond 200, take the careful path instead: their gap would drown in the rounding of qsr.
 */
final class ErfRows implements PairRows {

    private static final double NEAR = 1e-2;
    private static final double LARGE = 200;

    private final KernelProblem problem;
    /** {@code sqrt(1 + 2 q)} by layer and input; shared, read only. */
    private final double[][] norm;

    private final double[] largest;
    private final double[] y = new double[InputTile.COLUMNS];
    private final double[] gap = new double[InputTile.COLUMNS];
    private final double[] antiGap = new double[InputTile.COLUMNS];
    private final double[] difference = new double[InputTile.COLUMNS];
    private final double[] weights = new double[InputTile.COLUMNS];
    private final double[] biases = new double[InputTile.COLUMNS];
    private final double[] argument = new double[InputTile.COLUMNS];
    private final double[] angle = new double[InputTile.COLUMNS];
    private final double[] slope = new double[InputTile.COLUMNS];
    /** Part of {@link #norm}: loops over arrays at one common index are those that become vector instructions. */
    private final double[] columnNorm = new double[InputTile.COLUMNS];

    ErfRows(KernelProblem problem, double[][] norm, double[] largest) {
        this.problem = problem;
        this.norm = norm;
        this.largest = largest;
    }

    /** {@code sqrt(1 + 2 q)} of every layer and input. */
    static double[][] norms(double[][] q) {
        double[][] norm = new double[q.length][];
        for (int l = 0; l < q.length; l++) {
            norm[l] = new double[q[l].length];
            for (int s = 0; s < q[l].length; s++) {
                norm[l][s] = Math.sqrt(1 + 2 * q[l][s]);
            }
        }
        return norm;
    }

    /** The largest variance of each input over the hidden layers. */
    static double[] largest(double[][] q) {
        double[] largest = new double[q[0].length];
        for (double[] layer : q) {
            for (int s = 0; s < layer.length; s++) {
                largest[s] = Math.max(largest[s], layer[s]);
            }
        }
        return largest;
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
        tile.covariances(s, from, y, gap, antiGap, difference);
        for (int k = 0; k < count; k++) {
            weights[k] = problem.weightFactor[0] * y[k];
            biases[k] = problem.biasFactor;
            y[k] = 2 * (problem.sigmaW2 * y[k] + problem.sigmaB2);
        }
        for (int l = 1; l < problem.depth; l++) {
            System.arraycopy(norm[l - 1], from, columnNorm, 0, count);
            arguments(y, columnNorm, norm[l - 1][s], argument, slope, count);
            arctangents(argument, angle, count);
            advance(
                    y,
                    angle,
                    slope,
                    weights,
                    biases,
                    count,
                    problem.sigmaW2,
                    problem.sigmaB2,
                    problem.weightFactor[l],
                    problem.biasFactor);
        }
        for (int k = 0; k < count; k++) {
            int r = from + k;
            double small = Math.min(gap[k], antiGap[k]);
            if (small < NEAR * (gap[k] + antiGap[k])
                    || Math.max(largest[s], largest[r]) > LARGE
                    || problem.extreme(r)) {
                block.carefully(s, r);
            } else {
                block.put(s, r, 0.5 * y[k], weights[k], biases[k]);
            }
        }
    }

    /** {@code argument = y / (E + R)} and {@code slope = (4/pi) / R}, with one square root and one division. */
    private static void arguments(
            double[] y, double[] norm, double normS, double[] argument, double[] slope, int count) {
        for (int k = 0; k < count; k++) {
            double e = normS * norm[k];
            double root = Math.sqrt((e - y[k]) * (e + y[k]));
            double sum = e + root;
            double inverse = 1 / (root * sum);
            argument[k] = y[k] * (root * inverse);
            slope[k] = (4 / Math.PI) * (sum * inverse);
        }
    }

    /** {@code arctan(x)} for {@code |x| <= 1}. */
    static void arctangents(double[] argument, double[] angle, int count) {
        for (int k = 0; k < count; k++) {
            double x = argument[k];
            double w = x * x;
            double p = -0x1.156d8b1441eeep-17;
            p = p * w + 0x1.a2865ec94274cp-14;
            p = p * w + -0x1.2c4eeb1fa7a5bp-11;
            p = p * w + 0x1.12060552e1b82p-9;
            p = p * w + -0x1.6773524f49226p-8;
            p = p * w + 0x1.6c7238a2d8193p-7;
            p = p * w + -0x1.2d3ffbb3d4964p-6;
            p = p * w + 0x1.a91e0c9b2881ep-6;
            p = p * w + -0x1.0b657ae92d3e9p-5;
            p = p * w + 0x1.385c01bcb507ap-5;
            p = p * w + -0x1.5eda2e1403e06p-5;
            p = p * w + 0x1.849ab97c0d9e6p-5;
            p = p * w + -0x1.aed3667a4693ap-5;
            p = p * w + 0x1.e1d315290f292p-5;
            p = p * w + -0x1.1110151cb4f09p-4;
            p = p * w + 0x1.3b1398601e89dp-4;
            p = p * w + -0x1.745d1586bfed2p-4;
            p = p * w + 0x1.c71c71b1fed92p-4;
            p = p * w + -0x1.2492492443a94p-3;
            p = p * w + 0x1.999999999861ep-3;
            p = p * w + -0x1.5555555555546p-2;
            angle[k] = x + x * (w * p);
        }
    }

    /** One layer for a block: y, weights and biases of layer l in, of layer l + 1 out. */
    private static void advance(
            double[] y,
            double[] angle,
            double[] slope,
            double[] weights,
            double[] biases,
            int count,
            double sigmaW2,
            double sigmaB2,
            double weightFactor,
            double biasFactor) {
        for (int k = 0; k < count; k++) {
            double qhat = (4 / Math.PI) * angle[k];
            double chi = sigmaW2 * slope[k];
            weights[k] = chi * weights[k] + weightFactor * qhat;
            biases[k] = chi * biases[k] + biasFactor;
            y[k] = 2 * (sigmaW2 * qhat + sigmaB2);
        }
    }
}
