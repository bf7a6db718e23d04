package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GaussianExpectationTest {

    private static final double[] CORRELATIONS = {-1, -0.999, -0.4, 0, 0.3, 0.95, 1 - 1e-6, 1};

    static List<Activation> closedForms() {
        return List.of(
                Activations.RELU,
                Activations.ABS,
                Activations.leakyRelu(0.1),
                Activations.IDENTITY,
                Activations.ERF,
                Activations.SIN,
                Activations.GELU);
    }

    static List<Activation> quadratures() {
        return List.of(Activations.TANH, Activations.SIGMOID, Activations.SOFTPLUS, Activations.SILU);
    }

    @ParameterizedTest
    @MethodSource("closedForms")
    void closedFormsAgreeWithQuadratureInOneDimension(Activation activation) {
        GaussianExpectation closed = GaussianExpectation.forActivation(activation);
        GaussianExpectation quadrature = GaussianExpectation.byQuadrature(activation);
        for (double q : new double[] {1e-8, 1e-3, 0.7, 5, 200, 1e4}) {
            assertRelative(quadrature.square(q), closed.square(q), 1e-10, activation, q);
            assertRelative(quadrature.derivativeSquare(q), closed.derivativeSquare(q), 1e-10, activation, q);
            if (activation != Activations.SIN || q < 5) {
                // e^{-2q} is lost in the rounding of the integral of sin cos
                assertRelative(quadrature.squareSlope(q), closed.squareSlope(q), 1e-10, activation, q);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("closedForms")
    void closedFormsAgreeWithQuadratureInTwoDimensions(Activation activation) {
        GaussianExpectation closed = GaussianExpectation.forActivation(activation);
        GaussianExpectation quadrature = GaussianExpectation.byQuadrature(activation);
        double[][] variances = {{1, 1}, {1e-4, 1e-4}, {0.3, 2.5}, {8, 8}};
        for (double[] q : variances) {
            for (double c : CORRELATIONS) {
                Covariance u = Covariance.ofCorrelation(q[0], q[1], c);
                double scale = Math.sqrt(closed.square(q[0]) * closed.square(q[1]));
                double slopes = Math.sqrt(closed.derivativeSquare(q[0]) * closed.derivativeSquare(q[1]));
                assertThat(quadrature.product(u))
                        .as("%s product %s", activation.label(), u)
                        .isCloseTo(closed.product(u), within(1e-10 * scale));
                assertThat(quadrature.derivativeProduct(u))
                        .as("%s derivatives %s", activation.label(), u)
                        .isCloseTo(closed.derivativeProduct(u), within(1e-10 * slopes));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("closedForms")
    void gapsAreThoseOfTheProductAndSurviveNearDuplicates(Activation activation) {
        GaussianExpectation e = GaussianExpectation.forActivation(activation);
        for (double[] q : new double[][] {{1, 1}, {0.3, 2.5}, {2, 2.0000001}, {40, 41}}) {
            for (double c : CORRELATIONS) {
                checkGap(e, Covariance.ofCorrelation(q[0], q[1], c), activation);
            }
        }
        // Linearised: the distance of near duplicates grows by E[phi'^2] in the transverse direction.
        Covariance near = new Covariance(1.3, 1.3, 1.3, 1e-30, 2.6, 0);
        assertRelative(1e-30 * e.derivativeSquare(1.3), e.propagate(near).gap(), 1e-13, activation, 1.3);
    }

    @ParameterizedTest
    @MethodSource("quadratures")
    void quadratureIsConsistentForSmoothActivations(Activation activation) {
        GaussianExpectation e = GaussianExpectation.forActivation(activation);
        for (double[] q : new double[][] {{1e-6, 1e-6}, {1, 1}, {0.5, 3}, {12, 12}}) {
            for (double c : CORRELATIONS) {
                Covariance u = Covariance.ofCorrelation(q[0], q[1], c);
                checkGap(e, u, activation);
                // Price's theorem: the derivative by qsr is the product of derivatives
                double step = 1e-4 * u.scale();
                if (Math.abs(c) < 0.9) {
                    double up = e.product(Covariance.of(q[0], q[1], u.qsr() + step));
                    double down = e.product(Covariance.of(q[0], q[1], u.qsr() - step));
                    assertRelative((up - down) / (2 * step), e.derivativeProduct(u), 1e-6, activation, q[0]);
                }
            }
        }
    }

    @Test
    void tanhIsContinuousUpToEqualInputsAndForLargeVariances() {
        GaussianExpectation e = GaussianExpectation.forActivation(Activations.TANH);
        for (double q : new double[] {1e-8, 1, 30}) {
            Covariance equal = Covariance.ofCorrelation(q, q, 1);
            assertRelative(e.square(q), e.product(equal), 1e-12, Activations.TANH, q);
            assertRelative(e.derivativeSquare(q), e.derivativeProduct(equal), 1e-12, Activations.TANH, q);
            Covariance near = Covariance.ofCorrelation(q, q, 1 - 1e-12);
            assertRelative(e.square(q), e.product(near), 1e-10, Activations.TANH, q);
        }
        // as q grows tanh becomes the sign function: E[phi^2] = 1 - 2/sqrt(2 pi q), E[phi'^2] = (4/3)/sqrt(2 pi q)
        assertThat(e.square(1e8)).isCloseTo(1 - 2 / Math.sqrt(2e8 * Math.PI), within(1e-11));
        assertThat(e.derivativeSquare(1e8)).isCloseTo(4.0 / 3 / Math.sqrt(2e8 * Math.PI), within(1e-12));
        assertThat(e.product(Covariance.ofCorrelation(1e4, 1e4, 0)))
                .as("nested quadrature")
                .isCloseTo(0, within(1e-12));
    }

    @Test
    void nestedQuadratureMatchesTheSeriesWhereBothApply() {
        // a kink that is none forces nested quadrature
        Activation forced = new Activation() {
            @Override
            public String label() {
                return "tanh with a declared kink";
            }

            @Override
            public double value(double h) {
                return Math.tanh(h);
            }

            @Override
            public double derivative(double h) {
                return 1 - Math.tanh(h) * Math.tanh(h);
            }

            @Override
            public double[] kinks() {
                return new double[] {0.5};
            }
        };
        GaussianExpectation nested = GaussianExpectation.byQuadrature(forced);
        GaussianExpectation series = GaussianExpectation.byQuadrature(Activations.TANH);
        for (double[] q : new double[][] {{1, 1}, {0.3, 2.5}, {20, 20}}) {
            for (double c : CORRELATIONS) {
                Covariance u = Covariance.ofCorrelation(q[0], q[1], c);
                assertThat(nested.product(u)).as("%s", u).isCloseTo(series.product(u), within(1e-11));
                assertThat(nested.derivativeProduct(u))
                        .as("%s", u)
                        .isCloseTo(series.derivativeProduct(u), within(1e-11));
            }
        }
    }

    @Test
    void badCovariancesGetOneSentence() {
        assertThatThrownBy(() -> Covariance.ofCorrelation(1, 1, 1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The correlation c must lie in [-1, 1], not 1.1.");
        assertThatThrownBy(() -> Covariance.ofCorrelation(-1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Covariance.of(1, 1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Covariance.of(Double.NaN, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        GaussianExpectation.forActivation(Activations.TANH).square(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void checkGap(GaussianExpectation e, Covariance u, Activation activation) {
        Covariance hat = e.propagate(u);
        double scale = Math.sqrt(hat.qs() * hat.qr());
        assertThat(hat.qsr()).isCloseTo(e.product(u), within(1e-14 * scale));
        assertThat(hat.gap())
                .as("%s gap %s", activation.label(), u)
                .isCloseTo(scale - e.product(u), within(1e-11 * scale));
        assertThat(hat.antiGap())
                .as("%s antigap %s", activation.label(), u)
                .isCloseTo(scale + e.product(u), within(1e-11 * scale));
        assertThat(hat.difference())
                .isCloseTo(e.square(u.qs()) - e.square(u.qr()), within(1e-12 * (hat.qs() + hat.qr())));
    }

    private static void assertRelative(double expected, double actual, double error, Activation activation, double q) {
        assertThat(actual)
                .as("%s at q = %s", activation.label(), q)
                .isCloseTo(expected, within(error * Math.abs(expected)));
    }
}
