package io.github.finitentk.benchmarks;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The packed Cholesky factorisation of a random diagonally dominant matrix: n^3 / 3 floating-point operations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(1)
public class CholeskyBenchmark {

    @Param({"4000", "8000"})
    public int n;

    @Param({"native"})
    public String backend;

    @Param({"F64", "F32"})
    public Precision precision;

    @Param({"1", "2"})
    public int threads;

    private Engine engine;
    private PackedCholesky cholesky;

    @Setup
    public void setUp() {
        engine = Engine.of(backend.equals("native") ? Backend.nativeCore() : Backend.pureJava(), threads);
    }

    @Setup(Level.Invocation)
    public void fill() {
        cholesky = new PackedCholesky(n, precision, 0, engine);
        SplittableRandom random = new SplittableRandom(1);
        for (int row = 0; row < n; row += PackedCholesky.EDGE) {
            int rows = Math.min(PackedCholesky.EDGE, n - row);
            int columns = row + rows;
            double[] block = random.doubles((long) rows * columns, -0.5, 0.5).toArray();
            for (int i = 0; i < rows; i++) {
                block[i * columns + row + i] = 4 * Math.sqrt(n);
            }
            cholesky.write(row, rows, 0, columns, block);
        }
    }

    @Benchmark
    public void factor() {
        cholesky.factor(share -> {});
    }

    @TearDown(Level.Invocation)
    public void free() {
        cholesky.close();
    }

    @TearDown
    public void tearDown() {
        engine.close();
    }
}
