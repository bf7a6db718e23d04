package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.model.Precision;
import io.github.finitentk.internal.compute.InputRotation;
import io.github.finitentk.training.TrainingProblem;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Network-steps per second of gradient descent: 8 ReLU networks with M = 256 on S = 128 inputs of dimension 784, rotated
 * into their span, on two threads. {@link #products} is the yardstick: the matrix products of the same steps and nothing
 * else, in the same unit, so that the quotient of the two scores is the share of the measured sgemm or dgemm rate.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class TrainingBenchmark {

    private static final int WIDTH = 256;
    private static final int SAMPLES = 128;
    private static final int NETWORKS = 8;
    private static final int STEPS = 10;
    private static final DescentRule RULE = new DescentRule(1e-7, 1, 0, Integer.MAX_VALUE, Long.MAX_VALUE);

    @Param({"3", "10", "20"})
    public int depth;

    @Param({"F32", "F64"})
    public Precision precision;

    @Param("native")
    public String backend;

    @Param("2")
    public int threads;

    private Engine engine;
    private GradientDescent descent;
    private LayerProducts yardstick;

    @Setup
    public void setUp() {
        Backend chosen = backend.equals("native") ? Backend.nativeCore() : Backend.pureJava();
        engine = Engine.of(chosen, threads);
        Dataset data = Mnist.embedded().first(SAMPLES).dataset(Mnist.Normalization.UNIT_NORM, Mnist.TargetChoice.PARITY);
        TrainingProblem problem = TrainingProblem.draw(new RandomNetwork(Architecture.constant(data.inputDim(), WIDTH, depth), Activations.RELU, new Initialization(2, 0.1)), data, Seed.of(1), NETWORKS);
        InputRotation rotation = InputRotation.of(data);
        Architecture rotated = rotation.rotated(problem.architecture());
        descent = engine.gradientDescent(
                new BatchShape(rotated, Activations.RELU, precision, NETWORKS, SAMPLES), RULE);
        descent.setData(rotation.inputs(), data.targets().toArray());
        yardstick = new LayerProducts(rotated, SAMPLES, precision, NETWORKS, threads);
        for (int index = 0; index < NETWORKS; index++) {
            descent.setParameters(
                    index,
                    rotation.rotate(
                            problem.architecture(), problem.networks().get(index).parameters()));
        }
    }

    @Benchmark
    @OperationsPerInvocation(NETWORKS * STEPS)
    public double descent() {
        long step = descent.state(0).step();
        descent.advance(RULE, step + STEPS);
        return descent.state(0).lastLoss();
    }

    @Benchmark
    @OperationsPerInvocation(NETWORKS * STEPS)
    public void products() {
        engine.forEach(NETWORKS, (index, slot) -> {
            for (int step = 0; step < STEPS; step++) {
                yardstick.step(index, slot);
            }
        });
    }

    @TearDown
    public void tearDown() {
        descent.close();
        engine.close();
    }
}
