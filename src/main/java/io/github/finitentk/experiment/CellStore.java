package io.github.finitentk.experiment;

import java.util.BitSet;
import java.util.List;

/** Where a sweep keeps its results; implementations commit before they return. */
public interface CellStore {

    /** The cells that are finished, by their place in grid order. A new set. */
    BitSet finished();

    /** Saves results for good. Called from worker threads, several at once. */
    void commit(List<CellResult> results);
}
