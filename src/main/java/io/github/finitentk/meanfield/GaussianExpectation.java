package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.PiecewiseLinear;

/**
 * The Gaussian integrals of one activation in eqs (5) to (9).
 *
 * <p>For ReLU and its relatives, erf, sin and GELU these are closed forms, accurate to a few roundings; for every other
 * activation quadrature, accurate to 1e-10 relative or better for q from 1e-8 to 1e4 (usually 1e-13). A variance of 0
 * means the preactivation is exactly 0, so {@code phi'(0)} there is the value back-propagation uses.
 * Implementations are safe to use from several threads.
 */
interface GaussianExpectation {

    /** {@code E[phi(sqrt(q) z)^2]}, z standard normal: the integral of eqs (5) and (6). */
    double square(double q);

    /** {@code E[phi'(sqrt(q) z)^2]}: the integral of eq. (8); {@code chi_1 = sigmaW2} times this. */
    double derivativeSquare(double q);

    /** {@code d/dq E[phi(sqrt(q) z)^2] = E[phi(u) phi'(u) u] / q}, u = sqrt(q) z: slope of the map of q. */
    double squareSlope(double q);

    /** {@code E[phi(u_s) phi(u_r)]}: the integral of eq. (7). */
    double product(Covariance covariance);

    /** {@code E[phi'(u_s) phi'(u_r)]}: the integral of eq. (9). */
    double derivativeProduct(Covariance covariance);

    /** The covariance of {@code phi(u_s), phi(u_r)}, its gap and difference as accurate as those of the argument. */
    Covariance propagate(Covariance covariance);

    /** The best method known for an activation: a closed form if there is one, else quadrature. */
    static GaussianExpectation forActivation(Activation activation) {
        if (activation instanceof PiecewiseLinear linear) {
            return new PiecewiseLinearExpectation(linear.negativeSlope(), linear.positiveSlope());
        }
        if (activation.equals(Activations.ERF)) {
            return new ErfExpectation();
        }
        if (activation.equals(Activations.SIN)) {
            return new SinExpectation();
        }
        if (activation.equals(Activations.GELU)) {
            return new GeluExpectation(activation);
        }
        return new QuadratureExpectation(activation);
    }

    /** Quadrature whatever the activation, for comparison with the closed forms. */
    static GaussianExpectation byQuadrature(Activation activation) {
        return new QuadratureExpectation(activation);
    }
}
