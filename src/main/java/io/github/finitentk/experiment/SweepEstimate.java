package io.github.finitentk.experiment;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

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
        List<List<Cell>> units = spec.quantity().units(cells).stream()
                .map(unit -> unit.stream().map(cells::get).toList())
                .toList();
        double[] seconds = units.stream().mapToDouble(spec.quantity()::seconds).toArray();
        // Fewer units than threads share all threads; else no run is shorter than its longest unit.
        double total = DoubleStream.of(seconds).sum() / threads;
        double longest =
                units.size() < threads ? 0 : DoubleStream.of(seconds).max().orElse(0);
        double bytes = units.stream()
                .map(spec.quantity()::bytes)
                .sorted(Comparator.reverseOrder())
                .limit(units.size() < threads ? 1 : threads)
                .mapToDouble(Double::doubleValue)
                .sum();
        return new SweepEstimate(cells.size(), units.size(), Math.max(total, longest), bytes);
    }
}
