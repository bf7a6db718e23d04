package io.github.finitentk.meanfield;

/**
 * The recursion of all pairs of one input with the inputs after it. Instances are confined to one thread; they own their
 * buffers, and the value of a pair does not depend on how pairs are grouped.
 */
interface PairRows {

    /** Fills row s of the three matrices right of the diagonal. */
    void row(int s);

    /** Pairs per block: all buffers of a block stay in the first-level cache. */
    int BLOCK = 256;
}
