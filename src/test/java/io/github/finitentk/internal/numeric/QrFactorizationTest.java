package io.github.finitentk.internal.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
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
        Arrays.fill(x, 44, 55, 0); // row 4 = 0
        for (int j = 0; j < 11; j++) {
            x[55 + j] = 2 * x[11 + j] - x[22 + j];
        }
        check(x, 6, 11);
        check(new double[12], 3, 4);
    }

    private static final int DENORMAL = 3;

    @Test
    void innerProductsSurviveRepetitionAndEveryScale() {
        double[] distinct = random(24, 200);
        double[][] cases = {
            repeated(distinct, 24, 200, 4),
            repeated(random(1, 784), 1, 784, 128),
            repeated(new double[200], 1, 200, 7),
            scaled(distinct, 200, s -> 0x1p-1060),
            scaled(distinct, 200, s -> 1e-200),
            scaled(distinct, 200, s -> 1e300),
            scaled(distinct, 200, s -> Math.pow(10, 25 * (s - 12))),
            repeated(scaled(distinct, 200, s -> Math.pow(10, 25 * (s - 12))), 24, 200, 4),
            scaled(repeated(distinct, 24, 200, 4), 200, s -> s < 48 ? 1 : 1e-300),
            repeated(combinations(random(3, 200), 3, 200, 40), 40, 200, 2),
        };
        int[] columns = {200, 784, 200, 200, 200, 200, 200, 200, 200, 200};
        for (int i = 0; i < cases.length; i++) {
            int dim = columns[i];
            int rows = cases[i].length / dim;
            double[] x = unitRows(cases[i], dim);
            double[] r = unitRows(new QrFactorization(cases[i], rows, dim).coordinates(), rows);
            for (int s = 0; s < rows; s++) {
                for (int q = 0; q <= s; q++) {
                    double expected = dot(x, s, q, dim);
                    // coordinates that are denormal themselves have no more digits than that
                    double tolerance = i == DENORMAL ? 0x1p-13 : 1e-14;
                    assertThat(dot(r, s, q, rows))
                            .as("case %d, rows %d and %d", i, s, q)
                            .isCloseTo(expected, within(tolerance));
                }
            }
        }
    }

    @Test
    void normsSurviveEveryScale() {
        double[] x = random(5, 60);
        double[] r = new QrFactorization(x, 5, 60).coordinates();
        for (int exponent : new int[] {-900, -290, 290, 900}) {
            double scale = Math.scalb(1.0, exponent);
            double[] scaled = new QrFactorization(scaled(x, 60, s -> scale), 5, 60).coordinates();
            for (int i = 0; i < r.length; i++) {
                assertThat(scaled[i]).isCloseTo(r[i] * scale, within(1e-14 * scale));
            }
        }
    }

    private static double[] repeated(double[] x, int rows, int columns, int times) {
        double[] all = new double[times * rows * columns];
        for (int k = 0; k < times; k++) {
            System.arraycopy(x, 0, all, k * rows * columns, rows * columns);
        }
        return all;
    }

    private static double[] scaled(double[] x, int columns, IntToDoubleFunction scale) {
        double[] result = new double[x.length];
        Arrays.setAll(result, i -> x[i] * scale.applyAsDouble(i / columns));
        return result;
    }

    // Random sums of a few rows: rank deficient, without repetition.
    private static double[] combinations(double[] x, int rows, int columns, int count) {
        double[] weights = random(count, rows);
        double[] sums = new double[count * columns];
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < rows * columns; i++) {
                sums[s * columns + i % columns] += weights[s * rows + i / columns] * x[i];
            }
        }
        return sums;
    }

    private static double[] unitRows(double[] x, int columns) {
        double[] unit = x.clone();
        for (int s = 0; s < x.length / columns; s++) {
            int from = s * columns;
            double largest =
                    Arrays.stream(x, from, from + columns).map(Math::abs).max().orElseThrow();
            for (int i = from; i < from + columns; i++) {
                unit[i] = largest == 0 ? 0 : Math.scalb(x[i], -Math.getExponent(largest));
            }
            double norm = Math.sqrt(dot(unit, s, s, columns));
            for (int i = from; i < from + columns && norm > 0; i++) {
                unit[i] /= norm;
            }
        }
        return unit;
    }

    private static double dot(double[] x, int s, int q, int columns) {
        double sum = 0;
        for (int i = 0; i < columns; i++) {
            sum += x[s * columns + i] * x[q * columns + i];
        }
        return sum;
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
