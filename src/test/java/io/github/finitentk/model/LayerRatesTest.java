package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LayerRatesTest {

    private static final Architecture NETWORK = Architecture.of(5, 4, 2);

    @Test
    void allKindsAreRates() {
        assertThat(LayerRates.standard(NETWORK)).isEqualTo(rates(1, 1, 1, 1));
        assertThat(LayerRates.standard(NETWORK).withoutBiases()).isEqualTo(rates(1, 1, 0, 0));
        assertThat(LayerRates.ntkParametrization(NETWORK, new Initialization(2, 0.5)))
                .isEqualTo(rates(2 / 5.0, 2 / 4.0, 0.5, 0.5));
        LayerRates given = rates(0.1, 0.2, 0.3, 0.4);
        assertThat(given.only(2)).isEqualTo(rates(0, 0.2, 0, 0.4));
        assertThat(given.only(2, 1)).isEqualTo(given).hasSameHashCodeAs(given);
        assertThat(given.only(1).isFrozen(2)).isTrue();
        assertThat(given.only(1).isFrozen(1)).isFalse();
        assertThat(given.withoutBiases().isFrozen(1)).isFalse();
        assertThat(given.depth()).isEqualTo(2);
        assertThat(given).hasToString("alpha [0.1, 0.2], beta [0.3, 0.4]");
    }

    @Test
    void areIndependentOfTheArraysTheyWereMadeFrom() {
        double[] weights = {1, 2};
        LayerRates rates = LayerRates.of(weights, new double[2]);
        weights[0] = 9;
        assertThat(rates.weight(1)).isEqualTo(1);
    }

    @Test
    void misuseGetsOneSentence() {
        assertThatThrownBy(() -> LayerRates.of(new double[2], new double[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "There must be one rate for the weights and one for the biases of each layer, not 2 and 1.");
        assertThatThrownBy(() -> rates(1, -1, 0, 0))
                .hasMessage("The rate of W2 must be a finite number >= 0, not -1.0.");
        assertThatThrownBy(() -> rates(1, 1, Double.NaN, 0))
                .hasMessage("The rate of b1 must be a finite number >= 0, not NaN.");
        assertThatThrownBy(() -> LayerRates.standard(NETWORK).only(3))
                .hasMessage("There is no layer 3; the layers are 1 to 2.");
    }

    private static LayerRates rates(double alpha1, double alpha2, double beta1, double beta2) {
        return LayerRates.of(new double[] {alpha1, alpha2}, new double[] {beta1, beta2});
    }
}
