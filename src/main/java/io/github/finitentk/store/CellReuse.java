package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes over the results of cells that an earlier run has computed, except those that failed. A cell's result depends on
 * quantity, settings, seed and its own parameters only, so a run of the same software has nothing to add.
 */
final class CellReuse {

    private static final int COPIED_AT_ONCE = 1000;

    private CellReuse() {}

    /**
     * @return how many cells were taken over
     * @throws IllegalArgumentException with one sentence if the other run differs in anything that results depend on
     */
    static int of(RunReader other, RunFile run) {
        requireSame(other, run);
        List<Cell> cells = run.spec().cells();
        BitSet finished = run.finished();
        Map<Cell, Integer> missing = new HashMap<>();
        for (int index = finished.nextClearBit(0); index < cells.size(); index = finished.nextClearBit(index + 1)) {
            missing.put(cells.get(index), index);
        }
        int taken = 0;
        List<Integer> indices = new ArrayList<>();
        List<SweepRow> rows = new ArrayList<>();
        for (SweepRow row : other.rows()) {
            Integer index = row.status() == SweepRow.Status.FAILED ? null : missing.remove(row.cell());
            if (index != null) {
                indices.add(index);
                rows.add(row);
                taken++;
            }
            if (indices.size() == COPIED_AT_ONCE) {
                run.commit(indices, rows);
                indices.clear();
                rows.clear();
            }
        }
        run.commit(indices, rows);
        return taken;
    }

    private static void requireSame(RunReader other, RunFile run) {
        SweepSpec ours = run.spec();
        SweepSpec theirs = other.spec();
        if (ours.quantity().rowsPerCell() > 1) {
            throw new IllegalArgumentException(
                    "The results of " + other.path + " cannot be reused: cells do not tell its rows apart.");
        }
        new SweepSpec(ours.quantity(), theirs.grids(), ours.seed())
                .differenceFrom(theirs)
                .ifPresent(difference -> {
                    throw new IllegalArgumentException(
                            "The results of " + other.path + " cannot be reused: " + difference + ".");
                });
        for (String key : List.of(Manifest.VERSION, Manifest.BACKEND, Manifest.BACKEND_DESCRIPTION)) {
            String there = other.manifest().get(key);
            String here = run.manifest().get(key);
            if (here != null && !here.equals(there)) {
                throw new IllegalArgumentException("The results of " + other.path + " cannot be reused: its "
                        + key.replace('_', ' ') + " was \"" + there + "\", now it is \"" + here + "\".");
            }
        }
    }
}
