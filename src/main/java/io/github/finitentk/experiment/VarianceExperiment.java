package io.github.finitentk.experiment;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * Computes {@link VarianceCell}s. Cells that differ in depth only are computed together, since one forward pass serves
 * them all; such columns run side by side. A cell's result depends on the seed, the method and its own parameters, never
 * on its company.
 */
public final class VarianceExperiment {

    private final VarianceEstimator estimator;
    private final WorkerPool workers;
    private final long seed;
    private final Method method;
    private final int draws;

    public VarianceExperiment(Backend backend, WorkerPool workers, long seed, Method method, int draws) {
        this.estimator = new VarianceEstimator(backend, workers);
        this.workers = workers;
        this.seed = seed;
        this.method = method;
        this.draws = draws;
    }

    /**
     * Computes one cell, its draws spread over the threads.
     *
     * @throws IllegalArgumentException if the method does not apply to the cell, or there are fewer than two draws
     */
    public VarianceRow run(VarianceCell cell) {
        long start = System.nanoTime();
        RatioEstimate estimate = estimator.estimate(cell.ensemble(), method, draws, key(cell));
        return new VarianceRow(cell, estimate, (System.nanoTime() - start) / 1e9);
    }

    /**
     * Computes cells, columns in parallel.
     *
     * @return one row per cell, in the order of the cells
     * @throws IllegalArgumentException as {@link #run(VarianceCell)}
     */
    public List<VarianceRow> run(List<VarianceCell> cells, Progress progress) {
        Map<String, List<Integer>> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            byColumn.computeIfAbsent(cells.get(i).column(), column -> new ArrayList<>())
                    .add(i);
        }
        // The dearest first, so that no thread is left alone with one at the end.
        List<List<Integer>> columns = new ArrayList<>(byColumn.values());
        columns.sort(Comparator.comparingDouble(column -> -cost(cells, column)));
        double total =
                columns.stream().mapToDouble(column -> cost(cells, column)).sum();
        VarianceRow[] rows = new VarianceRow[cells.size()];
        DoubleAdder done = new DoubleAdder();
        workers.forEach(columns.size(), (index, slot) -> {
            List<Integer> column = columns.get(index);
            runColumn(cells, column, rows);
            done.add(cost(cells, column));
            progress.update(done.sum(), total, cells.get(column.get(0)).column());
        });
        return List.of(rows);
    }

    private void runColumn(List<VarianceCell> cells, List<Integer> column, VarianceRow[] rows) {
        if (!method.sharesForwardPasses()) {
            for (int i : column) {
                rows[i] = run(cells.get(i));
            }
            return;
        }
        long start = System.nanoTime();
        int[] depths = column.stream().mapToInt(i -> cells.get(i).depth()).toArray();
        VarianceCell deepest = cells.get(column.stream()
                .max(Comparator.comparingInt(i -> cells.get(i).depth()))
                .orElseThrow());
        RatioEstimate[] estimates = estimator.estimateDepths(deepest.ensemble(), depths, method, draws, key(deepest));
        double seconds = (System.nanoTime() - start) / 1e9 / depths.length;
        for (int k = 0; k < depths.length; k++) {
            rows[column.get(k)] = new VarianceRow(cells.get(column.get(k)), estimates[k], seconds);
        }
    }

    private long key(VarianceCell cell) {
        return method.sharesForwardPasses() ? cell.columnKey(seed) : cell.streamKey(seed);
    }

    private static double cost(List<VarianceCell> cells, List<Integer> column) {
        return column.stream()
                .mapToDouble(i -> (double) cells.get(i).depth() * cells.get(i).width())
                .max()
                .orElse(0);
    }
}
