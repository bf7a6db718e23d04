package io.github.finitentk.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first-order law of the kernel's moments against sampled networks. */
class LeadingOrderSamplingTest {

    private static final long KEY = NormalStream.key(0, 0x1a77);

    private static NetworkAtInput networks(String activation, double sigmaW2, double sigmaB2, int depth, int width) {
        return new NetworkAtInput(
                new RandomNetwork(
                        Architecture.constant(width, width, depth),
                        Activations.parse(activation),
                        new Initialization(sigmaW2, sigmaB2)),
                width);
    }

    private static LeadingOrder.Moments law(NetworkAtInput networks) {
        Architecture architecture = networks.architecture();
        return LeadingOrder.of(
                        new MeanField(networks.activation(), networks.initialization()),
                        networks.inputNorm2() / architecture.inputDim(),
                        architecture.depth())
                .moments(architecture);
    }

    private static void ratioAgrees(NetworkAtInput networks, int draws) {
        LeadingOrder.Moments law = law(networks);
        try (Engine two = Engine.of(Backend.fastest(), 2)) {
            RatioEstimate sampled = new VarianceEstimation(two, networks)
                    .method(Method.RAO_BLACKWELL)
                    .draws(draws)
                    .seed(Seed.of(KEY))
                    .estimate();
            double error = (sampled.interval().upper() - sampled.interval().lower()) / (2 * 1.96);
            assertThat(Math.abs(sampled.ratio() - law.ratio()))
                    .isLessThan(4 * error + law.relativeVariance() * law.relativeVariance());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tanh, 1.5, 1, 8",
        "tanh, 6, 1, 5",
        "erf, 3, 0.5, 6",
        "gelu, 2, 0.1, 6",
        "sigmoid, 8, 0.5, 6",
        "silu, 2, 0.1, 6",
    })
    void theSampledRatioFollowsTheLaw(String activation, double sigmaW2, double sigmaB2, int depth) {
        ratioAgrees(networks(activation, sigmaW2, sigmaB2, depth, 2000), 200);
    }

    @ParameterizedTest
    @Tag("statistical")
    @CsvSource({
        "tanh, 1.5, 1, 20", "tanh, 3.443, 1, 10", "tanh, 6, 1, 12", "erf, 2.7, 1, 15", "erf, 5, 0.5, 8",
        "gelu, 1.5, 0.3, 20", "gelu, 3, 0.5, 10", "sigmoid, 3, 1, 20", "sigmoid, 30, 0, 8", "silu, 2, 0.2, 15",
        "silu, 3, 0, 10", "sin, 2, 0.1, 8", "softplus, 1.5, 0, 10", "leaky-relu(0.2), 2, 0.3, 15",
    })
    void theSampledRatioFollowsTheLawInDeepNetworks(String activation, double sigmaW2, double sigmaB2, int depth) {
        ratioAgrees(networks(activation, sigmaW2, sigmaB2, depth, 2000), Statistics.draws(1000));
    }

    /** At two widths, so that a wrong order would show. The bound is far below the correction's parts. */
    @ParameterizedTest
    @Tag("statistical")
    @CsvSource({
        "tanh, 1.5, 1, 6",
        "tanh, 4, 0.5, 5",
        "erf, 3, 0.2, 5",
        "gelu, 2, 0.1, 6",
        "sigmoid, 20, 0, 6",
        "silu, 2, 0.3, 6",
        "sin, 2, 0.2, 5",
        "softplus, 2, 0.2, 6",
    })
    void theMeanHasItsFirstCorrection(String activation, double sigmaW2, double sigmaB2, int depth) {
        for (int width : new int[] {60, 240}) {
            NetworkAtInput networks = networks(activation, sigmaW2, sigmaB2, depth, width);
            LeadingOrder.Moments law = law(networks);
            try (Engine two = Engine.of(Backend.fastest(), 2)) {
                // E[Theta | forward pass] has the mean of Theta and less noise
                double[] theta = ForwardPasses.moments(
                        networks, new int[] {depth}, Statistics.draws(60_000), Seed.of(KEY), two)[0][0];
                double mean = law.mean().doubleValue();
                double error = Statistics.standardError(theta) / mean;
                double shift = Statistics.mean(theta) / mean - 1;
                assertThat(Math.abs(shift - law.meanCorrection()))
                        .isLessThan(4 * error + law.meanCorrection() * law.meanCorrection());
            }
        }
    }
}
