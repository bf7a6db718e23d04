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
 * The passes that lead to a kernel, each by itself, for B ReLU networks at S inputs. With two outputs, so that the derivatives are kept
 * beside the deltas and a backward pass can be repeated; it goes in one direction.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PassesBenchmark extends EngineState {

    @Param("256")
    public int M;

    @Param("20")
    public int L;

    @Param("128")
    public int S;

    @Param("1")
    public int B;

    @Param({"F32", "F64"})
    public Precision precision;

    private Architecture architecture;
    private NetworkBatch batch;

    @Override
    protected void prepare() {
        architecture = Architecture.constant(M, M, L).withOutputs(2);
        batch = engine.allocate(
                new BatchShape(architecture, Activations.RELU, precision, B, S, new KernelBlocks(1, false, 0)));
        batch.setInputs(Inputs.onSphere(S, M, Seed.of(1)).toArray());
        batch.initialize(new Initialization(2, 0.1), Seed.of(1), 0);
        batch.forward();
        batch.backward(new double[] {1, 0});
    }

    @Override
    protected void release() {
        batch.close();
    }

    @Benchmark
    public void forward(Work work) {
        batch.forward();
        work.flop += B * Operations.forward(architecture, S);
    }

    @Benchmark
    public void backward(Work work) {
        batch.backward(new double[] {1, 0});
        work.flop += B * Operations.backward(architecture, S);
    }

    @Benchmark
    public void gram(Work work) {
        batch.computeNtk();
        work.flop += B * Operations.gram(architecture, S);
    }
}
