package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.Spectrum;
import io.github.finitentk.kernel.SpectrumEstimate;
import io.github.finitentk.kernel.SpectrumEvaluation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
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
 * All eigenvalues and eigenvectors of a kernel of S inputs ({@code dense}: LAPACK, EJML in Java; at least 10/3 S^3 operations), and the ten
 * largest without forming it: products with J and its transpose.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class SpectrumBenchmark extends EngineState {

    @Param("128")
    public int M;

    @Param("5")
    public int L;

    @Param("512")
    public int S;

    private Network network;
    private Inputs inputs;
    private Kernel kernel;

    @Override
    protected void prepare() {
        network = new RandomNetwork(Architecture.constant(M, M, L), Activations.TANH, new Initialization(2, 0.1))
                .sample(Seed.of(1));
        inputs = Inputs.onSphere(S, M, Seed.of(1));
        kernel = new KernelEvaluation(network, inputs, engine).evaluate().theta();
    }

    @Benchmark
    public Spectrum dense(Work work) {
        work.flop += 10.0 / 3 * S * S * S;
        return Spectrum.of(kernel, engine);
    }

    @Benchmark
    public SpectrumEstimate matrixFree(Work work) {
        SpectrumEstimate estimate = new SpectrumEvaluation(network, inputs, engine)
                .method(SpectrumEstimate.Method.LANCZOS)
                .evaluate();
        Architecture widths = network.architecture();
        work.flop += Operations.forward(widths, S)
                + Operations.backward(widths, S)
                + 4.0 * estimate.products() * S * widths.parameterCount();
        return estimate;
    }
}
