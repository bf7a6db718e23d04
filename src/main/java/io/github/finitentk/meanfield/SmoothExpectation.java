package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.AdaptiveQuadrature;

/**
 * How a gap propagates, in terms of what every activation provides.
 *
 * <p>With {@code N = sqrt(qs qr)} and {@code G = E[phi(sqrt(qs) z) phi(sqrt(qr) z)]} (the product at c = 1), the new gap is
 * {@code sqrt(qhat_s qhat_r) - qhat_sr = (sqrt(qhat_s qhat_r) - G) + (G - qhat_sr)}. The second term comes from Price's
 * theorem, {@code d E2[phi phi] / d qsr = E2[phi' phi']}; the first depends on the two norms only and vanishes when they
 * are equal. Both are nonnegative (Cauchy-Schwarz) near c = 1, so relative accuracy survives.
 */
abstract class SmoothExpectation implements GaussianExpectation {

    /** Above this share of the scale, plain subtraction keeps all but one digit. */
    private static final double DIRECT = 0.25;

    private static final double TOLERANCE = 1e-12;

    /**
     * What the norms contribute, {@code a = sqrt(qs)}, {@code b = sqrt(qr)}, each term accurate for near-equal norms.
     *
     * @param alpha {@code E[phi(az) (phi(az) - phi(bz))]}
     * @param beta {@code E[phi(bz) (phi(bz) - phi(az))]}
     * @param square {@code E[(phi(az) - phi(bz))^2] = alpha + beta}
     */
    record Radial(double alpha, double beta, double square) {}

    /** Whether {@code phi(-h) = -phi(h)}: then c near -1 mirrors c near 1. */
    abstract boolean odd();

    /** The radial terms for {@code covariance.difference() != 0}. */
    abstract Radial radial(Covariance covariance);

    /** {@code E2[phi phi] at c = 1 minus E2[phi phi] at c}, relatively accurate for small gaps, by Price's theorem. */
    double transverse(Covariance u) {
        if (u.gap() == 0) {
            return 0;
        }
        // qsr = N - gap t^2: the square-root singularity that a kink makes at c = 1 turns into a smooth function of t.
        double scale = u.scale();
        return AdaptiveQuadrature.integrate(
                        t -> {
                            double gap = u.gap() * t * t;
                            return 2
                                    * t
                                    * derivativeProduct(new Covariance(
                                            u.qs(), u.qr(), scale - gap, gap, 2 * scale - gap, u.difference()));
                        },
                        new double[] {0, 0.25, 1},
                        TOLERANCE)
                * u.gap();
    }

    @Override
    public Covariance propagate(Covariance u) {
        double qs = square(u.qs());
        double qr = u.difference() == 0 ? qs : square(u.qr());
        double qsr = product(u);
        double scale = Math.sqrt(qs) * Math.sqrt(qr);
        double difference = qs - qr;
        Radial radial = null;
        if (u.difference() != 0 && Math.abs(difference) <= DIRECT * (qs + qr)) {
            radial = radial(u);
            difference = radial.alpha() - radial.beta();
        }
        double gap = Math.max(0, scale - qsr);
        double antiGap = Math.max(0, scale + qsr);
        if (qsr > 0 && gap < DIRECT * scale) {
            gap = smallGap(u, qs, scale, radial);
        } else if (odd() && qsr < 0 && antiGap < DIRECT * scale) {
            antiGap = smallGap(mirrored(u), qs, scale, radial);
        }
        return new Covariance(qs, qr, qsr, gap, antiGap, difference);
    }

    private double smallGap(Covariance u, double qs, double scale, Radial radial) {
        double transverse = transverse(u);
        if (u.difference() == 0) {
            return transverse;
        }
        Radial r = radial == null ? radial(u) : radial;
        double collinear = qs - r.alpha();
        // qs qr - G^2 = G (alpha + beta) + alpha beta
        double determinant = Math.max(0, collinear * r.square() + r.alpha() * r.beta());
        return transverse + determinant / (scale + collinear);
    }

    private static Covariance mirrored(Covariance u) {
        return new Covariance(u.qs(), u.qr(), -u.qsr(), u.antiGap(), u.gap(), u.difference());
    }
}
