package io.github.finitentk.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputVarianceTest {

    @Test
    void byHand() {
        OutputVariance variance = OutputVariance.of(new double[][] {{0, 1}, {2, 5}, {4, 3}});
        assertThat(variance.mean()).containsExactly(new double[] {2, 3}, within(1e-15));
        assertThat(variance.variance()).containsExactly(new double[] {4, 4}, within(1e-15));
        assertThat(variance.value()).isCloseTo(4, within(1e-14));
        assertThat(variance.networks()).isEqualTo(3);
    }

    @Test
    void leavingOneOutIsWhatItSays() {
        double[][] outputs = {{0.3, 1.2}, {2.5, -0.7}, {-1.1, 0.4}, {0.8, 0.9}};
        double[] logs = new double[4];
        double mean = 0;
        for (int i = 0; i < 4; i++) {
            double[][] rest = new double[3][];
            for (int k = 0, j = 0; k < 4; k++) {
                if (k != i) {
                    rest[j++] = outputs[k];
                }
            }
            logs[i] = Math.log(OutputVariance.of(rest).value());
            mean += logs[i] / 4;
        }
        double square = 0;
        for (double log : logs) {
            square += (log - mean) * (log - mean);
        }
        OutputVariance variance = OutputVariance.of(outputs);
        double factor = Math.exp(3.182446305 * Math.sqrt(0.75 * square));
        assertThat(variance.interval().upper()).isCloseTo(variance.value() * factor, within(1e-9));
        assertThat(variance.interval().lower()).isCloseTo(variance.value() / factor, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "8, 5", "20, 1", "20, 5", "20, 20", "50, 1", "50, 20"})
    void intervalsCoverTheTruth(int networks, int rank) {
        int tests = 32;
        int experiments = 4000;
        Random random = new Random(3);
        double[][] mixing = new double[rank][tests];
        double truth = 0;
        for (double[] row : mixing) {
            for (int x = 0; x < tests; x++) {
                row[x] = random.nextGaussian();
                truth += row[x] * row[x] / tests;
            }
        }
        int hits = 0;
        double sum = 0;
        for (int e = 0; e < experiments; e++) {
            double[][] outputs = new double[networks][tests];
            for (double[] output : outputs) {
                for (double[] row : mixing) {
                    double z = random.nextGaussian();
                    for (int x = 0; x < tests; x++) {
                        output[x] += z * row[x];
                    }
                }
            }
            OutputVariance variance = OutputVariance.of(outputs);
            hits += variance.interval().contains(truth) ? 1 : 0;
            sum += variance.value() / experiments;
        }
        // 4 standard errors: sd of V/truth is at most sqrt(2/(n-1))
        assertThat(sum / truth).isCloseTo(1, within(4 * Math.sqrt(2.0 / (networks - 1) / experiments)));
        assertThat((double) hits / experiments).isBetween(0.925, 0.965);
    }

    @Test
    void equalNetworksHaveNoVariance() {
        OutputVariance variance = OutputVariance.of(new double[][] {{1, 2}, {1, 2}, {1, 2}});
        assertThat(variance.value()).isZero();
        assertThat(variance.interval()).isEqualTo(new Interval(0, 0));
    }

    @Test
    void twoNetworksHaveNoInterval() {
        OutputVariance variance = OutputVariance.of(new double[][] {{1, 2}, {2, 2}});
        assertThat(variance.value()).isCloseTo(0.25, within(1e-15));
        assertThat(variance.interval().upper()).isInfinite();
        assertThatThrownBy(() -> OutputVariance.of(new double[][] {{1, 2}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A variance over networks needs at least 2 networks and 1 test input, not 1 and 2.");
    }
}
