package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
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
 * The kernel of one given ReLU network at S inputs as an application asks for it, all memory and copies included.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KernelBenchmark extends EngineState {

    @Param("256")
    public int M;

    @Param("20")
    public int L;

    @Param("128")
    public int S;

    @Param({"F32", "F64"})
    public Precision precision;

    private Network network;
    private Inputs inputs;

    @Override
    protected void prepare() {
        network = new RandomNetwork(Architecture.constant(M, M, L), Activations.RELU, new Initialization(2, 0.1))
                .sample(Seed.of(1));
        inputs = Inputs.onSphere(S, M, Seed.of(1));
    }

    @Benchmark
    public EmpiricalNtk kernel(Work work) {
        Architecture widths = network.architecture();
        work.flop += Operations.forward(widths, S) + Operations.backward(widths, S) + Operations.gram(widths, S);
        return new KernelEvaluation(network, inputs, engine).precision(precision).evaluate();
    }
}
