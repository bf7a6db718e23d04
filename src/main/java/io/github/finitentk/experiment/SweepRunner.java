package io.github.finitentk.experiment;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.WorkerPool;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.BooleanSupplier;

/**
 * Computes the cells of a sweep that are not finished yet. Cells that differ in depth only are one unit of work (one
 * forward pass serves them all) and are committed together when they end; units are ordered so that early results cover
 * the grid. A cell that fails is recorded and never stops the rest.
 */
public final class SweepRunner {

    private final SweepSpec spec;
    private final Backend backend;
    private final WorkerPool workers;

    public SweepRunner(SweepSpec spec, Backend backend, WorkerPool workers) {
        this.spec = spec;
        this.backend = backend;
        this.workers = workers;
    }

    /**
     * @param stop asked before each unit; once it says true, no further unit is started and those under way are finished
     * @return whether all cells are finished
     */
    public boolean run(CellStore store, Progress progress, BooleanSupplier stop) {
        List<VarianceCell> cells = spec.cells();
        BitSet finished = store.finished();
        List<List<Integer>> units = coarseToFine(units(cells));
        double total = units.stream().mapToDouble(unit -> cost(cells, unit)).sum();
        DoubleAdder done = new DoubleAdder();
        workers.forEach(units.size(), (index, slot) -> {
            List<Integer> unit = units.get(index);
            List<Integer> missing = unit.stream().filter(i -> !finished.get(i)).toList();
            if (!missing.isEmpty()) {
                if (stop.getAsBoolean()) {
                    return;
                }
                store.commit(compute(cells, missing));
            }
            done.add(cost(cells, unit));
            progress.update(done.sum(), total, cells.get(unit.get(0)).column());
        });
        return store.finished().cardinality() == cells.size();
    }

    private List<CellResult> compute(List<VarianceCell> cells, List<Integer> unit) {
        List<CellResult> results = new ArrayList<>();
        VarianceExperiment experiment =
                new VarianceExperiment(backend, workers, spec.seed(), spec.method(), spec.draws());
        try {
            List<VarianceRow> rows =
                    experiment.run(unit.stream().map(cells::get).toList(), Progress.NONE);
            for (int k = 0; k < rows.size(); k++) {
                results.add(CellResult.of(unit.get(k), rows.get(k)));
            }
        } catch (RuntimeException | OutOfMemoryError problem) {
            results.clear();
            for (int i : unit) {
                results.add(CellResult.failed(i, problem));
            }
        }
        return results;
    }

    private static List<List<Integer>> units(List<VarianceCell> cells) {
        Map<String, List<Integer>> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            byColumn.computeIfAbsent(cells.get(i).column(), column -> new ArrayList<>())
                    .add(i);
        }
        return new ArrayList<>(byColumn.values());
    }

    // The order of bit-reversed numbers: 0, 1/2, 1/4, 3/4, ... of the list.
    private static <T> List<T> coarseToFine(List<T> list) {
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, list.size() - 1));
        List<T> ordered = new ArrayList<>(list.size());
        for (long k = 0; k < 1L << bits; k++) {
            int reversed = bits == 0 ? 0 : Integer.reverse((int) k) >>> (32 - bits);
            if (reversed < list.size()) {
                ordered.add(list.get(reversed));
            }
        }
        return ordered;
    }

    private static double cost(List<VarianceCell> cells, List<Integer> unit) {
        return unit.stream()
                .mapToDouble(i -> (double) cells.get(i).depth() * cells.get(i).width())
                .max()
                .orElse(0);
    }
}
