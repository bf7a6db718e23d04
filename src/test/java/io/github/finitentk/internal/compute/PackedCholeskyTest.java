package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.model.Precision;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The factorisation of large matrices, against the formulas number by number and against LAPACK and EJML. */
class PackedCholeskyTest {

    static Stream<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct();
    }

    private static double[] positiveDefinite(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                a[i * n + j] = random.nextDouble(-1, 1);
                a[j * n + i] = a[i * n + j];
            }
            a[i * n + i] = 1.5 * Math.sqrt(n);
        }
        return a;
    }

    private static double[] randomNumbers(int count, long seed) {
        return new SplittableRandom(seed).doubles(count, -1, 1).toArray();
    }

    private static PackedCholesky packed(int n, double[] a, double ridge, Precision precision, Engine engine) {
        PackedCholesky cholesky = new PackedCholesky(n, precision, ridge, engine);
        cholesky.write(0, n, 0, n, a);
        return cholesky;
    }

    private static double[] solve(int n, double[] a, double ridge, Precision precision, double[] b, Engine engine) {
        try (PackedCholesky cholesky = packed(n, a, ridge, precision, engine)) {
            cholesky.factor(share -> {});
            return cholesky.solve(b, b.length / n);
        }
    }

    /** The solution as the formulas say it, in double; columns one by one. */
    private static double[] naive(int n, double[] a, double[] b) {
        int m = b.length / n;
        double[][] u = new double[n][n];
        for (int r = 0; r < n; r++) {
            for (int j = r; j < n; j++) {
                double sum = a[r * n + j];
                for (int q = 0; q < r; q++) {
                    sum = Math.fma(-u[q][r], u[q][j], sum);
                }
                u[r][j] = j == r ? Math.sqrt(sum) : sum / u[r][r];
            }
        }
        double[] x = b.clone();
        for (int c = 0; c < m; c++) {
            for (int r = 0; r < n; r++) {
                for (int q = 0; q < r; q++) {
                    x[r * m + c] = Math.fma(-u[q][r], x[q * m + c], x[r * m + c]);
                }
                x[r * m + c] /= u[r][r];
            }
            for (int r = n - 1; r >= 0; r--) {
                for (int tile = (n - 1) / PackedCholesky.EDGE; tile >= r / PackedCholesky.EDGE; tile--) {
                    int end = Math.min(n, (tile + 1) * PackedCholesky.EDGE);
                    for (int q = Math.max(r + 1, tile * PackedCholesky.EDGE); q < end; q++) {
                        x[r * m + c] = Math.fma(-u[r][q], x[q * m + c], x[r * m + c]);
                    }
                }
                x[r * m + c] /= u[r][r];
            }
        }
        return x;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void everyNumberHasTheBitsOfTheFormulas(Backend backend) {
        for (int n : new int[] {1, 2, 17, 255, 256, 257, 600}) {
            double[] a = positiveDefinite(n, n);
            for (int m : new int[] {1, 3, 10}) {
                double[] b = randomNumbers(n * m, 5);
                double[] x = solve(n, a, 0, Precision.F64, b, Engine.single(backend));
                assertThat(x).as("%d rows, %d columns", n, m).isEqualTo(naive(n, a, b));
            }
        }
    }

    @Test
    void singlePrecisionHasTheSameBitsOnBothBackends() {
        for (int n : new int[] {1, 31, 256, 530}) {
            double[] a = positiveDefinite(n, n);
            double[] b = randomNumbers(n * 4, 6);
            double[] x = solve(n, a, 0.25, Precision.F32, b, Engine.single(Backend.fastest()));
            assertThat(x).isEqualTo(solve(n, a, 0.25, Precision.F32, b, Engine.single(Backend.pureJava())));
            double[] exact = solve(n, a, 0.25, Precision.F64, b, Engine.single(Backend.fastest()));
            for (int i = 0; i < x.length; i++) {
                assertThat(x[i]).isEqualTo((float) x[i]).isCloseTo(exact[i], within(2e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void threadsChangeNoBit(Backend backend) {
        int n = 1100;
        double[] a = positiveDefinite(n, 3);
        double[] b = randomNumbers(2 * n, 4);
        double[] alone = solve(n, a, 1e-3, Precision.F64, b, Engine.single(backend));
        for (int threads : new int[] {2, 5}) {
            try (Engine engine = Engine.of(backend, threads)) {
                assertThat(solve(n, a, 1e-3, Precision.F64, b, engine)).isEqualTo(alone);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void solutionsAndConditionAreThoseOfLapackAndEjml(Backend backend) {
        int n = 300;
        double[] a = positiveDefinite(n, 9);
        double[] b = randomNumbers(n, 10);
        Cholesky dense = backend.linearAlgebra().cholesky(n, a);
        try (PackedCholesky cholesky = packed(n, a, 0, Precision.F64, Engine.single(backend))) {
            cholesky.factor(share -> {});
            double[] x = cholesky.solve(b, 1);
            double[] expected = dense.solve(b);
            for (int i = 0; i < n; i++) {
                assertThat(x[i]).isCloseTo(expected[i], within(1e-13));
            }
            double exact = Backend.pureJava()
                    .linearAlgebra()
                    .cholesky(n, a)
                    .reciprocalCondition(); // from all columns of the inverse
            assertThat(cholesky.reciprocalCondition()).isBetween(exact * (1 - 1e-10), 3 * exact);
        }
    }

    // Hilbert's matrix of order 8: condition 3.4e10 (1-norm), and its inverse has whole entries.
    @ParameterizedTest
    @MethodSource("backends")
    void anIllConditionedMatrixIsSolvedToASmallResidualAndSaidToBeIll(Backend backend) {
        int n = 8;
        double[] a = new double[n * n];
        Arrays.setAll(a, i -> 1.0 / (i / n + i % n + 1));
        double[] b = randomNumbers(n, 11);
        try (PackedCholesky cholesky = packed(n, a, 0, Precision.F64, Engine.single(backend))) {
            cholesky.factor(share -> {});
            assertThat(1 / cholesky.reciprocalCondition()).isCloseTo(33872791095.0, within(1e5));
            double[] x = cholesky.solve(b, 1);
            double size = Arrays.stream(x).map(Math::abs).sum();
            for (int i = 0; i < n; i++) {
                double residual = b[i];
                for (int j = 0; j < n; j++) {
                    residual -= a[i * n + j] * x[j];
                }
                assertThat(residual).isCloseTo(0, within(10 * n * Math.ulp(1.0) * size));
            }
        }
    }

    // The matrix arrives in pieces of any shape, in any order; what lies above the diagonal is not read.
    @ParameterizedTest
    @MethodSource("backends")
    void blocksMayComeInAnyShapeAndOrder(Backend backend) {
        int n = 530;
        double[] a = positiveDefinite(n, 12);
        double[] b = randomNumbers(n, 13);
        double[] expected = solve(n, a, 0, Precision.F64, b, Engine.single(backend));
        try (PackedCholesky cholesky = new PackedCholesky(n, Precision.F64, 0, Engine.single(backend))) {
            int edge = 100;
            for (int row = n / edge * edge; row >= 0; row -= edge) {
                int rows = Math.min(edge, n - row);
                for (int column = 0; column <= row; column += edge) {
                    int columns = Math.min(edge, n - column);
                    double[] block = new double[rows * columns];
                    for (int r = 0; r < rows; r++) {
                        for (int c = 0; c < columns; c++) {
                            boolean above = column + c > row + r;
                            block[r * columns + c] = above ? Double.NaN : a[(row + r) * n + column + c];
                        }
                    }
                    cholesky.write(row, rows, column, columns, block);
                }
            }
            cholesky.factor(share -> {});
            assertThat(cholesky.solve(b, 1)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsNotPositiveDefiniteIsNamedByItsRowWithARidgeThatWillDo(Backend backend) {
        int n = 400;
        double[] a = positiveDefinite(n, 14);
        for (int j = 0; j < n; j++) {
            // input 300 repeats input 20
            a[300 * n + j] = a[20 * n + j];
        }
        for (int i = 0; i < n; i++) {
            a[i * n + 300] = a[i * n + 20];
        }
        a[300 * n + 300] = a[20 * n + 20] * (1 - 1e-9);
        Engine engine = Engine.single(backend);
        assertThatThrownBy(() -> solve(n, a, 0, Precision.F64, new double[n], engine))
                .isInstanceOf(NotPositiveDefiniteException.class)
                .hasMessageMatching(
                        "The 400 x 400 kernel is not positive definite in f64: its factorisation ends at row"
                                + " 300 \\(counted from 0\\) with the pivot -.*e-08; a ridge of .*e-0[78] would do\\.");
        assertThat(solve(n, a, 2e-7, Precision.F64, randomNumbers(n, 1), engine))
                .hasSize(n);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anEntryThatIsNotFiniteIsNamed(Backend backend) {
        int n = 300;
        double[] a = positiveDefinite(n, 15);
        a[280 * n + 7] = Double.POSITIVE_INFINITY;
        assertThatThrownBy(() -> packed(n, a, 0, Precision.F64, Engine.single(backend)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The kernel is not finite: entry (280, 7) is Infinity (counted from 0).");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void itTellsHowFarItIsAndCanBeCancelled(Backend backend) {
        int n = 900;
        double[] a = positiveDefinite(n, 16);
        double[] last = {0};
        try (PackedCholesky cholesky = packed(n, a, 0, Precision.F64, Engine.single(backend))) {
            cholesky.factor(share -> {
                assertThat(share).isGreaterThan(last[0]);
                last[0] = share;
            });
            assertThat(last[0]).isEqualTo(1);
        }
        boolean[] enough = {false};
        Engine cancelled = Engine.single(backend).cancelledBy(() -> enough[0]);
        try (PackedCholesky cholesky = packed(n, a, 0, Precision.F64, cancelled)) {
            assertThatThrownBy(() -> cholesky.factor(share -> enough[0] = true))
                    .isInstanceOf(CancellationException.class);
        }
    }
}
