package io.github.finitentk.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QrFactorizationTest {

    @Test
    void basisIsOrthonormalAndReproducesTheRows() {
        for (int[] size : new int[][] {{1, 1}, {1, 5}, {5, 5}, {7, 30}, {40, 200}}) {
            check(random(size[0], size[1]), size[0], size[1]);
        }
    }

    @Test
    void dependentAndZeroRowsAreNoTrouble() {
        double[] x = random(6, 11);
        System.arraycopy(x, 0, x, 33, 11); // row 3 = row 0
        java.util.Arrays.fill(x, 44, 55, 0); // row 4 = 0
        for (int j = 0; j < 11; j++) {
            x[55 + j] = 2 * x[11 + j] - x[22 + j];
        }
        check(x, 6, 11);
        check(new double[12], 3, 4);
    }

    private static void check(double[] x, int rows, int columns) {
        QrFactorization factors = new QrFactorization(x, rows, columns);
        double[] r = factors.coordinates();
        double largest = 1;
        for (double v : x) {
            largest = Math.max(largest, Math.abs(v));
        }
        for (int k = 0; k < rows; k++) {
            for (int j = 0; j < rows; j++) {
                double product = 0;
                for (int i = 0; i < columns; i++) {
                    product += factors.basisVector(k)[i] * factors.basisVector(j)[i];
                }
                assertThat(product).isCloseTo(k == j ? 1 : 0, within(1e-14));
            }
            for (int j = k + 1; j < rows; j++) {
                assertThat(r[k * rows + j]).isZero();
            }
            for (int i = 0; i < columns; i++) {
                double sum = 0;
                for (int j = 0; j < rows; j++) {
                    sum += r[k * rows + j] * factors.basisVector(j)[i];
                }
                assertThat(sum).isCloseTo(x[k * columns + i], within(1e-14 * rows * largest));
            }
        }
    }

    private static double[] random(int rows, int columns) {
        return new SplittableRandom(rows).doubles((long) rows * columns, -1, 1).toArray();
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new QrFactorization(new double[6], 3, 2)).hasMessageContaining("1 <= S <= n");
        assertThatThrownBy(() -> new QrFactorization(new double[5], 2, 3)).hasMessageContaining("not 5 numbers");
        assertThatThrownBy(() -> new QrFactorization(new double[0], 0, 3)).isInstanceOf(IllegalArgumentException.class);
    }
}
