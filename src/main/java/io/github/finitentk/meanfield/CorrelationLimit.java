package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.RootFinder;

/**
 * Where the correlations {@code c^1, c^2, …} of two inputs of equal norm go.
 *
 * <p>At a fixed variance the map of c is a power series in c with nonnegative coefficients (Mehler), so besides c = 1 there
 * is at most one fixed point in [0, 1); it attracts, from all of (-1, 1), if and only if {@code chi_1 > 1}. Where q* is 0 or
 * infinite the activation is linear on both sides of 0 in the end, with slopes a and b, and {@code chi_1} says nothing about c:
 * if a and b differ, c tends to 1 algebraically ({@code 1 - c^l ~ 1/l^2}); if they are equal the map tends to the identity, and
 * c to a limit that depends on the start.
 *
 * @param cStar the limit
 * @param chiCStar {@code sigmaW2 E2[phi' phi']} there
 * @param xiC {@code |c^l - c*| ~ exp(-l / xiC)}; infinite where it is algebraic, or c never moves
 */
record CorrelationLimit(double cStar, double chiCStar, double xiC) {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final int LAYERS = 2000;

    /**
     * @param limit of the variance
     * @param chi1 {@code chi_1} there
     * @param first the covariance of the first layer, of two equal variances
     */
    static CorrelationLimit of(MeanField theory, VarianceLimit limit, double chi1, ScaledCovariance first) {
        if (limit.period() != 1) {
            return new CorrelationLimit(Double.NaN, Double.NaN, Double.NaN);
        }
        Homogeneity homogeneity = theory.homogeneity();
        double qStar = limit.qStar();
        boolean diverges = Double.isInfinite(qStar);
        boolean everywhere = homogeneity.everywhere();
        boolean scaleFree = everywhere && theory.initialization().sigmaB2() == 0;
        if (diverges || qStar == 0 || scaleFree) {
            Homogeneity.Slopes slopes = diverges ? homogeneity.infinity() : homogeneity.zero();
            if (slopes == null) {
                return new CorrelationLimit(Double.NaN, Double.NaN, Double.NaN);
            }
            if (first.value().gap() == 0 || slopes.bent()) {
                return new CorrelationLimit(1, chi1, NEVER);
            }
            return everywhere ? ofIdentity(theory, chi1, first) : followed(theory, chi1, first);
        }
        boolean opposite = theory.initialization().sigmaB2() == 0
                && first.value().antiGap() == 0
                && theory.activation().value(1) == -theory.activation().value(-1);
        if (opposite || first.value().gap() == 0 || PhaseAnalysis.Phase.of(chi1) != PhaseAnalysis.Phase.CHAOTIC) {
            double xi =
                    PhaseAnalysis.Phase.of(chi1) == PhaseAnalysis.Phase.EDGE ? NEVER : PhaseAnalysis.depthScale(chi1);
            return new CorrelationLimit(opposite ? -1 : 1, chi1, xi);
        }
        Covariance fixed = fixedCovariance(theory, qStar);
        double chi = theory.initialization().sigmaW2() * theory.expectation().derivativeProduct(fixed);
        return new CorrelationLimit(fixed.correlation(), chi, PhaseAnalysis.depthScale(chi));
    }

    /** A deep linear network: gap and variance are geometric sequences, {@code q^{l+1} = chi_1 q^l + sigmaB2}. */
    private static CorrelationLimit ofIdentity(MeanField theory, double chi1, ScaledCovariance first) {
        double sigmaB2 = theory.initialization().sigmaB2();
        if (sigmaB2 == 0) {
            return new CorrelationLimit(first.value().correlation(), chi1, NEVER);
        }
        if (chi1 == 1) {
            return new CorrelationLimit(1, chi1, NEVER);
        }
        double biases = ScaledValue.scalb(sigmaB2 / (chi1 - 1), -first.exponent());
        double gap = first.value().gap() / (first.value().qs() + biases);
        return new CorrelationLimit(1 - gap, chi1, 1 / StrictMath.log(chi1));
    }

