package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.GaussianQuadrature;
import io.github.finitentk.model.Activation;

/**
 * How the averages over the units of one wide layer respond to the variance of its preactivations, and how they fluctuate:
 * Gaussian averages of {@code u = phi(h)^2 / E[phi^2] - 1} and {@code w = phi'(h)^2 / E[phi'^2] - 1}, {@code h = sqrt(v) z}, all
 * without dimension, so that no size of v makes them overflow, and with nothing subtracted that nearly cancels.
 *
 * @param square {@code E[u^2] = Var(phi^2) / E[phi^2]^2}
 * @param mixed {@code E[u w] = Cov(phi^2, phi'^2) / (E[phi^2] E[phi'^2])}
 * @param derivative {@code E[w^2] = Var(phi'^2) / E[phi'^2]^2}
 * @param squareSlope {@code d log E[phi^2] / d log v = E[u (z^2 - 1)] / 2}
 * @param derivativeSlope {@code d log E[phi'^2] / d log v = E[w (z^2 - 1)] / 2}
 * @param squareCurvature {@code v^2 (E[phi^2])'' / E[phi^2] = E[u (z^4 - 6 z^2 + 3)] / 4}
 * @param derivativeCurvature the same for {@code phi'^2}
 * @param linearity {@code E[phi^2] / (v E[phi'^2])}: 1 for piecewise linear functions
 */
record LayerFluctuations(
        double square,
        double mixed,
        double derivative,
        double squareSlope,
        double derivativeSlope,
        double squareCurvature,
        double derivativeCurvature,
        double linearity) {

    private static final double TOLERANCE = 1e-13;

    /** A layer whose preactivations are all 0, exactly: nothing of it fluctuates. */
    private static final LayerFluctuations NONE = new LayerFluctuations(0, 0, 0, 0, 0, 0, 0, 0);

    /** @param l hidden layer of a recursion of this theory */
    static LayerFluctuations of(MeanField theory, SignalPropagation signal, int l) {
        ScaledValue variance = signal.scaledQ(l);
        if (variance.value() == 0) {
            return NONE;
        }
        Homogeneity homogeneity = theory.homogeneity();
        long unit = homogeneity.unit(variance.size());
        double v = ScaledValue.scalb(variance.value(), variance.exponent() - unit);
        Homogeneity.Slopes far = homogeneity.infinity();
        if (far != null && (homogeneity.everywhere() || v >= Homogeneity.LARGE)) {
            return piecewiseLinear(far);
        }
        ScaledValue square = signal.scaledQhat(l);
        return byQuadrature(
                theory.activation(),
                v,
                ScaledValue.scalb(square.value(), square.exponent() - unit),
                signal.chi1(l) / theory.initialization().sigmaW2());
    }

    /** With {@code phi^2 = s^2 h^2}, {@code phi'^2 = s^2}, s = a or b with probability 1/2 each. */
    private static LayerFluctuations piecewiseLinear(Homogeneity.Slopes slopes) {
        if (slopes.a() == 0 && slopes.b() == 0) {
            return NONE;
        }
        double a2 = slopes.a() * slopes.a();
        double b2 = slopes.b() * slopes.b();
        double unevenness = (a2 - b2) / (a2 + b2);
        double variance = unevenness * unevenness;
        return new LayerFluctuations(2 + 3 * variance, variance, variance, 1, 0, 0, 0, 1);
    }

    private static LayerFluctuations byQuadrature(Activation activation, double v, double square, double derivative) {
        double root = Math.sqrt(v);
        double[] e = GaussianQuadrature.expectations(
                (z, values) -> {
                    double h = root * z;
                    double value = activation.value(h);
                    double slope = activation.derivative(h);
                    // A layer whose phi vanishes passes no signal on, and one whose phi' does no derivative.
                    double u = square == 0 ? 0 : value * value / square - 1;
                    double w = derivative == 0 ? 0 : slope * slope / derivative - 1;
                    double hermite2 = z * z - 1;
                    double hermite4 = (z * z - 6) * z * z + 3;
                    values[0] = u * u;
                    values[1] = u * w;
                    values[2] = w * w;
                    values[3] = u * hermite2;
                    values[4] = w * hermite2;
                    values[5] = u * hermite4;
                    values[6] = w * hermite4;
                },
                7,
                GaussianQuadrature.borders(0, root, activation.kinks()),
                TOLERANCE);
        return new LayerFluctuations(
                e[0],
                e[1],
                e[2],
                e[3] / 2,
                e[4] / 2,
                e[5] / 4,
                e[6] / 4,
                derivative == 0 ? 0 : square / v / derivative);
    }
}
