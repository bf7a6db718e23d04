package io.github.finitentk.experiment;

import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What a sweep will take, roughly: estimates from the quantity, before anything runs.
 *
 * @param cells how many
 * @param units groups of cells that are computed together
 * @param seconds on the given number of threads
 * @param bytes of memory at the largest
 */
public record SweepEstimate(int cells, int units, double seconds, double bytes) {

    /** For a number of threads that work at once. */
    public static SweepEstimate of(SweepSpec spec, int threads) {
        List<Cell> cells = spec.cells();
        List<List<Integer>> units = spec.quantity().units(cells);
        int together = units.size() < threads ? 1 : threads;
        DoubleSummaryStatistics seconds = new DoubleSummaryStatistics();
        PriorityQueue<Double> largest = new PriorityQueue<>();
        for (List<Integer> indices : units) {
            List<Cell> unit = indices.stream().map(cells::get).toList();
            seconds.accept(spec.quantity().seconds(unit));
            largest.add(spec.quantity().bytes(unit));
            if (largest.size() > together) {
                largest.remove();
            }
        }
        // Fewer units than threads share all threads; else no run is shorter than its longest unit.
        double longest = units.size() < threads ? 0 : seconds.getMax();
        double bytes = largest.stream()
                .sorted(Comparator.reverseOrder())
                .mapToDouble(Double::doubleValue)
                .sum();
        return new SweepEstimate(cells.size(), units.size(), Math.max(seconds.getSum() / threads, longest), bytes);
    }
}
