package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.data.Inputs;
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

/** NNGP and NTK of 1,024 inputs in the infinite-width limit, L = 50, f64. {@code -prof gc} shows the memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
public class InfiniteWidthBenchmark {

    private static final int SAMPLES = 1024;
    private static final int INPUT_DIM = 100;

    @Param({"relu", "erf", "gelu", "tanh", "sigmoid", "silu", "softplus"})
    public String activation;

    /** Whether the inputs have norms of their own, spread over a factor of e^2, or one. */
    @Param({"false", "true"})
    public boolean norms;

    @Param({"1", "2"})
    public int threads;

    private Inputs inputs;
    private RandomNetwork law;
    private Engine engine;

    @Setup
    public void setUp() {
        inputs = Inputs.onSphere(SAMPLES, INPUT_DIM, Seed.of(1));
        if (norms) {
            double[] x = inputs.toArray();
            for (int i = 0; i < x.length; i++) {
                x[i] *= StrictMath.exp(2.0 * (i / INPUT_DIM) / SAMPLES - 1);
            }
            inputs = Inputs.of(SAMPLES, INPUT_DIM, x);
        }
        engine = Engine.of(Backend.fastest(), threads);
        law = new RandomNetwork(
                Architecture.constant(INPUT_DIM, 256, 50), Activations.parse(activation), new Initialization(2, 0.1));
    }

    @TearDown
    public void tearDown() {
        engine.close();
    }

    @Benchmark
    public InfiniteWidth kernels() {
        return InfiniteWidth.of(law, inputs, engine);
    }
}
