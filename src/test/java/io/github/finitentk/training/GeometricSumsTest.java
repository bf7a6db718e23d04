package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** The closed forms against sums formed term by term in 60-digit arithmetic. */
class GeometricSumsTest {

    private static final MathContext DIGITS = new MathContext(60);

    @Test
    void closedFormsEqualTheSumsTermByTerm() {
        for (double a : new double[] {
            0, 1e-320, 1e-18, 1e-9, 1e-7, 1e-6, 9e-6, 1.1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.999, 1, 1.001, 1.5, 1.999,
            2, 2.01
        }) {
            BigDecimal u = BigDecimal.ONE.subtract(new BigDecimal(a));
            BigDecimal power = BigDecimal.ONE;
            BigDecimal sum = BigDecimal.ZERO;
            BigDecimal moment = BigDecimal.ZERO;
            for (int n = 1; n <= 2000; n++) {
                sum = sum.add(power);
                moment = moment.add(power.multiply(BigDecimal.valueOf(n - 1)));
                power = power.multiply(u, DIGITS);
                if (n <= 20 || n % 333 == 0 || n == 2000) {
                    assertThat(GeometricSums.power(a, n))
                            .as("u^%d, a = %s", n, a)
                            .isCloseTo(power.doubleValue(), tolerance(power, 1e-12));
                    assertThat(GeometricSums.sum(a, n))
                            .as("q, n = %d, a = %s", n, a)
                            .isCloseTo(sum.doubleValue(), tolerance(sum, 1e-13));
                    // Where terms of both signs nearly cancel, the sum of their magnitudes is the scale.
                    double scale = a <= 1
                            ? Math.abs(moment.doubleValue())
                            : n * Math.max(1, power.abs().doubleValue());
                    assertThat(GeometricSums.firstMoment(a, n))
                            .as("S_1, n = %d, a = %s", n, a)
                            .isCloseTo(moment.doubleValue(), within(1e-12 * scale));
                }
            }
        }
    }

    @Test
    void noSteps() {
        for (double a : new double[] {0, 0.3, 1, 1.7}) {
            assertThat(GeometricSums.power(a, 0)).isEqualTo(1);
            assertThat(GeometricSums.sum(a, 0)).isZero();
            assertThat(GeometricSums.firstMoment(a, 1)).isCloseTo(0, within(1e-15));
        }
    }

    private static org.assertj.core.data.Offset<Double> tolerance(BigDecimal value, double relative) {
        return within(Math.abs(value.doubleValue()) * relative + Double.MIN_NORMAL);
    }
}
