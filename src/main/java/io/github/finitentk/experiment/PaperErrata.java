package io.github.finitentk.experiment;

/**
 * The erf recursion exactly as Appendix E.2 of the paper prints it, misprints included, so that its consequences (figure
 * 5a) can be shown beside the right one. Never use it for anything else.
 *
 * <pre>
 * q^l         = (2 sigmaW2/pi) arctan( q^{l-1} / sqrt(q^{l-1} + 1/4) ) + sigmaB2                              (right)
 * p^{l-1}     = (2 sigmaW2/pi) p^l / sqrt(q^{l-1} + 1/4)                                                      (right)
 * q_sr^l      = (2 sigmaW2/pi) arctan( 2 sqrt(q_sr) / sqrt((1 + 2 sqrt(q))^2 - 4 q_sr) ) + sigmaB2            (wrong)
 * p_sr^{l-1}  = (4 sigmaW2/pi) p^l / sqrt((1 + 2 sqrt(q))^2 - 4 q_sr)                                         (wrong)
 * </pre>
 * with q and q_sr of layer l - 1 on the right. In the integral above these formulas {@code a} and {@code b} are standard
 * deviations in the argument but were read as variances: {@code a^2 = q} and {@code b a = q_sr} give no square roots. And
 * {@code p_sr^{l-1}} must multiply {@code p_sr^l}. At equal inputs the printed {@code q_sr} differs from the printed
 * {@code q}, which shows the misprint without any integral.
 */
final class PaperErrata {

    private PaperErrata() {}

    /**
     * @param q {@code q^1 … q^L}
     * @param qSr {@code q_sr^1 … q_sr^L}
     * @param p {@code p^1 … p^L}
     * @param pSr {@code p_sr^1 … p_sr^L}
     * @param kappa1 {@code sum_l qhat^{l-1} p^l / (L - 1)}, constant width, {@code qhat^l = (q^{l+1} - sigmaB2) / sigmaW2}
     * @param kappa2 the same for the pair
     */
    record Recursion(double[] q, double[] qSr, double[] p, double[] pSr, double kappa1, double kappa2) {}

    /**
     * The printed recursion for two normalised inputs, from {@code q^0 = 1} and {@code q_sr^0 = c0}. As printed, the
     * recursion maps preactivations to preactivations; the first layer is the linear one of eqs (5) and (7),
     * {@code q^1 = sigmaW2 q^0 + sigmaB2}.
     *
     * @param c0 initial covariance in [0, 1]
     * @param depth L, at least 2
     * @throws IllegalArgumentException if an argument is out of range
     */
    static Recursion erf(double sigmaW2, double sigmaB2, double c0, int depth) {
        if (!(c0 >= 0 && c0 <= 1)) {
            throw new IllegalArgumentException("The initial covariance must lie in [0, 1], not " + c0 + ".");
        }
        if (depth < 2) {
            throw new IllegalArgumentException("The depth must be at least 2 weight layers, not " + depth + ".");
        }
        double[] q = new double[depth];
        double[] qSr = new double[depth];
        double[] p = new double[depth];
        double[] pSr = new double[depth];
        q[0] = sigmaW2 + sigmaB2;
        qSr[0] = sigmaW2 * c0 + sigmaB2;
        double k = 2 * sigmaW2 / Math.PI;
        for (int l = 1; l < depth; l++) {
            q[l] = k * StrictMath.atan(q[l - 1] / Math.sqrt(q[l - 1] + 0.25)) + sigmaB2;
            qSr[l] = k * StrictMath.atan(2 * Math.sqrt(qSr[l - 1]) / root(q[l - 1], qSr[l - 1])) + sigmaB2;
        }
        p[depth - 1] = 1;
        pSr[depth - 1] = 1;
        for (int l = depth - 2; l >= 0; l--) {
            p[l] = k * p[l + 1] / Math.sqrt(q[l] + 0.25);
            pSr[l] = 2 * k * p[l + 1] / root(q[l], qSr[l]);
        }
        double kappa1 = 0;
        double kappa2 = 0;
        for (int l = 0; l < depth; l++) {
            kappa1 += p[l] * (q[l] - sigmaB2) / sigmaW2;
            kappa2 += pSr[l] * (qSr[l] - sigmaB2) / sigmaW2;
        }
        return new Recursion(q, qSr, p, pSr, kappa1 / (depth - 1), kappa2 / (depth - 1));
    }

    private static double root(double q, double qSr) {
        double sum = 1 + 2 * Math.sqrt(q);
        return Math.sqrt(sum * sum - 4 * qSr);
    }
}
