package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;

/**
 * Closed forms for {@code phi(h) = h Phi(h)}, Phi the standard normal distribution function (Tsuchida, Pearce, van der
 * Heide, Roosta and Gallagher 2021; derived here by Stein's lemma). With {@code D = (1 + qs)(1 + qr) - qsr^2},
 * {@code I = 1/4 + arctan(qsr / sqrt(D)) / (2 pi)}, {@code A = 1 / (2 pi sqrt(D))} and
 * {@code w = 1/(1 + qs) + 1/(1 + qr)}:
 * <pre>
 * E2[phi phi]   = qsr I + A (qs qr - qsr^2 + qsr^2 w)
 * E2[phi' phi'] = I + A qsr (w + 1/D)
 * </pre>
 * D is formed from the determinant, without cancellation. Relative error about 1e-15 unless qsr is negative, where the
 * product is a difference (absolute error 1e-16 of the variances).
 */
final class GeluExpectation extends NumericRadialExpectation {

    GeluExpectation(Activation gelu) {
        super(gelu);
    }

    @Override
    public double square(double q) {
        return product(Covariance.ofCorrelation(q, q, 1));
    }

    @Override
    public double derivativeSquare(double q) {
        return derivativeProduct(Covariance.ofCorrelation(q, q, 1));
    }

    @Override
    public double squareSlope(double q) {
        // d/dq of q I + A q^2 w with D = 1 + 2q, w = 2/(1 + q)
        double d = 1 + 2 * q;
        double root = Math.sqrt(d);
        double i = 0.25 + StrictMath.atan(q / root) / (2 * Math.PI);
        double slopeOfI = 1 / (2 * Math.PI * (1 + q) * root);
        double t = q * q / (1 + q);
        double slopeOfT = q * (2 + q) / ((1 + q) * (1 + q));
        return i + q * slopeOfI + (slopeOfT - t / d) / (Math.PI * root);
    }

    @Override
    public double product(Covariance u) {
        double d = 1 + u.qs() + u.qr() + u.determinant();
        double root = Math.sqrt(d);
        double i = 0.25 + StrictMath.atan(u.qsr() / root) / (2 * Math.PI);
        return u.qsr() * i + (u.determinant() + u.qsr() * u.qsr() * weight(u)) / (2 * Math.PI * root);
    }

    @Override
    public double derivativeProduct(Covariance u) {
        double d = 1 + u.qs() + u.qr() + u.determinant();
        double root = Math.sqrt(d);
        double i = 0.25 + StrictMath.atan(u.qsr() / root) / (2 * Math.PI);
        return i + u.qsr() * (weight(u) + 1 / d) / (2 * Math.PI * root);
    }

    private static double weight(Covariance u) {
        return 1 / (1 + u.qs()) + 1 / (1 + u.qr());
    }

    @Override
    boolean odd() {
        return false;
    }
}
