package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Macro steps against the steps one by one, on digits. The comparison at full size is in docs/reproduction.md. */
class FlowTrainingTest {

    private static final Dataset DIGITS =
            Mnist.embedded().first(48).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.DIGIT);
    private static final Engine FASTEST = Engine.single(Backend.fastest());

    private static final List<Long> SNAPSHOTS = List.of(10L, 100L, 1000L);

    // The contract of docs/reproduction.md.
    static final double KERNEL_RELATIVE = 0.02;
    static final double KERNEL_ABSOLUTE = 0.003;
    static final double LOSS_RELATIVE = 0.01;
    private static final double STEPS_RELATIVE = 0.03;

    private static Stream<Engine> engines() {
        return Stream.of(FASTEST, Engine.single(Backend.pureJava()));
    }

    // Ordered, critical and chaotic networks of both activations; the Java backend takes the shallow ones.
    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (int depth : new int[] {2, 5}) {
            for (double sigmaW2 : new double[] {1, 3.44, 8}) {
                cells.add(Arguments.of(Activations.TANH, sigmaW2, depth));
            }
            for (double sigmaW2 : new double[] {1, 2, 3}) {
                cells.add(Arguments.of(Activations.RELU, sigmaW2, depth));
            }
        }
        // Macro steps alone would leave the contract here.
        cells.add(Arguments.of(Activations.RELU, 2, 12));
        cells.add(Arguments.of(Activations.RELU, 3, 8));
        return cells.stream();
    }

    @ParameterizedTest(name = "{0} sigma_w^2 = {1}, L = {2}")
    @MethodSource("cells")
    void agreesWithSingleSteps(Activation activation, double sigmaW2, int depth) {
        TrainingProblem problem = problem(activation, sigmaW2, 128, depth, 1);
        TrainingPlan steps = plan(Integrator.GD, 4e-5, 1500, 1e-9, neighbours(SNAPSHOTS, 1500));
        TrainingResult single = train(FASTEST, problem, steps);
        assertThat(single.steps()).isEqualTo(1500);
        for (Engine engine : depth == 2 ? engines().toList() : List.of(FASTEST)) {
            TrainingResult flow = train(engine, problem, plan(Integrator.FLOW, 4e-5, 1500, 1e-9));
            assertAgree(single, flow, 1e-9, LOSS_RELATIVE, "the network");
            // At this width a relu kernel moves in jumps that may leave little to take together.
            if (flow.pace() == TrainingResult.Pace.MACRO_STEPS) {
                assertThat(flow.evaluations()).isLessThan(activation == Activations.RELU ? 2000 : 300);
                assertThat(flow.errorEstimate()).isBetween(1e-6, activation == Activations.RELU ? 0.08 : 0.04);
            } else {
                assertThat(activation).isEqualTo(Activations.RELU);
                assertThat(flow.errorEstimate()).isZero();
                assertThat(flow.sensitivity()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void stopsWhereSingleStepsStop(Engine engine) {
        for (double sigmaW2 : new double[] {1, 3, 6}) {
            TrainingProblem problem = problem(Activations.TANH, sigmaW2, 64, 3, 1);
            TrainingResult single = train(FASTEST, problem, plan(Integrator.GD, 5e-4, 20_000, 1e-6));
            TrainingResult flow = train(engine, problem, plan(Integrator.FLOW, 5e-4, 20_000, 1e-6));
            assertThat(single.stopReason()).isEqualTo(StopReason.EARLY_STOP);
            assertThat(single.steps()).isBetween(500L, 19_999L);
            assertAgree(single, flow, 1e-6, LOSS_RELATIVE, "the network");
        }
    }

    // The kernel of all outputs moves them; what is measured is the trace kernel, as in single steps.
    @ParameterizedTest
    @MethodSource("engines")
    void severalOutputsAgreeWithSingleSteps(Engine engine) {
        Dataset classes = Mnist.embedded().first(24).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.ONE_HOT);
        RandomNetwork random =
                new RandomNetwork(Architecture.of(784, 64, 64, 10), Activations.TANH, new Initialization(2, 1));
        TrainingProblem problem = TrainingProblem.draw(random, classes, Seed.of(3), 1);
        TrainingResult single =
                train(FASTEST, problem, plan(Integrator.GD, 1e-4, 1500, 1e-9, neighbours(SNAPSHOTS, 1500)));
        TrainingResult flow = train(engine, problem, plan(Integrator.FLOW, 1e-4, 1500, 1e-9));
        assertThat(flow.pace()).isEqualTo(TrainingResult.Pace.MACRO_STEPS);
        assertThat(flow.evaluations()).isLessThan(300);
        assertAgree(single, flow, 1e-9, LOSS_RELATIVE, "the classifier");
        assertThat(flow.aMaxStart()).isEqualTo(single.aMaxStart(), within(1e-9 * single.aMaxStart()));
        TrainingProblem large = new TrainingProblem(
                Mnist.embedded().first(151).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.ONE_HOT),
                problem.networks());
        assertThatThrownBy(() -> train(engine, large, plan(Integrator.FLOW, 1e-4, 1500, 1e-9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The integrator flow decomposes the kernel of all outputs at all inputs, S K = 1510 here;"
                        + " above 1500 steps cost less: use the integrator gd.");
    }

    // The stopping rule triggers in the first, single steps: nothing is left to approximate.
    @ParameterizedTest
    @MethodSource("engines")
    void singleStepsAreGradientDescentItself(Engine engine) {
        TrainingProblem problem = problem(Activations.ERF, 2, 32, 3, 1);
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(1e-4)
                .loss(LossConvention.MSE)
                .maxSteps(60)
                .minDecrease(10)
                .patience(7)
                .snapshots(3, 5)
                .build();
        TrainingResult flow = train(engine, problem, plan);
        TrainingResult single = train(
                engine,
                problem,
                TrainingPlan.builder()
                        .learningRate(1e-4)
                        .loss(LossConvention.MSE)
                        .maxSteps(60)
                        .minDecrease(10)
                        .patience(7)
                        .snapshots(3, 5)
                        .integrator(Integrator.GD)
                        .build());
        assertThat(flow.steps()).isEqualTo(7).isEqualTo(single.steps());
        // The kernel at the start, seven steps, and the kernels after the third, fifth and seventh; and for the
        // sensitivity of so narrow a network seven steps more, with the kernels at their ends.
        assertThat(flow.evaluations()).isEqualTo(11 + 9);
        assertThat(flow.sensitivity()).isBetween(0.0, 1e-3);
        assertThat(flow.errorEstimate()).isZero();
        assertThat(flow.finalLoss()).isCloseTo(single.finalLoss(), within(1e-12 * single.finalLoss()));
        for (int i = 0; i < 3; i++) {
            assertThat(flow.kernelChange().get(i).step())
                    .isEqualTo(List.of(3L, 5L, 7L).get(i));
            assertThat(flow.kernelChange().get(i).value())
                    .isCloseTo(single.kernelChange().get(i).value(), within(1e-10));
        }
    }

    @Test
    void aRateFarAboveTheStableOneDivergesLikeSingleSteps() {
        TrainingProblem problem = problem(Activations.RELU, 2, 64, 4, 1);
        TrainingResult single = train(FASTEST, problem, plan(Integrator.GD, 0.3, 1000, 1e-9));
        TrainingResult flow = train(FASTEST, problem, plan(Integrator.FLOW, 0.3, 1000, 1e-9));
        assertThat(single.stopReason()).isEqualTo(StopReason.DIVERGED);
        assertThat(flow.stopReason()).isEqualTo(StopReason.DIVERGED);
        assertThat(flow.unstable()).isTrue();
        assertThat(flow.kernelChange())
                .allSatisfy(change -> assertThat(change.value()).isFinite());
    }

    private static Stream<Arguments> interrupted() {
        return engines()
                .flatMap(engine -> Stream.of(
                        Arguments.of(engine, Activations.TANH, 3, 32, 1e-3),
                        Arguments.of(engine, Activations.SOFTPLUS, 0.8, 16, 2e-3),
                        Arguments.of(engine, Activations.RELU, 2, 24, 1e-4),
                        Arguments.of(engine, Activations.RELU, 1, engine == FASTEST ? 65 : 8, 1e-4)));
    }

    @ParameterizedTest
    @MethodSource("interrupted")
    void interruptedAndParallelTrainingsEndWithTheSameBits(
            Engine engine, Activation activation, double sigmaW2, int width, double rate) {
        TrainingProblem problem = problem(activation, sigmaW2, width, 3, 3);
        TrainingPlan plan = plan(Integrator.FLOW, rate, 2000, 1e-6);
        try (Training whole = Training.start(problem, plan, engine);
                Engine two = Engine.of(engine.backend(), 2)) {
            assertThatThrownBy(whole::results).hasMessageContaining("step 0");
            assertThat(whole.run(() -> false)).isTrue();
            byte[] state = null;
            int pieces = 0;
            for (boolean ended = false; !ended; pieces++) {
                try (Training piece = state == null
                        ? Training.start(problem, plan, two)
                        : Training.resume(problem, plan, two, state)) {
                    AtomicInteger asked = new AtomicInteger();
                    ended = piece.run(() -> asked.incrementAndGet() > 7);
                    state = piece.checkpoint();
                    if (ended) {
                        assertThat(piece.results()).isEqualTo(whole.results());
                        assertThat(piece.network(2)).isEqualTo(whole.network(2));
                    }
                }
            }
            assertThat(pieces).isGreaterThan(3);
        }
    }

    @Test
    void trainedNetworksHaveTheFinalLossOnTheInputsThemselves() {
        TrainingProblem problem = problem(Activations.TANH, 2, 32, 3, 1);
        TrainingPlan plan = plan(Integrator.FLOW, 1e-4, 500, 1e-9);
        try (Training training = Training.start(problem, plan, FASTEST)) {
            training.run(() -> false);
            TrainingProblem trained = new TrainingProblem(DIGITS, List.of(training.network(0)));
            double loss =
                    train(FASTEST, trained, plan(Integrator.GD, 1e-30, 1, 0)).finalLoss();
            assertThat(training.results().get(0).finalLoss()).isCloseTo(loss, within(1e-10 * loss));
            assertThat(training.step()).isEqualTo(500);
        }
    }

    @Test
    void theLossCurveDoesNotDependOnHowStepsAreTaken() {
        TrainingProblem problem = problem(Activations.TANH, 2, 64, 3, 1);
        List<LossPoint> single =
                train(FASTEST, problem, plan(Integrator.GD, 4e-5, 2000, 1e-9)).losses();
        List<LossPoint> flow =
                train(FASTEST, problem, plan(Integrator.FLOW, 4e-5, 2000, 1e-9)).losses();
        assertThat(flow)
                .extracting(LossPoint::step)
                .isEqualTo(single.stream().map(LossPoint::step).toList())
                .contains(0L, 10L, 100L, 1000L, 2000L);
        for (int i = 0; i < flow.size(); i++) {
            assertThat(flow.get(i).loss())
                    .isCloseTo(
                            single.get(i).loss(),
                            within(LOSS_RELATIVE * single.get(i).loss()));
        }
    }

    // The kernel of a network with kinks moves in jumps, and macro steps of different lengths disagree about it.
    @Test
    void onlyCoarseTrainingsKeepMacroStepsThatDoNotAgree() {
        TrainingProblem problem = problem(Activations.RELU, 2.5, 128, 5, 1);
        TrainingResult single = train(FASTEST, problem, plan(Integrator.GD, 2e-5, 3000, 1e-9));
        TrainingResult flow = train(FASTEST, problem, plan(Integrator.FLOW, 2e-5, 3000, 1e-9));
        TrainingResult coarse = train(FASTEST, problem, plan(Integrator.FLOW_COARSE, 2e-5, 3000, 1e-9));
        assertThat(flow.pace()).isEqualTo(TrainingResult.Pace.REFUSED_UNVERIFIED);
        assertThat(coarse.pace()).isEqualTo(TrainingResult.Pace.MACRO_STEPS);
        RandomTraining.assertHonest(single, flow, "flow");
        RandomTraining.assertHonest(single, coarse, "coarse");
        assertThat(coarse.evaluations()).isLessThan(flow.evaluations() / 4);
    }

    // Networks of the kinds for which sums of errors bounded nothing.
    @ParameterizedTest
    @EnumSource(
            value = Integrator.class,
            names = {"FLOW", "FLOW_COARSE"})
    void estimatesBoundTheErrorsOfNarrowNetworks(Integrator integrator) {
        SplittableRandom random = new SplittableRandom(15);
        for (List<String> activations : List.of(RandomTraining.SMOOTH, RandomTraining.KINKED)) {
            for (int i = 0; i < 12; i++) {
                RandomTraining training =
                        RandomTraining.draw(random, activations, List.of(8, 16, 24, 40), 3e8, FASTEST);
                RandomTraining.assertHonest(
                        training.train(FASTEST, Integrator.GD), training.train(FASTEST, integrator), training.name());
            }
        }
    }

    private static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(Activations.TANH, 3, 128, Integrator.FLOW),
                Arguments.of(Activations.SOFTPLUS, 0.8, 16, Integrator.FLOW),
                Arguments.of(Activations.RELU, 2, 24, Integrator.FLOW),
                Arguments.of(Activations.RELU, 2, 128, Integrator.FLOW),
                Arguments.of(Activations.ABS, 1, 24, Integrator.FLOW_COARSE));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsMeasuredOnTheWayDoesNotChangeTheWay(
            Activation activation, double sigmaW2, int width, Integrator integrator) {
        TrainingProblem problem = problem(activation, sigmaW2, width, 4, 1);
        TrainingResult none = train(FASTEST, problem, plan(integrator, 2e-4, 2000, 1e-7, List.of()));
        List<Long> many = LongStream.range(1, 40).mapToObj(i -> 37 * i).toList();
        TrainingResult measured = train(FASTEST, problem, plan(integrator, 2e-4, 2000, 1e-7, many));
        assertThat(measured.steps()).isEqualTo(none.steps());
        assertThat(measured.pace()).isEqualTo(none.pace());
        assertThat(measured.finalLoss()).isEqualTo(none.finalLoss());
        assertThat(measured.minLoss()).isEqualTo(none.minLoss());
        assertThat(measured.errorEstimate()).isEqualTo(none.errorEstimate());
        assertThat(measured.sensitivity()).isEqualTo(Double.valueOf(none.sensitivity()));
        assertThat(measured.losses()).containsAll(none.losses());
        assertThat(measured.kernelChange()).containsAll(none.kernelChange()).hasSizeGreaterThan(10);
        RandomTraining.assertHonest(
                train(FASTEST, problem, plan(Integrator.GD, 2e-4, 2000, 1e-7, many)), measured, activation.label());
    }

    // Any kink makes a kernel jump, also that of a function which no backend has built in.
    @Test
    void activationsOfUsersWithKinksAreNotTakenForSmooth() {
        Activation hardTanh = new Activation() {
            @Override
            public String label() {
                return "hard-tanh";
            }

            @Override
            public double value(double h) {
                return Math.max(-1, Math.min(1, h));
            }

            @Override
            public double derivative(double h) {
                return Math.abs(h) < 1 ? 1 : 0;
            }

            @Override
            public double[] kinks() {
                return new double[] {-1, 1};
            }
        };
        TrainingProblem problem = problem(Activations.TANH, 2, 12, 3, 1);
        TrainingProblem kinked = new TrainingProblem(
                problem.data(),
                problem.networks().stream()
                        .map(network -> network.with(hardTanh))
                        .toList());
        TrainingResult flow = train(Engine.single(Backend.pureJava()), kinked, plan(Integrator.FLOW, 1e-4, 300, 1e-9));
        assertThat(flow.pace()).isEqualTo(TrainingResult.Pace.REFUSED_NARROW);
        RandomTraining.assertHonest(
                train(Engine.single(Backend.pureJava()), kinked, plan(Integrator.GD, 1e-4, 300, 1e-9)),
                flow,
                "hard-tanh");
    }

    @Test
    void singlePrecisionIsRefusedWithASentence() {
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(1e-5)
                .maxSteps(10)
                .minDecrease(1e-7)
                .snapshots()
                .precision(Precision.F32)
                .build();
        TrainingProblem problem = problem(Activations.TANH, 2, 8, 2, 1);
        assertThatThrownBy(() -> Training.start(problem, plan, FASTEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("f64 only");
    }

    /**
     * The steps up to ten before and after each of these. The kernel of a piecewise linear network flickers from step to
     * step, since units go back and forth over their kinks: macro steps can be asked to meet one of the neighbouring steps'
     * kernels, if these were measured.
     */
    static List<Long> neighbours(List<Long> snapshots, long maxSteps) {
        return LongStream.concat(snapshots.stream().mapToLong(step -> step), LongStream.of(maxSteps))
                .flatMap(step -> LongStream.rangeClosed(Math.max(1, step - 10), Math.min(maxSteps, step + 10)))
                .boxed()
                .toList();
    }

    static void assertAgree(
            TrainingResult single, TrainingResult flow, double minDecrease, double lossRelative, String network) {
        assertLossAgrees(single, flow, minDecrease, lossRelative, network);
        assertThat(flow.kernelChange().get(flow.kernelChange().size() - 1).step())
                .isEqualTo(flow.steps());
        for (KernelChange change : flow.kernelChange()) {
            boolean end = change.step() == flow.steps();
            DoubleSummaryStatistics near = single.kernelChange().stream()
                    .filter(other -> Math.abs(other.step() - (end ? single.steps() : change.step())) <= 10)
                    .mapToDouble(KernelChange::value)
                    .summaryStatistics();
            double tolerance = Math.max(KERNEL_ABSOLUTE, KERNEL_RELATIVE * near.getMax());
            assertThat(change.value())
                    .as("kernel change after %d steps of %s", change.step(), network)
                    .isBetween(near.getMin() - tolerance, near.getMax() + tolerance);
        }
    }

    private static void assertLossAgrees(
            TrainingResult single, TrainingResult flow, double minDecrease, double relative, String network) {
        assertThat(flow.stopReason()).as(network).isEqualTo(single.stopReason());
        // The rule looks at patience = 100 steps at once: a slightly earlier fall of the loss can move the stop that
        // far.
        double stepTolerance = Math.max(STEPS_RELATIVE * single.steps(), 100);
        assertThat((double) flow.steps()).as(network).isCloseTo(single.steps(), within(stepTolerance));
        // Where the stopping rule ends a training it resolves the loss to its least decrease only.
        double resolution = single.stopReason() == StopReason.EARLY_STOP ? minDecrease : 0;
        double lossTolerance = Math.max(relative * single.finalLoss(), resolution);
        assertThat(flow.finalLoss()).as(network).isCloseTo(single.finalLoss(), within(lossTolerance));
        assertThat(flow.minLoss()).as(network).isCloseTo(single.minLoss(), within(lossTolerance));
        assertThat(flow.aMaxStart()).as(network).isCloseTo(single.aMaxStart(), within(1e-10 * single.aMaxStart()));
    }

    private static TrainingPlan plan(Integrator integrator, double learningRate, long steps, double minDecrease) {
        return plan(integrator, learningRate, steps, minDecrease, SNAPSHOTS);
    }

    static TrainingPlan plan(
            Integrator integrator, double learningRate, long steps, double minDecrease, List<Long> snapshots) {
        return TrainingPlan.builder()
                .learningRate(learningRate)
                .maxSteps(steps)
                .minDecrease(minDecrease)
                .snapshots(snapshots)
                .integrator(integrator)
                .build();
    }

    private static TrainingProblem problem(Activation activation, double sigmaW2, int width, int depth, int networks) {
        return TrainingProblem.draw(
                new RandomNetwork(
                        Architecture.constant(DIGITS.inputDim(), width, depth),
                        activation,
                        new Initialization(sigmaW2, 1)),
                DIGITS,
                Seed.of(7),
                networks);
    }

    private static TrainingResult train(Engine engine, TrainingProblem problem, TrainingPlan plan) {
        return Training.train(problem, plan, engine).get(0);
    }
}
