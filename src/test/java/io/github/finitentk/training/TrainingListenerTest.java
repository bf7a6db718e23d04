package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.Pace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training tells while it goes on, how it is ended early, and that neither decides a number. */
class TrainingListenerTest {

    private static final int NETWORKS = 2;
    private static final Dataset DATA = new Dataset(
            Inputs.onSphere(12, 5, Seed.of(0)),
            new SplittableRandom(9).doubles(12, -1, 1).toArray());
    private static final BooleanSupplier AT_ONCE = () -> true;
    private static final BooleanSupplier NEVER = () -> false;

    private static final TrainingPlan PLAN = TrainingPlan.builder()
            .learningRate(2e-3)
            .maxSteps(400)
            .minDecrease(1e-6)
            .patience(50)
            .snapshots(3, 10, 47, 200, 350)
            .build();

    private static Stream<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct();
    }

    // Macro steps that need no check, pass one, fail one, are refused, and are kept whatever they differ by.
    private static Stream<Arguments> trainings() {
        return backends()
                .flatMap(backend -> Stream.of(
                        Arguments.of(backend, Activations.TANH, 130, 1e-5, Integrator.FLOW, Precision.F64),
                        Arguments.of(backend, Activations.TANH, 20, 2e-3, Integrator.FLOW, Precision.F64),
                        Arguments.of(backend, Activations.RELU, 100, 1e-4, Integrator.FLOW, Precision.F64),
                        Arguments.of(backend, Activations.RELU, 20, 2e-3, Integrator.FLOW, Precision.F64),
                        Arguments.of(backend, Activations.RELU, 20, 2e-3, Integrator.FLOW_COARSE, Precision.F64),
                        Arguments.of(backend, Activations.ERF, 20, 2e-3, Integrator.GD, Precision.F64),
                        Arguments.of(backend, Activations.RELU, 20, 2e-3, Integrator.GD, Precision.F32),
                        Arguments.of(backend, Activations.RELU, 20, 10, Integrator.GD, Precision.F64)));
    }

    private static TrainingProblem problem(Activation activation, int width) {
        return TrainingProblem.draw(
                new RandomNetwork(
                        Architecture.constant(DATA.inputDim(), width, 3), activation, new Initialization(2, 0.5)),
                DATA,
                Seed.of(3),
                NETWORKS);
    }

    /** Remembers what it is told, network by network, and that it is told one thing at a time. */
    private static final class Notes implements TrainingListener {

        private final Map<Integer, List<KernelChange>> changes = new TreeMap<>();
        private final Map<Integer, List<LossPoint>> losses = new TreeMap<>();
        private final List<Long> progress = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        public TrainingListener network(int index) {
            return new TrainingListener() {
                @Override
                public void snapshot(long step, double loss, double kernelChange) {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    changes.computeIfAbsent(index, i -> new ArrayList<>()).add(new KernelChange(step, kernelChange));
                    losses.computeIfAbsent(index, i -> new ArrayList<>()).add(new LossPoint(step, loss));
                    inside.decrementAndGet();
                }

                @Override
                public void progress(long step, double loss) {
                    assertThat(loss).isNotNaN();
                    progress.add(step);
                }
            };
        }

        @Override
        public void snapshot(long step, double loss, double kernelChange) {
            throw new AssertionError("every network has its listener");
        }

        void assertTold(List<TrainingResult> results) {
            for (int index = 0; index < results.size(); index++) {
                TrainingResult result = results.get(index);
                List<KernelChange> told = changes.getOrDefault(index, List.of());
                assertThat(told).isEqualTo(result.kernelChange());
                assertThat(result.losses()).containsAll(losses.getOrDefault(index, List.of()));
            }
            assertThat(progress).isNotEmpty();
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} {4} {5}")
    @MethodSource("trainings")
    void everySnapshotIsToldOnceAndInOrderWhereverATrainingIsInterrupted(
            Backend backend,
            Activation activation,
            int width,
            double rate,
            Integrator integrator,
            Precision precision) {
        TrainingProblem problem = problem(activation, width);
        TrainingPlan plan = PLAN.toBuilder()
                .learningRate(rate)
                .integrator(integrator)
                .precision(precision)
                .build();
        List<TrainingResult> expected = Training.train(problem, plan, Engine.single(backend));
        Notes whole = new Notes();
        Notes pieces = new Notes();
        Notes stops = new Notes();
        try (Engine two = Engine.of(backend, 2);
                Training watched = Training.start(problem, plan, two);
                Training stopped = Training.start(problem, plan, two)) {
            assertThat(watched.run(whole, NEVER)).isTrue();
            assertThat(watched.results()).isEqualTo(expected);
            whole.assertTold(expected);
            // Nothing is told again, nor is there anything to ask.
            assertThat(watched.run(whole, AT_ONCE)).isTrue();
            whole.assertTold(expected);

            int calls = 1;
            while (!stopped.run(stops, AT_ONCE)) {
                calls++;
            }
            assertThat(stopped.results()).isEqualTo(expected);
            stops.assertTold(expected);

            byte[] state = null;
            for (boolean ended = false; !ended; calls--) {
                try (Training piece = state == null
                        ? Training.start(problem, plan, two)
                        : Training.resume(problem, plan, two, state)) {
                    ended = piece.run(pieces, AT_ONCE);
                    state = piece.checkpoint();
                    if (ended) {
                        assertThat(piece.results()).isEqualTo(expected);
                        assertThat(piece.network(1)).isEqualTo(watched.network(1));
                    }
                }
            }
            pieces.assertTold(expected);
        }
    }

    @Test
    void theTrainingsAboveTakeEveryWay() {
        List<Pace> paces = new ArrayList<>();
        trainings().forEach(arguments -> {
            Object[] values = arguments.get();
            if (values[0] == Backend.fastest()) {
                TrainingPlan plan = PLAN.toBuilder()
                        .learningRate(((Number) values[3]).doubleValue())
                        .integrator((Integrator) values[4])
                        .precision((Precision) values[5])
                        .build();
                Training.train(problem((Activation) values[1], (int) values[2]), plan, Engine.single(Backend.fastest()))
                        .forEach(result -> paces.add(result.pace()));
            }
        });
        assertThat(paces).contains(Pace.values());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aTrainingThatIsAlwaysCancelledComesToTheEnd(Backend backend) {
        for (Integrator integrator : Integrator.values()) {
            TrainingPlan plan = PLAN.toBuilder().integrator(integrator).build();
            try (Training training = Training.start(problem(Activations.TANH, 20), plan, Engine.single(backend))) {
                int calls = 0;
                long evaluations = 0;
                while (!training.run(AT_ONCE)) {
                    calls++;
                    assertThat(calls).isLessThan(10_000);
                    assertThat(training.evaluations()).isGreaterThanOrEqualTo(evaluations);
                    evaluations = training.evaluations();
                }
                assertThat(calls).isGreaterThan(3);
                assertThat(training.results()).hasSize(NETWORKS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatAListenerOrACancelThrowsEndsTheCallAndNothingElse(Backend backend) {
        TrainingProblem problem = problem(Activations.RELU, 20);
        IllegalStateException own = new IllegalStateException("of the listener");
        for (Integrator integrator : Integrator.values()) {
            TrainingPlan plan = PLAN.toBuilder().integrator(integrator).build();
            List<TrainingResult> expected = Training.train(problem, plan, Engine.single(backend));
            TrainingListener angry = (step, loss, change) -> {
                throw own;
            };
            // Each asks a training of its own: after the first call all networks may have ended, and nothing is asked
            // again.
            List<Consumer<Training>> calls = List.of(
                    training -> training.run(angry, NEVER),
                    training -> training.run(() -> {
                        throw own;
                    }));
            for (Consumer<Training> call : calls) {
                try (Engine two = Engine.of(backend, 2);
                        Training training = Training.start(problem, plan, two)) {
                    assertThatThrownBy(() -> call.accept(training)).isSameAs(own);
                    // All threads have stopped: it can be saved and goes on here as elsewhere.
                    byte[] saved = training.checkpoint();
                    assertThat(training.run(NEVER)).isTrue();
                    assertThat(training.results()).isEqualTo(expected);
                    try (Training resumed = Training.resume(problem, plan, two, saved)) {
                        assertThat(resumed.run(NEVER)).isTrue();
                        assertThat(resumed.results()).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aBudgetOfWorkEndsAtOnePlace(Backend backend) {
        TrainingProblem problem = problem(Activations.TANH, 20);
        for (Integrator integrator : List.of(Integrator.GD, Integrator.FLOW)) {
            TrainingPlan plan = PLAN.toBuilder().integrator(integrator).build();
            try (Engine two = Engine.of(backend, 2);
                    Training alone = Training.start(problem, plan, Engine.single(backend));
                    Training parallel = Training.start(problem, plan, two)) {
                long most = alone.evaluations();
                int ends = 0;
                while (true) {
                    most = alone.evaluations() / NETWORKS + 7;
                    boolean ended = alone.runWithin(most, NEVER);
                    assertThat(parallel.runWithin(most, NEVER)).isEqualTo(ended);
                    assertThat(parallel.evaluations()).isEqualTo(alone.evaluations());
                    assertThat(parallel.checkpoint()).isEqualTo(alone.checkpoint());
                    if (ended) {
                        break;
                    }
                    assertThat(alone.evaluations()).isGreaterThan(most);
                    ends++;
                }
                assertThat(ends).isGreaterThan(2);
                assertThat(alone.results()).isEqualTo(Training.train(problem, plan, two));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsSavedWhenATrainingIsCancelledTakesItUpAgain(Backend backend) {
        TrainingProblem problem = problem(Activations.TANH, 20);
        Engine engine = Engine.single(backend);
        List<byte[]> saved = new ArrayList<>();
        try (Training training = Training.start(problem, PLAN, engine)) {
            assertThat(training.run(TrainingListener.NONE, AT_ONCE, saved::add)).isFalse();
            assertThat(saved).hasSize(1);
            assertThat(saved.get(0)).isEqualTo(training.checkpoint());
        }
        try (Training resumed = Training.resume(problem, PLAN, engine, saved.get(0))) {
            assertThat(resumed.run(TrainingListener.NONE, NEVER, saved::add)).isTrue();
            assertThat(saved).hasSize(1);
            assertThat(resumed.results()).isEqualTo(Training.train(problem, PLAN, engine));
        }
    }

    @Test
    void aClosedTrainingSaysSo() {
        for (Integrator integrator : Integrator.values()) {
            Training training = Training.start(
                    problem(Activations.TANH, 20),
                    PLAN.toBuilder().integrator(integrator).build(),
                    Engine.single(Backend.fastest()));
            training.close();
            training.close();
            assertThatThrownBy(() -> training.run(NEVER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }
}
