package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.VarianceEstimation;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidthSearchTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static OptionalLong search(RandomNetwork network, double tolerance) {
        return new WidthSearch(ENGINE, network, 100, Seed.of(7)).smallest(tolerance);
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 20, 1.1", "3, 1, 30, 1.05", "1, 1, 50, 1.2", "2, 1, 2, 1.001"})
    void reluNeedsExactlyThisWidth(double sigmaW2, double sigmaB2, int depth, double tolerance) {
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        RandomNetwork network =
                new RandomNetwork(Architecture.constant(100, 64, depth), Activations.RELU, initialization);
        int width = (int) search(network, tolerance).orElseThrow();
        assertThat(ratio(width, depth, initialization)).isLessThanOrEqualTo(tolerance);
        assertThat(ratio(width - 1, depth, initialization)).isGreaterThan(tolerance);
    }

    private static double ratio(int width, int depth, Initialization initialization) {
        return ExactMoments.of(Architecture.constant(100, width, depth), initialization, 100)
                .ratio();
    }

    @ParameterizedTest
    @CsvSource({
        "relu, 2, 0, 20, 1.1, 0.02",
        "relu, 3, 1, 30, 1.05, 0.02",
        "relu, 1, 1, 50, 1.2, 0.02",
        "tanh, 6, 1, 10, 1.1, 0.1",
        "erf, 5, 0.5, 8, 1.2, 0.1"
    })
    void theLeadingOrderNamesNearlyThisWidthAtOnce(
            String name, double sigmaW2, double sigmaB2, int depth, double tolerance, double error) {
        RandomNetwork network = new RandomNetwork(
                Architecture.constant(100, 64, depth), Activations.parse(name), new Initialization(sigmaW2, sigmaB2));
        double width = search(network, tolerance).orElseThrow();
        assertThat((double) new WidthSearch(ENGINE, network, 100, Seed.of(7))
                        .leadingOrder(tolerance)
                        .orElseThrow())
                .isCloseTo(width, within(error * width));
        assertThat(new WidthSearch(
                                ENGINE,
                                new RandomNetwork(
                                        Architecture.constant(100, 64, 1),
                                        network.activation(),
                                        network.initialization()),
                                100,
                                Seed.of(7))
                        .leadingOrder(tolerance))
                .hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"tanh, 6, 1, 10, 1.1", "tanh, 1.5, 1, 5, 1.05", "erf, 5, 0.5, 8, 1.2"})
    void othersNeedAboutThisWidth(String name, double sigmaW2, double sigmaB2, int depth, double tolerance) {
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        RandomNetwork network =
                new RandomNetwork(Architecture.constant(100, 64, depth), Activations.parse(name), initialization);
        int width = (int) search(network, tolerance).orElseThrow();
        RandomNetwork there =
                new RandomNetwork(Architecture.constant(100, width, depth), Activations.parse(name), initialization);
        double excess = new VarianceEstimation(ENGINE, there)
                        .method(Method.RAO_BLACKWELL)
                        .draws(4000)
                        .seed(99)
                        .estimate()
                        .ratio()
                - 1;
        // the search draws 400 networks a width: its excess is known to about 5 %
        assertThat(excess / (tolerance - 1)).isCloseTo(1, within(0.2));
    }

    @Test
    void linearNetworksAreDeterministicAtAnyWidth() {
        RandomNetwork network = new RandomNetwork(Architecture.of(100, 1), Activations.TANH, new Initialization(2, 1));
        assertThat(search(network, 1.01)).hasValue(1);
    }

    @Test
    void unequalWidthsGrowByOneFactor() {
        assertThat(WidthSearch.scaled(Architecture.of(7, 10, 40, 20, 1), 80).widths())
                .containsExactly(7, 20, 80, 40, 1);
        assertThat(WidthSearch.scaled(Architecture.of(7, 10, 40, 20, 1), 1).widths())
                .containsExactly(7, 1, 1, 1, 1);
    }
}
