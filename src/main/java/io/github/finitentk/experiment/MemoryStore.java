package io.github.finitentk.experiment;

import io.github.finitentk.internal.compute.Engine;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps results in memory: for applications that need no run file. Safe for use by several threads. */
public final class MemoryStore implements CellStore {

    private final Map<Integer, CellResult> results = new TreeMap<>();
    private final Map<List<Integer>, byte[]> checkpoints = new HashMap<>();

    /** With no cell in it. */
    public MemoryStore() {}

    /** Computes a sweep and returns its rows in grid order. */
    public static List<SweepRow> compute(SweepSpec spec, Engine engine) {
        MemoryStore store = new MemoryStore();
        new SweepRunner(spec, engine).run(store, Progress.NONE, () -> false);
        return store.rows(spec);
    }

    /** The finished cells of a sweep in grid order. */
    public synchronized List<SweepRow> rows(SweepSpec spec) {
        List<Cell> cells = spec.cells();
        List<Column> columns = spec.quantity().columns();
        return results.entrySet().stream()
                .map(entry -> new SweepRow(cells.get(entry.getKey()), entry.getValue(), columns))
                .toList();
    }

    @Override
    public synchronized BitSet finished() {
        BitSet finished = new BitSet();
        results.keySet().forEach(finished::set);
        return finished;
    }

    @Override
    public synchronized void commit(List<Integer> unit, List<CellResult> unitResults) {
        for (int k = 0; k < unit.size(); k++) {
            results.put(unit.get(k), unitResults.get(k));
        }
        checkpoints.remove(unit);
    }

    @Override
    public synchronized Optional<byte[]> checkpoint(List<Integer> unit) {
        return Optional.ofNullable(checkpoints.get(unit)).map(byte[]::clone);
    }

    @Override
    public synchronized void checkpoint(List<Integer> unit, byte[] state) {
        checkpoints.put(List.copyOf(unit), state.clone());
    }
}
