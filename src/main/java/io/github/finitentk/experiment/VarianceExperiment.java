package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimator;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes {@link VarianceCell}s. A cell's result depends on the seed, the method and its own parameters, never on its
 * company.
 */
public final class VarianceExperiment {

    private final VarianceEstimator estimator;
    private final Seed seed;
    private final Method method;
    private final int draws;

    public VarianceExperiment(Engine engine, Seed seed, Method method, int draws) {
        this.estimator = new VarianceEstimator(engine);
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
        RatioEstimate estimate = estimator.estimate(cell.ensemble(), method, draws, seed(cell));
        return new VarianceRow(cell, estimate, (System.nanoTime() - start) / 1e9);
    }

    /**
     * Computes cells that differ in depth only; one forward pass serves them all where the method allows it.
     *
     * @return one row per cell, in the order of the cells
     * @throws IllegalArgumentException as {@link #run(VarianceCell)}
     */
    public List<VarianceRow> run(List<VarianceCell> column) {
        if (!method.sharesForwardPasses()) {
            return column.stream().map(this::run).toList();
        }
        long start = System.nanoTime();
        int[] depths = column.stream().mapToInt(VarianceCell::depth).toArray();
        VarianceCell deepest = column.stream()
                .max(Comparator.comparingInt(VarianceCell::depth))
                .orElseThrow();
        RatioEstimate[] estimates = estimator.estimateDepths(deepest.ensemble(), depths, method, draws, seed(deepest));
        double seconds = (System.nanoTime() - start) / 1e9 / depths.length;
        return IntStream.range(0, depths.length)
                .mapToObj(k -> new VarianceRow(column.get(k), estimates[k], seconds))
                .toList();
    }

    private Seed seed(VarianceCell cell) {
        return method.sharesForwardPasses() ? cell.columnSeed(seed) : cell.streamSeed(seed);
    }
}
