package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.Engine;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The S x S kernel of one network, forward and backward pass included: M = 256, L = 20, S = 128, ReLU. {@code gemm} is
 * the yardstick: the same backend multiplying through one layer of a 2048-wide network, forward pass only, where nearly
 * all time is matrix product; {@link #FLOPS} and {@link #GEMM_FLOPS} turn both into rates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class GramBenchmark {

    private static final int WIDTH = 256;
    private static final int DEPTH = 20;
    private static final int INPUTS = 128;

    /** Forward and backward: 2 S M^2 for each weight matrix but the last and first; Gram: S^2 M for each of 2 L - 1. */
    static final double FLOPS = 2.0 * INPUTS * WIDTH * WIDTH * ((DEPTH - 1) + (DEPTH - 2))
            + (double) INPUTS * INPUTS * WIDTH * (2 * DEPTH - 1);

    static final double GEMM_FLOPS = 2.0 * 2048 * 2048 * 2048;

    @Param({"native", "java"})
    public String backend;

    @Param({"F32", "F64"})
    public Precision precision;

    @Param({"1", "2"})
    public int threads;

    private Engine engine;
    private NetworkBatch batch;
    private NetworkBatch wide;

    @Setup
    public void setUp() {
        Backend chosen = backend.equals("native") ? Backend.nativeCore() : Backend.pureJava();
        engine = Engine.of(chosen, threads);
        batch = allocate(Architecture.constant(WIDTH, WIDTH, DEPTH), INPUTS);
        wide = allocate(Architecture.of(2048, 2048, 1), 2048);
    }

    private NetworkBatch allocate(Architecture architecture, int inputs) {
        NetworkBatch allocated =
                engine.allocate(new BatchShape(architecture, Activations.RELU, precision, 1, inputs));
        double[] x = new double[inputs * architecture.inputDim()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i * 37L % 101 - 50) / 30.0;
        }
        allocated.setInputs(x);
        allocated.initialize(new Initialization(2, 0.1), Seed.of(1), 0);
        return allocated;
    }

    @Benchmark
    public double ntk() {
        batch.forward();
        batch.backward();
        batch.computeNtk();
        return FLOPS;
    }

    @Benchmark
    public double gemm() {
        wide.forward();
        return GEMM_FLOPS;
    }

    @TearDown
    public void tearDown() {
        batch.close();
        wide.close();
        engine.close();
    }
}
