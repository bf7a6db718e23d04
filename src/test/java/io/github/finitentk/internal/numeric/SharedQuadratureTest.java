package io.github.finitentk.internal.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SharedQuadratureTest {

    private static double[] integrate(List<DoubleUnaryOperator> f, double... borders) {
        return SharedQuadrature.integrate(
                (x, values) -> {
                    for (int k = 0; k < values.length; k++) {
                        values[k] = f.get(k).applyAsDouble(x);
                    }
                },
                f.size(),
                borders,
                1e-13);
    }

    /** The easy one must not end the bisection that the others need: a narrow peak, an oscillation, a root. */
    @Test
    void everyIntegralIsAsAccurateAsAlone() {
        List<DoubleUnaryOperator> f =
                List.of(x -> 1, x -> 1 / (1e-6 + (x - 0.3) * (x - 0.3)), x -> Math.sin(200 * x), x -> Math.sqrt(x));
        double[] integrals = integrate(f, 0, 0.25, 1);
        double peak = (Math.atan(700) + Math.atan(300)) / 1e-3;
        assertThat(integrals[0]).isCloseTo(1, within(1e-14));
        assertThat(integrals[1]).isCloseTo(peak, within(1e-12 * peak));
        assertThat(integrals[2]).isCloseTo((1 - Math.cos(200)) / 200, within(1e-13));
        assertThat(integrals[3]).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void oneIntegralIsThatOfAdaptiveQuadrature() {
        DoubleUnaryOperator f = x -> Math.exp(-x * x) * Math.abs(x);
        assertThat(integrate(List.of(f), -3, 0, 2)[0])
                .isCloseTo(AdaptiveQuadrature.integrate(f, new double[] {-3, 0, 2}, 1e-13), within(1e-15));
    }

    @Test
    void anIntegrandThatIsNotFiniteIsNamed() {
        assertThatThrownBy(() -> integrate(List.of(x -> 1, x -> x > 0.4 ? Double.NaN : 0), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An integrand is not a finite number between 0.0 and 1.0; it must be finite.");
    }
}
