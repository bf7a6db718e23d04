package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NaiveDescent;
import io.github.finitentk.internal.numeric.LargestEigenvalue;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingTest {

    static Stream<Engine> engines() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().map(Engine::single);
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        engines().forEach(engine -> {
            for (Activation activation : List.of(Activations.RELU, Activations.TANH, Activations.ERF)) {
                for (LossConvention loss : List.of(LossConvention.HALF_MSE, LossConvention.MSE)) {
                    cases.add(Arguments.of(engine, activation, loss));
                }
            }
        });
        return cases.stream();
    }

    private static Dataset data(int samples, int dim) {
        SplittableRandom random = new SplittableRandom(31);
        double[] x = random.doubles((long) samples * dim, -1, 1).toArray();
        double[] y = random.doubles(samples, -1, 1).toArray();
        return new Dataset(Inputs.of(samples, dim, x), y);
    }

    private static TrainingProblem problem(Architecture architecture, Activation activation, int samples) {
        return TrainingProblem.draw(
                new RandomNetwork(architecture, activation, new Initialization(1.6, 0.2)),
                data(samples, architecture.inputDim()),
                Seed.of(77),
                2);
    }

    private static TrainingPlan plan(double rate, LossConvention loss, long maxSteps, Precision precision) {
        return TrainingPlan.builder()
                .learningRate(rate)
                .loss(loss)
                .maxSteps(maxSteps)
                .minDecrease(1e-4)
                .patience(20)
                .snapshots(1, 10, 40)
                .integrator(Integrator.GD)
                .precision(precision)
                .build();
    }

    private static NaiveDescent reference(TrainingProblem problem, int index) {
        Dataset data = problem.data();
        double[][] x = new double[data.samples()][];
        for (int s = 0; s < x.length; s++) {
            x[s] = Arrays.copyOfRange(data.inputs().toArray(), s * data.inputDim(), (s + 1) * data.inputDim());
        }
        return new NaiveDescent(
                problem.architecture(),
                problem.activation(),
                problem.networks().get(index).parameters(),
                x,
                data.targets().toArray());
    }

    private static double relativeChange(double[] initial, double[] now) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < now.length; i++) {
            difference += (now[i] - initial[i]) * (now[i] - initial[i]);
            norm += initial[i] * initial[i];
        }
        return Math.sqrt(difference / norm);
    }

    // The reference knows nothing of rotations: 5 inputs in 12 dimensions are rotated, 14 in 6 are not.
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void trainsLikeNaiveDescentOnTheGivenData(Engine engine, Activation activation, LossConvention loss) {
        for (TrainingProblem problem : List.of(
                problem(Architecture.of(12, 9, 7, 1), activation, 5),
                problem(Architecture.of(6, 8, 8, 8, 8, 1), activation, 14),
                problem(Architecture.of(12, 1), activation, 5))) {
            TrainingPlan plan = plan(0.02, loss, 50, Precision.F64);
            try (Training training = Training.start(problem, plan, engine)) {
                assertThat(training.run(() -> false)).isTrue();
                for (int index = 0; index < 2; index++) {
                    TrainingResult result = training.results().get(index);
                    NaiveDescent reference = reference(problem, index);
                    double[] initial = reference.ntk();
                    List<Double> losses = new ArrayList<>();
                    List<KernelChange> changes = new ArrayList<>();
                    double aMax = plan.stepSize(
                            LargestEigenvalue.of(initial, problem.data().samples()),
                            problem.data().samples());
                    assertThat(result.aMaxStart()).isCloseTo(aMax, within(1e-10 * aMax));
                    for (long t = 0; t <= 50; t++) {
                        losses.add(reference.loss(loss.gradientFactor()));
                        if (List.of(1L, 10L, 40L, 50L).contains(t)) {
                            double[] theta = reference.ntk();
                            changes.add(new KernelChange(t, relativeChange(initial, theta)));
                            aMax = Math.max(
                                    aMax,
                                    plan.stepSize(
                                            LargestEigenvalue.of(
                                                    theta, problem.data().samples()),
                                            problem.data().samples()));
                        }
                        if (t < 50) {
                            reference.step(0.02, loss.gradientFactor());
                        }
                    }
                    assertThat(result.steps()).isEqualTo(50);
                    assertThat(result.stopReason()).isEqualTo(StopReason.MAX_STEPS);
                    assertThat(result.aMaxLargest()).isCloseTo(aMax, within(1e-10 * aMax));
                    assertThat(result.finalLoss()).isCloseTo(losses.get(50), within(1e-10));
                    assertThat(result.minLoss())
                            .isCloseTo(losses.stream().min(Double::compare).orElseThrow(), within(1e-10));
                    assertThat(result.evaluations()).isEqualTo(51);
                    assertThat(result.losses().stream().map(LossPoint::step)).contains(0L, 1L, 10L, 40L, 50L);
                    for (LossPoint point : result.losses()) {
                        assertThat(point.loss()).isCloseTo(losses.get((int) point.step()), within(1e-10));
                    }
                    assertThat(result.kernelChange()).hasSameSizeAs(changes);
                    for (int i = 0; i < changes.size(); i++) {
                        assertThat(result.kernelChange().get(i).step())
                                .isEqualTo(changes.get(i).step());
                        assertThat(result.kernelChange().get(i).value())
                                .isCloseTo(changes.get(i).value(), within(1e-10));
                    }
                    double[] parameters = training.network(index).parameters();
                    for (int i = 0; i < parameters.length; i++) {
                        assertThat(parameters[i]).isCloseTo(reference.parameters()[i], within(1e-10));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void stopsEarlyAndMeasuresTheKernelThere(Engine engine) {
        TrainingProblem problem = problem(Architecture.of(12, 9, 1), Activations.TANH, 5);
        TrainingPlan plan = plan(0.1, LossConvention.HALF_MSE, 100_000, Precision.F64);
        for (TrainingResult result : Training.train(problem, plan, engine)) {
            assertThat(result.stopReason()).isEqualTo(StopReason.EARLY_STOP);
            assertThat(result.steps()).isBetween(41L, 99_999L);
            assertThat(result.kernelChange().stream().map(KernelChange::step))
                    .containsExactly(1L, 10L, 40L, result.steps());
            assertThat(result.losses().get(result.losses().size() - 1))
                    .isEqualTo(new LossPoint(result.steps(), result.finalLoss()));
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void divergesWithAReasonAndWithoutAnException(Engine engine) {
        TrainingProblem problem = problem(Architecture.of(12, 9, 9, 1), Activations.leakyRelu(0.1), 5);
        for (Precision precision : Precision.values()) {
            for (TrainingResult result :
                    Training.train(problem, plan(1e5, LossConvention.MSE, 1000, precision), engine)) {
                assertThat(result.stopReason()).isEqualTo(StopReason.DIVERGED);
                assertThat(result.unstable()).isTrue();
                assertThat(result.steps()).isLessThan(100);
                assertThat(result.minLoss()).isFinite();
                for (KernelChange change : result.kernelChange()) {
                    assertThat(change.value()).isFinite();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aTrainingThatIsInterruptedAnywhereEndsTheSame(Engine engine) {
        TrainingProblem problem = problem(Architecture.of(12, 9, 7, 1), Activations.ERF, 5);
        for (Precision precision : Precision.values()) {
            TrainingPlan plan = plan(0.1, LossConvention.HALF_MSE, 100_000, precision);
            List<TrainingResult> expected;
            double[] parameters;
            try (Training whole = Training.start(problem, plan, engine)) {
                whole.run(() -> false);
                expected = whole.results();
                parameters = whole.network(1).parameters();
            }
            byte[] saved = null;
            boolean ended = false;
            int interruptions = 0;
            while (!ended) {
                try (Training part = saved == null
                        ? Training.start(problem, plan, engine)
                        : Training.resume(problem, plan, engine, saved)) {
                    ended = part.run(() -> true); // one unit of work, then stop
                    saved = part.checkpoint();
                    interruptions++;
                    if (ended) {
                        assertThat(part.results()).isEqualTo(expected);
                        assertThat(part.network(1).parameters()).isEqualTo(parameters);
                    } else {
                        assertThatThrownBy(part::results).hasMessageContaining("still training");
                    }
                }
            }
            assertThat(interruptions).isGreaterThan(3);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void foreignAndDamagedCheckpointsAreRefused(Engine engine) {
        TrainingProblem problem = problem(Architecture.of(12, 9, 1), Activations.TANH, 5);
        TrainingPlan plan = plan(0.1, LossConvention.HALF_MSE, 100, Precision.F64);
        byte[] saved;
        try (Training training = Training.start(problem, plan, engine)) {
            saved = training.checkpoint();
        }
        TrainingPlan other = plan(0.2, LossConvention.HALF_MSE, 100, Precision.F64);
        assertThatThrownBy(() -> Training.resume(problem, other, engine, saved))
                .hasMessageContaining("other networks, data or settings");
        for (int length : new int[] {0, 3, 7, 20, saved.length - 1}) {
            assertThatThrownBy(() -> Training.resume(problem, plan, engine, Arrays.copyOf(saved, length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("damaged");
        }
        byte[] flipped = saved.clone();
        flipped[saved.length / 2] ^= 1;
        assertThatThrownBy(() -> Training.resume(problem, plan, engine, flipped))
                .hasMessageContaining("damaged");
        byte[] newer = saved.clone();
        newer[7]++;
        assertThatThrownBy(() -> Training.resume(problem, plan, engine, newer))
                .hasMessageContaining("this program reads version");
        assertThatThrownBy(() -> Training.resume(problem, plan, engine, new byte[100]))
                .hasMessageContaining("not the checkpoint");
    }

    @Test
    void networksOfOneProblemHaveOneActivation() {
        Dataset data = data(4, 3);
        Network weights = new Network(Architecture.of(3, 2, 1), new double[11]);
        assertThatThrownBy(() -> new TrainingProblem(data, List.of(weights)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no activation");
        assertThatThrownBy(() -> new TrainingProblem(
                        data, List.of(weights.with(Activations.TANH), weights.with(Activations.RELU))))
                .hasMessage("Networks that are trained together must have the same activation, not tanh and relu.");
        assertThatThrownBy(() -> new TrainingProblem(data(3, 4), List.of(weights.with(Activations.TANH))))
                .hasMessageContaining("these are 3 inputs of dimension 4; transposed?");
    }
}
