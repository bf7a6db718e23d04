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
     * @throws CellStore.StoreException if that fails; what was saved before is safe
     */
    void commit(List<Integer> unit, List<SweepRow> rows);

    /** The last checkpoint of a unit of exactly these cells. */
    Optional<byte[]> checkpoint(List<Integer> unit);

    /**
     * Saves a checkpoint in place of the last one.
     *
     * @throws CellStore.StoreException if that fails
     */
    void checkpoint(List<Integer> unit, byte[] state);

    /** The finished cells in grid order. */
    Iterable<SweepRow> rows();

    /** Keeps rows in memory, for applications that need no run file. Safe for use by several threads. */
    static CellStore inMemory() {
        return new MemoryStore();
    }

    /** Results cannot be kept: the one problem that ends a sweep. The message is one sentence. */
    class StoreException extends RuntimeException {

        /** @param message one sentence */
        public StoreException(String message) {
            super(message);
        }
    }
}
