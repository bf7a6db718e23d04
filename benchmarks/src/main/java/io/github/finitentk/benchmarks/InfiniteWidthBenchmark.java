package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
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

/**
 * NNGP and NTK of S inputs of different norms (spread over e^2) in the limit of infinite width, in Java with every backend. Counted in
 * pairs of inputs and layers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class InfiniteWidthBenchmark {

    private static final int DIMENSION = 100;

    @Param("512")
    public int S;

    @Param("50")
    public int L;

    @Param({"relu", "erf", "gelu", "tanh", "sigmoid", "silu", "sin", "softplus"})
    public String activation;

    @Param("1")
    public int threads;

    private Inputs inputs;
    private RandomNetwork law;
    private Engine engine;

    @Setup
    public void open() {
        engine = Engine.of(Backend.fastest(), threads);
        double[] x = Inputs.onSphere(S, DIMENSION, Seed.of(1)).toArray();
        for (int i = 0; i < x.length; i++) {
            x[i] *= StrictMath.exp(2.0 * (i / DIMENSION) / S - 1);
        }
        inputs = Inputs.of(S, DIMENSION, x);
        law = new RandomNetwork(
                Architecture.constant(DIMENSION, 256, L), Activations.parse(activation), new Initialization(2, 0.1));
    }

    @TearDown
    public void close() {
        engine.close();
    }

    @Benchmark
    public InfiniteWidth kernels(Work work) {
        double pairs = S * (S + 1) / 2.0 * L;
        work.items += pairs;
        work.flop += pairs * Operations.pair(activation);
        return InfiniteWidth.of(law, inputs, engine);
    }
}
