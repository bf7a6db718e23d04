package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactMomentsTest {

    @ParameterizedTest
    @CsvSource({
        "100, 30, 1, 1, 100, 1.064, 5e-4",
        "100, 30, 1.5, 1, 100, 1.159, 5e-4",
        "100, 30, 2, 1, 100, 1.901, 5e-4",
        "100, 30, 3, 1, 100, 2.848, 5e-4",
        "100, 100, 2, 0, 100, 64.3, 5e-2",
        "100, 100, 2, 0, 1, 26.4, 5e-2",
        "64, 2, 1, 1, 64, 1.0347, 6e-5",
        "64, 5, 1, 1, 64, 1.0614, 6e-5",
        "64, 10, 1, 1, 64, 1.0639, 6e-5",
        "64, 2, 1.5, 1, 64, 1.0335, 6e-5",
        "64, 10, 1.5, 1, 64, 1.1323, 6e-5",
        "64, 100, 1.5, 1, 64, 1.1593, 6e-5",
        "64, 2, 2, 0, 64, 1.0305, 6e-5",
        "64, 20, 2, 0, 64, 2.0183, 6e-5",
        "64, 50, 2, 0, 64, 6.9334, 6e-5",
        "64, 100, 2, 0, 64, 64.3946, 6e-5",
        "64, 2, 3, 1, 64, 1.0322, 6e-5",
        "64, 50, 3, 1, 64, 6.5521, 6e-5",
        "64, 100, 3, 1, 64, 60.7002, 6e-5",
    })
    void hasTheGoldenValues(
            int n0, int depth, double sigmaW2, double sigmaB2, double norm2, double ratio, double error) {
        Architecture architecture = Architecture.constant(n0, 100, depth);
        ExactMoments moments = ExactMoments.of(architecture, new Initialization(sigmaW2, sigmaB2), norm2);
        assertThat(moments.ratio()).isCloseTo(ratio, within(error));
    }

    /** Without biases a layer whose units are all shut kills everything: each of these was checked with 2e6 networks. */
    @ParameterizedTest
    @CsvSource({
        "'1,2,2,2,2,1', 2, 0.01, 3.82437, 24.680",
        "'1,1,1,1', 2, 1, 5.5, 12.860",
        "'5,5,5,5,5,1', 2, 1, 9.81638, 5.392",
        "'2,2,2,1', 1.2, 0.5, 2.35, 2.634",
        "'3,3,3,1', 2, 0, 1, 1",
        "'3,1', 2, 0, 1, 1",
    })
    void countsDeadLayers(String widths, double sigmaW2, double norm2, double mean, double ratio) {
        int[] n = Arrays.stream(widths.split(",")).mapToInt(Integer::parseInt).toArray();
        ExactMoments moments = ExactMoments.of(Architecture.of(n), new Initialization(sigmaW2, 0), norm2);
        assertThat(moments.mean().doubleValue()).isCloseTo(mean, within(5e-6));
        assertThat(moments.ratio()).isCloseTo(ratio, within(5e-4));
    }

    /**
     * Every hidden layer has one unit: all of them are open with probability 2^-(L-1), and then Theta is the polynomial
     * sum_l prod_{m > l} w_m^2 (|x|^2 prod_{m < l} w_m^2 + 1), taken apart here into monomials; else Theta is 1.
     */
    @ParameterizedTest
    @CsvSource({"1, 2, 3", "2, 2, 1", "3, 1.3, 0.2", "6, 2.4, 0.7", "9, 0.4, 10"})
    void equalsTheEnumerationOfGatesAtWidthOne(int depth, double sigmaW2, double norm2) {
        int[] widths = new int[depth + 1];
        Arrays.fill(widths, 1);
        double[] coefficients = new double[2 * depth];
        int[][] powers = new int[2 * depth][depth];
        for (int l = 0; l < depth; l++) {
            coefficients[2 * l] = norm2;
            coefficients[2 * l + 1] = 1;
            for (int m = 0; m < depth; m++) {
                powers[2 * l][m] = m == l ? 0 : 1;
                powers[2 * l + 1][m] = m > l ? 1 : 0;
            }
        }
        double[] moment = {1, sigmaW2, 3 * sigmaW2 * sigmaW2};
        double mean = 0;
        double second = 0;
        for (int i = 0; i < coefficients.length; i++) {
            double expected = coefficients[i];
            for (int m = 0; m < depth; m++) {
                expected *= moment[powers[i][m]];
            }
            mean += expected;
            for (int j = 0; j < coefficients.length; j++) {
                double product = coefficients[i] * coefficients[j];
                for (int m = 0; m < depth; m++) {
                    product *= moment[powers[i][m] + powers[j][m]];
                }
                second += product;
            }
        }
        double open = Math.pow(2, 1 - depth);
        mean = open * mean + (1 - open);
        second = open * second + (1 - open);
        ExactMoments moments = ExactMoments.of(Architecture.of(widths), new Initialization(sigmaW2, 0), norm2);
        assertThat(moments.mean().doubleValue()).isCloseTo(mean, within(1e-13 * mean));
        assertThat(moments.secondMoment().doubleValue()).isCloseTo(second, within(1e-13 * second));
    }

    /** The same for two slopes that are not 0: x^l = s_l h^l, s_l one of them, E s^2 = r and E s^4 = k; no layer dies. */
    @ParameterizedTest
    @CsvSource({"1, 2, 3, 0.2, 1", "2, 2, 1, -1, 1", "3, 1.3, 0.2, 0.5, 2", "6, 2.4, 0.7, 1, 1", "7, 0.4, 10, -0.3, 0.7"
    })
    void equalsTheEnumerationOfSlopesAtWidthOne(int depth, double sigmaW2, double norm2, double low, double high) {
        double[] weight = {1, sigmaW2, 3 * sigmaW2 * sigmaW2};
        double[] slope = {1, (low * low + high * high) / 2, (Math.pow(low, 4) + Math.pow(high, 4)) / 2};
        // Theta = sum_l prod_{m > l} w_m^2 prod_{l <= m < L} s_m^2 (|x|^2 prod_{m < l} w_m^2 s_m^2 + 1)
        double mean = 0;
        double second = 0;
        for (int i = 0; i < 2 * depth; i++) {
            mean += (i % 2 == 0 ? norm2 : 1) * expected(i, i, depth, weight, slope, 1);
            for (int j = 0; j < 2 * depth; j++) {
                second += (i % 2 == 0 ? norm2 : 1) * (j % 2 == 0 ? norm2 : 1) * expected(i, j, depth, weight, slope, 2);
            }
        }
        int[] widths = new int[depth + 1];
        Arrays.fill(widths, 1);
        ExactMoments moments = ExactMoments.of(
                new RandomNetwork(
                        Architecture.of(widths), Activations.abRelu(low, high), new Initialization(sigmaW2, 0)),
                norm2,
                true);
        assertThat(moments.mean().doubleValue()).isCloseTo(mean, within(1e-13 * mean));
        assertThat(moments.secondMoment().doubleValue()).isCloseTo(second, within(1e-13 * second));
    }

    /** The expectation of monomial i (times monomial j if {@code factors} is 2): even ones with |x|^2, odd ones without. */
    private static double expected(int i, int j, int depth, double[] weight, double[] slope, int factors) {
        double product = 1;
        for (int m = 0; m < depth; m++) {
            int weights = holdsWeight(i, m) + (factors == 2 ? holdsWeight(j, m) : 0);
            product *= weight[weights];
            if (m < depth - 1) {
                product *= slope[holdsSlope(i, m) + (factors == 2 ? holdsSlope(j, m) : 0)];
            }
        }
        return product;
    }

    private static int holdsWeight(int monomial, int m) {
        int l = monomial / 2;
        return monomial % 2 == 0 ? (m == l ? 0 : 1) : (m > l ? 1 : 0);
    }

    private static int holdsSlope(int monomial, int m) {
        return monomial % 2 == 0 || m >= monomial / 2 ? 1 : 0;
    }

    @Test
    void slopesThatAreFlatAboveZeroNeedBiases() {
        Activation mirrored = Activations.abRelu(1, 0);
        assertThat(ExactMoments.known(mirrored, new Initialization(2, 0))).isFalse();
        assertThat(ExactMoments.known(Activations.TANH, new Initialization(2, 1)))
                .isFalse();
        assertThatThrownBy(() -> ExactMoments.of(
                        new RandomNetwork(Architecture.of(3, 3, 1), mirrored, new Initialization(2, 0)), 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Exact moments are known for piecewise linear activations (without biases not for those that"
                                + " are flat above 0 only), not for abrelu(1.0,0.0).");
        // With biases it is ReLU's mirror image.
        Architecture network = Architecture.of(5, 4, 7, 3, 1);
        assertThat(ExactMoments.of(new RandomNetwork(network, mirrored, new Initialization(2, 0.3)), 4, true)
                        .ratio())
                .isEqualTo(
                        ExactMoments.of(network, new Initialization(2, 0.3), 4).ratio());
        // The input 0 without biases sees the slope below 0 only: Theta = 1 + |delta^1|^2 with h = 0.
        ExactMoments zero = ExactMoments.of(
                new RandomNetwork(Architecture.of(4, 10, 1), Activations.leakyRelu(0.5), new Initialization(2, 0)),
                0,
                true);
        assertThat(zero.mean().doubleValue()).isEqualTo(1.5);
        assertThat(zero.ratio()).isCloseTo(1 + 2 * 0.25 / 10 / 2.25, within(1e-15));
    }

    @Test
    void theOutputBiasRemainsWhereNearlyEveryNetworkIsDead() {
        ExactMoments narrow = ExactMoments.of(Architecture.constant(1, 1, 5000), new Initialization(0.5, 0), 1e-9);
        assertThat(narrow.mean().doubleValue()).isCloseTo(1, within(1e-15));
        assertThat(narrow.ratio()).isCloseTo(1, within(1e-15));
        // With biases no layer stays dead, whatever the input.
        ExactMoments biased = ExactMoments.of(Architecture.of(3, 3, 1), new Initialization(2, 1), 0);
        assertThat(biased.mean().doubleValue()).isCloseTo(3.5, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 7", "1.3, 0.4, 0.1", "3, 1, 50", "0.5, 2, 0", "1.7, 0, 0"})
    void linearTimeFormEqualsTheDoubleSum(double sigmaW2, double sigmaB2, double norm2) {
        for (int[] widths : new int[][] {{3, 1}, {5, 4, 1}, {10, 30, 7, 25, 12, 1}, {4, 2, 2, 2, 2, 2, 2, 1}}) {
            for (boolean bias : new boolean[] {true, false}) {
                ExactMoments moments =
                        ExactMoments.of(Architecture.of(widths), new Initialization(sigmaW2, sigmaB2), norm2, bias);
                double[] expected = doubleSum(widths, sigmaW2, sigmaB2, norm2, bias ? 1 : 0);
                assertThat(moments.mean().doubleValue()).isCloseTo(expected[0], within(1e-13 * expected[0]));
                assertThat(moments.secondMoment().doubleValue()).isCloseTo(expected[1], within(1e-13 * expected[1]));
                if (expected[0] == 0) {
                    continue; // no bias at all, and no input
                }
                assertThat(moments.logRatio())
                        .isCloseTo(Math.log(expected[1] / expected[0] / expected[0]), within(1e-13));
            }
        }
    }

    /** Section 9 of the theory as written there, O(L^2). */
    private static double[] doubleSum(int[] n, double sw2, double sb2, double norm2, double bias) {
        int depth = n.length - 1;
        double[] m1 = new double[depth];
        double[] m2 = new double[depth];
        double[] d1 = new double[depth + 1];
        double[] d2 = new double[depth + 1];
        m1[0] = norm2;
        m2[0] = norm2 * norm2;
        for (int l = 1; l < depth; l++) {
            double t2 = sw2 / n[l - 1];
            m1[l] = n[l] / 2.0 * (t2 * m1[l - 1] + sb2);
            m2[l] = n[l] * n[l] / 4.0 * (1 + 5.0 / n[l]) * (t2 * t2 * m2[l - 1] + 2 * t2 * sb2 * m1[l - 1] + sb2 * sb2);
        }
        d1[depth] = 1;
        d2[depth] = 1;
        double a = sw2 / 2;
        for (int l = depth - 1; l >= 1; l--) {
            d1[l] = a * d1[l + 1];
            d2[l] = a * a * (1 + 5.0 / n[l]) * d2[l + 1];
        }
        double[] alive = new double[depth + 1];
        alive[1] = sb2 == 0 && norm2 == 0 ? 0 : 1;
        for (int l = 2; l <= depth; l++) {
            alive[l] = alive[l - 1] * (sb2 == 0 ? 1 - Math.pow(2, -n[l - 1]) : 1);
        }
        double mean = (1 - alive[depth]) * bias;
        double second = (1 - alive[depth]) * bias * bias;
        for (int k = 1; k <= depth; k++) {
            mean += d1[k] * (m1[k - 1] + bias * alive[k]);
            second += d2[k] * (m2[k - 1] + 2 * bias * m1[k - 1] + bias * bias * alive[k]);
            double s = sw2 / n[k - 1];
            double c0 = bias * s;
            double c1 = s;
            double c2 = 0;
            for (int l = k - 1; l >= 1; l--) {
                double width = n[l];
                double t2 = sw2 / n[l - 1];
                double a0 = c0 * width / 2;
                double a1 = c1 * (width * width / 4) * (1 + 1 / width) + c2 * width / 2;
                second += 2
                        * d2[k]
                        * (a0 * (m1[l - 1] + bias * alive[l])
                                + a1 * sb2 * (m1[l - 1] + bias)
                                + a1 * t2 * (m2[l - 1] + bias * m1[l - 1]));
                double u = t2 * width * width / 4;
                double p = (1 + 1 / width) * c1 + 2 / width * c2;
                double r = 4 / width * c1 + (1 + 3 / width) * c2;
                c0 = width / 2 * t2 * c0 + u * sb2 * p;
                c1 = u * t2 * p;
                c2 = u * t2 * r;
            }
        }
        return new double[] {mean, second};
    }

    /**
     * {@code E[Theta^2] / E[Theta]^2} of the weight part at {@code sigmaB2 = 0}, where sigmaW2 and the input norm cancel:
     * <pre>
     * (sum n)^-2 sum_{l,k=1..L} n_{l-1} n_{k-1} prod_{m not in [l,k-1]} (1 + 5/n_m)
     *            (1/3) [ prod_{m in [l,k-1]} (1 + 5/n_m) + 2 prod_{m in [l,k-1]} (1 - 1/n_m) ],     m = 1 … L-1
     * </pre>
     * in O(L). Overflows to infinity only where the ratio itself exceeds a double.
     */
    private static double weightRatio(Architecture architecture) {
        double logProduct = 0;
        double tail = 0;
        double pairs = 0;
        double total = 0;
        for (int k = 1; k <= architecture.depth(); k++) {
            double below = architecture.width(k - 1);
            if (k > 1) {
                logProduct += Math.log1p(5 / below);
                tail *= (below - 1) / (below + 5);
            }
            // tail = sum over l < k of n_{l-1} prod_{m=l..k-1} (1 - 1/n_m)/(1 + 5/n_m)
            pairs += below * (below + 2 * tail);
            tail += below;
            total += below;
        }
        return Math.exp(logProduct) / 3 * (1 + 2 * pairs / total / total);
    }

    @Test
    void closedFormWithoutBiasEqualsTheRecursion() {
        for (int[] widths : new int[][] {{3, 1}, {5, 40, 1}, {10, 30, 7, 25, 12, 1}}) {
            for (double sigmaW2 : new double[] {0.3, 2, 9}) {
                ExactMoments moments =
                        ExactMoments.of(Architecture.of(widths), new Initialization(sigmaW2, 0), 3.3, false);
                assertThat(moments.ratio()).isCloseTo(weightRatio(Architecture.of(widths)), within(1e-12));
            }
        }
    }

    @Test
    void closedFormTendsToTheLimitInDepthOverWidth() {
        double lambda = 0.5;
        double coarse = weightRatio(Architecture.constant(1000, 1000, 500));
        double fine = weightRatio(Architecture.constant(100_000, 100_000, 50_000));
        double limit = ExactMoments.limitRatio(lambda);
        assertThat(Math.abs(fine - limit)).isLessThan(0.02 * Math.abs(coarse - limit));
        assertThat(fine).isCloseTo(limit, within(1e-3));
        assertThat(ExactMoments.limitRatio(0)).isEqualTo(1);
        assertThat(ExactMoments.limitRatio(1e-6)).isCloseTo(1 + 11e-6 / 3, within(1e-10));
        double border = 0.5 / 6;
        assertThat(ExactMoments.limitRatio(border * (1 - 1e-15)))
                .isCloseTo(ExactMoments.limitRatio(border * (1 + 1e-15)), within(1e-13));
    }

    @Test
    void meanIsTheInfiniteWidthFormulaAtEveryWidth() {
        Architecture architecture = Architecture.of(7, 3, 20, 5, 1);
        Initialization initialization = new Initialization(2.4, 0.3);
        double mean = ExactMoments.of(architecture, initialization, 4.2).mean().doubleValue();
        double theory = new MeanField(Activations.RELU, initialization)
                .propagate(4.2 / 7, 4)
                .ntk(architecture);
        assertThat(mean).isCloseTo(theory, within(1e-13 * theory));
    }

    @Test
    void nothingOverflowsInDeepChaoticNetworks() {
        // without bias everything scales: E[Theta] = (sw2/2)^(L-1) |x|^2 L at constant width n_0 = M
        ExactMoments moments =
                ExactMoments.of(Architecture.constant(50, 50, 10_000), new Initialization(20, 0), 3, false);
        assertThat(moments.logMean()).isCloseTo(9999 * Math.log(10) + Math.log(30_000), within(1e-9));
        assertThat(moments.logRatio()).isCloseTo(moments.logSecondMoment() - 2 * moments.logMean(), within(1e-8));
        ExactMoments tiny =
                ExactMoments.of(Architecture.constant(50, 50, 10_000), new Initialization(0.02, 0), 3, false);
        assertThat(tiny.logMean()).isCloseTo(9999 * Math.log(0.01) + Math.log(30_000), within(1e-8));
        assertThat(tiny.logRatio()).isCloseTo(moments.logRatio(), within(1e-9 * moments.logRatio()));
        ExactMoments huge = ExactMoments.of(Architecture.constant(10, 10, 10_000), new Initialization(30, 1), 3);
        assertThat(huge.ratio()).isInfinite();
        assertThat(huge.logRatio()).isFinite().isGreaterThan(4000);
        assertThat(ExactMoments.of(Architecture.constant(10, 10, 5), new Initialization(2, 1), 1e300)
                        .ratio())
                .isCloseTo(
                        ExactMoments.of(Architecture.constant(10, 10, 5), new Initialization(2, 0), 1, false)
                                .ratio(),
                        within(1e-12));
    }

    /** Beside biases, or the gradients of biases, an input that is as good as 0 is lost, and nothing else. */
    @Test
    void tinyInputsNeitherOverflowNorCount() {
        Architecture architecture = Architecture.of(7, 5, 30, 4, 1);
        for (double sigmaB2 : new double[] {0, 1}) {
            for (boolean biasGradients : new boolean[] {true, false}) {
                if (sigmaB2 == 0 && !biasGradients) {
                    continue; // then all moments scale with the input
                }
                Initialization initialization = new Initialization(1.7, sigmaB2);
                ExactMoments small = ExactMoments.of(architecture, initialization, 1e-30, biasGradients);
                for (double norm2 : new double[] {1e-200, 1e-300, Double.MIN_VALUE}) {
                    ExactMoments tiny = ExactMoments.of(architecture, initialization, norm2, biasGradients);
                    assertThat(tiny.mean().doubleValue()).isCloseTo(small.mean().doubleValue(), within(1e-13));
                    assertThat(tiny.ratio()).isCloseTo(small.ratio(), within(1e-13));
                }
            }
        }
    }

    /** Without the gradients of biases everything scales with the input and the variance of biases, by a power of two exactly. */
    @Test
    void momentsScaleWithInputAndBiases() {
        Architecture architecture = Architecture.of(7, 5, 30, 4, 1);
        ExactMoments unit = ExactMoments.of(architecture, new Initialization(1.7, 0.75), 3, false);
        for (int scale : new int[] {-1000, -600, 600, 1000}) {
            ExactMoments scaled = ExactMoments.of(
                    architecture, new Initialization(1.7, Math.scalb(0.75, scale)), Math.scalb(3.0, scale), false);
            assertThat(scaled.mean().mantissa()).isEqualTo(unit.mean().mantissa());
            assertThat(scaled.mean().exponent()).isEqualTo(unit.mean().exponent() + scale);
            assertThat(scaled.ratio()).isEqualTo(unit.ratio());
        }
    }

    @Test
    void degenerateAndBadArguments() {
        ExactMoments one = ExactMoments.of(Architecture.of(4, 1), new Initialization(2, 1), 9);
        assertThat(one.mean().doubleValue()).isEqualTo(10);
        assertThat(one.ratio()).isEqualTo(1);
        ExactMoments nothing = ExactMoments.of(Architecture.of(4, 3, 1), new Initialization(2, 0), 0, false);
        assertThat(nothing.mean().doubleValue()).isZero();
        assertThat(nothing.ratio()).isNaN();
        assertThatThrownBy(() -> ExactMoments.of(Architecture.of(4, 1), new Initialization(2, 1), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The squared input norm |x|^2 must be a finite number >= 0, not -1.0.");
        assertThatThrownBy(() -> ExactMoments.limitRatio(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void variancesThatLeaveTheRangeWithinOneLayerAreNamed() {
        assertThatThrownBy(() -> ExactMoments.of(Architecture.constant(100, 100, 3), new Initialization(1e200, 0), 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("sigma_w^2 = 1.0E200");
        assertThat(ExactMoments.of(Architecture.constant(100, 100, 3), new Initialization(1e70, 0), 1)
                        .ratio())
                .isCloseTo(
                        ExactMoments.of(Architecture.constant(100, 100, 3), new Initialization(1e60, 0), 1)
                                .ratio(),
                        within(1e-12));
    }
}
