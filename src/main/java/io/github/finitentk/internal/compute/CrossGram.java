package io.github.finitentk.internal.compute;

/** What a backend computes tiles of the kernel between two batches with: {@link NetworkBatch#crossKernel}. */
public interface CrossGram extends AutoCloseable {

    /** Takes what a thread has computed. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param tile rows are inputs of the one batch, columns of the other
         * @param blocks block (d, e) after block (d, e - 1), each row after row; of diagonal blocks alone (d, d) after (d - 1, d - 1). Valid
         *     during the call
         */
        void take(BatchShape.Tile tile, double[] blocks);
    }

    /**
     * One tile of all blocks.
     *
     * @param slot of the thread
     */
    void tile(BatchShape.Tile tile, double[] blocks, int slot);

    @Override
    void close();
}
