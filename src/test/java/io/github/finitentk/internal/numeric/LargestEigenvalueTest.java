package io.github.finitentk.internal.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.internal.compute.Backend;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closed forms are tried by {@code LearningRateTest}. */
class LargestEigenvalueTest {

    // Gram matrices of random rows with a common part, as kernels are: of full rank, and of less with n > 40.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void equalsThatOfAllEigenvaluesAfterFewSteps(double common) {
        for (int n : new int[] {2, 3, 30, 41, 130, 400}) {
            double[] gram = gram(n, 40, common);
            double[] values =
                    Backend.pureJava().linearAlgebra().symmetricEigen(n, gram).values();
            LargestEigenvalue.Lanczos found = LargestEigenvalue.lanczos(gram, n, 1);
            assertThat(found.value()).isCloseTo(values[n - 1], within(1e-13 * values[n - 1]));
            assertThat(found.steps()).isLessThanOrEqualTo(Math.min(n, common == 0 ? 41 : 20));
            assertThat(LargestEigenvalue.of(gram, n)).isCloseTo(found.value(), within(1e-14 * found.value()));
        }
    }

    @Test
    void neitherScaleNorADistantSpectrumMatters() {
        double[] gram = gram(30, 40, 0.5);
        double[] scaled = gram.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= 0x1p900;
        }
        assertThat(LargestEigenvalue.of(scaled, 30)).isEqualTo(0x1p900 * LargestEigenvalue.of(gram, 30));
        double[] diagonal = new double[900];
        for (int i = 0; i < 30; i++) {
            diagonal[31 * i] = Math.scalb(1, -40 * i);
        }
        assertThat(LargestEigenvalue.of(diagonal, 30)).isCloseTo(1, within(1e-15));
    }

    private static double[] gram(int n, int rank, double common) {
        SplittableRandom random = new SplittableRandom(n);
        double[][] rows = new double[n][rank];
        for (double[] row : rows) {
            for (int k = 0; k < rank; k++) {
                row[k] = common + random.nextDouble(-1, 1);
            }
        }
        double[] gram = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < rank; k++) {
                    gram[i * n + j] += rows[i][k] * rows[j][k];
                }
            }
        }
        return gram;
    }
}
