package io.github.finitentk.benchmarks;

import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Precision;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
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
 * What this machine can do at most: multiply-adds on registers alone, twelve independent sums in vectors of the processor's width,
 * and the memory's bandwidth by {@code a = b + 3 c} over arrays of 64 MB, counted as the 24 bytes for each number that the program
 * moves.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class RooflineBenchmark {

    private static final int ROUNDS = 100_000;
    private static final int SUMS = 12;

    @Param({"1", "2"})
    public int threads;

    private WorkerPool workers;

    /** What the sums end with, so that nothing is left out. */
    private double[] results;

    @Setup
    public void open() {
        workers = WorkerPool.of(threads);
        results = new double[threads];
    }

    @TearDown
    public void close() {
        workers.close();
    }

    @State(Scope.Benchmark)
    public static class Kind {
        @Param({"F32", "F64"})
        public Precision precision;
    }

    /** For each thread three arrays beyond every cache. */
    @State(Scope.Benchmark)
    public static class Arrays {
        private double[][] a;
        private double[][] b;
        private double[][] c;

        @Setup
        public void fill(RooflineBenchmark roofline) {
            a = new double[roofline.threads][1 << 23];
            b = new double[roofline.threads][1 << 23];
            c = new double[roofline.threads][1 << 23];
        }
    }

    @Benchmark
    public double[] fma(Kind kind, Work work) {
        boolean single = kind.precision == Precision.F32;
        workers.forEach(threads, (index, slot) -> results[index] = single ? floats() : doubles());
        int lanes = single ? FloatVector.SPECIES_PREFERRED.length() : DoubleVector.SPECIES_PREFERRED.length();
        work.flop += 2.0 * lanes * SUMS * ROUNDS * threads;
        return results;
    }

    @Benchmark
    public void triad(Arrays arrays, Work work) {
        workers.forEach(threads, (index, slot) -> triad(arrays.a[index], arrays.b[index], arrays.c[index]));
        work.bytes += 24.0 * threads * arrays.a[0].length;
    }

    private static void triad(double[] a, double[] b, double[] c) {
        for (int i = 0; i < a.length; i++) {
            a[i] = b[i] + 3 * c[i];
        }
    }

    private static double floats() {
        FloatVector x = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0.5f);
        FloatVector y = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        FloatVector first = a.add(b).add(c).add(d).add(e).add(f);
        return first.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }

    private static double doubles() {
        DoubleVector x = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, 0.5);
        DoubleVector y = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, 1);
        DoubleVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        DoubleVector first = a.add(b).add(c).add(d).add(e).add(f);
        return first.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
