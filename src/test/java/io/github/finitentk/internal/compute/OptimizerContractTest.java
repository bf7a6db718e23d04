package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.DescentRule.Loss;
import io.github.finitentk.internal.compute.DescentRule.Method;
import io.github.finitentk.internal.compute.DescentRule.Optimizer;
import io.github.finitentk.internal.compute.DescentState.Status;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers, losses of several outputs, and mini-batches, on both backends. */
class OptimizerContractTest {

    private static final Optimizer MOMENTUM = new Optimizer(Method.MOMENTUM, 0.9, 0, 0);
    private static final Optimizer ADAM = new Optimizer(Method.ADAM, 0.9, 0.999, 1e-8);
    private static final List<Optimizer> OPTIMIZERS = List.of(Optimizer.GRADIENT_DESCENT, MOMENTUM, ADAM);
    private static final int NETWORKS = 2;
    private static final int SAMPLES = 7;
    private static final int STEPS = 40;

    private static List<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().toList();
    }

    private static Stream<Arguments> cases() {
        return backends().stream()
                .flatMap(backend -> OPTIMIZERS.stream()
                        .flatMap(optimizer ->
                                Stream.of(Loss.values()).map(loss -> Arguments.of(backend, optimizer, loss))));
    }

    private static DescentRule rule(Optimizer optimizer, Loss loss, int batch) {
        return new DescentRule(0.02, loss, 1, optimizer, batch, Seed.of(11), 0, STEPS, STEPS);
    }

    private static DescentRule judged(DescentRule rule, double minDecrease, int patience, long maxSteps) {
        return new DescentRule(
                rule.learningRate(),
                rule.loss(),
                rule.lossFactor(),
                rule.optimizer(),
                rule.batch(),
                rule.order(),
                minDecrease,
                patience,
                maxSteps);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void trajectoriesEqualThoseOfExplicitJacobians(Backend backend, Optimizer optimizer, Loss loss) {
        for (Problem problem : problems(loss)) {
            for (int batch : new int[] {DescentRule.ALL, 3, 1}) {
                DescentRule rule = rule(optimizer, loss, batch);
                try (GradientDescent descent = problem.start(backend, Precision.F64, rule, WorkerPool.SINGLE)) {
                    descent.advance(rule, STEPS);
                    for (int index = 0; index < NETWORKS; index++) {
                        NaiveTraining reference = problem.reference(rule, index);
                        double[] losses = descent.losses(index);
                        int epoch = rule.epochSteps(SAMPLES);
                        assertThat(losses).hasSize(STEPS / epoch + 1);
                        for (int t = 0, seen = 0; t < STEPS; t++) {
                            assertThat(descent.loss(rule, index)).isFinite();
                            int inputs = reference.inputs(t).length;
                            double sum = inputs * reference.step();
                            for (int rest = 1; rest < epoch && t + 1 < STEPS; rest++) {
                                t++;
                                inputs += reference.inputs(t).length;
                                sum += reference.inputs(t).length * reference.step();
                            }
                            if (inputs == SAMPLES) {
                                assertThat(losses[seen++]).isCloseTo(sum / SAMPLES, within(1e-10 * (1 + sum)));
                            }
                        }
                        assertThat(losses[losses.length - 1])
                                .isCloseTo(reference.loss(), within(1e-10))
                                .isEqualTo(descent.loss(rule, index))
                                .isEqualTo(descent.state(index).lastLoss());
                        assertClose(descent.parameters(index), reference.parameters(), 1e-10);
                        assertThat(descent.state(index).status()).isEqualTo(Status.MAX_STEPS);
                    }
                    assertThat(descent.parameters(0)).isNotEqualTo(descent.parameters(1));
                }
            }
        }
    }

    @Test
    void everyEpochSeesEachInputOnceInAnOrderOfItsOwn() {
        DescentRule rule = rule(ADAM, Loss.SQUARED_ERROR, 16);
        BatchOrder order = new BatchOrder(rule, 100, 0);
        List<List<Integer>> epochs = new ArrayList<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            List<Integer> seen = new ArrayList<>();
            for (long step = 7 * epoch; step < 7 * (epoch + 1); step++) {
                assertThat(order.count(step)).isEqualTo(step % 7 == 6 ? 4 : 16);
                assertThat(order.endsEpoch(step)).isEqualTo(step % 7 == 6);
                for (int i = 0; i < order.count(step); i++) {
                    seen.add(order.input(step, i));
                }
            }
            assertThat(seen.stream().sorted()).containsExactlyElementsOf(sequence(100));
            assertThat(epochs).doesNotContain(seen);
            epochs.add(seen);
        }
        // Any step can be asked for alone, and other networks have other orders.
        assertThat(new BatchOrder(rule, 100, 0).input(7 * 13 + 2, 5))
                .isEqualTo(epochs.get(13).get(2 * 16 + 5));
        assertThat(new BatchOrder(rule, 100, 1).input(0, 0))
                .isNotEqualTo(epochs.get(0).get(0));
    }

    // Each of 100 inputs comes first in 1 of 100 epochs: a chi-square of 99 degrees of freedom, 5 standard deviations.
    @Test
    void everyPlaceIsAsLikelyAsAnyOther() {
        DescentRule rule = rule(ADAM, Loss.SQUARED_ERROR, 10);
        BatchOrder order = new BatchOrder(rule, 100, 0);
        int epochs = 20_000;
        for (int place : new int[] {0, 5}) {
            double[] count = new double[100];
            for (long epoch = 0; epoch < epochs; epoch++) {
                count[order.input(10 * epoch + 9, place)]++;
            }
            double chiSquare = 0;
            for (double seen : count) {
                chiSquare += (seen - epochs / 100.0) * (seen - epochs / 100.0) / (epochs / 100.0);
            }
            assertThat(chiSquare).isCloseTo(99, within(5 * Math.sqrt(2 * 99)));
        }
    }

    private static List<Integer> sequence(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void neitherThreadsNorInterruptionsChangeABit(Backend backend, Optimizer optimizer, Loss loss) {
        for (Precision precision : Precision.values()) {
            Problem problem = problems(loss).get(0);
            DescentRule rule = judged(rule(optimizer, loss, 3), 1e-3, 4, 70);
            try (WorkerPool two = WorkerPool.of(2);
                    GradientDescent whole = problem.start(backend, precision, rule, WorkerPool.SINGLE);
                    GradientDescent parts = problem.start(backend, precision, rule, two)) {
                whole.advance(rule, 70);
                List<Double> seen = new ArrayList<>();
                for (long until = 1; until <= 70; until++) {
                    parts.advance(rule, until);
                    Arrays.stream(parts.losses(1)).forEach(seen::add);
                    for (int index = 0; index < NETWORKS; index++) {
                        parts.restore(
                                index,
                                parts.values(index),
                                parts.pending(index),
                                parts.moments(index),
                                parts.state(index));
                    }
                }
                for (int index = 0; index < NETWORKS; index++) {
                    assertThat(parts.state(index)).isEqualTo(whole.state(index));
                    assertThat(parts.values(index)).isEqualTo(whole.values(index));
                    assertThat(parts.pending(index)).isEqualTo(whole.pending(index));
                    assertThat(parts.moments(index)).isEqualTo(whole.moments(index));
                }
                assertThat(seen)
                        .containsExactlyElementsOf(
                                Arrays.stream(whole.losses(1)).boxed().toList());
            }
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void bothBackendsGiveTheSameBits(Backend backend, Optimizer optimizer, Loss loss) {
        for (Precision precision : Precision.values()) {
            for (Problem problem : problems(loss)) {
                for (int batch : new int[] {DescentRule.ALL, 3, 1}) {
                    DescentRule rule = rule(optimizer, loss, batch);
                    try (GradientDescent here = problem.start(backend, precision, rule, WorkerPool.SINGLE);
                            GradientDescent java =
                                    problem.start(Backend.pureJava(), precision, rule, WorkerPool.SINGLE)) {
                        here.advance(rule, STEPS);
                        java.advance(rule, STEPS);
                        assertThat(here.losses(1)).isEqualTo(java.losses(1));
                        assertThat(here.values(1)).isEqualTo(java.values(1));
                        assertThat(here.pending(1)).isEqualTo(java.pending(1));
                        assertThat(here.moments(1)).isEqualTo(java.moments(1));
                        assertThat(here.state(1)).isEqualTo(java.state(1));
                    }
                }
            }
        }
    }

    // The epochs' losses are judged before the last step of each, and what is reported of the end are all inputs.
    @ParameterizedTest
    @MethodSource("backends")
    void patienceCountsEpochs(Backend backend) {
        Problem problem = problems(Loss.SQUARED_ERROR).get(0);
        DescentRule rule = judged(rule(MOMENTUM, Loss.SQUARED_ERROR, 3), 0.5, 4, 1000);
        try (GradientDescent descent = problem.start(backend, Precision.F64, rule, WorkerPool.SINGLE)) {
            descent.advance(rule, 1000);
            DescentState state = descent.state(0);
            assertThat(state.status()).isEqualTo(Status.EARLY_STOP);
            assertThat(state.waited()).isEqualTo(4);
            // Every loss is better than infinity; how many later ones are by 0.5, the losses say.
            double[] losses = descent.losses(0);
            double best = Double.POSITIVE_INFINITY;
            int waited = 0;
            int epochs = 0;
            for (; epochs < losses.length - 1; epochs++) {
                waited = losses[epochs] < best - 0.5 ? 0 : waited + 1;
                best = waited == 0 ? losses[epochs] : best;
            }
            assertThat(waited).isEqualTo(3);
            assertThat(state.step()).isEqualTo(3L * (epochs + 1) - 1);
            assertThat(state.lastLoss()).isEqualTo(losses[epochs]).isEqualTo(descent.loss(rule, 0));
            assertThat(state.leastLoss())
                    .isLessThanOrEqualTo(Arrays.stream(losses).min().orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aLossThatIsNotFiniteEndsTheDescentWithinAnEpoch(Backend backend) {
        Problem problem = new Problem(Architecture.of(3, 5, 5, 1), Activations.RELU);
        DescentRule rule =
                new DescentRule(1e6, Loss.SQUARED_ERROR, 1, Optimizer.GRADIENT_DESCENT, 1, Seed.of(1), 0, 1000, 10_000);
        for (Precision precision : Precision.values()) {
            try (GradientDescent descent = problem.start(backend, precision, rule, WorkerPool.SINGLE)) {
                descent.advance(rule, 10_000);
                DescentState state = descent.state(0);
                assertThat(state.status()).isEqualTo(Status.DIVERGED);
                assertThat(state.lastLoss()).isNotFinite();
                assertThat(descent.losses(0))
                        .hasSize((int) (state.step() / 7) + 1)
                        .endsWith(state.lastLoss());
            }
        }
    }

    // 1e-10 of steps are far below half a unit in the last place of weights of order 1.
    @ParameterizedTest
    @MethodSource("backends")
    void stepsBelowTheResolutionOfSinglePrecisionAddUp(Backend backend) {
        Problem problem = problems(Loss.CROSS_ENTROPY).get(0);
        for (Optimizer optimizer : List.of(MOMENTUM, ADAM)) {
            DescentRule rule =
                    new DescentRule(1e-10, Loss.CROSS_ENTROPY, 1, optimizer, 3, Seed.of(1), 0, 10_000, 10_000);
            try (GradientDescent wide = problem.start(backend, Precision.F64, rule, WorkerPool.SINGLE);
                    GradientDescent narrow = problem.start(backend, Precision.F32, rule, WorkerPool.SINGLE)) {
                double[] start = wide.parameters(0);
                wide.advance(rule, 1000);
                narrow.advance(rule, 1000);
                double[] moved = wide.parameters(0);
                double[] movedNarrow = narrow.parameters(0);
                double largest = 0;
                for (int i = 0; i < start.length; i++) {
                    moved[i] -= start[i];
                    movedNarrow[i] -= start[i];
                    largest = Math.max(largest, Math.abs(moved[i]));
                }
                assertThat(largest).isBetween(1e-9, 1e-6);
                for (int i = 0; i < start.length; i++) {
                    assertThat(movedNarrow[i]).isCloseTo(moved[i], within(1e-3 * largest));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void wrongUseIsRefusedWithASentence(Backend backend) {
        Problem problem = problems(Loss.SQUARED_ERROR).get(0);
        DescentRule adam = rule(ADAM, Loss.SQUARED_ERROR, 3);
        try (GradientDescent descent = problem.start(backend, Precision.F64, adam, WorkerPool.SINGLE)) {
            assertThatThrownBy(() -> descent.advance(rule(MOMENTUM, Loss.SQUARED_ERROR, 3), 1))
                    .hasMessage(
                            "This descent was made for ADAM with batches of 3, not for MOMENTUM with batches of 3.");
            assertThatThrownBy(() -> descent.loss(rule(ADAM, Loss.SQUARED_ERROR, 4), 0))
                    .hasMessageContaining("not for ADAM with batches of 4");
            assertThatThrownBy(() ->
                            descent.restore(0, descent.values(0), new double[0], new double[3], DescentState.START))
                    .hasMessageContaining("moments, not 3");
        }
        assertThatThrownBy(() ->
                        problem.start(backend, Precision.F64, rule(ADAM, Loss.SQUARED_ERROR, 8), WorkerPool.SINGLE))
                .hasMessage("A step cannot see 8 inputs: there are 7.");
        assertThatThrownBy(() ->
                        problem.start(backend, Precision.F64, rule(ADAM, Loss.CROSS_ENTROPY, 3), WorkerPool.SINGLE))
                .hasMessage("Cross-entropy needs networks of at least 2 outputs, one for each class.");
        assertThatThrownBy(() -> new Optimizer(Method.ADAM, 1, 0.5, 0)).hasMessageContaining("Momenta");
        assertThatThrownBy(() -> new Optimizer(Method.ADAM, 0.5, 0.5, Double.NaN))
                .hasMessageContaining("epsilon");
    }

    /** With one output where the loss allows it, and with three. */
    private static List<Problem> problems(Loss loss) {
        Problem three = new Problem(Architecture.of(3, 5, 4, 3), Activations.TANH);
        return loss == Loss.CROSS_ENTROPY
                ? List.of(three, new Problem(Architecture.of(3, 2), Activations.TANH))
                : List.of(new Problem(Architecture.of(3, 6, 5, 1), Activations.GELU), three);
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    private static final class Problem {
        final Architecture architecture;
        final Activation activation;
        final double[][] x = new double[SAMPLES][];
        final double[] y;

        Problem(Architecture architecture, Activation activation) {
            this.architecture = architecture;
            this.activation = activation;
            SplittableRandom random = new SplittableRandom(4);
            Arrays.setAll(x, s -> random.doubles(architecture.inputDim(), -1, 1).toArray());
            y = random.doubles((long) SAMPLES * architecture.outputs(), 0.1, 1).toArray();
            for (int s = 0; s < SAMPLES && architecture.outputs() > 1; s++) {
                normalize(s * architecture.outputs(), architecture.outputs());
            }
        }

        private void normalize(int from, int count) {
            double sum = Arrays.stream(y, from, from + count).sum();
            for (int k = 0; k < count; k++) {
                y[from + k] /= sum;
            }
        }

        double[] parameters(int index) {
            return new SplittableRandom(20 + index)
                    .doubles(architecture.parameterCount(), -1, 1)
                    .toArray();
        }

        GradientDescent start(Backend backend, Precision precision, DescentRule rule, WorkerPool workers) {
            GradientDescent descent = backend.gradientDescent(
                    new BatchShape(architecture, activation, precision, NETWORKS, SAMPLES), rule, workers);
            descent.setData(Stream.of(x).flatMapToDouble(Arrays::stream).toArray(), y);
            for (int index = 0; index < NETWORKS; index++) {
                descent.setParameters(index, parameters(index));
            }
            return descent;
        }

        NaiveTraining reference(DescentRule rule, int index) {
            return new NaiveTraining(architecture, activation, parameters(index), x, y, rule, index);
        }
    }
}
