package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MeanFieldTest {

    static List<Activation> activations() {
        return List.of(
                Activations.RELU,
                Activations.ERF,
                Activations.TANH,
                Activations.GELU,
                Activations.SIN,
                Activations.SOFTPLUS,
                Activations.SILU,
                Activations.SIGMOID,
                Activations.ABS);
    }

    @Test
    void reluRecursionByHand() {
        MeanField theory = new MeanField(Activations.RELU, new Initialization(1.5, 0.2));
        SignalPropagation one = theory.propagate(2, 3);
        assertThat(one.qhat()).containsExactly(new double[] {2, 1.6, 1.3}, within(1e-15));
        assertThat(one.q()).containsExactly(new double[] {3.2, 2.6, 2.15}, within(1e-15));
        assertThat(one.p()).containsExactly(new double[] {0.5625, 0.75, 1}, within(1e-15));
        assertThat(one.chi1()).containsExactly(new double[] {0.75, 0.75, 0.75}, within(1e-15));
        Architecture architecture = Architecture.of(10, 20, 30, 1);
        assertThat(one.ntk(architecture)).isCloseTo(0.5625 * 21 + 0.75 * 33 + 1 * 40, within(1e-13));
        // M = 30: alpha = (20 * 10 + 30 * 20) / 900
        assertThat(architecture.alpha()).isCloseTo(800.0 / 900, within(1e-15));
        assertThat(one.kappa1(architecture) * 30 * 800 / 900).isCloseTo(0.5625 * 20 + 0.75 * 32 + 39, within(1e-13));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void equalInputsGiveTheSingleRecursion(Activation activation) {
        MeanField theory = new MeanField(activation, new Initialization(1.7, 0.3));
        PairPropagation pair = theory.propagate(1.2, 1.2, 1, 12);
        SignalPropagation one = theory.propagate(1.2, 12);
        for (int l = 1; l <= 12; l++) {
            assertThat(pair.q(l).qsr()).isCloseTo(one.q(l), within(1e-12 * one.q(l)));
            assertThat(pair.q(l).gap()).isZero();
            assertThat(pair.p(l)).isCloseTo(one.p(l), within(1e-12 * one.p(l)));
            assertThat(pair.c()[l - 1]).isCloseTo(1, within(1e-12));
        }
        Architecture architecture = Architecture.constant(7, 9, 12);
        assertThat(pair.kappa2(architecture))
                .isCloseTo(one.kappa1(architecture), within(1e-12 * pair.kappa2(architecture)));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void oneLayerIsLinear(Activation activation) {
        MeanField theory = new MeanField(activation, new Initialization(1.7, 0.3));
        PairPropagation pair = theory.propagate(1, 4, 0.5, 1);
        assertThat(pair.q()).containsExactly(new double[] {1.7 + 0.3}, within(1e-15));
        assertThat(pair.p()).containsExactly(1);
        Architecture architecture = Architecture.of(5, 1);
        assertThat(pair.ntk(architecture)).isCloseTo(6, within(1e-14));
        assertThat(pair.kappa2(architecture)).isNaN();
    }

    @Test
    void zeroInputWithoutBiasIsDead() {
        MeanField theory = new MeanField(Activations.RELU, new Initialization(2, 0));
        SignalPropagation one = theory.propagate(0, 4);
        assertThat(one.q()).containsOnly(0);
        // h = 0 exactly, and back-propagation uses ReLU'(0) = 0: only the output bias has a gradient
        assertThat(one.ntk(Architecture.constant(3, 5, 4))).isEqualTo(1);
        assertThat(theory.propagate(new double[3], new double[] {1, 2, 3}, 4).ntk(Architecture.constant(3, 5, 4)))
                .isEqualTo(1);
        MeanField tanh = new MeanField(Activations.TANH, new Initialization(2, 0));
        assertThat(tanh.propagate(0, 3).p()).containsExactly(new double[] {4, 2, 1}, within(1e-15));
    }

    @Test
    void propagationsAreValues() {
        MeanField theory = new MeanField(Activations.TANH, new Initialization(2, 0.5));
        PairPropagation pair = theory.propagate(1, 1, 0.6, 3);
        assertThat(pair).isEqualTo(theory.propagate(1, 1, 0.6, 3)).hasSameHashCodeAs(theory.propagate(1, 1, 0.6, 3));
        assertThat(pair).isNotEqualTo(theory.propagate(1, 1, 0.7, 3));
        assertThat(pair.first()).isEqualTo(theory.propagate(1, 3)).isNotEqualTo(theory.propagate(1, 4));
        assertThat(theory.propagate(1, 1)).hasToString("q = [2.5], p = [1.0], chi_1 = [" + theory.chi1(2.5) + "]");
    }

    @Test
    void badArgumentsGetOneSentence() {
        MeanField theory = new MeanField(Activations.RELU, new Initialization(2, 1));
        assertThatThrownBy(() -> theory.propagate(-1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("q0 = |x|^2 / M_0 must be a finite number >= 0, not -1.0.");
        assertThatThrownBy(() -> theory.propagate(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The depth must be at least 1 weight layer, not 0.");
        assertThatThrownBy(() -> theory.propagate(1, 1, -1.5, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> theory.propagate(Double.NaN, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> theory.propagate(new double[] {1}, new double[] {1, 2}, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> theory.propagate(new double[] {1}, new double[] {Double.NaN}, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> theory.propagate(1, 3).ntk(Architecture.of(3, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 weight layers");
    }
}
