package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkBatch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomNetworkTest {

    private static final RandomNetwork NETWORK =
            new RandomNetwork(Architecture.of(3, 17, 300, 1, 2, 1), Activations.TANH, new Initialization(1.7, 0.3));

    @Test
    void samplesAreTheNetworksThatTheBackendsDraw() {
        BatchShape shape = new BatchShape(NETWORK.architecture(), NETWORK.activation(), Precision.F64, 3, 1);
        for (Backend backend : List.of(Backend.fastest(), Backend.pureJava())) {
            try (NetworkBatch batch = Engine.single(backend).allocate(shape)) {
                for (long first : new long[] {0, 12, 1L << 40}) {
                    batch.initialize(NETWORK.initialization(), Seed.of(-5), first);
                    for (int i = 0; i < 3; i++) {
                        assertThat(NETWORK.sample(Seed.of(-5), first + i).parameters())
                                .isEqualTo(batch.parameters(i));
                    }
                }
            }
        }
        assertThat(NETWORK.sample(Seed.of(1))).isEqualTo(NETWORK.sample(Seed.of(1), 0));
        assertThat(NETWORK.sample(Seed.of(1))).isNotEqualTo(NETWORK.sample(Seed.of(2)));
    }

    // 5100 weights of W^2: the variance of a sample variance of n normal numbers is 2 / n.
    @Test
    void weightsHaveTheVarianceOfEquationOne() {
        double[] weights = NETWORK.sample(Seed.of(8)).weights(2);
        double variance = Arrays.stream(weights).map(w -> w * w).average().orElseThrow();
        double expected = 1.7 / 17;
        assertThat(variance).isCloseTo(expected, within(4 * expected * Math.sqrt(2.0 / weights.length)));
        double[] biases = new RandomNetwork(NETWORK.architecture(), Activations.RELU, new Initialization(1, 0))
                .sample(Seed.of(8))
                .biases(2);
        assertThat(biases).containsOnly(0.0, -0.0);
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThatThrownBy(() -> NETWORK.sample(Seed.of(0), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Networks are numbered from 0 on; there is no network -1.");
        RandomNetwork huge = new RandomNetwork(
                Architecture.constant(100_000, 100_000, 2), Activations.RELU, new Initialization(1, 0));
        assertThatThrownBy(() -> huge.sample(Seed.of(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than one array can hold");
    }

    @Test
    void truncatedNetworksShareTheirFirstLayers() {
        RandomNetwork cut = NETWORK.truncated(3);
        assertThat(cut.architecture()).isEqualTo(NETWORK.architecture().truncated(3));
        assertThat(cut.sample(Seed.of(4)).weights(2))
                .isEqualTo(NETWORK.sample(Seed.of(4)).weights(2));
    }
}
