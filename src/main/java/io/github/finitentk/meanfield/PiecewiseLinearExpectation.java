package io.github.finitentk.meanfield;

/**
 * Closed forms for {@code phi(h) = b max(h, 0) + a min(h, 0)}: ReLU (a = 0, b = 1), leaky ReLU, absolute value, identity.
 *
 * <p>With {@code theta = arccos c}, {@code k = (b - a)^2 / (2 pi)} and {@code N = sqrt(qs qr)}:
 * <pre>
 * E[phi^2] = q (a^2 + b^2)/2                 E[phi'^2] = (a^2 + b^2)/2
 * E2[phi phi]   = k N (sin theta + (pi - theta) cos theta) + a b qsr
 * E2[phi' phi'] = k (pi - theta) + a b
 * </pre>
 * (Cho and Saul 2009 for ReLU; the general slopes follow from {@code phi(h) = a h + (b - a) max(h, 0)}.)
 *
 * <p>Appendix E.1 of the paper prints the ReLU product with the prefactor {@code a / (2 pi)} where its {@code a} is a
 * standard deviation; the integral is homogeneous of degree 2, so the prefactor is {@code a^2 / (2 pi)}. The recursion
 * for {@code q_sr} printed below it has the right power. That for {@code p_sr} multiplies {@code p^l} where it must be
 * {@code p_sr^l}.
 *
 * <p>The angle comes from {@code tan(theta/2) = sqrt(gap / antiGap)}, accurate at both ends where arcsin loses half of
 * the digits. Relative error about 1e-15.
 */
final class PiecewiseLinearExpectation implements GaussianExpectation {

    private final double a;
    private final double b;
    /** {@code (a^2 + b^2) / 2}. */
    private final double lambda;
    /** {@code (b - a)^2 / (2 pi)}. */
    private final double kappa;

    PiecewiseLinearExpectation(double negativeSlope, double positiveSlope) {
        a = negativeSlope;
        b = positiveSlope;
        lambda = 0.5 * (a * a + b * b);
        kappa = (b - a) * (b - a) / (2 * Math.PI);
    }

    /** {@code sin t - t cos t} for {@code 0 <= t <= pi}, relatively accurate down to 0, where it is {@code t^3 / 3}. */
    static double sinMinusTCos(double t) {
        if (t > 1) {
            return StrictMath.sin(t) - t * StrictMath.cos(t);
        }
        // sum over n >= 1 of (-1)^(n+1) 2n t^(2n+1) / (2n+1)!
        double t2 = t * t;
        double power = t * t2 / 6;
        double sum = 0;
        for (int n = 1; n <= 10; n++) {
            sum += 2 * n * power;
            power *= -t2 / ((2 * n + 2) * (2 * n + 3));
        }
        return sum;
    }

    double lambda() {
        return lambda;
    }

    double kappa() {
        return kappa;
    }

    double slopeProduct() {
        return a * b;
    }

    @Override
    public double square(double q) {
        return lambda * q;
    }

    @Override
    public double derivativeSquare(double q) {
        return q > 0 ? lambda : a * a;
    }

    @Override
    public double squareSlope(double q) {
        return lambda;
    }

    @Override
    public double product(Covariance u) {
        if (u.qsr() >= 0) {
            double theta = 2 * StrictMath.atan2(Math.sqrt(u.gap()), Math.sqrt(u.antiGap()));
            return kappa * (u.rootDeterminant() + (Math.PI - theta) * u.qsr()) + a * b * u.qsr();
        }
        // Near c = -1 with t = pi - theta: sin theta + (pi - theta) cos theta = sin t - t cos t.
        double t = 2 * StrictMath.atan2(Math.sqrt(u.antiGap()), Math.sqrt(u.gap()));
        return kappa * u.scale() * sinMinusTCos(t) + a * b * u.qsr();
    }

    @Override
    public double derivativeProduct(Covariance u) {
        if (u.qs() == 0 || u.qr() == 0) {
            double other = u.qs() == u.qr() ? a : 0.5 * (a + b);
            return a * other;
        }
        return kappa * 2 * StrictMath.atan2(Math.sqrt(u.antiGap()), Math.sqrt(u.gap())) + a * b;
    }

    @Override
    public Covariance propagate(Covariance u) {
        double qsr = product(u);
        double scale = lambda * u.scale();
        double gap;
        double antiGap;
        if (u.qsr() >= 0) {
            // gap = N (lambda (1 - c) - k (sin theta - theta cos theta)), where the last bracket is ~ theta^3 / 3
            double theta = 2 * StrictMath.atan2(Math.sqrt(u.gap()), Math.sqrt(u.antiGap()));
            gap = lambda * u.gap() - kappa * u.scale() * sinMinusTCos(theta);
            antiGap = scale + qsr;
        } else {
            // the same around c = -1, t = pi - theta; (a + b)^2 = 0 for the absolute value, (a - b)^2 = 0 for the
            // identity
            double t = 2 * StrictMath.atan2(Math.sqrt(u.antiGap()), Math.sqrt(u.gap()));
            double bent = kappa * u.scale() * sinMinusTCos(t);
            gap = 0.5 * (a + b) * (a + b) * u.scale() - a * b * u.antiGap() - bent;
            antiGap = 0.5 * (a - b) * (a - b) * u.scale() + a * b * u.antiGap() + bent;
        }
        return new Covariance(
                lambda * u.qs(), lambda * u.qr(), qsr, Math.max(0, gap), Math.max(0, antiGap), lambda * u.difference());
    }
}
