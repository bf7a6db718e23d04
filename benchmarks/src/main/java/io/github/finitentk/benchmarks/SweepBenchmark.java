package io.github.finitentk.benchmarks;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import java.util.List;
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
 * A sweep of {@link #CELLS} cells kept in memory, for what a cell costs beside its computation: {@code -prof gc} shows what it leaves to the
 * collector. Counted in cells.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class SweepBenchmark extends EngineState {

    /** So many cells, each of another sigma_w^2. */
    public static final int CELLS = 64;

    @Param({
        "variance chain", "variance rao-blackwell", "variance smc", "variance weights", "variance exact",
        "variance leading-order", "theory", "kernel_change"
    })
    public String sweep;

    @Param("50")
    public int M;

    @Param("10")
    public int L;

    /** Draws of a cell, or inputs. */
    @Param("16")
    public int S;

    private SweepSpec spec;

    @Override
    protected void prepare() {
        String[] words = sweep.split(" ");
        SweepSpec.Builder builder = SweepSpec.builder(words[0])
                .activations(sweep.endsWith("exact") ? Activations.RELU : Activations.TANH)
                .sigmaW2(Grid.range(1, 1 + (CELLS - 1) / 64.0, 1 / 64.0))
                .sigmaB2(1)
                .depths(L)
                .widths(M);
        if (words.length > 1) {
            builder.set("method", words[1]).set("draws", S);
        }
        if (sweep.equals("kernel_change")) {
            builder.set("samples", S)
                    .set("max_steps", 20)
                    .set("initializations", 1)
                    .set("snapshots", List.of(10))
                    .set("integrator", "gd")
                    .set("learning_rate", 1e-3);
        }
        spec = builder.build();
    }

    @Benchmark
    public CellStore cells(Work work) {
        CellStore store = CellStore.inMemory();
        spec.compute(store, engine, Progress.NONE, () -> false);
        work.items += CELLS;
        return store;
    }
}
