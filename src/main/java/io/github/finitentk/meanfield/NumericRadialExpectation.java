package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.GaussLegendre;
import io.github.finitentk.internal.numeric.GaussianQuadrature;
import io.github.finitentk.model.Activation;

/** What near-equal norms contribute, by one-dimensional quadrature of accurate differences of phi. */
abstract class NumericRadialExpectation extends SmoothExpectation {

    /** Relative tolerance of one-dimensional quadrature; the values kept are finer than the test. */
    static final double TOLERANCE = 1e-13;

    /** Differences of phi over shorter steps are integrals of phi', since subtraction would lose digits. */
    private static final double SHORT_STEP = 0.05;

    private static final GaussLegendre RULE = GaussLegendre.of(6);

    final Activation activation;
    final double[] kinks;

    NumericRadialExpectation(Activation activation) {
        this.activation = activation;
        this.kinks = activation.kinks();
    }

    @Override
    Radial radial(Covariance u) {
        double a = Math.sqrt(u.qs());
        double b = Math.sqrt(u.qr());
        double d = u.rootDifference();
        double[] borders =
                GaussianQuadrature.borders(new double[] {0, 0}, new double[] {a, b}, new double[][] {kinks, kinks});
        double square = GaussianQuadrature.expectation(
                z -> {
                    double step = difference(a * z, b * z, d * z);
                    return step * step;
                },
                borders,
                TOLERANCE);
        double odd = GaussianQuadrature.expectation(
                z -> difference(a * z, b * z, d * z) * (activation.value(a * z) + activation.value(b * z)),
                borders,
                TOLERANCE);
        return new Radial(0.5 * (square + odd), 0.5 * (square - odd), square);
    }

    /** {@code phi(h) - phi(g)} where {@code h - g = step} is known accurately. */
    private double difference(double h, double g, double step) {
        if (Math.abs(step) > SHORT_STEP) {
            return activation.value(h) - activation.value(g);
        }
        for (double kink : kinks) {
            if (kink >= Math.min(h, g) && kink <= Math.max(h, g)) {
                return activation.value(h) - activation.value(g);
            }
        }
        double middle = 0.5 * (h + g);
        double sum = 0;
        for (int i = 0; i < RULE.size(); i++) {
            sum += RULE.weight(i) * activation.derivative(middle + 0.5 * step * RULE.node(i));
        }
        return 0.5 * step * sum;
    }
}
