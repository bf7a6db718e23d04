package io.github.finitentk.meanfield;

/**
 * Closed forms for {@code phi = sin}, from the characteristic function of the normal law:
 * <pre>
 * E[phi^2] = (1 - e^{-2q})/2        E2[phi phi]   = ( e^{-E[(u_s - u_r)^2]/2} - e^{-E[(u_s + u_r)^2]/2} ) / 2
 * E[phi'^2] = (1 + e^{-2q})/2       E2[phi' phi'] = the same with a plus sign
 * </pre>
 * Relative error about 1e-15.
 */
final class SinExpectation extends SmoothExpectation {

    @Override
    public double square(double q) {
        return -0.5 * StrictMath.expm1(-2 * q);
    }

    @Override
    public double derivativeSquare(double q) {
        return 0.5 * (1 + StrictMath.exp(-2 * q));
    }

    @Override
    public double squareSlope(double q) {
        return StrictMath.exp(-2 * q);
    }

    @Override
    public double product(Covariance u) {
        if (u.qsr() < 0) {
            return 0.5 * StrictMath.exp(-0.5 * sumSquare(u)) * StrictMath.expm1(2 * u.qsr());
        }
        return -0.5 * StrictMath.exp(-0.5 * u.distance2()) * StrictMath.expm1(-2 * u.qsr());
    }

    @Override
    public double derivativeProduct(Covariance u) {
        return 0.5 * (StrictMath.exp(-0.5 * u.distance2()) + StrictMath.exp(-0.5 * sumSquare(u)));
    }

    /** {@code E[(u_s + u_r)^2]}. */
    private static double sumSquare(Covariance u) {
        double root = u.rootDifference();
        return root * root + 2 * u.antiGap();
    }

    @Override
    boolean odd() {
        return true;
    }

    @Override
    double transverse(Covariance u) {
        // sinh(N) - sinh(N - gap) = 2 cosh(N - gap/2) sinh(gap/2), under the factor exp(-(qs + qr)/2)
        double root = u.rootDifference();
        double shift = StrictMath.exp(-0.5 * root * root);
        double scale = u.scale();
        double cosine = 0.5 * (1 + StrictMath.exp(-2 * scale + u.gap()));
        return -shift * cosine * StrictMath.expm1(-u.gap());
    }

    @Override
    Radial radial(Covariance u) {
        // sin(az) - sin(bz) = 2 cos((a + b) z / 2) sin((a - b) z / 2)
        double a = Math.sqrt(u.qs());
        double b = Math.sqrt(u.qr());
        double d = u.rootDifference();
        double m = 0.5 * (a + b);
        // = (1 + cos 2mz)(1 - cos dz) when squared; its expectation in forms that do not cancel for small d
        double square = -StrictMath.expm1(-0.5 * d * d) + cosineTerm(m, d);
        // q-hat_s - q-hat_r = (e^{-2 qr} - e^{-2 qs}) / 2
        double difference = -0.5 * StrictMath.exp(-2 * u.qr()) * StrictMath.expm1(-2 * u.difference());
        return new Radial(0.5 * (square + difference), 0.5 * (square - difference), square);
    }

    /** {@code E[cos 2mz (1 - cos dz)] = e^{-2 m^2} (1 - e^{-d^2/2} cosh(2 m d))}. */
    private static double cosineTerm(double m, double d) {
        if (Math.abs(m * d) > 1) {
            return StrictMath.exp(-2 * m * m)
                    - 0.5
                            * (StrictMath.exp(-0.5 * (2 * m - d) * (2 * m - d))
                                    + StrictMath.exp(-0.5 * (2 * m + d) * (2 * m + d)));
        }
        double sinh = StrictMath.sinh(m * d);
        return StrictMath.exp(-2 * m * m)
                * (-StrictMath.expm1(-0.5 * d * d) - StrictMath.exp(-0.5 * d * d) * 2 * sinh * sinh);
    }
}
