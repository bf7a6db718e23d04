package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the descent of every backend must do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GradientDescentContractTest {

    private static final int STEPS = 60;
    private static final List<Architecture> ARCHITECTURES = List.of(
            Architecture.of(6, 1),
            Architecture.of(6, 9, 1),
            Architecture.of(6, 9, 13, 7, 1),
            Architecture.of(6, 8, 8, 8, 8, 8, 8, 1));

    static Stream<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct();
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        backends().forEach(backend -> {
            for (Activation activation : List.of(Activations.RELU, Activations.TANH, Activations.ERF)) {
                for (double lossFactor : new double[] {1, 2}) {
                    cases.add(Arguments.of(backend, activation, lossFactor));
                }
            }
        });
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void noStepIsTakenBackwards(Backend backend) {
        Problem problem = new Problem(Architecture.of(6, 9, 1), Activations.TANH, 7);
        for (Precision precision : Precision.values()) {
            try (GradientDescent descent = problem.start(backend, precision, WorkerPool.SINGLE)) {
                descent.advance(new DescentRule(0.02, 1, 0, 100, 100), 10);
                for (long until : new long[] {9, 0, -1, Long.MIN_VALUE}) {
                    assertThatThrownBy(() -> descent.advance(new DescentRule(0.02, 1, 0, 100, 100), until))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("stands at step 10")
                            .hasMessageContaining("step " + until);
                }
                // The rule's own end, too: 10 is behind it.
                assertThatThrownBy(() -> descent.advance(new DescentRule(0.02, 1, 0, 100, 9), Long.MAX_VALUE))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(
                                () -> descent.advance(new DescentRule(0.02, 1, 0, 100, Long.MAX_VALUE), Long.MAX_VALUE))
                        .isInstanceOf(IllegalArgumentException.class);
                descent.advance(new DescentRule(0.02, 1, 0, 100, 100), 10);
                assertThat(descent.state(0).step()).isEqualTo(10);
            }
        }
    }

    // Freed memory under a running pass would end the whole process.
    @ParameterizedTest
    @MethodSource("backends")
    void closingWaitsForACallOnAnotherThread(Backend backend) throws InterruptedException {
        Problem problem = new Problem(Architecture.of(6, 60, 60, 1), Activations.TANH, 66);
        for (int repetition = 0; repetition < 20; repetition++) {
            GradientDescent descent = problem.start(backend, Precision.F64, WorkerPool.SINGLE);
            Thread other = new Thread(() -> {
                try {
                    for (long until = 0; ; until++) {
                        descent.advance(new DescentRule(0.02, 1, 0, 1000, 1000), Math.min(1000, until));
                        descent.parameters(0);
                    }
                } catch (IllegalStateException closed) {
                    assertThat(closed).hasMessageContaining("closed");
                }
            });
            other.start();
            Thread.sleep(repetition);
            descent.close();
            other.join();
        }
    }

    @ParameterizedTest(name = "{0} {1} factor {2}")
    @MethodSource("cases")
    void trajectoriesEqualNaiveDescent(Backend backend, Activation activation, double lossFactor) {
        for (Architecture architecture : ARCHITECTURES) {
            for (int inputs : new int[] {1, 7, 66}) {
                Problem problem = new Problem(architecture, activation, inputs);
                DescentRule rule = new DescentRule(0.02, lossFactor, 0, STEPS, STEPS);
                try (GradientDescent descent = problem.start(backend, Precision.F64, WorkerPool.SINGLE)) {
                    descent.advance(rule, STEPS);
                    for (int index = 0; index < Problem.NETWORKS; index++) {
                        NaiveDescent reference = problem.reference(index);
                        double[] losses = descent.losses(index);
                        assertThat(losses).hasSize(STEPS + 1);
                        for (int t = 0; t <= STEPS; t++) {
                            assertThat(losses[t])
                                    .isCloseTo(reference.loss(lossFactor), within(1e-10 * (1 + losses[t])));
                            if (t < STEPS) {
                                reference.step(0.02, lossFactor);
                            }
                        }
                        assertClose(descent.parameters(index), reference.parameters(), 1e-10);
                        assertThat(losses[STEPS]).isLessThan(losses[0]);
                    }
                }
            }
        }
    }

    // Each of 60 steps rounds outputs and updates in f32, at about 1e-7 of sums of order 1 to 10.
    @ParameterizedTest(name = "{0} {1} factor {2}")
    @MethodSource("cases")
    void singlePrecisionFollowsDoublePrecision(Backend backend, Activation activation, double lossFactor) {
        Problem problem = new Problem(ARCHITECTURES.get(2), activation, 7);
        DescentRule rule = new DescentRule(0.02, lossFactor, 0, STEPS, STEPS);
        try (GradientDescent wide = problem.start(backend, Precision.F64, WorkerPool.SINGLE);
                GradientDescent narrow = problem.start(backend, Precision.F32, WorkerPool.SINGLE)) {
            wide.advance(rule, STEPS);
            narrow.advance(rule, STEPS);
            assertClose(narrow.parameters(0), wide.parameters(0), 1e-5);
            assertClose(narrow.losses(0), wide.losses(0), 1e-5);
        }
    }

    // 1e-9 of steps are far below half a unit in the last place of weights of order 1: uncompensated f32 weights would
    // not move at all.
    @ParameterizedTest
    @MethodSource("backends")
    void stepsBelowTheResolutionOfSinglePrecisionAddUp(Backend backend) {
        Problem problem = new Problem(ARCHITECTURES.get(2), Activations.TANH, 7);
        DescentRule rule = new DescentRule(1e-9, 1, 0, 1_000_000, 1_000_000);
        try (GradientDescent wide = problem.start(backend, Precision.F64, WorkerPool.SINGLE);
                GradientDescent narrow = problem.start(backend, Precision.F32, WorkerPool.SINGLE)) {
            double[] start = wide.parameters(0);
            assertClose(narrow.parameters(0), start, 1e-13);
            wide.advance(rule, 2000);
            narrow.advance(rule, 2000);
            double[] moved = minus(wide.parameters(0), start);
            double[] movedNarrow = minus(narrow.parameters(0), start);
            double largest = Arrays.stream(moved).map(Math::abs).max().orElseThrow();
            assertThat(largest).isBetween(1e-7, 1e-4);
            for (int i = 0; i < moved.length; i++) {
                assertThat(movedNarrow[i]).isCloseTo(moved[i], within(1e-5 * largest));
            }
        }
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = a.clone();
        for (int i = 0; i < a.length; i++) {
            difference[i] -= b[i];
        }
        return difference;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void neitherThreadsNorInterruptionsChangeABit(Backend backend) {
        for (Precision precision : Precision.values()) {
            Problem problem = new Problem(ARCHITECTURES.get(2), Activations.ERF, 66);
            DescentRule rule = new DescentRule(0.02, 1, 1e-4, 50, 300);
            try (WorkerPool two = WorkerPool.of(2);
                    GradientDescent whole = problem.start(backend, precision, WorkerPool.SINGLE);
                    GradientDescent parts = problem.start(backend, precision, two)) {
                whole.advance(rule, 300);
                List<double[]> seen = new ArrayList<>(List.of(new double[0], new double[0], new double[0]));
                long until = 0;
                while (until < 300) {
                    until += 1 + until / 2;
                    parts.advance(rule, until);
                    for (int index = 0; index < Problem.NETWORKS; index++) {
                        seen.set(index, join(seen.get(index), parts.losses(index)));
                        // as a resumed training does
                        parts.restore(
                                index,
                                parts.values(index),
                                parts.pending(index),
                                parts.moments(index),
                                parts.state(index));
                    }
                }
                for (int index = 0; index < Problem.NETWORKS; index++) {
                    assertThat(parts.state(index)).isEqualTo(whole.state(index));
                    assertThat(parts.values(index)).isEqualTo(whole.values(index));
                    assertThat(parts.pending(index)).isEqualTo(whole.pending(index));
                    assertThat(seen.get(index)).isEqualTo(whole.losses(index));
                }
            }
        }
    }

    private static double[] join(double[] first, double[] second) {
        double[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void stopsAtTheLossThatCompletesThePatience(Backend backend) {
        Problem problem = new Problem(ARCHITECTURES.get(1), Activations.TANH, 7);
        double minDecrease = 1e-3;
        try (GradientDescent descent = problem.start(backend, Precision.F64, WorkerPool.SINGLE)) {
            descent.advance(new DescentRule(0.05, 1, minDecrease, 5, 100_000), 100_000);
            for (int index = 0; index < Problem.NETWORKS; index++) {
                DescentState state = descent.state(index);
                assertThat(state.status()).isEqualTo(DescentState.Status.EARLY_STOP);
                NaiveDescent reference = problem.reference(index);
                double best = Double.POSITIVE_INFINITY;
                double least = Double.POSITIVE_INFINITY;
                int waited = 0;
                int t = 0;
                while (true) {
                    double loss = reference.loss(1);
                    least = Math.min(least, loss);
                    if (loss < best - minDecrease) {
                        best = loss;
                        waited = 0;
                    } else if (++waited == 5) {
                        break;
                    }
                    reference.step(0.05, 1);
                    t++;
                }
                assertThat(state.step()).isEqualTo(t).isGreaterThan(20);
                assertThat(state.best()).isCloseTo(best, within(1e-10));
                assertThat(state.leastLoss()).isCloseTo(least, within(1e-10));
                assertThat(state.lastLoss()).isEqualTo(descent.losses(index)[t]);
                assertClose(descent.parameters(index), reference.parameters(), 1e-10);
            }
            double[] before = descent.parameters(0);
            descent.advance(new DescentRule(0.05, 1, minDecrease, 5, 200_000), 200_000);
            assertThat(descent.parameters(0)).isEqualTo(before);
            assertThat(descent.losses(0)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aLossThatIsNotFiniteEndsTheDescent(Backend backend) {
        Problem problem = new Problem(ARCHITECTURES.get(2), Activations.RELU, 7);
        for (Precision precision : Precision.values()) {
            try (GradientDescent descent = problem.start(backend, precision, WorkerPool.SINGLE)) {
                descent.advance(new DescentRule(1e6, 1, 0, 1000, 1000), 1000);
                DescentState state = descent.state(0);
                assertThat(state.status()).isEqualTo(DescentState.Status.DIVERGED);
                assertThat(state.step()).isBetween(2L, 100L);
                assertThat(state.lastLoss()).isNotFinite();
                assertThat(state.leastLoss()).isFinite();
                assertThat(descent.losses(0)).hasSize((int) state.step() + 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void wrongUseIsRefusedWithASentence(Backend backend) {
        Problem problem = new Problem(ARCHITECTURES.get(1), Activations.RELU, 7);
        DescentRule rule = new DescentRule(1, 1, 0, 1, 10);
        GradientDescent descent = backend.gradientDescent(problem.shape(Precision.F64), rule, WorkerPool.SINGLE);
        assertThatThrownBy(() -> descent.advance(rule, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> descent.setData(new double[3], new double[7]))
                .hasMessageContaining("42 inputs, not 3");
        double[] bad = new double[7];
        bad[4] = Double.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> descent.setData(new double[42], bad)).hasMessageContaining("Entry 4 of the targets");
        descent.setData(new double[42], new double[7]);
        assertThatThrownBy(() -> descent.advance(rule, 1)).hasMessageContaining("parameters first");
        assertThatThrownBy(() -> descent.setParameters(0, new double[2])).hasMessageContaining("parameters, not 2");
        assertThatThrownBy(() -> descent.state(3)).hasMessageContaining("no network 3");
        assertThatThrownBy(() -> new DescentRule(Double.NaN, 1, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DescentRule(1, 1, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        descent.close();
        descent.close();
        assertThatThrownBy(() -> descent.state(0)).hasMessageContaining("closed");
        BatchShape huge =
                new BatchShape(Architecture.constant(100_000, 200_000, 50), Activations.RELU, Precision.F64, 100, 1);
        assertThatThrownBy(() -> backend.gradientDescent(huge, rule, WorkerPool.SINGLE))
                .isInstanceOf(InsufficientMemoryException.class);
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    private static final class Problem {
        static final int NETWORKS = 3;

        /** The kind of all rules here. */
        static final DescentRule PLAIN = new DescentRule(1, 1, 0, 1, 1);

        final Architecture architecture;
        final Activation activation;
        final double[][] x;
        final double[] y;

        Problem(Architecture architecture, Activation activation, int inputs) {
            this.architecture = architecture;
            this.activation = activation;
            SplittableRandom random = new SplittableRandom(4);
            x = new double[inputs][];
            for (int s = 0; s < inputs; s++) {
                x[s] = random.doubles(architecture.inputDim(), -1, 1).toArray();
            }
            y = random.doubles(inputs, -1, 1).toArray();
        }

        BatchShape shape(Precision precision) {
            return new BatchShape(architecture, activation, precision, NETWORKS, x.length);
        }

        double[] parameters(int index) {
            BatchShape one = new BatchShape(architecture, activation, Precision.F64, 1, 1);
            try (NetworkBatch batch = Backend.pureJava().allocate(one, WorkerPool.SINGLE)) {
                batch.initialize(new Initialization(1.6, 0.2), Seed.of(8), index);
                return batch.parameters(0);
            }
        }

        GradientDescent start(Backend backend, Precision precision, WorkerPool workers) {
            GradientDescent descent = backend.gradientDescent(shape(precision), PLAIN, workers);
            descent.setData(Stream.of(x).flatMapToDouble(Arrays::stream).toArray(), y);
            for (int index = 0; index < NETWORKS; index++) {
                descent.setParameters(index, parameters(index));
            }
            return descent;
        }

        NaiveDescent reference(int index) {
            return new NaiveDescent(architecture, activation, parameters(index), x, y);
        }
    }
}
