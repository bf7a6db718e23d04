package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.compute.NotPositiveDefiniteException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the linear algebra of every backend must do. */
class LinearAlgebraContractTest {

    private static final double EPSILON = Math.ulp(1.0);

    static Stream<LinearAlgebra> algebras() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().map(Backend::linearAlgebra);
    }

    @ParameterizedTest
    @MethodSource("algebras")
    void eigenvectorsAreOrthonormalAndSatisfyTheirEquation(LinearAlgebra algebra) {
        matrices().forEach((name, a) -> {
            int n = order(a);
            SymmetricEigen eigen = algebra.symmetricEigen(n, a);
            double scale = norm1(n, a);
            assertThat(eigen.values()).as(name).isSorted();
            double bound = 10 * n * EPSILON;
            for (int k = 0; k < n; k++) {
                double[] v = Arrays.copyOfRange(eigen.vectors(), k * n, (k + 1) * n);
                double[] image = multiply(n, a, v);
                for (int i = 0; i < n; i++) {
                    assertThat(image[i] - eigen.values()[k] * v[i])
                            .as("%s residual", name)
                            .isCloseTo(0, within(bound * scale));
                }
                for (int j = 0; j <= k; j++) {
                    double product = 0;
                    for (int i = 0; i < n; i++) {
                        product += v[i] * eigen.vectors()[j * n + i];
                    }
                    assertThat(product).as("%s orthogonality", name).isCloseTo(j == k ? 1 : 0, within(bound));
                }
            }
        });
    }

    // Second differences: lambda_k = 2 - 2 cos(k pi / (n + 1)).
    @ParameterizedTest
    @MethodSource("algebras")
    void eigenvaluesOfSecondDifferencesAreTheKnownOnes(LinearAlgebra algebra) {
        int n = 30;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 2;
            if (i > 0) {
                a[i * n + i - 1] = -1;
            }
        }
        // Only the lower triangle is read: the upper one is left 0, and then poisoned.
        a[1] = Double.NaN;
        double[] before = a.clone();
        SymmetricEigen eigen = algebra.symmetricEigen(n, a);
        assertThat(a).isEqualTo(before);
        for (int k = 1; k <= n; k++) {
            assertThat(eigen.values()[k - 1])
                    .isCloseTo(2 - 2 * Math.cos(k * Math.PI / (n + 1)), within(20 * n * EPSILON));
        }
    }

    @ParameterizedTest
    @MethodSource("algebras")
    void coordinatesAndCombinationsUndoEachOther(LinearAlgebra algebra) {
        int n = 17;
        SymmetricEigen eigen = algebra.symmetricEigen(n, randomSymmetric(n, 3));
        double[] x = randomSymmetric(n, 4);
        double[] column = Arrays.copyOf(x, n);
        double[] back = eigen.combine(eigen.coordinates(column));
        for (int i = 0; i < n; i++) {
            assertThat(back[i]).isCloseTo(column[i], within(100 * EPSILON * norm1(n, x)));
        }
        assertThat(eigen.coordinates(Arrays.copyOf(eigen.vectors(), n))[0]).isCloseTo(1, within(100 * EPSILON));
    }

    // Backward stability: each solution solves a system with a matrix within O(n eps) of A, however ill-conditioned A
    // is.
    @ParameterizedTest
    @MethodSource("algebras")
    void choleskySolvesSeveralRightHandSidesBackwardStably(LinearAlgebra algebra) {
        for (int n : new int[] {1, 2, 10, 65, 130}) {
            double[] a = n == 10 ? hilbert(n) : positive(n, n);
            double[] b = new double[3 * n];
            SplittableRandom random = new SplittableRandom(n);
            Arrays.setAll(b, i -> random.nextDouble() - 0.5);
            double[] before = b.clone();
            Cholesky cholesky = algebra.cholesky(n, a);
            double[] x = cholesky.solve(b);
            assertThat(b).isEqualTo(before);
            for (int r = 0; r < 3; r++) {
                double[] solution = Arrays.copyOfRange(x, r * n, (r + 1) * n);
                double[] image = multiply(n, a, solution);
                double size = norm1(n, a)
                        * Arrays.stream(solution).map(Math::abs).max().orElseThrow();
                for (int i = 0; i < n; i++) {
                    assertThat(image[i]).isCloseTo(b[r * n + i], within(10 * n * EPSILON * size + EPSILON));
                }
            }
            assertThat(cholesky.solve(new double[0])).isEmpty();
        }
    }

    // cond_1 of the Hilbert matrices of order 1 to 7 is known exactly (their inverses are integer matrices).
    @ParameterizedTest
    @MethodSource("algebras")
    void reciprocalConditionOfHilbertMatrices(LinearAlgebra algebra) {
        double[] condition = {1, 27, 748, 28375, 943656, 29070279, 985194889.71984};
        for (int n = 1; n <= condition.length; n++) {
            double reciprocal = algebra.cholesky(n, hilbert(n)).reciprocalCondition();
            // An estimate by dpocon errs on one side only; a third is its documented practical bound.
            assertThat(reciprocal * condition[n - 1]).as("order %d", n).isBetween(1 - 1e-5, 3.0);
        }
        assertThat(Backend.pureJava().linearAlgebra().cholesky(5, hilbert(5)).reciprocalCondition())
                .isCloseTo(1 / 943656.0, within(1e-10 / 943656.0));
    }

    @ParameterizedTest
    @MethodSource("algebras")
    void failuresAreSentences(LinearAlgebra algebra) {
        for (double[] indefinite : List.of(
                new double[] {-1},
                new double[] {0},
                new double[] {1, 2, 2, 1},
                new double[] {1, 1, 1, 1},
                new double[] {1, 0, 0, 0, 1, 0, 0, 0, -1e-300})) {
            int n = order(indefinite);
            assertThatThrownBy(() -> algebra.cholesky(n, indefinite))
                    .isInstanceOf(NotPositiveDefiniteException.class)
                    .hasMessage(
                            "The " + n + " x " + n + " matrix is not positive definite, so it has no Cholesky factor.");
        }
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] a = {1, 0, bad, 1};
            assertThatThrownBy(() -> algebra.symmetricEigen(2, a))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("entry (1, 0) is " + bad);
            assertThatThrownBy(() -> algebra.cholesky(2, a)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> algebra.symmetricEigen(2, new double[3])).hasMessageContaining("an array of 3");
        assertThatThrownBy(() -> algebra.symmetricEigen(0, new double[0])).hasMessageContaining("0 rows");
        // 65536^2 overflows to 0
        assertThatThrownBy(() -> algebra.cholesky(65536, new double[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> algebra.cholesky(2, new double[] {1, 0, 0, 1}).solve(new double[3]))
                .hasMessageContaining("a multiple of 2 numbers, not 3");
    }

    @ParameterizedTest
    @MethodSource("algebras")
    void resultsRepeatBitForBit(LinearAlgebra algebra) {
        double[] a = randomSymmetric(128, 9);
        SymmetricEigen first = algebra.symmetricEigen(128, a);
        SymmetricEigen second = algebra.symmetricEigen(128, a.clone());
        assertThat(second.values()).isEqualTo(first.values());
        assertThat(second.vectors()).isEqualTo(first.vectors());
    }

    private static Map<String, double[]> matrices() {
        Map<String, double[]> matrices = new LinkedHashMap<>();
        matrices.put("1 x 1", new double[] {-2.5});
        matrices.put("zero", new double[49]);
        matrices.put("identity", identity(20));
        matrices.put("ones (rank one)", filled(33));
        matrices.put("Hilbert 12", hilbert(12));
        matrices.put("one input, 128 times", repeated(1, 128));
        matrices.put("24 inputs, 4 times", repeated(24, 4));
        matrices.put("3 inputs, 50 times", repeated(3, 50));
        for (int n : new int[] {2, 3, 25, 26, 64, 130}) {
            matrices.put("random " + n, randomSymmetric(n, n));
            matrices.put("kernel-like " + n, positive(n, n));
        }
        matrices.put("huge", scaled(randomSymmetric(10, 1), 1e150));
        matrices.put("tiny", scaled(randomSymmetric(10, 1), 1e-150));
        return matrices;
    }

    private static double[] identity(int n) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 1;
        }
        return a;
    }

    private static double[] filled(int n) {
        double[] a = new double[n * n];
        Arrays.fill(a, 1);
        return a;
    }

    private static double[] hilbert(int n) {
        double[] a = new double[n * n];
        for (int i = 0; i < n * n; i++) {
            a[i] = 1.0 / (i / n + i % n + 1);
        }
        return a;
    }

    private static double[] randomSymmetric(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = a[j * n + i] = random.nextDouble() - 0.5;
            }
        }
        return a;
    }

    // G G^T / n + 5 11^T: a spectrum like a kernel's, one large eigenvalue above a bulk that reaches down to 0.
    private static double[] positive(int n, long seed) {
        double[] g = randomSymmetric(n, seed);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += g[i * n + k] * g[j * n + k];
                }
                a[i * n + j] = sum / n + 5;
            }
        }
        return a;
    }

    // A kernel of repeated inputs, whose equal entries are equal up to rounding.
    private static double[] repeated(int distinct, int times) {
        double[] kernel = positive(distinct, 5);
        int n = distinct * times;
        SplittableRandom random = new SplittableRandom(6);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rounding = (random.nextInt(5) - 2) * EPSILON;
                a[i * n + j] = a[j * n + i] = kernel[i % distinct * distinct + j % distinct] * (1 + rounding);
            }
        }
        return a;
    }

    private static double[] scaled(double[] a, double factor) {
        return Arrays.stream(a).map(v -> v * factor).toArray();
    }

    private static int order(double[] a) {
        return (int) Math.round(Math.sqrt(a.length));
    }

    private static double[] multiply(int n, double[] a, double[] x) {
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                y[i] += a[i * n + j] * x[j];
            }
        }
        return y;
    }

    private static double norm1(int n, double[] a) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += Math.abs(a[i * n + j]);
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }
}
