package io.github.finitentk.benchmarks;

import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The randomness of the kernel at initialisation from 200 tanh networks, by several methods; two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VarianceBenchmark {

    @Param({"native", "java"})
    public String backend;

    @Param({"CHAIN", "RAO_BLACKWELL", "CONDITIONAL", "WEIGHTS"})
    public Method method;

    /** Width and depth. */
    @Param({"100x50", "500x100"})
    public String size;

    private Engine engine;
    private RandomNetwork network;
    private long seed;

    @Setup
    public void setUp() {
        Backend chosen = backend.equals("native") ? Backend.nativeCore() : Backend.pureJava();
        engine = Engine.of(chosen, 2);
        int width = Integer.parseInt(size.split("x")[0]);
        int depth = Integer.parseInt(size.split("x")[1]);
        network = new RandomNetwork(
                Architecture.constant(width, width, depth), Activations.TANH, new Initialization(2, 1));
    }

    @Benchmark
    public RatioEstimate estimate() {
        return new VarianceEstimation(engine, network).method(method).seed(seed++).estimate();
    }

    @TearDown
    public void tearDown() {
        engine.close();
    }
}
