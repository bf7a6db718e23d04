package io.github.finitentk.meanfield;

/**
 * What the mean-field maps tend to with depth (Poole et al. 2016, Schoenholz et al. 2016), from the inputs that a network is
 * given: a map with several fixed points has several phases, and the start decides between them.
 *
 * @param phase by {@code chi1Star}
 * @param diverges whether {@code q^l} grows without bound (ReLU with sigmaW2 > 2, or = 2 and sigmaB2 > 0)
 * @param qStar the fixed point {@code q* = sigmaW2 E[phi(sqrt(q*) z)^2] + sigmaB2} that {@code q^1, q^2, …} tend to; infinite if
 *     q diverges; NaN if q cycles
 * @param chi1Star {@code chi_1(q*)}; its limit for large q if q diverges; the geometric mean over the cycle if it cycles
 * @param cStar the correlation that {@code c^1, c^2, …} tend to; NaN if q cycles, or diverges and phi is not linear there
 * @param chiCStar {@code sigmaW2 E2[phi' phi']} at {@code q*, c*}
 * @param xiQ depth scale of q, {@code -1 / log |dq^{l+1}/dq^l|}, the slope being Schoenholz's
 *     {@code chi_1 + sigmaW2 E[phi'' phi]}; infinite at slope 1 or where q diverges
 * @param xiC depth scale of c: {@code -1 / log chiCStar} where q* is finite and not 0; infinite where c is approached
 *     algebraically (at the edge of chaos, and by ReLU where q* is 0 or infinite) or never moves
 * @param period 1; of a map of q that decreases, the length of the cycle that q ends in, or 0 if none was found
 */
public record PhaseAnalysis(
        Phase phase,
        boolean diverges,
        double qStar,
        double chi1Star,
        double cStar,
        double chiCStar,
        double xiQ,
        double xiC,
        int period) {

    /** How gradients behave with depth at initialisation, by {@code chi_1} at the fixed point of q. */
    public enum Phase {
        /** {@code chi_1 < 1}: gradients vanish, all inputs become alike. */
        ORDERED,
        /** {@code chi_1 = 1} within {@link #TOLERANCE}: the edge of chaos. */
        EDGE,
        /** {@code chi_1 > 1}: gradients explode, near inputs are driven apart. */
        CHAOTIC;

        /** Half the width of the edge in {@code chi_1}: wide enough for hyper-parameters typed with eight digits. */
        public static final double TOLERANCE = 1e-6;

        /** The phase of a value of {@code chi_1}. */
        public static Phase of(double chi1) {
            if (Math.abs(chi1 - 1) <= TOLERANCE) {
                return EDGE;
            }
            return chi1 < 1 ? ORDERED : CHAOTIC;
        }
    }

    /** From two inputs of the paper's norm, {@code q0 = 1}, and correlation 1/2. */
    public static PhaseAnalysis of(MeanField theory) {
        return of(theory, 1, 0.5);
    }

    /**
     * Never throws for lack of a fixed point: that is an answer, see {@link #diverges}.
     *
     * @param q0 {@code |x|^2 / M_0} of both inputs, finite and not negative
     * @param c0 their correlation, in [-1, 1]
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static PhaseAnalysis of(MeanField theory, double q0, double c0) {
        ScaledCovariance first = theory.throughWeights(new ScaledCovariance(Covariance.ofCorrelation(q0, q0, c0)));
        double q1 = ScaledValue.of(first.value().qs(), first.exponent()).doubleValue();
        VarianceLimit variance = VarianceLimit.of(theory, q1);
        double chi1 = chi1(theory, variance);
        CorrelationLimit correlation = CorrelationLimit.of(theory, variance, chi1, first);
        boolean diverges = Double.isInfinite(variance.qStar());
        return new PhaseAnalysis(
                Phase.of(chi1),
                diverges,
                variance.qStar(),
                chi1,
                correlation.cStar(),
                correlation.chiCStar(),
                diverges ? Double.POSITIVE_INFINITY : depthScale(variance.slope(theory)),
                correlation.xiC(),
                variance.period());
    }

    /** {@code chi_1} where the variances end. */
    static double chi1(MeanField theory, VarianceLimit variance) {
        if (variance.period() != 1) {
            return variance.meanOverCycle(theory, theory::chi1);
        }
        Homogeneity homogeneity = theory.homogeneity();
        double sigmaW2 = theory.initialization().sigmaW2();
        if (Double.isInfinite(variance.qStar())) {
            return homogeneity.infinity() == null
                    ? Double.POSITIVE_INFINITY
                    : sigmaW2 * homogeneity.infinity().lambda();
        }
        if (variance.qStar() == 0
                && homogeneity.zero() != null
                && homogeneity.zero().bent()) {
            // not phi'(0), which a kink there has none of
            return sigmaW2 * homogeneity.zero().lambda();
        }
        return theory.chi1(variance.qStar());
    }

    static double depthScale(double slope) {
        double rate = -StrictMath.log(Math.abs(slope));
        return rate > 0 ? 1 / rate : Double.POSITIVE_INFINITY;
    }
}
