package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.KernelBlocks;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
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
 * An activation and its derivative, as a layer of M neurons at S inputs that has one number for its input: nearly all else but them is
 * left out. Counted in numbers, which stay within the second-level cache.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ActivationBenchmark extends EngineState {

    @Param("256")
    public int M;

    @Param("64")
    public int S;

    @Param({"relu", "tanh", "erf", "gelu", "sin", "sigmoid", "softplus", "silu"})
    public String activation;

    @Param({"F32", "F64"})
    public Precision precision;

    private NetworkBatch batch;

    @Override
    protected void prepare() {
        BatchShape shape = new BatchShape(
                Architecture.of(1, M, 2), Activations.parse(activation), precision, 1, S, new KernelBlocks(1, false, 0));
        batch = engine.allocate(shape);
        batch.setInputs(Inputs.onSphere(S, 1, Seed.of(1)).toArray());
        batch.initialize(new Initialization(2, 0.1), Seed.of(1), 0);
    }

    @Override
    protected void release() {
        batch.close();
    }

    @Benchmark
    public void layer(Work work) {
        batch.forward();
        double numbers = (double) M * S;
        work.items += numbers;
        // The two layers' multiply-adds, 1 in and 2 out, are work of their own.
        work.flop += numbers * (Operations.activation(activation, precision) + 6);
    }
}
