package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingResult.KernelChange;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A deep ordered network (tanh, sigma_w^2 = sigma_b^2 = 1, L = 10), whose lower layers move by less than half a unit in
 * the last place of f32 in a step: there compensated f32 weights must follow f64 where plain ones cannot.
 */
class CompensatedTrainingTest {

    private static final int WIDTH = 64;
    private static final int SAMPLES = 16;
    private static final long STEPS = 1000;
    private static final double RATE = 1e-8;

    static Stream<Engine> engines() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().map(Engine::single);
    }

    private static TrainingProblem problem() {
        SplittableRandom random = new SplittableRandom(31);
        double[] x =
                random.doubles(SAMPLES * WIDTH, -Math.sqrt(3), Math.sqrt(3)).toArray();
        double[] y = random.doubles(SAMPLES, 0, 9).toArray();
        return TrainingProblem.draw(
                new RandomNetwork(Architecture.constant(WIDTH, WIDTH, 10), Activations.TANH, new Initialization(1, 1)),
                new Dataset(Inputs.of(SAMPLES, WIDTH, x), y),
                Seed.of(5),
                1);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void compensatedWeightsFollowDoublePrecisionWherePlainOnesDoNot(Engine engine) {
        TrainingProblem problem = problem();
        double exact = kernelChange(problem, Precision.F64, engine);
        assertThat(exact).isGreaterThan(1e-4);
        // Measured: 3e-9 against 27 %.
        assertThat(kernelChange(problem, Precision.F32, engine)).isCloseTo(exact, within(1e-6 * exact));
        assertThat(kernelChangeOfPlainWeights(problem, engine)).isLessThan(0.9 * exact);
    }

    private static double kernelChange(TrainingProblem problem, Precision precision, Engine engine) {
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(RATE)
                .maxSteps(STEPS)
                .minDecrease(0)
                .snapshots()
                .integrator(Integrator.GD)
                .precision(precision)
                .build();
        TrainingResult result = Training.train(problem, plan, engine).get(0);
        assertThat(result.steps()).isEqualTo(STEPS);
        return result.kernelChange().get(0).value();
    }

    // Plain f32: what a step leaves pending is thrown away.
    private static double kernelChangeOfPlainWeights(TrainingProblem problem, Engine engine) {
        double[] x = problem.data().inputs().toArray();
        BatchShape shape = new BatchShape(problem.architecture(), problem.activation(), Precision.F32, 1, SAMPLES);
        DescentRule rule = new DescentRule(RATE, 1, 0, 100, STEPS);
        try (GradientDescent descent = engine.gradientDescent(shape, rule);
                KernelMeter meter = new KernelMeter(problem.architecture(), problem.activation(), x, SAMPLES, engine)) {
            descent.setData(x, problem.data().targets().toArray());
            descent.setParameters(0, problem.networks().get(0).parameters());
            double[] nothing = new double[descent.pending(0).length];
            descent.restore(0, descent.values(0), nothing, new double[0], descent.state(0));
            double[] initial = descent.values(0);
            for (long t = 1; t <= STEPS; t++) {
                descent.advance(rule, t);
                descent.restore(0, descent.values(0), nothing, new double[0], descent.state(0));
            }
            return KernelChange.between(meter.theta(initial), STEPS, meter.theta(descent.values(0)))
                    .value();
        }
    }
}
