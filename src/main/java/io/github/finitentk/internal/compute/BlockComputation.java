package io.github.finitentk.internal.compute;

import java.util.List;

/**
 * A kernel, or a stack of kernels of one size that come from the same passes, which is computed block by block. Rows and columns are counted
 * in entries of the kernel.
 */
public interface BlockComputation {

    /** The lengths of the stack; none for one kernel. */
    int[] stack();

    int rows();

    int columns();

    /** Whether rows and columns belong to the same inputs: then blocks on and below the diagonal are all. */
    boolean symmetric();

    /** Blocks begin at multiples of this. */
    int step();

    /** The largest edge that blocks are computed with at full speed, a multiple of {@link #step}. */
    int edge();

    /**
     * The memory that a session takes, in bytes: on the heap if the backend keeps its numbers there.
     *
     * @param edge of its blocks
     * @param panels as for {@link #open}
     */
    double bytes(int edge, int panels);

    /**
     * All that the numbers depend on, one setting each, {@code name: value}: a computation may go on where another one with the same
     * settings has ended.
     */
    List<String> settings();

    /**
     * Begins.
     *
     * @param order the blocks that will be asked for
     * @param panels for how many bands of rows or columns, each as wide as a block, what belongs to their inputs may be kept, at least 2
     *     unless there is only one
     */
    Session open(List<BatchShape.Tile> order, int panels);

    /** Computes blocks, on the engine's threads. For one thread; closed by who opened it. */
    interface Session extends AutoCloseable {

        /**
         * @param block one of the order, each once and in turn; those on the diagonal of symmetric kernels come whole
         * @param targets take the block of each kernel of the stack, row after row
         */
        void compute(BatchShape.Tile block, double[][] targets);

        @Override
        void close();
    }

    /** The number of kernels in the stack. */
    default int kernels() {
        int kernels = 1;
        for (int length : stack()) {
            kernels = Math.multiplyExact(kernels, length);
        }
        return kernels;
    }
}
