package io.github.finitentk.internal.compute;

/**
 * Which blocks of a kernel a {@link NetworkBatch} computes. Deltas start from directions {@code v_d} in the space of outputs; block
 * (d, e) holds {@code sum_kj v_dk Theta_{(s,k),(r,j)} v_ej} for inputs s (rows) and r (columns).
 *
 * @param directions {@code D >= 1}, how many are kept at once
 * @param pairs whether there is a block for every (d, e), number {@code d D + e}, or for every (d, d) only, number d
 * @param columns 0 for kernels of all inputs with themselves; else how many of the last inputs are columns, the others being rows
 */
public record KernelBlocks(int directions, boolean pairs, int columns) {

    /** One kernel of all inputs: that of a network with one output. */
    public static final KernelBlocks ONE = new KernelBlocks(1, false, 0);

    /** @throws IllegalArgumentException if there is no direction, or a negative number of columns */
    public KernelBlocks {
        if (directions < 1 || columns < 0) {
            throw new IllegalArgumentException(
                    "Kernels need at least 1 direction and 0 columns, not " + directions + " and " + columns + ".");
        }
    }

    /** Whether rows and columns are different inputs. */
    public boolean rectangular() {
        return columns > 0;
    }

    /** The number of blocks. */
    public int count() {
        return pairs ? Math.multiplyExact(directions, directions) : directions;
    }

    /** The number of block (d, e). */
    public int index(int d, int e) {
        return pairs ? d * directions + e : d;
    }
}
