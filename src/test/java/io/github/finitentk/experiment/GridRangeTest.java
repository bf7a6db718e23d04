package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.model.Activations;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GridRangeTest {

    @Test
    void rangesHoldTheDecimalsThatAListWouldHold() {
        assertThat(Grid.range(0.1, 0.7, 0.1)).containsExactly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7);
        for (int digits = 1; digits <= 4; digits++) {
            double step = Double.parseDouble("1e-" + digits);
            int places = digits;
            List<Double> written = IntStream.rangeClosed(0, 3000)
                    .mapToObj(k -> Double.parseDouble(
                            String.format(Locale.ROOT, "%." + places + "f", k / Math.pow(10, places))))
                    .toList();
            assertThat(Grid.range(0, written.get(3000), step)).isEqualTo(written);
        }
        assertThat(Grid.range(-0.3, 0.3, 0.1)).containsExactly(-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3);
        assertThat(Grid.range(1e-5, 4e-5, 1e-5)).containsExactly(1e-5, 2e-5, 3e-5, 4e-5);
    }

    @Test
    void binaryFractionsAreWhatTheyWere() {
        for (double step : new double[] {0.5, 0.25, 0.125, 1, 3}) {
            List<Double> range = Grid.range(1, 64, step);
            for (int k = 0; k < range.size(); k++) {
                assertThat(range.get(k)).isEqualTo(1 + k * step);
            }
        }
    }

    @Test
    void theEndIsHitOrNotExceeded() {
        assertThat(Grid.range(1, 6, 2.0)).containsExactly(1.0, 3.0, 5.0);
        assertThat(Grid.range(1, 6, 2)).containsExactly(1, 3, 5);
        assertThat(Grid.range(2.0, 2, 5)).containsExactly(2.0);
        assertThat(Grid.range(0, 1, 0.3)).containsExactly(0.0, 0.3, 0.6, 0.9);
        for (int n = 1; n <= 200; n++) { // steps that no decimal is
            List<Double> range = Grid.range(0, 1, 1.0 / n);
            assertThat(range).as("1/%d", n).hasSize(n + 1).endsWith(1.0);
        }
        assertThat(Grid.range(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1)).hasSize(2);
    }

    @Test
    void aFileSaysTheSame() {
        SweepSpec spec = SweepSpec.parse("""
                quantity: trial
                activation: relu
                sigma_w2: {from: 0.1, to: 0.7, step: 0.1}
                sigma_b2: 1
                depth: {from: 1, to: 1e1, step: 3.0}
                width: 10
                weights: {from: -1, to: 1, step: 0.1}
                """, Path.of("spec.yaml"));
        assertThat(spec.grids().get(0).sigmaW2()).containsExactly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7);
        assertThat(spec.grids().get(0).depths()).containsExactly(1, 4, 7, 10);
        assertThat(spec.quantity().settings().get("weights").toString())
                .startsWith("[-1.0, -0.9, -0.8, -0.7, ")
                .contains(", 0.0, 0.1, 0.2, 0.3, ")
                .endsWith(", 0.9, 1.0]");
    }

    @Test
    void rangesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> Grid.range(1, 2, 0.0)).hasMessageContaining("step must be above 0");
        assertThatThrownBy(() -> Grid.range(1, 2, 0)).hasMessageContaining("step must be above 0");
        assertThatThrownBy(() -> Grid.range(2.0, 1, -0.5))
                .hasMessage("The range from 2.0 to 1.0 in steps of -0.5 is empty, for its step must be above 0.");
        assertThatThrownBy(() -> Grid.range(2, 1, 1))
                .hasMessage("The range from 2 to 1 in steps of 1 is empty, for it goes up.");
        assertThatThrownBy(() -> Grid.range(0, 1, 1e-12)).hasMessageContaining("more than 1000000 steps");
        assertThatThrownBy(() -> Grid.range(-1e308, 1e308, Double.MIN_VALUE)).hasMessageContaining("more than 1000000");
        assertThatThrownBy(() -> Grid.range(0, Double.POSITIVE_INFINITY, 1)).hasMessageContaining("finite numbers");
        assertThatThrownBy(() -> Grid.range(0, 1, Double.NaN)).hasMessageContaining("finite numbers");
        assertThat(Grid.range(0, 1_000_000, 1)).hasSize(1_000_001);
    }

    @Test
    void cellsBeyondAnyCountAreRefusedNotWrapped() {
        List<Integer> many = Grid.range(1, 65535, 1);
        List<Double> values = Grid.range(1.0, 65536, 1);
        SweepSpec.Builder builder = SweepSpec.builder("trial")
                .activations(Activations.RELU)
                .sigmaW2(values)
                .sigmaB2(values)
                .depths(many)
                .widths(many);
        assertThatThrownBy(builder::build).hasMessageContaining("at most 10000000 are allowed");
    }
}
