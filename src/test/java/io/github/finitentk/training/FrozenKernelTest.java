package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.internal.compute.Backend;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many steps at once against the steps one by one. */
class FrozenKernelTest {

    private static final int S = 9;
    private static final double RATE = 0.07;

    @Test
    void equalsTheStepsOneByOne() {
        SplittableRandom random = new SplittableRandom(3);
        double[] g = random.doubles(S * S, -1, 1).toArray();
        double[] theta = new double[S * S];
        for (int i = 0; i < S; i++) {
            for (int j = 0; j < S; j++) {
                for (int k = 0; k < S; k++) {
                    theta[i * S + j] += g[i * S + k] * g[j * S + k];
                }
                theta[i * S + j] += 1;
            }
        }
        double[] r = random.doubles(S, -1, 1).toArray();
        FrozenKernel frozen =
                new FrozenKernel(Backend.pureJava().linearAlgebra().symmetricEigen(S, theta), r, RATE);
        assertThat(frozen.largest()).isGreaterThan(0.5);
        FrozenKernel.Walk walk = frozen.new Walk();
        double[] sum = new double[S];
        for (int n = 1; n <= 50; n++) {
            double[] next = new double[S];
            for (int i = 0; i < S; i++) {
                sum[i] += r[i];
                next[i] = r[i];
                for (int j = 0; j < S; j++) {
                    next[i] -= RATE * theta[i * S + j] * r[j];
                }
            }
            r = next;
            double norm2 = 0;
            for (int i = 0; i < S; i++) {
                norm2 += r[i] * r[i];
                assertThat(frozen.residual(n)[i]).isCloseTo(r[i], within(1e-13));
                assertThat(frozen.sum(n)[i]).isCloseTo(sum[i], within(1e-12));
            }
            assertThat(walk.next()).isCloseTo(norm2, within(1e-13));
            assertThat(frozen.squaredNorm(n)).isCloseTo(norm2, within(1e-13));
        }
    }

    // p_j from the displacements themselves: <w_j - w_0, w_n - w_0> = c^2 (sum_{i<j} r_i)^T Theta (sum_{i<n} r_i).
    @Test
    void progressIsTheProjectionOnTheWholeDisplacement() {
        SplittableRandom random = new SplittableRandom(4);
        double[] theta = new double[S * S];
        for (int k = 0; k < S; k++) {
            double[] g = random.doubles(S, -1, 1).toArray();
            for (int i = 0; i < S * S; i++) {
                theta[i] += g[i / S] * g[i % S] * Math.pow(10, -k);
            }
        }
        double[] r = random.doubles(S, -1, 1).toArray();
        FrozenKernel frozen =
                new FrozenKernel(Backend.pureJava().linearAlgebra().symmetricEigen(S, theta), r, RATE);
        for (int n : new int[] {1, 2, 7, 300}) {
            double norm = inner(theta, frozen.sum(n), frozen.sum(n));
            double mean = 0;
            double[] sum = new double[S];
            double[] half = new double[S];
            for (int j = 0; j < n; j++) {
                if (j == n / 2) {
                    half = sum.clone();
                }
                double p = j == 0 ? 0 : inner(theta, frozen.sum(j), frozen.sum(n)) / norm;
                mean += p / n;
                for (int i = 0; i < S; i++) {
                    sum[i] += p * (j == 0 ? r[i] : frozen.residual(j)[i]);
                }
            }
            FrozenKernel.Progress progress = frozen.progress(n);
            assertThat(progress.mean()).isCloseTo(mean, within(1e-9));
            double[] actual = frozen.weightedSum(progress, n);
            double[] actualHalf = frozen.weightedSum(progress, n / 2);
            for (int i = 0; i < S; i++) {
                assertThat(actualHalf[i]).isCloseTo(half[i], within(1e-8 * n));
                assertThat(actual[i]).isCloseTo(sum[i], within(1e-8 * n));
            }
        }
    }

    private static double inner(double[] theta, double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < S * S; i++) {
            sum += x[i / S] * theta[i] * y[i % S];
        }
        return sum;
    }
}
