package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelStatisticsTest {

    private static final int N = 7;

    /** {@code A A^T}. */
    private static Kernel random(long seed) {
        double[][] a = matrix(N, 4, seed);
        return kernel(times(a, transposed(a)), 1);
    }

    private static double[][] matrix(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] a = new double[rows][columns];
        for (double[] row : a) {
            for (int k = 0; k < columns; k++) {
                row[k] = random.nextGaussian() + 0.5;
            }
        }
        return a;
    }

    private static Kernel kernel(double[][] rows, double scale) {
        double[] values = new double[rows.length * rows.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * rows[i / rows.length][i % rows.length];
        }
        return Kernel.wrap(rows.length, rows.length, values);
    }

    private static double[][] rows(Kernel kernel) {
        double[][] rows = new double[kernel.rows()][];
        for (int s = 0; s < rows.length; s++) {
            rows[s] = kernel.row(s);
        }
        return rows;
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }

    private static double[][] transposed(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    private static double product(double[][] a, double[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                sum += a[i][j] * b[i][j];
            }
        }
        return sum;
    }

    private static double cosine(double[][] a, double[][] b) {
        return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    }

    @Test
    void changeIsTheRelativeNormOfTheDifference() {
        Kernel a = Kernel.of(2, 2, new double[] {3, 0, 0, 4});
        Kernel b = Kernel.of(2, 2, new double[] {3, 3, 4, 4});
        assertThat(KernelStatistics.change(a, b)).isEqualTo(1);
        assertThat(KernelStatistics.change(a, a)).isZero();
        assertThat(KernelStatistics.change(a, Kernel.of(2, 2, new double[] {6e-200, 0, 0, 8e-200})))
                .isEqualTo(1);
    }

    /** With the angle t between them: {@code (cos t, sin t)} and (1, 0) as kernels of 1 x 2 entries. */
    @Test
    void distanceKeepsTheDigitsOfSmallAngles() {
        for (double angle : new double[] {1e-12, 1e-5, 0.1, 1, 3}) {
            Kernel a = Kernel.of(1, 2, new double[] {5, 0});
            Kernel b = Kernel.of(1, 2, new double[] {1e250 * Math.cos(angle), 1e250 * Math.sin(angle)});
            double exact = 2 * Math.pow(Math.sin(angle / 2), 2);
            assertThat(KernelStatistics.distance(a, b)).isCloseTo(exact, within(1e-9 * exact));
            assertThat(KernelStatistics.velocity(a, b, 1000)).isCloseTo(exact / 1000, within(1e-12 * exact));
        }
    }

    @Test
    void distanceIsOneMinusTheCosineAndLeavesRescalingAtZero() {
        Kernel a = random(1);
        Kernel b = random(2);
        assertThat(KernelStatistics.distance(a, b)).isCloseTo(1 - cosine(rows(a), rows(b)), within(1e-15));
        assertThat(KernelStatistics.distance(a, kernel(rows(a), 1e200))).isLessThan(1e-30);
        assertThat(KernelStatistics.change(a, kernel(rows(a), 3))).isCloseTo(2, within(1e-15));
        assertThat(KernelStatistics.distance(a, kernel(rows(a), 0))).isNaN();
    }

    @Test
    void alignmentEqualsTheFormulaWithFullMatrices() {
        double[][] targets = matrix(N, 3, 5);
        double[][] h = new double[N][N];
        for (int s = 0; s < N; s++) {
            for (int r = 0; r < N; r++) {
                h[s][r] = (s == r ? 1 : 0) - 1.0 / N;
            }
        }
        double[][] theta = rows(random(3));
        double[][] yy = times(targets, transposed(targets));
        KernelStatistics.Alignment alignment = KernelStatistics.alignment(kernel(theta, 1), Targets.of(targets));
        assertThat(alignment.plain()).isCloseTo(cosine(theta, yy), within(1e-14));
        double[][] centredTheta = times(h, times(theta, h));
        double[][] centredTargets = times(h, times(yy, h));
        assertThat(alignment.centred()).isCloseTo(cosine(centredTheta, centredTargets), within(1e-14));
        // neither sees a factor
        KernelStatistics.Alignment scaled = KernelStatistics.alignment(kernel(theta, 1e270), Targets.of(targets));
        assertThat(scaled.plain()).isCloseTo(alignment.plain(), within(1e-14));
        assertThat(scaled.centred()).isCloseTo(alignment.centred(), within(1e-14));
    }

    @Test
    void alignmentIsOneForTheTargetsOwnKernelAndTheCentredOneSeesNoMean() {
        double[][] targets = matrix(N, 2, 8);
        double[][] yy = times(targets, transposed(targets));
        assertThat(KernelStatistics.alignment(kernel(yy, 2), Targets.of(targets))
                        .plain())
                .isCloseTo(1, within(1e-14));
        double[][] shifted = times(targets, transposed(targets));
        for (double[] row : shifted) {
            for (int r = 0; r < N; r++) {
                row[r] += 1000;
            }
        }
        KernelStatistics.Alignment alignment = KernelStatistics.alignment(kernel(shifted, 1), Targets.of(targets));
        assertThat(alignment.plain()).isLessThan(0.9);
        assertThat(alignment.centred()).isCloseTo(1, within(1e-9));
    }

    @Test
    void alignmentWithEqualTargetsHasNoCentredOne() {
        double[][] targets = new double[N][1];
        for (double[] row : targets) {
            row[0] = 1;
        }
        assertThat(KernelStatistics.alignment(random(1), Targets.of(targets)).centred())
                .isNaN();
    }

    @Test
    void blocksAreMeansOverPairs() {
        Kernel theta = Kernel.of(4, 4, new double[] {
            10, 1, 2, 3,
            1, 20, 4, 5,
            2, 4, 30, 6,
            3, 5, 6, 40
        });
        KernelStatistics.Blocks blocks =
                KernelStatistics.blocks(theta, Targets.of(new double[][] {{1, 0}, {0, 1}, {1, 0}, {1, 0}}));
        assertThat(blocks.diagonal()).isEqualTo(25);
        assertThat(blocks.sameClass()).isCloseTo((2 + 3 + 6) / 3.0, within(1e-15));
        assertThat(blocks.differentClass()).isCloseTo((1 + 4 + 5) / 3.0, within(1e-15));
        assertThat(blocks.sameOverDiagonal()).isCloseTo(11 / 75.0, within(1e-15));
        assertThat(blocks.differentOverDiagonal()).isCloseTo(10 / 75.0, within(1e-15));
        assertThat(KernelStatistics.blocks(theta, Targets.of(new double[4])).differentClass())
                .isNaN();
        assertThat(KernelStatistics.blocks(theta, Targets.of(new double[] {-1, 0.5, 3, 4}))
                        .sameClass())
                .isNaN();
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        Kernel square = random(1);
        Kernel other = Kernel.of(1, 2, new double[] {1, 2});
        assertThatThrownBy(() -> KernelStatistics.change(square, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A kernel of 7 x 7 entries and one of 1 x 2 cannot be compared.");
        assertThatThrownBy(() -> KernelStatistics.distance(other, Kernel.of(1, 2, new double[] {1, Double.NaN})))
                .hasMessage("An entry of the kernel is not finite.");
        assertThatThrownBy(() -> KernelStatistics.velocity(other, other, 0))
                .hasMessage("A velocity needs at least 1 step between two kernels, not 0.");
        assertThatThrownBy(() -> KernelStatistics.alignment(square, Targets.of(new double[2])))
                .hasMessage("A kernel of 7 inputs needs as many targets, not 2.");
        assertThatThrownBy(() -> KernelStatistics.blocks(square, Targets.of(new double[2])))
                .hasMessage("A kernel of 7 inputs needs as many targets, not 2.");
        assertThatThrownBy(() -> KernelStatistics.blocks(other, Targets.of(new double[2])))
                .hasMessage("A kernel of 1 x 2 entries is not that of inputs with themselves: it is not square.");
    }
}