    /**
     * By the recursion itself. What c still has to go falls geometrically with q, like {@code q} or (phi odd) {@code q^2}, or, at
     * {@code chi_1 = 1}, like 1/l.
     */
    private static CorrelationLimit followed(MeanField theory, double chi1, ScaledCovariance first) {
        boolean geometric = Math.abs(chi1 - 1) > PhaseAnalysis.Phase.TOLERANCE;
        ScaledCovariance q = first;
        double c = q.value().correlation();
        double halfway = c;
        double step = 0;
        double ratio = 0;
        for (int layer = 1; layer <= LAYERS; layer++) {
            q = theory.throughWeights(theory.activationCovariance(q));
            double next = q.value().correlation();
            double nextStep = next - c;
            if (geometric && Math.abs(nextStep) < 1e-14) {
                break;
            }
            ratio = step == 0 ? 0 : nextStep / step;
            step = nextStep;
            c = next;
            halfway = layer == LAYERS / 2 ? c : halfway;
        }
        if (!geometric) {
            return new CorrelationLimit(2 * c - halfway, chi1, NEVER);
        }
        double rest = ratio > 0 && ratio < 1 ? step * ratio / (1 - ratio) : 0;
        double rate = Math.abs(StrictMath.log(chi1));
        double power = ratio > 0 && ratio < 1 ? Math.max(1, Math.rint(-StrictMath.log(ratio) / rate)) : 1;
        return new CorrelationLimit(c + rest, chi1, 1 / (power * rate));
    }

    /** The one fixed point of the map of c in [0, 1), in the chaotic phase. */
    private static Covariance fixedCovariance(MeanField theory, double qStar) {
        boolean closed = !(theory.expectation() instanceof QuadratureExpectation quadrature)
                || quadrature.expandsCompletely(qStar);
        return closed ? fixedGap(theory, qStar) : fixedFromBelow(theory, qStar);
    }

    /** The gap at which one step, {@code sigmaW2 (new gap of phi)}, returns the gap: accurate however small it is. */
    private static Covariance fixedGap(MeanField theory, double qStar) {
        double sigmaW2 = theory.initialization().sigmaW2();
        // log of growth: chi_1 > 1 as gap -> 0, and at most 1 at c = 0 since E2[phi phi] >= 0 there
        double logGap = RootFinder.find(
                log -> {
                    double growth = sigmaW2
                            * theory.expectation()
                                    .propagate(atGap(qStar, StrictMath.exp(log)))
                                    .gap()
                            / StrictMath.exp(log);
                    return Math.abs(growth - 1) < 1e-15 ? 0 : StrictMath.log(growth);
                },
                StrictMath.log(qStar) - 60,
                StrictMath.log(qStar) + 1e-12);
        return atGap(qStar, StrictMath.exp(logGap));
    }

    /**
     * Newton's method from c = 0 on {@code C(c) - c}, which is convex: it comes from below and never passes the root, so
     * nothing is integrated near c = 1, where two-dimensional quadrature is slow.
     */
    private static Covariance fixedFromBelow(MeanField theory, double qStar) {
        double sigmaW2 = theory.initialization().sigmaW2();
        double c = 0;
        for (int step = 0; step < 100; step++) {
            Covariance u = Covariance.ofCorrelation(qStar, qStar, c);
            double excess = (sigmaW2 * theory.expectation().product(u)
                                    + theory.initialization().sigmaB2())
                            / qStar
                    - c;
            double slope = sigmaW2 * theory.expectation().derivativeProduct(u) - 1;
            double next = Math.min(1, Math.max(0, c - excess / slope));
            if (!(slope < 0) || Math.abs(next - c) <= 1e-14) {
                break;
            }
            c = next;
        }
        return Covariance.ofCorrelation(qStar, qStar, c);
    }

    private static Covariance atGap(double q, double gap) {
        return new Covariance(q, q, q - gap, gap, 2 * q - gap, 0);
    }
}
