package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputsFromFormulasTest {

    @Test
    void inputsLieOnTheSphere() {
        double[] x = Inputs.onSphere(20, 7, Seed.of(1)).toArray();
        double[] y = Inputs.onSphere(20, 7, 2.5, Seed.of(1)).toArray();
        for (int s = 0; s < 20; s++) {
            assertThat(dot(x, 7, s, s)).isCloseTo(7, within(1e-13));
            assertThat(dot(y, 7, s, s)).isCloseTo(2.5, within(1e-13));
        }
        assertThat(Inputs.onSphere(1, 1, Seed.of(3)).get(0, 0)).isIn(-1.0, 1.0);
    }

    @Test
    void aSeedFixesTheBits() {
        double[] x = Inputs.onSphere(5, 3, Seed.of(42)).toArray();
        assertThat(Inputs.onSphere(5, 3, Seed.of(42)).toArray()).isEqualTo(x);
        assertThat(Inputs.onSphere(2, 3, Seed.of(42)).toArray()).isEqualTo(Arrays.copyOf(x, 6));
        assertThat(Inputs.onSphere(5, 3, Seed.of(43)).toArray()).isNotEqualTo(x);
    }

    @Test
    void directionsAreUniform() {
        // E[x_i] = 0, E[x_i x_j] = delta_ij and E[x_i^4] = 3 n/(n+2) on the sphere |x|^2 = n
        int samples = 100_000;
        int n = 3;
        double[] x = Inputs.onSphere(samples, n, Seed.of(0)).toArray();
        for (int i = 0; i < n; i++) {
            double mean = 0;
            double fourth = 0;
            double cross = 0;
            for (int s = 0; s < samples; s++) {
                double value = x[s * n + i];
                mean += value / samples;
                fourth += Math.pow(value, 4) / samples;
                cross += value * x[s * n + (i + 1) % n] / samples;
            }
            assertThat(mean).isCloseTo(0, within(0.02));
            assertThat(fourth).isCloseTo(9.0 / 5, within(0.04));
            assertThat(cross).isCloseTo(0, within(0.02));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0.5",
        "1, 4, -1",
        "2, 2, 0.5",
        "2, 1, 1",
        "2, 1, -1",
        "2, 2, -0.999999",
        "5, 5, 0",
        "5, 8, 0.3",
        "5, 4, -0.25",
        "5, 5, -0.2499999999999999",
        "5, 1, 1",
        "64, 64, 0.9999999999",
        "64, 70, -0.015",
        "50, 49, -x",
        "50, 50, -y"
    })
    void inputsHaveTheCorrelationAskedFor(int samples, int inputDim, String correlation) {
        double lowest = -1.0 / (samples - 1);
        double c = switch (correlation) {
            case "-x" -> lowest;
            case "-y" -> Math.nextUp(lowest);
            default -> Double.parseDouble(correlation);
        };
        double[] x = Inputs.withCorrelation(samples, inputDim, 3, c).toArray();
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < samples; r++) {
                assertThat(dot(x, inputDim, s, r)).isCloseTo(s == r ? 3 : 3 * c, within(5e-14));
            }
        }
    }

    @Test
    void impossibleRequestsAreRefused() {
        assertThatThrownBy(() -> Inputs.onSphere(0, 3, Seed.of(1))).hasMessageContaining("at least 1 input");
        assertThatThrownBy(() -> Inputs.onSphere(1 << 16, 1 << 16, Seed.of(1))).hasMessageContaining("one array");
        assertThatThrownBy(() -> Inputs.onSphere(2, 3, 0, Seed.of(1))).hasMessageContaining("not 0.0");
        assertThatThrownBy(() -> Inputs.onSphere(2, 3, Double.NaN, Seed.of(1))).hasMessageContaining("not NaN");
        assertThatThrownBy(() -> Inputs.withCorrelation(3, 3, 1, -0.6))
                .hasMessage("The correlation between 3 inputs must be from -0.5 to 1, not -0.6.");
        assertThatThrownBy(() -> Inputs.withCorrelation(3, 3, 1, 1.1)).hasMessageContaining("not 1.1");
        assertThatThrownBy(() -> Inputs.withCorrelation(3, 3, 1, Double.NaN)).hasMessageContaining("not NaN");
        assertThatThrownBy(() -> Inputs.withCorrelation(3, 2, 1, 0.5))
                .hasMessage("3 inputs with correlation 0.5 need an input dimension of at least 3, not 2.");
    }

    private static double dot(double[] x, int n, int s, int r) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[s * n + i] * x[r * n + i];
        }
        return sum;
    }
}
