package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.GaussLegendre;

/**
 * Closed forms for {@code phi = erf} (Williams 1997):
 * <pre>
 * E[phi^2]      = (2/pi) arctan( 2 q / sqrt(1 + 4 q) )          E[phi'^2] = (4/pi) / sqrt(1 + 4 q)
 * E2[phi phi]   = (2/pi) arctan( 2 qsr / R ),   R^2 = (1 + 2 qs)(1 + 2 qr) - 4 qsr^2 = 1 + 2 qs + 2 qr + 4 det
 * E2[phi' phi'] = (4/pi) / R
 * </pre>
 * Appendix E.2 of the paper prints {@code q_sr^l} and {@code p_sr^l} with {@code sqrt(q)} and {@code sqrt(q_sr)} in place
 * of {@code q} and {@code q_sr}: it took the {@code a} of the integrals above it for {@code q}, but {@code a^2 = q}. (It also
 * multiplies {@code p_sr} by {@code p^l} where {@code p_sr^l} belongs.)
 *
 * <p>Relative error about 1e-15: R is formed from the determinant, without cancellation.
 */
final class ErfExpectation extends SmoothExpectation {

    private static final double TWO_OVER_PI = 2 / Math.PI;
    private static final GaussLegendre RULE = GaussLegendre.of(8);

    @Override
    public double square(double q) {
        return TWO_OVER_PI * StrictMath.atan(2 * q / Math.sqrt(1 + 4 * q));
    }

    @Override
    public double derivativeSquare(double q) {
        return 2 * TWO_OVER_PI / Math.sqrt(1 + 4 * q);
    }

    @Override
    public double squareSlope(double q) {
        return 2 * TWO_OVER_PI / ((1 + 2 * q) * Math.sqrt(1 + 4 * q));
    }

    @Override
    public double product(Covariance u) {
        return TWO_OVER_PI * StrictMath.atan(2 * u.qsr() / root(u));
    }

    @Override
    public double derivativeProduct(Covariance u) {
        return 2 * TWO_OVER_PI / root(u);
    }

    private static double root(Covariance u) {
        double square = 1 + 2 * u.qs() + 2 * u.qr() + 4 * u.determinant();
        return square < Double.POSITIVE_INFINITY ? Math.sqrt(square) : 2 * u.rootDeterminant();
    }

    @Override
    boolean odd() {
        return true;
    }

    @Override
    double transverse(Covariance u) {
        // arctan(2 N / R0) - arctan(2 qsr / R) as one arctangent, its numerator a sum of nonnegative terms
        double scale = u.scale();
        double r0 = Math.sqrt(1 + 2 * u.qs() + 2 * u.qr());
        double r = root(u);
        double growth = 4 * u.determinant() / (r + r0);
        return TWO_OVER_PI * StrictMath.atan2(2 * (scale * growth + u.gap() * r0), r0 * r + 4 * scale * u.qsr());
    }

    @Override
    Radial radial(Covariance u) {
        double a = Math.sqrt(u.qs());
        double b = Math.sqrt(u.qr());
        double r0 = Math.sqrt(1 + 2 * u.qs() + 2 * u.qr());
        double rs = Math.sqrt(1 + 4 * u.qs());
        double rr = Math.sqrt(1 + 4 * u.qr());
        double norm = Math.sqrt(1 + 2 * u.qs()) * Math.sqrt(1 + 2 * u.qr());
        double alpha = TWO_OVER_PI * StrictMath.asin(2 * a * u.difference() / ((a * r0 + b * rs) * norm));
        double beta = -TWO_OVER_PI * StrictMath.asin(2 * b * u.difference() / ((b * r0 + a * rr) * norm));
        return new Radial(alpha, beta, radialSquare(alpha + beta, a, u.rootDifference()));
    }

    /** {@code alpha + beta} cancels to second order for near-equal norms; a double integral then has no cancellation. */
    private static double radialSquare(double sum, double a, double difference) {
        if (Math.abs(difference) > 0.1) {
            return sum;
        }
        // E[(erf(az) - erf(bz))^2] = integral over s, t in [b, a] of (4/pi) (1 + 2 s^2 + 2 t^2)^(-3/2)
        double integral = 0;
        for (int i = 0; i < RULE.size(); i++) {
            double s = a - 0.5 * difference * (1 - RULE.node(i));
            for (int j = 0; j < RULE.size(); j++) {
                double t = a - 0.5 * difference * (1 - RULE.node(j));
                double d = 1 + 2 * s * s + 2 * t * t;
                integral += RULE.weight(i) * RULE.weight(j) / (d * Math.sqrt(d));
            }
        }
        return 2 * TWO_OVER_PI * integral * 0.25 * difference * difference;
    }
}
