package io.github.finitentk.meanfield;

/**
 * The recursion of all pairs of one input with a run of others. Instances are confined to one thread; they own their
 * buffers, and the value of a pair depends neither on how pairs are grouped nor on the order of its inputs.
 */
interface PairRows {

    /** Fills row s of the block for the tile's columns from {@code from} on. */
    void row(int s, int from, InputTile tile, KernelBlock block);
}
