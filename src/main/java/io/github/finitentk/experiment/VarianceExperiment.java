package io.github.finitentk.experiment;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;

/** Computes {@link VarianceCell}s: many cells side by side, or one cell's draws spread over the threads. */
public final class VarianceExperiment {

    private final Backend backend;
    private final WorkerPool workers;
    private final long seed;
    private final int draws;
    private final Method method;

    /** @throws IllegalArgumentException if there are fewer than two draws */
    public VarianceExperiment(Backend backend, WorkerPool workers, long seed, int draws, Method method) {
        if (draws < 2) {
            throw new IllegalArgumentException("At least 2 draws are needed to estimate a ratio, not " + draws + ".");
        }
        this.backend = backend;
        this.workers = workers;
        this.seed = seed;
        this.draws = draws;
        this.method = method;
    }

    /** Computes one cell. */
    public VarianceRow run(VarianceCell cell) {
        long start = System.nanoTime();
        RatioEstimate estimate =
                new VarianceEstimator(backend, workers).estimate(cell.ensemble(), method, draws, cell.streamKey(seed));
        return new VarianceRow(cell, estimate.method().label(), estimate, (System.nanoTime() - start) / 1e9);
    }

    /**
     * Computes cells in parallel.
     *
     * @return one row per cell, in the order of the cells
     */
    public List<VarianceRow> run(List<VarianceCell> cells, Progress progress) {
        double total = cells.stream().mapToDouble(VarianceExperiment::cost).sum();
        // The dearest cells first, so that no thread is left alone with one at the end.
        int[] order = IntStream.range(0, cells.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -cost(cells.get(i))))
                .mapToInt(Integer::intValue)
                .toArray();
        VarianceRow[] rows = new VarianceRow[cells.size()];
        DoubleAdder done = new DoubleAdder();
        workers.forEach(order.length, (index, slot) -> {
            VarianceCell cell = cells.get(order[index]);
            rows[order[index]] = run(cell);
            done.add(cost(cell));
            progress.update(done.sum(), total, cell.toString());
        });
        return new ArrayList<>(List.of(rows));
    }

    private static double cost(VarianceCell cell) {
        return cell.ensemble().architecture().parameterCount();
    }
}
