package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.numeric.LargestEigenvalue;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LearningRateTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    @Test
    void knownEigenvalues() {
        assertThat(LargestEigenvalue.of(new double[] {2, 1, 1, 2}, 2)).isCloseTo(3, within(1e-13));
        assertThat(LargestEigenvalue.of(new double[] {-3}, 1)).isEqualTo(-3);
        assertThat(LargestEigenvalue.of(new double[] {1, 0, 0, 1}, 2)).isCloseTo(1, within(1e-14));
        assertThat(LargestEigenvalue.of(new double[9], 3)).isZero();
        // path graph: 2 cos(pi / (n + 1))
        int n = 60;
        double[] path = new double[n * n];
        for (int i = 0; i + 1 < n; i++) {
            path[i * n + i + 1] = 1e200;
            path[(i + 1) * n + i] = 1e200;
        }
        assertThat(LargestEigenvalue.of(path, n) / 1e200).isCloseTo(2 * Math.cos(Math.PI / (n + 1)), within(1e-12));
    }

    @Test
    void dataIndependentKernelIsExact() {
        int samples = 40;
        double[] entries = new double[samples * samples];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = i / samples == i % samples ? 7 : 3;
        }
        Kernel theta = Kernel.of(samples, samples, entries);
        double expected = 2.0 * samples / (7 + 39 * 3);
        assertThat(LearningRate.largestStable(theta, LossConvention.HALF_MSE)).isCloseTo(expected, within(1e-12));
        assertThat(LearningRate.largestStable(theta, LossConvention.MSE)).isCloseTo(expected / 2, within(1e-12));
        assertThat(LearningRate.meanField(7, 3, samples, LossConvention.HALF_MSE))
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    void negativeCorrelationsGiveTheOtherEigenvalue() {
        // tanh (2, 0), L = 3, M = 50, two opposite inputs
        double estimate = LearningRate.meanField(78.387281, -73.278483, 2, LossConvention.HALF_MSE);
        assertThat(estimate).isCloseTo(0.026373783, within(1e-9));
        assertThat(estimate)
                .isCloseTo(
                        LearningRate.largestStable(
                                Kernel.of(2, 2, new double[] {78.387281, -73.278483, -73.278483, 78.387281}),
                                LossConvention.HALF_MSE),
                        within(1e-12));
        assertThat(LearningRate.meanField(1.5e308, 1.5e308, 128, LossConvention.HALF_MSE))
                .isCloseTo(2 / 1.5e308, within(1e-320));
        LearningRate.requirePossible(-1, 2);
        LearningRate.requirePossible(-1.0 / 127, 128);
        assertThatThrownBy(() -> LearningRate.requirePossible(-0.5, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "There are no 4 inputs with a correlation of -0.5 between any two: with it there are at most 3,"
                                + " and for 4 it is at least -0.3333333333333333.");
    }

    /** Theory section 11: the paper's rate of 1e-5 is not stable everywhere. */
    @Test
    void thePapersRateExceedsTheBoundInDeepChaoticNetworks() {
        assertThat(bound(2.5, 15)).isGreaterThan(1e-5);
        assertThat(bound(2.5, 23)).isLessThan(1e-5);
        assertThat(bound(3, 10)).isGreaterThan(1e-5);
        assertThat(bound(3, 15)).isLessThan(1e-5);
    }

    private static double bound(double sigmaW2, int depth) {
        int samples = 128;
        int dimension = 784;
        Random random = new Random(3);
        double[] inputs = new double[samples * dimension];
        for (int s = 0; s < samples; s++) {
            // correlated like images: a common part, then |x|^2 = M_0
            double norm = 0;
            for (int i = 0; i < dimension; i++) {
                double x = Math.max(0, Math.sin(i) + 0.7 * random.nextGaussian());
                inputs[s * dimension + i] = x;
                norm += x * x;
            }
            for (int i = 0; i < dimension; i++) {
                inputs[s * dimension + i] *= Math.sqrt(dimension / norm);
            }
        }
        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(
                        Architecture.constant(dimension, 256, depth), Activations.RELU, new Initialization(sigmaW2, 1)),
                Inputs.of(samples, dimension, inputs),
                ENGINE);
        double exact = LearningRate.largestStable(kernel.ntk(), LossConvention.HALF_MSE);
        double estimate = LearningRate.meanField(
                kernel.ntk().statistics().meanDiagonal(),
                kernel.ntk().statistics().meanOffDiagonal(),
                samples,
                LossConvention.HALF_MSE);
        InfiniteWidth.DataIndependent part = kernel.dataIndependent();
        double karakida = LearningRate.meanField(
                part.leading() * part.kappa1(), part.leading() * part.kappa2(), samples, LossConvention.HALF_MSE);
        assertThat(estimate).isCloseTo(exact, within(0.02 * exact));
        assertThat(karakida).isCloseTo(exact, within(0.03 * exact));
        return exact;
    }

    @Test
    void badArgumentsGetOneSentence() {
        assertThatThrownBy(() -> LearningRate.largestStable(Kernel.of(2, 3, new double[6]), LossConvention.MSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A kernel matrix of 2 samples needs n * n = 4 entries with n >= 1, not 6.");
        assertThatThrownBy(() -> LearningRate.largestStable(
                        Kernel.of(2, 2, new double[] {1, 2, Double.NaN, 1}), LossConvention.MSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(1, 0)");
        assertThatThrownBy(() -> LearningRate.meanField(1, 1, 0, LossConvention.MSE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
