package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ActivationsTest {

    @Test
    void everyLabelParsesBackToTheSameActivation() {
        List<Activation> all = List.of(
                Activations.RELU,
                Activations.TANH,
                Activations.ERF,
                Activations.GELU,
                Activations.SIN,
                Activations.SIGMOID,
                Activations.SOFTPLUS,
                Activations.SILU,
                Activations.ABS,
                Activations.IDENTITY,
                Activations.leakyRelu(0.1),
                Activations.leakyRelu(-1e-300),
                Activations.abRelu(-0.25, 1.5));
        for (Activation activation : all) {
            assertThat(Activations.parse(activation.label())).isEqualTo(activation);
            assertThat(Activations.parse(activation.label().toUpperCase(Locale.ROOT)))
                    .isEqualTo(activation);
        }
    }

    @Test
    void leakyReluHasADefaultSlope() {
        assertThat(Activations.parse("Leaky-ReLU")).isEqualTo(Activations.leakyRelu(0.01));
        assertThat(Activations.parse(" leaky-relu( 0.2 ) ")).isEqualTo(Activations.leakyRelu(0.2));
        assertThat(Activations.parse("abrelu(0.5, 2)")).isEqualTo(Activations.abRelu(0.5, 2));
    }

    @Test
    void slopesBelongToTheirSides() {
        Activation activation = Activations.abRelu(0.5, 2);
        assertThat(activation.value(-3)).isEqualTo(-1.5);
        assertThat(activation.value(3)).isEqualTo(6);
        assertThat(activation.derivative(0)).isEqualTo(0.5);
        assertThat(activation.kinks()).containsExactly(0);
        assertThat(Activations.IDENTITY.kinks()).isEmpty();
    }

    @Test
    void aWrongNameIsExplainedInOneSentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.parse("swoosh"))
                .withMessage("There is no activation 'swoosh'; use one of relu, tanh, erf, gelu, sin, sigmoid, "
                        + "softplus, silu, abs, identity, leaky-relu, leaky-relu(slope), abrelu(a,b).");
        List<String> wrongNames =
                List.of("", "relu(1)", "abrelu", "abrelu(1)", "abrelu(1,2,3)", "leaky-relu(0.1", "tanh x");
        for (String wrong : wrongNames) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Activations.parse(wrong))
                    .withMessageStartingWith("There is no activation '" + wrong + "'");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.parse("leaky-relu(x)"))
                .withMessage("In activation 'leaky-relu(x)', 'x' is not a number.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.parse("abrelu(1,infinity)"))
                .withMessageContaining("is not a number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.parse("leaky-relu(1e999)"))
                .withMessageContaining("must be finite");
    }
}
