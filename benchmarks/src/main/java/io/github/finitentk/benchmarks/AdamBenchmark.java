package io.github.finitentk.benchmarks;

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
import java.util.SplittableRandom;
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
 * Steps per second and thread of a classifier's training: Adam on cross-entropy, mini-batches of 1,024 of 4,096 inputs of dimension
 * 784, 10 outputs, ReLU, M = 300, L = 20.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(1)
public class AdamBenchmark {

    private static final Architecture ARCHITECTURE = Architecture.constant(784, 300, 20).withOutputs(10);
    private static final int SAMPLES = 4096;
    private static final int STEPS = 4;
    private static final DescentRule RULE = new DescentRule(
            1e-5,
            DescentRule.Loss.CROSS_ENTROPY,
            1,
            new DescentRule.Optimizer(DescentRule.Method.ADAM, 0.9, 0.999, 1e-8),
            1024,
            Seed.of(1),
            0,
            Integer.MAX_VALUE,
            Long.MAX_VALUE);

    @Param({"F32", "F64"})
    public Precision precision;

    @Param("native")
    public String backend;

    private Engine engine;
    private GradientDescent descent;

    @Setup
    public void setUp() {
        engine = Engine.single(backend.equals("native") ? Backend.nativeCore() : Backend.pureJava());
        descent = engine.gradientDescent(new BatchShape(ARCHITECTURE, Activations.RELU, precision, 1, SAMPLES), RULE);
        double[] y = new double[SAMPLES * 10];
        for (int s = 0; s < SAMPLES; s++) {
            y[s * 10 + s % 10] = 1;
        }
        descent.setData(new SplittableRandom(1).doubles(SAMPLES * 784L, -1, 1).toArray(), y);
        descent.setParameters(
                0,
                new RandomNetwork(ARCHITECTURE, Activations.RELU, new Initialization(2, 0.1))
                        .sample(Seed.of(1))
                        .parameters());
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public double steps() {
        descent.advance(RULE, descent.state(0).step() + STEPS);
        return descent.state(0).lastLoss();
    }

    @TearDown
    public void tearDown() {
        descent.close();
        engine.close();
    }
}
