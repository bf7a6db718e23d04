package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Takes over the results of cells that an earlier run has computed, except those that failed. A cell's result depends on
 * quantity, settings, seed and its own parameters only, so a run of the same software has nothing to add.
 */
final class CellReuse {

    private static final int COPIED_AT_ONCE = 1000;

    private CellReuse() {}

    /**
     * @param wanted the cells that the run is about, by their place in grid order
     * @return how many cells were taken over
     * @throws IllegalArgumentException with one sentence if the other run differs in anything that results depend on
     */
    static int of(RunReader other, RunFile run, BitSet wanted, Backend backend) {
        requireSame(other, run, backend);
        List<Cell> cells = run.spec().cells();
        BitSet left = (BitSet) wanted.clone();
        left.andNot(run.finished());
        Map<Cell, Integer> missing = new HashMap<>();
        left.stream().forEach(index -> missing.put(cells.get(index), index));
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

    private static void requireSame(RunReader other, RunFile run, Backend backend) {
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
        String there = other.manifest().get(Manifest.VERSION);
        String here = run.manifest().get(Manifest.VERSION);
        if (!Objects.equals(there, here)) {
            throw new IllegalArgumentException("The results of " + other.path + " cannot be reused: its version was \""
                    + there + "\", now it is \"" + here + "\".");
        }
        Manifest.obstacle(other.manifest(), Manifest.of(ours, Shard.WHOLE, backend))
                .ifPresent(reason -> {
                    throw new IllegalArgumentException("The results of " + other.path + " cannot be reused: it is of "
                            + Manifest.begunBy(other.manifest()) + ", and their last digits depend on the processor: "
                            + reason
                            + ".");
                });
    }
}
