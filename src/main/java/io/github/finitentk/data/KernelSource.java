package io.github.finitentk.data;

/**
 * A kernel matrix {@code K(x_s, y_r)} that is read block by block, wherever its entries lie: {@link Kernel} in memory, {@link StoredKernel} in
 * a file that may be larger than memory. Any number of threads may read at once.
 */
public interface KernelSource {

    /** The number of rows, at least 1. */
    int rows();

    /** The number of columns, at least 1. */
    int columns();

    /**
     * Copies the entries in rows {@code fromRow, ..., toRow - 1} and columns {@code fromColumn, ..., toColumn - 1} to the beginning of
     * {@code target}, row after row without gaps; the rest of it stays.
     *
     * @throws IndexOutOfBoundsException if that is not at least one entry of this kernel, or more than {@code target} holds
     * @throws DataFormatException if an entry is read from a file and is not finite, or the file cannot be read
     */
    void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target);

    /**
     * The same entries as a kernel of their own.
     *
     * @throws IllegalArgumentException if they are more than an array holds
     * @throws IndexOutOfBoundsException as {@link #read}
     */
    default Kernel block(int fromRow, int toRow, int fromColumn, int toColumn) {
        requireBlock(this, fromRow, toRow, fromColumn, toColumn);
        long entries = (long) (toRow - fromRow) * (toColumn - fromColumn);
        if (entries > NpyArray.MAX_ELEMENTS) {
            throw new IllegalArgumentException("A block of " + (toRow - fromRow) + " x " + (toColumn - fromColumn)
                    + " entries of a kernel has more than the " + NpyArray.MAX_ELEMENTS + " that one array can hold.");
        }
        double[] block = new double[(int) entries];
        read(fromRow, toRow, fromColumn, toColumn, block);
        return Kernel.wrap(toRow - fromRow, toColumn - fromColumn, block);
    }

    /**
     * The entries in rows {@code fromRow, ..., toRow - 1} and columns {@code fromColumn, ..., toColumn - 1} as a kernel of their own, which is
     * read from this one when it is read.
     *
     * @throws IndexOutOfBoundsException if that is not at least one entry of this kernel
     */
    default KernelSource part(int fromRow, int toRow, int fromColumn, int toColumn) {
        requireBlock(this, fromRow, toRow, fromColumn, toColumn);
        KernelSource whole = this;
        return new KernelSource() {
            @Override
            public int rows() {
                return toRow - fromRow;
            }

            @Override
            public int columns() {
                return toColumn - fromColumn;
            }

            @Override
            public void read(int firstRow, int endRow, int firstColumn, int endColumn, double[] target) {
                requireBlock(this, firstRow, endRow, firstColumn, endColumn);
                whole.read(
                        fromRow + firstRow, fromRow + endRow, fromColumn + firstColumn, fromColumn + endColumn, target);
            }
        };
    }

    /**
     * For those who implement this.
     *
     * @throws IndexOutOfBoundsException if these rows and columns are not at least one entry of the kernel
     */
    static void requireBlock(KernelSource kernel, int fromRow, int toRow, int fromColumn, int toColumn) {
        if (fromRow < 0
                || fromRow >= toRow
                || toRow > kernel.rows()
                || fromColumn < 0
                || fromColumn >= toColumn
                || toColumn > kernel.columns()) {
            throw new IndexOutOfBoundsException("Rows " + fromRow + " to " + (toRow - 1) + " and columns " + fromColumn
                    + " to " + (toColumn - 1) + " are no part of a kernel of " + kernel.rows() + " x "
                    + kernel.columns() + " entries (counted from 0).");
        }
    }
}
