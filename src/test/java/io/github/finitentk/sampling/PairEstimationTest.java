package io.github.finitentk.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Theta(x, x')} at two inputs, against whole networks, closed forms and the result for one input. */
class PairEstimationTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static VarianceEstimation estimation(
            Activation activation, double sigmaW2, double sigmaB2, double norm2, int... widths) {
        return new VarianceEstimation(
                        ENGINE,
                        new RandomNetwork(Architecture.of(widths), activation, new Initialization(sigmaW2, sigmaB2)))
                .inputNorm2(norm2);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void ofCorrelationOneItIsThetaOfOneInputBitForBit(Method method) {
        VarianceEstimation estimation =
                estimation(Activations.RELU, 1.7, 0.2, 1, 4, 9, 9, 1).method(method);
        VarianceEstimation.Pair pair = estimation.pair(1);
        assertThat(pair.ratio()).isEqualTo(estimation.estimate());
        assertThat(pair.infiniteWidth())
                .isCloseTo(
                        estimation.method(Method.EXACT).estimate().mean().doubleValue(),
                        within(1e-12 * pair.infiniteWidth()));
    }

    @Test
    void oneLayerIsDeterministic() {
        VarianceEstimation.Pair pair =
                estimation(Activations.TANH, 2, 0.5, 3, 5, 1).draws(50).pair(-0.4);
        assertThat(pair.infiniteWidth()).isCloseTo(1 - 0.4 * 3, within(1e-14));
        assertThat(pair.mean().lower()).isCloseTo(pair.infiniteWidth(), within(1e-14));
        assertThat(pair.mean().upper()).isCloseTo(pair.infiniteWidth(), within(1e-14));
        assertThat(pair.ratio().ratio()).isCloseTo(1, within(1e-14));
    }

    /** With one hidden layer preactivations are Gaussian at every width, so the mean is the infinite-width value. */
    @ParameterizedTest
    @Tag("statistical")
    @CsvSource({"relu, 0.5", "relu, -0.9", "tanh, 0.3", "tanh, -1", "erf, 0.95", "gelu, 0"})
    void theMeanOfShallowNetworksIsThatOfWideOnes(String activation, double correlation) {
        VarianceEstimation estimation = estimation(Activations.parse(activation), 2.5, 0.3, 6, 3, 4, 1);
        int draws = Statistics.draws(20_000);
        VarianceEstimation.Pair auto = estimation.draws(draws).pair(correlation);
        assertThat(auto.ratio().mean().doubleValue())
                .isCloseTo(
                        auto.infiniteWidth(),
                        within(Statistics.Z
                                / 1.96
                                / 2
                                * (auto.mean().upper() - auto.mean().lower())));
        estimation.method(Method.CONDITIONAL);
        double[] theta = estimation.distribution(correlation).sorted();
        VarianceEstimation.Pair pair = estimation.pair(correlation);
        assertThat(Statistics.mean(theta))
                .isCloseTo(pair.infiniteWidth(), within(Statistics.Z * Statistics.standardError(theta)));
        double half = (pair.mean().upper() - pair.mean().lower()) / 2;
        assertThat(half).isCloseTo(1.96 * Statistics.standardError(theta), within(0.01 * half));
        assertThat(pair.mean().lower() + half).isCloseTo(Statistics.mean(theta), within(1e-9));
    }

    @ParameterizedTest
    @Tag("statistical")
    @CsvSource({"relu, 2, 0, 0.7", "relu, 3, 1, -0.2", "tanh, 2, 0.1, 0.5", "erf, 1, 0, -0.8", "abs, 1, 0.5, 0"})
    void drawsWithoutWeightsHaveTheLawOfDrawnNetworks(
            String activation, double sigmaW2, double sigmaB2, double correlation) {
        VarianceEstimation estimation = estimation(Activations.parse(activation), sigmaW2, sigmaB2, 1, 5, 10, 8, 12, 1);
        int draws = Statistics.draws(20_000);
        double[] free =
                estimation.draws(draws).seed(1).distribution(correlation).sorted();
        double[] drawn = estimation
                .method(Method.WEIGHTS)
                .seed(2)
                .distribution(correlation)
                .sorted();
        assertThat(Statistics.kolmogorovSmirnov(free, drawn)).isGreaterThan(Statistics.ALPHA);
        assertThat(Statistics.differenceOfMeans(free, drawn)).isBetween(-Statistics.Z, Statistics.Z);
        assertThat(Statistics.differenceOfMeans(squares(free), squares(drawn))).isBetween(-Statistics.Z, Statistics.Z);
    }

    @Test
    void momentsAreThoseOfTheDraws() {
        VarianceEstimation estimation =
                estimation(Activations.TANH, 2, 0.1, 5, 5, 20, 20, 1).draws(300).seed(4);
        for (Method method : List.of(Method.CONDITIONAL, Method.WEIGHTS)) {
            double[] theta = estimation.method(method).distribution(-0.6).sorted();
            RatioEstimate ratio = estimation.pair(-0.6).ratio();
            assertThat(ratio.mean().doubleValue()).isCloseTo(Statistics.mean(theta), within(1e-12));
            assertThat(ratio.secondMoment().doubleValue()).isCloseTo(Statistics.mean(squares(theta)), within(1e-12));
            assertThat(ratio.method()).isEqualTo(method);
            assertThat(ratio.draws()).isEqualTo(300);
            assertThat(ratio.reason()).isEqualTo("asked for");
        }
        assertThat(estimation.method(Method.AUTO).pair(-0.6).ratio().because("asked for"))
                .isEqualTo(estimation.method(Method.CONDITIONAL).pair(-0.6).ratio());
    }

    /** Of an odd activation Theta(x, x') can vanish on average; its ratio is then nobody's to know. */
    @Test
    void aMeanNearZeroGivesNoTrustedRatio() {
        VarianceEstimation estimation =
                estimation(Activations.TANH, 1, 0, 50, 50, 50, 1).draws(200);
        double low = -0.5;
        double high = 0;
        for (int k = 0; k < 40; k++) {
            double middle = (low + high) / 2;
            if (estimation.pair(middle).infiniteWidth() > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        VarianceEstimation.Pair pair = estimation.pair(low);
        assertThat(pair.infiniteWidth()).isCloseTo(0, within(1e-9));
        assertThat(pair.mean().contains(0)).isTrue();
        assertThat(pair.ratio().heavyTailed()).isTrue();
        assertThat(pair.ratio().reason()).contains("too close to 0");
        VarianceEstimation.Pair negative = estimation.pair(-0.9);
        assertThat(negative.mean().upper()).isNegative();
        assertThat(negative.ratio().heavyTailed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"EXACT", "LEADING_ORDER", "CHAIN", "RAO_BLACKWELL", "SMC"})
    void methodsOfOneInputAreRefused(Method method) {
        VarianceEstimation estimation =
                estimation(Activations.RELU, 2, 0, 1, 4, 4, 1).method(method);
        assertThatThrownBy(() -> estimation.pair(0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Method " + method.label()
                        + " knows one input only; Theta(x,x') needs auto, conditional or weights.");
        assertThatThrownBy(() -> estimation.distribution(0.5)).hasMessageContaining("knows one input only");
    }

    @Test
    void inputsThatDoNotExistAreRefused() {
        assertThatThrownBy(() -> estimation(Activations.RELU, 2, 0, 1, 4, 4, 1).pair(1.01))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("correlation", "to 1, not 1.01");
        assertThatThrownBy(() -> estimation(Activations.RELU, 2, 0, 1, 1, 4, 1).pair(0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("input dimension of at least 2, not 1");
    }

    @ParameterizedTest
    @Tag("statistical")
    @CsvSource({
        "relu, 2, 0, 10, 100, 0.5",
        "relu, 1, 0, 20, 40, 0.9",
        "relu, 1.5, 1, 10, 50, 0",
        "tanh, 2, 0.1, 5, 60, -0.3",
        "tanh, 3, 1, 6, 60, 0.8"
    })
    void unflaggedIntervalsContainTheTruth(
            String activation, double sigmaW2, double sigmaB2, int depth, int width, double correlation) {
        int[] widths = new int[depth + 1];
        Arrays.fill(widths, width);
        widths[depth] = 1;
        VarianceEstimation estimation = estimation(Activations.parse(activation), sigmaW2, sigmaB2, 1, widths);
        VarianceEstimation.Pair truth = estimation.draws(40_000).seed(-1).pair(correlation);
        int seeds = Statistics.draws(60);
        int unflagged = 0;
        int ratios = 0;
        int means = 0;
        for (int seed = 0; seed < seeds; seed++) {
            VarianceEstimation.Pair pair = estimation.draws(400).seed(seed).pair(correlation);
            means += pair.mean().contains(truth.ratio().mean().doubleValue()) ? 1 : 0;
            if (!pair.ratio().heavyTailed()) {
                unflagged++;
                ratios += pair.ratio().interval().contains(truth.ratio().ratio()) ? 1 : 0;
            }
        }
        // Of 60 intervals of 90 % coverage, fewer than 46 contain the truth once in a thousand times.
        assertThat(unflagged).isEqualTo(seeds);
        assertThat(ratios).isGreaterThanOrEqualTo((int) Math.floor(0.767 * unflagged));
        assertThat(means).isGreaterThanOrEqualTo((int) Math.floor(0.767 * seeds));
    }

    /** Where the moments of Theta(x,x) are known, those of Theta(x,x') are estimated relative to them, from the same draws. */
    @Test
    void knownMomentsSteadyTheEstimate() {
        VarianceEstimation estimation = estimation(Activations.RELU, 2, 0, 1, 40, 40, 40, 40, 40, 40, 40, 40, 40, 1)
                .draws(500);
        double truth = estimation.draws(60_000).seed(-1).pair(0.5).ratio().ratio();
        double auto = 0;
        double plain = 0;
        estimation.draws(500);
        for (int seed = 0; seed < 30; seed++) {
            auto += Math.pow(
                    estimation.method(Method.AUTO).seed(seed).pair(0.5).ratio().ratio() - truth, 2);
            plain += Math.pow(
                    estimation.method(Method.CONDITIONAL).pair(0.5).ratio().ratio() - truth, 2);
        }
        assertThat(auto).isLessThan(plain / 2);
        assertThat(estimation.method(Method.AUTO).pair(0.5).ratio().reason()).contains("known in closed form");
    }

    private static double[] squares(double[] x) {
        return Arrays.stream(x).map(value -> value * value).toArray();
    }
}
