package io.github.finitentk.internal.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.ScaledDouble;
import org.junit.jupiter.api.Test;

class QuadratureTest {

    @Test
    void gaussLegendreIsExactForPolynomials() {
        for (int n : new int[] {1, 2, 5, 12, 40}) {
            GaussLegendre rule = GaussLegendre.of(n);
            int degree = Math.min(2 * n - 1, 30);
            double value = rule.integrate(x -> Math.pow(x, degree), 0, 2);
            double exact = Math.pow(2, degree + 1) / (degree + 1);
            assertThat(value).isCloseTo(exact, within(1e-13 * exact));
        }
        assertThatThrownBy(() -> GaussLegendre.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A Gauss-Legendre rule has 1 to 200 nodes, not 0.");
    }

    @Test
    void gaussianMoments() {
        double[] borders = GaussianQuadrature.borders(0, 1, new double[0]);
        assertThat(GaussianQuadrature.expectation(z -> 1, borders, 1e-13)).isCloseTo(1, within(1e-14));
        assertThat(GaussianQuadrature.expectation(z -> z * z * z * z, borders, 1e-13))
                .isCloseTo(3, within(1e-13));
        // a kink and a jump away from the origin, P(z > 1) and E[(z - 1)+]
        double[] split = GaussianQuadrature.borders(0, 10, new double[] {10});
        assertThat(GaussianQuadrature.expectation(z -> z > 1 ? 1 : 0, split, 1e-13))
                .isCloseTo(0.15865525393145705, within(1e-15));
        assertThat(GaussianQuadrature.expectation(z -> Math.max(0, z - 1), split, 1e-13))
                .isCloseTo(0.08331547058768629, within(1e-15));
        // a peak of width 1e-6 at the origin: E[exp(-(1e6 z)^2 / 2)] = 1 / sqrt(1 + 1e12)
        double[] narrow = GaussianQuadrature.borders(0, 1e6, new double[0]);
        assertThat(GaussianQuadrature.expectation(z -> Math.exp(-0.5e12 * z * z), narrow, 1e-13))
                .isCloseTo(1 / Math.sqrt(1 + 1e12), within(1e-19));
    }

    @Test
    void integrandsThatAreNotFiniteAreNamed() {
        assertThatThrownBy(() -> AdaptiveQuadrature.integrate(x -> Double.NaN, new double[] {0, 1}, 1e-10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
    }

    @Test
    void roots() {
        assertThat(RootFinder.find(x -> x * x - 2, 0, 2)).isCloseTo(Math.sqrt(2), within(1e-15));
        assertThat(RootFinder.find(x -> Math.exp(x) - 1e-8, -100, 3)).isCloseTo(Math.log(1e-8), within(1e-13));
        assertThat(RootFinder.find(x -> x * x * x, -1, 0.7)).isCloseTo(0, within(1e-4));
        assertThatThrownBy(() -> RootFinder.find(x -> 1 + x * x, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scaledNumbers() {
        ScaledDouble number = ScaledDouble.of(12, 5000);
        assertThat(number.mantissa()).isEqualTo(1.5);
        assertThat(number.exponent()).isEqualTo(5003);
        assertThat(number.doubleValue()).isInfinite();
        assertThat(number.log()).isCloseTo(Math.log(12) + 5000 * Math.log(2), within(1e-11));
        assertThat(ScaledDouble.of(Double.MIN_VALUE, 0).doubleValue()).isEqualTo(Double.MIN_VALUE);
        assertThat(ScaledDouble.of(0, 17).doubleValue()).isZero();
    }
}
