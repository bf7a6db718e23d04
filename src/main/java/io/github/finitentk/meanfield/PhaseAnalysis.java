package io.github.finitentk.meanfield;

import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.numeric.RootFinder;

/**
 * The fixed points of the mean-field maps and what follows from them (Poole et al. 2016, Schoenholz et al. 2016).
 *
 * @param phase by {@code chi1Star}
 * @param diverges whether {@code q^l} grows without bound (ReLU with sigmaW2 > 2, or = 2 and sigmaB2 > 0)
 * @param qStar the attracting fixed point {@code q* = sigmaW2 E[phi(sqrt(q*) z)^2] + sigmaB2}; infinite if q diverges; NaN
 *     if every q is one (ReLU with sigmaW2 = 2, sigmaB2 = 0)
 * @param chi1Star {@code chi_1(q*)}; its limit for large q if q diverges
 * @param cStar the attracting fixed point of the correlation: 1 unless the phase is chaotic; NaN if q diverges and phi is
 *     not piecewise linear
 * @param chiCStar {@code sigmaW2 E2[phi' phi']} at {@code q*, c*}, slope of the map of c there
 * @param xiQ depth scale of q, {@code -1 / log |dq^{l+1}/dq^l|}, the slope being Schoenholz's
 *     {@code chi_1 + sigmaW2 E[phi'' phi]}; infinite at slope 1 or where q diverges
 * @param xiC depth scale of c, {@code -1 / log chiCStar}; infinite at the edge of chaos
 */
public record PhaseAnalysis(
        Phase phase,
        boolean diverges,
        double qStar,
        double chi1Star,
        double cStar,
        double chiCStar,
        double xiQ,
        double xiC) {

    /** Beyond this variance the map of q is taken to diverge. */
    private static final double LARGEST = 1e12;

    private static final double SMALLEST = 1e-30;

    /** Never throws for lack of a fixed point: that is an answer, see {@link #diverges}. */
    public static PhaseAnalysis of(MeanField theory) {
        return theory.activation() instanceof PiecewiseLinear ? piecewiseLinear(theory) : general(theory);
    }

    private static PhaseAnalysis piecewiseLinear(MeanField theory) {
        double sigmaB2 = theory.initialization().sigmaB2();
        double chi1 = theory.initialization().sigmaW2() * theory.expectation().squareSlope(1);
        boolean marginal = chi1 == 1 && sigmaB2 == 0;
        boolean diverges = chi1 >= 1 && !marginal;
        double qStar = diverges ? Double.POSITIVE_INFINITY : marginal ? Double.NaN : sigmaB2 / (1 - chi1);
        // q and the slope of c at 1 do not interact: chi at c = 1 relative to the growth of q is 1, so c* = 1 always
        double xi = depthScale(chi1);
        return new PhaseAnalysis(
                Phase.of(chi1),
                diverges,
                qStar,
                chi1,
                1,
                chi1,
                diverges ? Double.POSITIVE_INFINITY : xi,
                diverges ? Double.POSITIVE_INFINITY : xi);
    }

    private static PhaseAnalysis general(MeanField theory) {
        double qStar = fixedPoint(theory);
        if (qStar == Double.POSITIVE_INFINITY) {
            double chi1 = theory.chi1(1e6);
            double infinity = Double.POSITIVE_INFINITY;
            return new PhaseAnalysis(Phase.of(chi1), true, infinity, chi1, Double.NaN, Double.NaN, infinity, infinity);
        }
        double chi1 = theory.chi1(qStar);
        Phase phase = Phase.of(chi1);
        double xiQ = depthScale(
                theory.initialization().sigmaW2() * theory.expectation().squareSlope(qStar));
        if (phase != Phase.CHAOTIC || qStar == 0) {
            double xiC = phase == Phase.EDGE ? Double.POSITIVE_INFINITY : depthScale(chi1);
            return new PhaseAnalysis(phase, false, qStar, chi1, 1, chi1, xiQ, xiC);
        }
        Covariance fixed = fixedCovariance(theory, qStar);
        double chi = theory.initialization().sigmaW2() * theory.expectation().derivativeProduct(fixed);
        return new PhaseAnalysis(phase, false, qStar, chi1, fixed.correlation(), chi, xiQ, depthScale(chi));
    }

    private static double depthScale(double slope) {
        double rate = -Math.log(Math.abs(slope));
        return rate > 0 ? 1 / rate : Double.POSITIVE_INFINITY;
    }

    /** The attracting fixed point met first from q = 1; infinity if there is none below 1e12. */
    private static double fixedPoint(MeanField theory) {
        double low = 1;
        double high = 1;
        if (theory.nextVariance(1) >= 1) {
            while (theory.nextVariance(high) >= high) {
                low = high;
                high *= 2;
                if (high > LARGEST) {
                    return Double.POSITIVE_INFINITY;
                }
            }
        } else {
            while (theory.nextVariance(low) < low) {
                high = low;
                low *= 0.5;
                if (low < SMALLEST) {
                    return 0;
                }
            }
        }
        return RootFinder.find(q -> theory.nextVariance(q) - q, low, high);
    }

    /** In the chaotic phase: the gap at which one step, {@code sigmaW2 (new gap of phi)}, returns the gap. */
    private static Covariance fixedCovariance(MeanField theory, double qStar) {
        double sigmaW2 = theory.initialization().sigmaW2();
        // log of growth: chi_1 > 1 as gap -> 0, and at most 1 at c = 0 since E2[phi phi] >= 0 there
        double logGap = RootFinder.find(
                log -> {
                    double growth = sigmaW2
                            * theory.expectation()
                                    .propagate(atGap(qStar, Math.exp(log)))
                                    .gap()
                            / Math.exp(log);
                    return Math.abs(growth - 1) < 1e-15 ? 0 : Math.log(growth);
                },
                Math.log(qStar) - 60,
                Math.log(qStar) + 1e-12);
        return atGap(qStar, Math.exp(logGap));
    }

    private static Covariance atGap(double q, double gap) {
        return new Covariance(q, q, q - gap, gap, 2 * q - gap, 0);
    }
}
