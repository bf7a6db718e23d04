package io.github.finitentk.benchmarks;

import io.github.finitentk.internal.compute.PackedCholesky;
import io.github.finitentk.model.Precision;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The packed Cholesky factorisation of a diagonally dominant matrix of S x S, copied into place before each: S^3 / 3 operations.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class CholeskyBenchmark extends EngineState {

    @Param("3000")
    public int S;

    @Param({"F32", "F64"})
    public Precision precision;

    private PackedCholesky cholesky;
    private double[][] blocks;

    @Override
    protected void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        blocks = new double[(S - 1) / PackedCholesky.EDGE + 1][];
        for (int block = 0; block < blocks.length; block++) {
            int row = block * PackedCholesky.EDGE;
            int columns = Math.min(S, row + PackedCholesky.EDGE);
            blocks[block] = random.doubles((long) (columns - row) * columns, -0.5, 0.5).toArray();
            for (int i = row; i < columns; i++) {
                blocks[block][(i - row) * columns + i] = 4 * Math.sqrt(S);
            }
        }
    }

    @Setup(Level.Invocation)
    public void fill() {
        cholesky = new PackedCholesky(S, precision, 0, engine);
        for (int block = 0; block < blocks.length; block++) {
            int row = block * PackedCholesky.EDGE;
            int columns = Math.min(S, row + PackedCholesky.EDGE);
            cholesky.write(row, columns - row, 0, columns, blocks[block]);
        }
    }

    @Benchmark
    public void factor(Work work) {
        cholesky.factor(share -> {});
        work.flop += 1.0 / 3 * S * S * S;
    }

    @TearDown(Level.Invocation)
    public void free() {
        cholesky.close();
    }
}
