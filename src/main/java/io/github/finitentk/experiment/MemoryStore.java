package io.github.finitentk.experiment;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps results in memory: for applications that need no run file. Safe for use by several threads. */
final class MemoryStore implements CellStore {

    private final Map<Integer, SweepRow> rows = new TreeMap<>();
    private final Map<List<Integer>, byte[]> checkpoints = new HashMap<>();

    @Override
    public synchronized List<SweepRow> rows() {
        return List.copyOf(rows.values());
    }

    @Override
    public synchronized BitSet finished() {
        BitSet finished = new BitSet();
        rows.keySet().forEach(finished::set);
        return finished;
    }

    @Override
    public synchronized void commit(List<Integer> unit, List<SweepRow> unitRows) {
        for (int k = 0; k < unit.size(); k++) {
            rows.put(unit.get(k), unitRows.get(k));
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
