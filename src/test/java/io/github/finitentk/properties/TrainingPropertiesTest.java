package io.github.finitentk.properties;

import static io.github.finitentk.properties.Machines.FASTEST;
import static io.github.finitentk.properties.Machines.FASTEST_ALONE;
import static io.github.finitentk.properties.Machines.JAVA;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** A training is the same bits however it is run: alone or beside others, watched or not, in one go or in pieces. */
@AddLifecycleHook(Repeatable.class)
class TrainingPropertiesTest {

    /**
     * A training.
     *
     * @param batch of inputs in a step; 0 for all
     */
    record Case(
            List<Integer> widths,
            Activation activation,
            int samples,
            int networks,
            Precision precision,
            int optimizer,
            int batch,
            int steps,
            long seed) {

        private SplittableRandom random() {
            return new SplittableRandom(seed);
        }

        TrainingProblem problem() {
            Inputs x = new KernelCase(widths, activation, List.of(), samples, seed).inputs();
            int outputs = widths.get(widths.size() - 1);
            double[] y = random().doubles((long) samples * outputs, -1, 1).toArray();
            return TrainingProblem.draw(
                    new RandomNetwork(
                            Architecture.of(widths.stream().mapToInt(i -> i).toArray()),
                            activation,
                            new Initialization(1.5, 0.5)),
                    new Dataset(x, Targets.of(samples, outputs, y)),
                    Seed.of(seed),
                    networks);
        }

        TrainingPlan plan(long... snapshots) {
            return TrainingPlan.builder()
                    .learningRate(Math.pow(10, random().nextDouble(-4, -1.5)))
                    .maxSteps(steps)
                    .minDecrease(0)
                    .patience(1_000_000)
                    .integrator(Integrator.GD)
                    .precision(precision)
                    .optimizer(
                            switch (optimizer) {
                                case 0 -> Optimizer.GRADIENT_DESCENT;
                                case 1 -> new Optimizer.Momentum(0.9);
                                default -> new Optimizer.Adam(0.9, 0.999, 1e-8);
                            })
                    .batch(batch >= samples ? TrainingPlan.ALL : batch, Seed.of(seed + 1))
                    .snapshots(snapshots)
                    .build();
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        List<Activation> activations = new ArrayList<>(KernelCase.PIECEWISE_LINEAR);
        activations.addAll(KernelCase.SMOOTH);
        Arbitrary<List<Integer>> widths = Combinators.combine(
                        Arbitraries.integers()
                                .between(1, 12)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(4),
                        Arbitraries.integers().between(1, 3))
                .as((below, outputs) -> IntStream.concat(below.stream().mapToInt(i -> i), IntStream.of(outputs))
                        .boxed()
                        .toList());
        return Combinators.combine(
                        widths,
                        Arbitraries.of(activations),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(Precision.values()),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(0, 0, 1, 2, 3),
                        Arbitraries.integers().between(1, 40))
                .flatAs((w, activation, samples, networks, precision, optimizer, batch, steps) -> Arbitraries.longs()
                        .map(seed ->
                                new Case(w, activation, samples, networks, precision, optimizer, batch, steps, seed)));
    }

    private record Outcome(List<TrainingResult> results, List<Network> networks) {}

    private static Outcome run(Ntk ntk, TrainingProblem problem, TrainingPlan plan) {
        try (Training training = ntk.training(problem, plan)) {
            training.run(() -> false);
            return outcome(training, problem);
        }
    }

    private static Outcome outcome(Training training, TrainingProblem problem) {
        return new Outcome(
                training.results(),
                IntStream.range(0, problem.networks().size())
                        .mapToObj(training::network)
                        .toList());
    }

    @Property(tries = 25)
    void onBothBackendsOnAnyThreadsAloneOrBesideOthers(@ForAll("cases") Case of) {
        TrainingProblem problem = of.problem();
        TrainingPlan plan = of.plan(1, of.steps());
        Outcome expected = run(FASTEST, problem, plan);
        assertThat(run(FASTEST_ALONE, problem, plan)).isEqualTo(expected);
        assertThat(run(JAVA, problem, plan)).isEqualTo(expected);
        // the second of several networks has orders of its own where a step sees a part of the inputs
        int comparable = plan.batch() == TrainingPlan.ALL ? problem.networks().size() : 1;
        for (int i = 0; i < comparable; i++) {
            Outcome alone = run(
                    FASTEST,
                    new TrainingProblem(
                            problem.data(), List.of(problem.networks().get(i))),
                    plan);
            assertThat(alone.networks().get(0)).isEqualTo(expected.networks().get(i));
            assertThat(alone.results().get(0)).isEqualTo(expected.results().get(i));
        }
    }

    @Property(tries = 40)
    void whateverSnapshotsAreTaken(@ForAll("cases") Case of, @ForAll @IntRange(min = 1, max = 40) int at) {
        TrainingProblem problem = of.problem();
        TrainingPlan plan = of.plan();
        Outcome without = run(FASTEST, problem, plan);
        Outcome with = run(FASTEST, problem, of.plan(1, Math.min(at, of.steps())));
        assertThat(with.networks()).isEqualTo(without.networks());
        for (int i = 0; i < of.networks(); i++) {
            if (plan.batch() == TrainingPlan.ALL) { // else losses are means over epochs, but for those of snapshots
                assertThat(with.results().get(i).losses())
                        .containsAll(without.results().get(i).losses());
            }
            assertThat(with.results().get(i).finalLoss())
                    .isEqualTo(without.results().get(i).finalLoss());
        }
    }

    /** Stopped whenever the flag is asked for the n-th time, saved, and taken up by another one. */
    @Property(tries = 40)
    void inPiecesThroughCheckpoints(
            @ForAll("cases") Case of,
            @ForAll @IntRange(min = 1, max = 12) int first,
            @ForAll @IntRange(max = 9) int then) {
        TrainingProblem problem = of.problem();
        TrainingPlan plan = of.plan(1, 7);
        Outcome expected = run(FASTEST, problem, plan);
        byte[] checkpoint;
        try (Training training = FASTEST.training(problem, plan)) {
            training.runWithin(first, () -> false);
            checkpoint = training.checkpoint();
        }
        for (Ntk ntk : List.of(FASTEST_ALONE, JAVA)) {
            try (Training training = ntk.resume(problem, plan, checkpoint)) {
                training.runWithin(first + then, () -> false);
                checkpoint = training.checkpoint();
            }
        }
        try (Training training = FASTEST.resume(problem, plan, checkpoint)) {
            assertThat(training.run(TrainingListener.NONE, () -> false)).isTrue();
            assertThat(outcome(training, problem)).isEqualTo(expected);
        }
    }

    /** All inputs in another order: the same gradient, summed in another order. */
    @Property(tries = 30)
    void permutedInputsTrainTheSameNetwork(@ForAll("cases") Case any, @ForAll java.util.Random random) {
        Case of = new Case(
                any.widths(), any.activation(), any.samples(), 1, Precision.F64, 0, 0, any.steps(), any.seed());
        TrainingProblem problem = of.problem();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, of.samples()).boxed().toList());
        java.util.Collections.shuffle(order, random);
        Inputs x = problem.data().inputs();
        Targets y = problem.data().targets();
        double[][] inputs = new double[of.samples()][x.dimension()];
        double[][] targets = new double[of.samples()][y.outputs()];
        for (int s = 0; s < of.samples(); s++) {
            int from = order.get(s);
            Arrays.setAll(inputs[s], i -> x.get(from, i));
            Arrays.setAll(targets[s], k -> y.get(from, k));
        }
        TrainingProblem permuted =
                new TrainingProblem(new Dataset(Inputs.of(inputs), Targets.of(targets)), problem.networks());
        double[] start = problem.networks().get(0).parameters();
        double[] one = run(FASTEST, problem, of.plan()).networks().get(0).parameters();
        double[] other = run(FASTEST, permuted, of.plan()).networks().get(0).parameters();
        double way = 0;
        double apart = 0;
        for (int i = 0; i < one.length; i++) {
            way += (one[i] - start[i]) * (one[i] - start[i]);
            apart += (one[i] - other[i]) * (one[i] - other[i]);
        }
        assertThat(Math.sqrt(apart)).isLessThanOrEqualTo(1e-9 * Math.sqrt(way) + 1e-13);
    }
}
