package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * A training of any kind: every phase, depths 2 to 10, narrow to wide, all targets, rates from far below the largest stable one
 * to near it. What macro steps make of it is compared with every single step.
 */
record RandomTraining(TrainingProblem problem, double rate, long steps, String name) {

    /** Macro steps may be off by this many times their estimate. */
    static final double FACTOR = 3;

    static final List<String> SMOOTH = List.of("tanh", "erf", "gelu", "sin", "silu", "softplus", "sigmoid");
    static final List<String> KINKED = List.of("relu", "leaky-relu(0.1)", "abs", "abrelu(-0.5,1)");

    /** Losses within a macro step are interpolated. */
    private static final double LOSS_INTERPOLATION = 1e-5;

    private static final double LEAST_DECREASE = 1e-8;
    private static final int PATIENCE = 100;

    /** @param work multiply-adds of the single steps, at most */
    static RandomTraining draw(
            SplittableRandom random, List<String> activations, List<Integer> widths, double work, Engine engine) {
        Activation activation = Activations.parse(oneOf(random, activations));
        int width = oneOf(random, widths);
        int depth = random.nextInt(2, 11);
        int samples = oneOf(random, List.of(8, 16, 32)) * (width >= 128 ? 2 : 1);
        Mnist.TargetChoice targets = oneOf(random, Mnist.TargetChoice.SCALAR);
        double sigmaB2 = oneOf(random, List.of(0.0, 0.05, 1.0));
        // From the ordered to the chaotic phase of each.
        boolean unbounded = activation instanceof PiecewiseLinear || activation == Activations.GELU;
        double sigmaW2 = oneOf(
                random, unbounded ? List.of(1.0, 1.5, 1.9, 2.0, 2.5, 3.0) : List.of(0.8, 1.5, 2.0, 3.4, 6.0, 10.0));
        double aMax = Math.pow(10, random.nextDouble(-3, -0.3));
        long most = oneOf(random, List.of(3_000L, 10_000L, 30_000L));
        Dataset data = Mnist.embedded().first(samples).dataset(Mnist.Normalization.UNIT_Q0, targets);
        TrainingProblem problem = TrainingProblem.draw(
                new RandomNetwork(
                        Architecture.constant(data.inputDim(), width, depth),
                        activation,
                        new Initialization(activation == Activations.ABS ? sigmaW2 / 2 : sigmaW2, sigmaB2)),
                data,
                Seed.of(random.nextLong()),
                1);
        double perRate = train(problem, engine, Integrator.GD, 1e-200, 1).aMaxStart() / 1e-200;
        double rate = aMax / perRate;
        double step = 3.0 * samples * problem.architecture().parameterCount();
        long steps = (long) Math.max(300, Math.min(most, work / step));
        String name = String.format(
                Locale.ROOT,
                "%s, M = %d, L = %d, S = %d, (%.3g, %.3g), targets %s, rate %.3g",
                activation.label(),
                width,
                depth,
                samples,
                sigmaW2,
                sigmaB2,
                targets.label(),
                rate);
        return new RandomTraining(problem, rate, steps, name);
    }

    private static <T> T oneOf(SplittableRandom random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    TrainingResult train(Engine engine, Integrator integrator) {
        return train(problem, engine, integrator, rate, steps);
    }

    private static TrainingResult train(
            TrainingProblem problem, Engine engine, Integrator integrator, double rate, long steps) {
        List<Long> snapshots = LongStream.iterate(10, step -> step < steps, step -> 2 * step)
                .boxed()
                .toList();
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(rate)
                .maxSteps(steps)
                .minDecrease(LEAST_DECREASE)
                .patience(PATIENCE)
                .snapshots(snapshots)
                .integrator(integrator)
                .build();
        return Training.train(problem, plan, engine).get(0);
    }

    /** The error of a training as its estimate means it. */
    static double error(TrainingResult single, TrainingResult flow) {
        if (single.stopReason() == StopReason.DIVERGED || flow.stopReason() == StopReason.DIVERGED) {
            return single.stopReason() == flow.stopReason() ? 0 : 1;
        }
        double error = Math.max(0, Math.abs(single.steps() - flow.steps()) - PATIENCE)
                / (double) Math.max(single.steps(), flow.steps());
        Map<Long, Double> changes = new HashMap<>();
        single.kernelChange().forEach(change -> changes.put(change.step(), change.value()));
        changes.put(flow.steps(), last(single));
        for (KernelChange change : flow.kernelChange()) {
            if (changes.containsKey(change.step())) {
                double expected = changes.get(change.step());
                double scale = Math.max(0.15, Math.max(expected, change.value()));
                error = Math.max(error, Math.abs(change.value() - expected) / scale);
            }
        }
        Map<Long, Double> losses = new HashMap<>();
        single.losses().forEach(point -> losses.put(point.step(), point.loss()));
        losses.put(flow.steps(), single.finalLoss());
        for (LossPoint point : flow.losses()) {
            if (losses.containsKey(point.step())) {
                double expected = losses.get(point.step());
                double difference = Math.max(0, Math.abs(point.loss() - expected) - LEAST_DECREASE);
                error = Math.max(error, difference / Math.max(expected, point.loss()) / 2);
            }
        }
        return error;
    }

    private static double last(TrainingResult result) {
        return result.kernelChange().get(result.kernelChange().size() - 1).value();
    }

    /** Single steps are those of gradient descent, and the estimate of macro steps bounds their error. */
    static void assertHonest(TrainingResult single, TrainingResult flow, String name) {
        if (flow.pace() == TrainingResult.Pace.MACRO_STEPS) {
            assertThat(error(single, flow))
                    .as("error of %s, estimate %s", name, flow.errorEstimate())
                    .isLessThanOrEqualTo(Math.min(1, FACTOR * flow.errorEstimate()) + LOSS_INTERPOLATION);
        } else {
            assertThat(flow.errorEstimate()).as(name).isZero();
            assertThat(flow.steps()).as(name).isEqualTo(single.steps());
            assertThat(flow.losses()).as(name).isEqualTo(single.losses());
            assertThat(flow.kernelChange()).as(name).isEqualTo(single.kernelChange());
        }
    }
}
