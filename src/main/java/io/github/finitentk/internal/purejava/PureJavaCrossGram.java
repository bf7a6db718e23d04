package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.CrossGram;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.LayerRates;
import java.util.Arrays;

/**
 * Tiles of the kernel between two batches from the states of their passes; the twin of {@code cross_gram.cpp}.
 *
 * @param <R> the type of one matrix row
 */
final class PureJavaCrossGram<R> implements CrossGram {

    private final Architecture architecture;
    private final Rows<R> rows;
    private final PureJavaGram.States<R> left;
    private final PureJavaGram.States<R> right;
    private final LayerRates rates;
    private final boolean pairs;
    private final Scratch<R>[] scratch;

    /** Of one thread: columns of the right side, and products with them. */
    private record Scratch<R>(int height, int width, R[] transposed, R[][] activationProducts, R[] deltaProducts) {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    PureJavaCrossGram(
            Architecture architecture,
            Rows<R> rows,
            PureJavaGram.States<R> left,
            PureJavaGram.States<R> right,
            LayerRates rates,
            boolean pairs,
            int threads) {
        this.architecture = architecture;
        this.rows = rows;
        this.left = left;
        this.right = right;
        this.rates = rates;
        this.pairs = pairs;
        scratch = new Scratch[threads];
    }

    @SuppressWarnings("unchecked")
    private Scratch<R> scratch(int slot, int height, int width) {
        Scratch<R> held = scratch[slot];
        if (held == null || held.height < height || held.width < width) {
            int depth = architecture.depth();
            R[][] activationProducts = (R[][]) new Object[depth][];
            for (int l = 0; l < depth; l++) {
                activationProducts[l] = rows.matrix(height, width);
            }
            int widest = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
            held = new Scratch<>(
                    height, width, rows.matrix(widest, width), activationProducts, rows.matrix(height, width));
            scratch[slot] = held;
        }
        return held;
    }

    @Override
    public void tile(BatchShape.Tile at, double[] blocks, int slot) {
        int height = at.rowEnd() - at.row();
        int width = at.columnEnd() - at.column();
        Scratch<R> space = scratch(slot, height, width);
        int depth = architecture.depth();
        for (int l = 1; l <= depth; l++) {
            if (!rates.isFrozen(l)) {
                R[] products = space.activationProducts[l - 1];
                transpose(right.x().get(l - 1), architecture.width(l - 1), at, space);
                multiply(left.x().get(l - 1), architecture.width(l - 1), at, space, products);
            }
        }
        int directions = left.top().length;
        int entries = height * width;
        Arrays.fill(blocks, 0, directions * (pairs ? directions : 1) * entries, 0);
        for (int l = 1; l <= depth; l++) {
            if (rates.isFrozen(l)) {
                continue;
            }
            for (int e = 0; e < directions; e++) {
                if (l < depth) {
                    transpose(right.deltas().get(e).get(l - 1), architecture.width(l), at, space);
                }
                for (int d = pairs ? 0 : e; d < (pairs ? directions : e + 1); d++) {
                    deltaProducts(l, d, e, at, space);
                    int block = (pairs ? d * directions + e : d) * entries;
                    for (int i = 0; i < height; i++) {
                        rows.accumulate(
                                space.deltaProducts[i],
                                space.activationProducts[l - 1][i],
                                rates.weight(l),
                                rates.bias(l),
                                blocks,
                                block + i * width,
                                width);
                    }
                }
            }
        }
    }

    private void transpose(R[] matrix, int width, BatchShape.Tile at, Scratch<R> space) {
        rows.transpose(matrix, at.column(), at.columnEnd(), width, space.transposed);
    }

    private void deltaProducts(int l, int d, int e, BatchShape.Tile at, Scratch<R> space) {
        if (l < architecture.depth()) {
            multiply(left.deltas().get(d).get(l - 1), architecture.width(l), at, space, space.deltaProducts);
            return;
        }
        double product = PureJavaGram.topProduct(rows, left.top(), d, e, architecture.outputs());
        for (int i = 0; i < at.rowEnd() - at.row(); i++) {
            rows.fill(space.deltaProducts[i], product, at.columnEnd() - at.column());
        }
    }

    // Scalar products of rows with the columns that were transposed last.
    private void multiply(R[] matrix, int width, BatchShape.Tile at, Scratch<R> space, R[] target) {
        int columns = at.columnEnd() - at.column();
        for (int r = at.row(); r < at.rowEnd(); r += PureJavaGram.ROWS_AT_ONCE) {
            int end = Math.min(r + PureJavaGram.ROWS_AT_ONCE, at.rowEnd());
            for (int i = r; i < end; i++) {
                rows.fill(target[i - at.row()], 0, columns);
            }
            rows.multiplyAdd(matrix, r, end, space.transposed, width, target, r - at.row(), columns);
        }
    }

    @Override
    public void close() {
        // What it holds is garbage.
    }
}
