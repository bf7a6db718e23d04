package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Kernels of B small random networks at S inputs each, in f64: by drawing their weights or, {@code conditional}, without. Counted in
 * networks.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class DrawsBenchmark extends EngineState {

    @Param("50")
    public int M;

    @Param("20")
    public int L;

    @Param({"1", "8"})
    public int S;

    @Param("200")
    public int B;

    private RandomNetwork random;
    private Inputs inputs;
    private long seed;

    @Override
    protected void prepare() {
        random = new RandomNetwork(Architecture.constant(M, M, L), Activations.TANH, new Initialization(2, 1));
        inputs = Inputs.onSphere(S, M, Seed.of(1));
    }

    @Benchmark
    public KernelDraws weights(Work work) {
        Architecture widths = random.architecture();
        work.items += B;
        work.flop += B
                * (widths.parameterCount() * Operations.normal()
                        + Operations.forward(widths, S)
                        + Operations.backward(widths, S)
                        + Operations.gram(widths, S));
        return new KernelSampling(engine).weights(random, inputs, Seed.of(seed++), B);
    }

    @Benchmark
    public KernelDraws conditional(Work work) {
        // Two normal numbers for each neuron and input, its activation, and five products for each pair of inputs.
        Architecture widths = random.architecture();
        double each = 2 * Operations.normal() + Operations.activation("tanh", Precision.F64) + 10 * S;
        work.items += B;
        work.flop += B * S * widths.hiddenUnits() * each;
        return new KernelSampling(engine).conditional(random, inputs, Seed.of(seed++), B);
    }
}
