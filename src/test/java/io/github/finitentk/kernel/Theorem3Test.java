package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import org.junit.jupiter.api.Test;

class Theorem3Test {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    @Test
    void aByHand() {
        // A = 4 / (2 + 3) = 0.8; (1 + 0.64/4) (3 - 1) + 0.04 = 2.36
        InfiniteWidthRegression.Theorem3 theorem = new InfiniteWidthRegression.Theorem3(4, 2, 1, 3, 1);
        assertThat(theorem.a()).isCloseTo(0.8, within(1e-15));
        assertThat(theorem.variance()).isCloseTo(2.36, within(1e-14));
    }

    @Test
    void oneSampleLeavesTheRegressionOnOnePoint() {
        // f(x) = f0(x) - k (f0(x1) - y), k = k2/k1: Var = q (1 + k^2) - 2 k q_sr
        InfiniteWidthRegression.Theorem3 theorem = new InfiniteWidthRegression.Theorem3(1, 5, 2, 3, 0.7);
        assertThat(theorem.variance()).isCloseTo(3 * (1 + 0.16) - 0.8 * 0.7, within(1e-14));
    }

    @Test
    void equalKappasGiveATheValueOne() {
        InfiniteWidthRegression.Theorem3 theorem = new InfiniteWidthRegression.Theorem3(128, 1.7, 1.7, 2, 1.9);
        assertThat(theorem.a()).isEqualTo(1);
        assertThat(theorem.variance()).isCloseTo((1 + 1.0 / 128) * 0.1, within(1e-14));
    }

    @Test
    void uncorrelatedKernelsKeepTheInitialVariance() {
        InfiniteWidthRegression.Theorem3 theorem = new InfiniteWidthRegression.Theorem3(128, 1.7, 0, 2, 0.5);
        assertThat(theorem.a()).isZero();
        assertThat(theorem.variance()).isCloseTo(2, within(1e-14));
    }

    /** Equicorrelated inputs have data-independent kernels, so the means are the entries. */
    @Test
    void meansAreTakenOverAllPairs() {
        Architecture architecture = Architecture.constant(12, 40, 4);
        MeanField theory = new MeanField(Activations.TANH, new Initialization(2, 0.3));
        Inputs inputs = Inputs.withCorrelation(10, 12, 12, 0.3);
        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(architecture, Activations.TANH, new Initialization(2, 0.3)), inputs, ENGINE);
        PairPropagation pair = theory.propagate(1, 1, 0.3, 4);
        InfiniteWidthRegression.Theorem3 theorem = InfiniteWidthRegression.Theorem3.of(kernel, 7);
        double ratio = pair.first().kappa1(architecture) / pair.kappa2(architecture);
        assertThat(theorem.a()).isCloseTo(7 / (ratio + 6), within(1e-12));
        assertThat(theorem.q()).isCloseTo(pair.first().nngp(), within(1e-12));
        assertThat(theorem.qsr()).isCloseTo(pair.nngp(), within(1e-12));
    }

    @Test
    void withoutHiddenLayersTheKernelItselfTakesThePlaceOfKappa() {
        // L = 1: Theta* = x_s.x_r + 1 = 12 c + 1
        Inputs inputs = Inputs.withCorrelation(10, 12, 12, 0.3);
        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(Architecture.of(12, 1), Activations.TANH, new Initialization(2, 0.3)),
                inputs,
                ENGINE);
        InfiniteWidthRegression.Theorem3 theorem = InfiniteWidthRegression.Theorem3.of(kernel, 7);
        assertThat(theorem.a()).isCloseTo(7 / (13 / 4.6 + 6), within(1e-12));
        assertThat(theorem.q()).isCloseTo(2.3, within(1e-12));
        assertThat(theorem.qsr()).isCloseTo(0.9, within(1e-12));
    }

    @Test
    void badArgumentsGetOneSentence() {
        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(Architecture.of(2, 3, 1), Activations.RELU, new Initialization(2, 0)),
                Inputs.of(new double[] {1, 2}),
                ENGINE);
        assertThatThrownBy(() -> InfiniteWidthRegression.Theorem3.of(kernel, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2 inputs");
        assertThatThrownBy(() -> new InfiniteWidthRegression.Theorem3(0, 1, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InfiniteWidthRegression.Theorem3(1, Double.NaN, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
