package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
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
 * Regression with a kernel in memory, S training inputs and ten outputs: by its Cholesky factor (S^3 / 3 operations; the residual's product
 * is left out) and by conjugate gradients, which read the kernel in every iteration.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RegressionBenchmark extends EngineState {

    @Param("2000")
    public int S;

    private Kernel kernel;
    private Targets targets;

    // exp(-|x - y|^2) of points on a line, with a ridge: as kernels are, its eigenvalues fall fast.
    @Override
    protected void prepare() {
        double[] entries = new double[S * S];
        int[] labels = new int[S];
        for (int s = 0; s < S; s++) {
            labels[s] = s % 10;
            for (int r = 0; r < S; r++) {
                double distance = 10.0 * (s - r) / S;
                entries[s * S + r] = StrictMath.exp(-distance * distance);
            }
        }
        kernel = Kernel.of(S, S, entries);
        targets = Targets.oneHot(labels, 10);
    }

    @Benchmark
    public KernelSolution cholesky(Work work) {
        work.flop += 1.0 / 3 * S * S * S;
        return KernelSolver.of(kernel, engine).ridge(1e-3).cholesky(targets, Precision.F64);
    }

    @Benchmark
    public KernelSolution conjugateGradients(Work work) {
        KernelSolution solution = KernelSolver.of(kernel, engine).ridge(1e-3).conjugateGradients(targets);
        work.bytes += 8.0 * S * S * solution.iterations();
        work.flop += 20.0 * S * S * solution.iterations();
        return solution;
    }
}
