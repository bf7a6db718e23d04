package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks whose variances leave the range of a double: whatever fits itself must come out right. */
class RangeTest {

    private static final int S = 5;
    private static final int N = 3;

    private static double[] inputs(double size) {
        Random random = new Random(1);
        double[] inputs = new double[S * N];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = size * random.nextGaussian();
        }
        return inputs;
    }

    private static InfiniteWidth kernel(
            String activation,
            double sigmaW2,
            double sigmaB2,
            int depth,
            double size,
            InfiniteWidth.Parametrization parametrization) {
        return InfiniteWidth.of(
                new RandomNetwork(
                        Architecture.constant(N, 100, depth),
                        Activations.parse(activation),
                        new Initialization(sigmaW2, sigmaB2)),
                Inputs.of(S, N, inputs(size)),
                parametrization,
                Engine.single(Backend.fastest()));
    }

    /** Without biases a piecewise linear network is homogeneous: {@code K(sigmaW2) = (sigmaW2/2)^L K(2)}, and so is Theta. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "abs", "leaky-relu(0.2)", "identity", "abrelu(-0.5,1)"})
    void piecewiseLinearKernelsScaleWithTheWeights(String activation) {
        for (double sigmaW2 : new double[] {256, 1.0 / 64}) {
            int depth = 120;
            InfiniteWidth at = kernel(activation, sigmaW2, 0, depth, 1, InfiniteWidth.Parametrization.NTK);
            InfiniteWidth reference = kernel(activation, 2, 0, depth, 1, InfiniteWidth.Parametrization.NTK);
            // in two steps: neither factor overflows
            double half = Math.pow(sigmaW2 / 2, depth / 2);
            for (int s = 0; s < S; s++) {
                for (int r = 0; r < S; r++) {
                    assertThat(at.ntk().get(s, r) / half / half)
                            .isCloseTo(
                                    reference.ntk().get(s, r),
                                    within(1e-11 * reference.ntk().get(s, s)));
                    assertThat(at.nngp().get(s, r) / half / half)
                            .isCloseTo(
                                    reference.nngp().get(s, r),
                                    within(1e-11 * reference.nngp().get(s, s)));
                }
            }
        }
    }

    @Test
    void inputsOfAnySizeGiveTheirKernel() {
        InfiniteWidth reference = kernel("relu", 2, 0, 8, 1, InfiniteWidth.Parametrization.NTK);
        for (double size : new double[] {0x1p-500, 0x1p-300, 0x1p490}) {
            InfiniteWidth at = kernel("relu", 2, 0, 8, size, InfiniteWidth.Parametrization.NTK);
            for (int s = 0; s < S; s++) {
                for (int r = 0; r < S; r++) {
                    assertThat(at.ntk().get(s, r) / size / size)
                            .isCloseTo(
                                    reference.ntk().get(s, r),
                                    within(1e-12 * reference.ntk().get(s, s)));
                }
            }
        }
    }

    /** Kernels of vanishing signals are those of the biases: {@code sum_l p_sr^l}. */
    @Test
    void vanishingSignalsLeaveTheBiases() {
        InfiniteWidth at = kernel("relu", 0.3333333, 0, 450, 1, InfiniteWidth.Parametrization.STANDARD);
        MeanField theory = new MeanField(Activations.RELU, new Initialization(2, 0));
        for (int s = 0; s < S; s++) {
            assertThat(at.ntk().get(s, s)).isCloseTo(1 / (1 - 0.3333333 / 2), within(1e-14));
            for (int r = 0; r < s; r++) {
                double[] x = inputs(1);
                double[] chi = theory.propagate(
                                java.util.Arrays.copyOfRange(x, s * N, s * N + N),
                                java.util.Arrays.copyOfRange(x, r * N, r * N + N),
                                450)
                        .chi();
                double sum = 0;
                for (int l = 0; l < 449; l++) {
                    sum = (sum + 1) * chi[l] * 0.3333333 / 2;
                }
                assertThat(at.ntk().get(s, r)).isCloseTo(1 + sum, within(1e-12));
                assertThat(at.nngp().get(s, r)).isNaN();
                assertThat(at.kappa2().get(s, r)).isNaN();
            }
        }
    }

    @Test
    void theRecursionPassesTheSquareRootOfTheRange() {
        MeanField theory = new MeanField(Activations.RELU, new Initialization(3, 1));
        PairPropagation pair = theory.propagate(1, 1, 0.5, 890);
        // q^l = 1.5^l (q^1 + 2) - 2 for q^1 = 4
        assertThat(pair.first().nngp())
                .isCloseTo(6 * Math.pow(1.5, 889), within(1e-12 * pair.first().nngp()));
        assertThat(pair.nngp() / pair.first().nngp()).isCloseTo(pair.c()[889], within(1e-12));
        double c = pair.c()[888];
        double next = (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c))) / Math.PI;
        assertThat(pair.c()[889]).isCloseTo(next, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gelu", "silu", "softplus"})
    void smoothRelativesOfReluBecomeRelu(String activation) {
        double sigmaW2 = 0x1p40;
        MeanField theory = new MeanField(Activations.parse(activation), new Initialization(sigmaW2, 0));
        PairPropagation pair = theory.propagate(1, 1, 0.5, 25);
        double[] q = pair.first().q();
        double[] c = pair.c();
        for (int l = 3; l < 24; l++) {
            assertThat(q[l + 1] / q[l] / sigmaW2).isCloseTo(0.5, within(1e-13));
            double next = (Math.sqrt(1 - c[l] * c[l]) + c[l] * (Math.PI - Math.acos(c[l]))) / Math.PI;
            assertThat(c[l + 1]).isCloseTo(next, within(1e-11));
        }
        InfiniteWidth kernel = kernel(activation, sigmaW2, 0, 25, 1, InfiniteWidth.Parametrization.STANDARD);
        for (int s = 0; s < S; s++) {
            for (int r = 0; r < S; r++) {
                assertThat(kernel.ntk().get(s, r)).isPositive().isFinite();
            }
        }
    }

    @Test
    void geluPassesTheRangeOfItsClosedForm() {
        PairPropagation pair = new MeanField(Activations.GELU, new Initialization(256, 0)).propagate(1, 1, 0.5, 140);
        // q^l / 128^l is constant once gelu is ReLU to rounding
        double ratio = pair.first().q(60) / Math.pow(128, 60);
        assertThat(pair.first().q(140) / Math.pow(128, 140)).isCloseTo(ratio, within(1e-12 * ratio));
    }

    @Test
    void smallSignalsAreLinear() {
        MeanField theory = new MeanField(Activations.TANH, new Initialization(0.5, 0));
        PairPropagation pair = theory.propagate(1, 1, 0.5, 3000);
        assertThat(pair.c()[2999]).isCloseTo(0.482785162863, within(1e-12));
        assertThat(pair.ntk(Architecture.constant(10, 10, 3000))).isCloseTo(2, within(1e-14));
        assertThat(pair.first().q(3000)).isNaN();
        assertThat(pair.p(1)).isNaN();
        assertThat(theory.propagate(0, 10).q()).containsOnly(0);
    }

    @Test
    void whatDoesNotFitGetsOneSentence() {
        MeanField theory = new MeanField(Activations.RELU, new Initialization(256, 0));
        assertThatThrownBy(() -> theory.propagate(1, 1, 0.5, 220).ntk(Architecture.constant(10, 10, 220)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("The infinite-width NTK of this network exceeds the range of a double (1.8e308).");
        assertThatThrownBy(() -> kernel("relu", 256, 0, 150, 1, InfiniteWidth.Parametrization.STANDARD))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("Entry (0, 0) of the infinite-width kernels of this network exceeds");
    }

    @Test
    void scaledValuesAreDoublesWithinTheWindow() {
        ScaledValue third = ScaledValue.of(1.0 / 3);
        assertThat(third.times(7.1).plus(0.3).doubleValue()).isEqualTo(1.0 / 3 * 7.1 + 0.3);
        assertThat(third.exponent()).isZero();
        ScaledValue tiny = ScaledValue.of(Double.MIN_VALUE);
        assertThat(tiny.doubleValue()).isEqualTo(Double.MIN_VALUE);
        assertThat(tiny.times(tiny).underflows()).isTrue();
        assertThat(tiny.times(tiny).fitting()).isNaN();
        assertThat(ScaledValue.of(0).times(tiny).fitting()).isZero();
        ScaledValue large = ScaledValue.of(Double.MAX_VALUE);
        assertThat(large.times(large).doubleValue()).isInfinite();
        assertThat(large.times(large).times(tiny).times(tiny).doubleValue())
                .isEqualTo(Double.MAX_VALUE * Double.MIN_VALUE * (Double.MAX_VALUE * Double.MIN_VALUE));
        assertThat(large.plus(large).plus(ScaledValue.of(-Double.MAX_VALUE)).doubleValue())
                .isEqualTo(Double.MAX_VALUE);
        assertThat(large.plus(1).doubleValue()).isEqualTo(Double.MAX_VALUE);
    }
}
