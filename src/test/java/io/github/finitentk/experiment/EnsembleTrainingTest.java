package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.OutputVariance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnsembleTrainingTest {

    private static final int DIMENSION = 12;
    private static final Engine ENGINE = Engine.of(Backend.fastest(), 2);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    private static TrainTestData data(int samples, int tests) {
        Inputs x = Inputs.onSphere(samples + tests, DIMENSION, Seed.of(9));
        double[] y = new Random(2).doubles(samples + tests, -1, 1).toArray();
        return TrainTestData.split(new Dataset(x, y), samples);
    }

    private static RandomNetwork law(String activation, int depth, int width) {
        return new RandomNetwork(
                Architecture.constant(DIMENSION, width, depth),
                Activations.parse(activation),
                new Initialization(1.6, 0.5));
    }

    private static InfiniteWidthRegression theory(RandomNetwork law, TrainTestData data) {
        return InfiniteWidthRegression.of(law, data.jointInputs(), data.train().samples(), 0, ENGINE);
    }

    private static EnsembleTraining.Member[] train(RandomNetwork law, TrainTestData data, int networks) {
        EnsembleTraining.Settings settings = EnsembleTraining.Settings.of(2);
        return new EnsembleTraining(law, data, settings, settings.time(theory(law, data)), ENGINE)
                .train(Seed.of(5), 0, networks, () -> false);
    }

    /** L = 1 is linear: the kernel cannot change, and eq. (10) is exact but for the finite learning rate. */
    @Test
    void linearNetworksFollowEquationTen() {
        for (EnsembleTraining.Member member : train(law("relu", 1, 1), data(5, 4), 3)) {
            assertThat(member.kernelChange()).isLessThan(1e-13);
            double moved = 0;
            for (int x = 0; x < 4; x++) {
                assertThat(member.trained()[x]).isCloseTo(member.predicted()[x], within(1e-4));
                moved = Math.max(moved, Math.abs(member.trained()[x] - member.initial()[x]));
            }
            assertThat(moved).isGreaterThan(0.1);
            assertThat(member.finalLoss()).isLessThan(1e-6 * member.initialLoss());
        }
    }

    /** Eqs (3) and (10) in one: a very wide shallow network, trained for long, ends where its own kernel says it will. */
    @ParameterizedTest
    @CsvSource({"relu, 4096", "tanh, 4096"})
    void wideShallowNetworksFollowEquationTen(String activation, int width) {
        TrainTestData data = data(8, 20);
        for (EnsembleTraining.Member member : train(law(activation, 2, width), data, 2)) {
            double distance = 0;
            double learnt = 0;
            for (int x = 0; x < 20; x++) {
                distance += square(member.trained()[x] - member.converged()[x]);
                learnt += square(member.converged()[x] - member.initial()[x]);
            }
            assertThat(Math.sqrt(distance / learnt)).isLessThan(0.02);
            assertThat(member.finalLoss()).isLessThan(1e-8);
        }
    }

    /** All of the theory at once: the variance of trained wide networks is the exact infinite-width one. */
    @Tag("statistical")
    @ParameterizedTest
    @CsvSource({"tanh, 2, 512", "relu, 3, 512"})
    void varianceOfWideNetworksIsTheExactOne(String activation, int depth, int width) {
        TrainTestData data = data(6, 8);
        RandomNetwork law = law(activation, depth, width);
        EnsembleTraining.Member[] members = train(law, data, 60);
        InfiniteWidthRegression theory = theory(law, data);
        EnsembleComparison comparison = EnsembleComparison.of(
                List.of(members), EnsembleTraining.Settings.of(2).time(theory), theory, data);
        OutputVariance trained = comparison.trained().orElseThrow();
        // The interval is 2 standard errors of log V wide to either side.
        double error = Math.log(trained.interval().upper() / trained.value()) / 2;
        assertThat(Math.log(trained.value() / comparison.exact())).isCloseTo(0, within(4 * error));
        // and the test has power: half of what training leaves would be seen
        assertThat(4 * error).isLessThan(Math.log(2));
        assertThat(comparison.gap()).isLessThan(0.2);
    }

    @Test
    void networksDoNotDependOnTheirCompany() {
        RandomNetwork law = law("tanh", 3, 20);
        TrainTestData data = data(5, 4);
        EnsembleTraining.Settings settings = EnsembleTraining.Settings.of(2);
        double time = settings.time(theory(law, data));
        EnsembleTraining training = new EnsembleTraining(law, data, settings, time, ENGINE);
        EnsembleTraining.Member[] together = training.train(Seed.of(5), 0, 3, () -> false);
        EnsembleTraining.Member[] last =
                new EnsembleTraining(law, data, settings, time, ENGINE.single()).train(Seed.of(5), 2, 1, () -> false);
        assertThat(last[0]).isEqualTo(together[2]);
        assertThat(together[0]).isNotEqualTo(together[1]);
        assertThat(training.train(Seed.of(5), 0, 1, () -> true)).containsExactly((EnsembleTraining.Member) null);
    }

    @Test
    void checkpointsHoldEveryNumber() {
        List<EnsembleTraining.Member> members = List.of(
                new EnsembleTraining.Member(
                        new double[] {1}, new double[] {2}, new double[] {3}, new double[] {4}, 5, 6, 7, 8, 9),
                new EnsembleTraining.Member(
                        new double[] {1, 2},
                        new double[] {Double.NaN, 0},
                        new double[2],
                        new double[2],
                        1,
                        2,
                        3,
                        4,
                        -0.0));
        byte[] state = EnsembleCheckpoint.write(members);
        assertThat(EnsembleCheckpoint.read(state)).isEqualTo(members);
        assertThatThrownBy(() -> EnsembleCheckpoint.read(Arrays.copyOf(state, state.length - 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The checkpoint of an ensemble is damaged.");
    }

    @Test
    void comparisonByHand() {
        TrainTestData drawn = data(3, 2);
        TrainTestData data =
                new TrainTestData(drawn.train(), drawn.testInputs(), Optional.of(Targets.of(new double[] {0, 3})));
        RandomNetwork law = law("relu", 2, 10);
        InfiniteWidthRegression theory = theory(law, data);
        List<EnsembleTraining.Member> members = List.of(
                member(new double[] {1, 4}, new double[] {1, 2}, 8, 0.1),
                member(new double[] {3, 2}, new double[] {3, 2}, 4, 0.3),
                member(new double[] {Double.NaN, 2}, new double[] {3, 2}, 100, Double.NaN));
        EnsembleComparison comparison = EnsembleComparison.of(members, 2, theory, data);
        assertThat(comparison.networks()).isEqualTo(2);
        assertThat(comparison.diverged()).isEqualTo(1);
        assertThat(comparison.time()).isEqualTo(2);
        assertThat(comparison.trained().orElseThrow().value()).isCloseTo(2, within(1e-14));
        assertThat(comparison.predicted().orElseThrow().value()).isCloseTo(1, within(1e-14));
        // one of four outputs is off by 2: rms 1, standard deviation sqrt(2)
        assertThat(comparison.gap()).isCloseTo(1 / Math.sqrt(2), within(1e-14));
        assertThat(comparison.kernelChange()).isCloseTo(0.2, within(1e-15));
        // means 2 and 3 against 0 and 3: squares 4 and 0, less 2/2 for the error of the means
        assertThat(comparison.trainedSplit().orElseThrow().squaredBias()).isCloseTo(1, within(1e-14));
        double[] exact = theory.variance(2);
        assertThat(comparison.exact()).isCloseTo((exact[0] + exact[1]) / 2, within(1e-14));
        assertThat(comparison.theorem3()).isEqualTo(theory.theorem3().variance());
    }

    private static EnsembleTraining.Member member(double[] trained, double[] predicted, long steps, double change) {
        return new EnsembleTraining.Member(new double[2], trained, predicted, predicted, 10, steps, 1, 0.1, change);
    }

    private static double square(double x) {
        return x * x;
    }

    @Test
    void badSettingsGetOneSentence() {
        assertThatThrownBy(() -> EnsembleTraining.Settings.of(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A variance over networks needs at least 2 of them, not 1.");
        assertThatThrownBy(() -> new EnsembleTraining.Settings(2, 0, 0.2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EnsembleTraining.Settings(2, 1000, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
