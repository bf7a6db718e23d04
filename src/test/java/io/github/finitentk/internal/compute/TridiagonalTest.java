package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TridiagonalTest {

    // Second differences: lambda_k = 2 - 2 cos(k pi / (n + 1)).
    @Test
    void extremesOfSecondDifferencesAreTheKnownOnes() {
        for (int n : new int[] {1, 2, 3, 50, 1000}) {
            double[] diagonal = new double[n];
            double[] beside = new double[n];
            Arrays.fill(diagonal, 2);
            Arrays.fill(beside, -1);
            double[] extremes = Tridiagonal.extremes(n, diagonal, beside);
            assertThat(extremes[0]).isCloseTo(2 - 2 * Math.cos(Math.PI / (n + 1)), within(1e-13));
            assertThat(extremes[1]).isCloseTo(2 - 2 * Math.cos(n * Math.PI / (n + 1)), within(1e-13));
        }
    }

    @Test
    void extremesAreThoseOfDenseAlgebra() {
        SplittableRandom random = new SplittableRandom(4);
        int n = 40;
        double[] diagonal = random.doubles(n, -3, 1).toArray();
        double[] beside = random.doubles(n, -1, 1).toArray();
        beside[17] = 0;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] = diagonal[i];
            if (i > 0) {
                matrix[i * n + i - 1] = beside[i - 1];
            }
        }
        double[] values =
                Backend.pureJava().linearAlgebra().symmetricEigen(n, matrix).values();
        assertThat(Tridiagonal.extremes(n, diagonal, beside))
                .containsExactly(new double[] {values[0], values[n - 1]}, within(1e-13));
    }
}
