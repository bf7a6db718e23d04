package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.BatchShape;
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
 * Normal numbers: the weights of B layers of M x M, drawn anew. They stay within the second-level cache.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class NormalsBenchmark extends EngineState {

    @Param("200")
    public int M;

    @Param("1")
    public int B;

    @Param({"F32", "F64"})
    public Precision precision;

    private NetworkBatch batch;
    private long seed;

    @Override
    protected void prepare() {
        batch = engine.allocate(new BatchShape(Architecture.of(M, M, 1), Activations.RELU, precision, B, 1));
    }

    @Override
    protected void release() {
        batch.close();
    }

    @Benchmark
    public void draw(Work work) {
        batch.initialize(new Initialization(2, 0.1), Seed.of(seed++), 0);
        double numbers = (double) B * batch.shape().architecture().parameterCount();
        work.items += numbers;
        work.flop += numbers * Operations.normal();
    }
}
