package io.github.finitentk.spark;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.SweepRow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Commits each cell once, with the first result that comes. Whatever comes later for the same cell, from a speculative copy of a
 * task or another file, must be the same bit for bit. Not for use by several threads.
 */
final class FirstResults {

    private final CellStore store;
    private final BitSet finished;
    // By place in grid order; 8 bytes a cell instead of all rows.
    private final long[] fingerprints;

    /** @param cells all cells of the sweep */
    FirstResults(CellStore store, int cells) {
        this.store = store;
        finished = store.finished();
        fingerprints = new long[cells];
        int place = finished.nextSetBit(0);
        for (SweepRow row : store.rows()) {
            fingerprints[place] = ResultRows.fingerprint(row);
            place = finished.nextSetBit(place + 1);
        }
    }

    /** The cells that are finished; not to be modified. */
    BitSet finished() {
        return finished;
    }

    /** Whether this is the result of a cell, bit for bit. */
    boolean holds(int place, SweepRow row) {
        return finished.get(place) && fingerprints[place] == ResultRows.fingerprint(row);
    }

    /**
     * Commits those that are the first of their cells.
     *
     * @param places in grid order
     * @param rows one for each of them
     * @return the places that were committed
     * @throws CellStore.StoreException if a cell has another result already, or results cannot be kept
     */
    BitSet commit(List<Integer> places, List<SweepRow> rows) {
        BitSet committed = new BitSet();
        List<Integer> newPlaces = new ArrayList<>();
        List<SweepRow> newRows = new ArrayList<>();
        for (int k = 0; k < places.size(); k++) {
            int place = places.get(k);
            long fingerprint = ResultRows.fingerprint(rows.get(k));
            if (!finished.get(place)) {
                committed.set(place);
                finished.set(place);
                fingerprints[place] = fingerprint;
                newPlaces.add(place);
                newRows.add(rows.get(k));
            } else if (fingerprints[place] != fingerprint) {
                throw new CellStore.StoreException("The cell " + rows.get(k).cell()
                        + " has two results that are not the same bit for bit; the later one is " + rows.get(k) + ".");
            }
        }
        if (!newPlaces.isEmpty()) {
            store.commit(newPlaces, newRows);
        }
        return committed;
    }
}
