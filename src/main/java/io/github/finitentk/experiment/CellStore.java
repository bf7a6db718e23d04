package io.github.finitentk.experiment;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Where a sweep keeps its results; implementations save for good before they return. Called from worker threads, several at
 * once. Cells go by their place in grid order.
 */
public interface CellStore {

    /** The cells that are finished. A new set. */
    BitSet finished();

    /**
     * Saves the rows of a unit and drops its checkpoint.
     *
     * @throws CellStoreException if that fails; what was saved before is safe
     */
    void commit(List<Integer> unit, List<SweepRow> rows);

    /** The last checkpoint of a unit of exactly these cells. */
    Optional<byte[]> checkpoint(List<Integer> unit);

    /**
     * Saves a checkpoint in place of the last one.
     *
     * @throws CellStoreException if that fails
     */
    void checkpoint(List<Integer> unit, byte[] state);
}
