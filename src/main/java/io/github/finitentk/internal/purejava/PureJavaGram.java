package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.KernelBlocks;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.LayerRates;
import java.util.Arrays;
import java.util.List;

/**
 * The kernels of a batch from the states of its passes, tile by tile; the twin of {@code gram.cpp}.
 *
 * @param <R> the type of one matrix row
 */
final class PureJavaGram<R> {

    static final int ROWS_AT_ONCE = 24;

    private final BatchShape shape;
    private final KernelBlocks blocks;
    private final Architecture architecture;
    private final int depth;
    private final Rows<R> rows;
    private final R[][] transposed;
    private final R[][] deltaProducts;
    private final R[][] activationProducts;

    /**
     * What the passes of one network left.
     *
     * @param x {@code x^{l-1}} in place l - 1, each S rows
     * @param deltas {@code delta^l} of direction d in place (d, l - 1) for {@code l < L}
     * @param top the directions themselves, {@code delta^L}, each {@code K} numbers
     */
    record States<R>(List<R[]> x, List<List<R[]>> deltas, R[] top) {}

    @SuppressWarnings("unchecked")
    PureJavaGram(BatchShape shape, int threads, Rows<R> rows) {
        this.shape = shape;
        this.rows = rows;
        blocks = shape.blocks();
        architecture = shape.architecture();
        depth = architecture.depth();
        int maxWidth = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
        int edge = Math.min(BatchShape.BLOCK, shape.inputs());
        transposed = (R[][]) new Object[threads][];
        deltaProducts = (R[][]) new Object[threads][];
        activationProducts = (R[][]) new Object[threads][];
        for (int slot = 0; shape.inputs() > 1 && slot < threads; slot++) {
            transposed[slot] = rows.matrix(maxWidth, edge);
            deltaProducts[slot] = rows.matrix(edge, edge);
            activationProducts[slot] = rows.matrix(edge, edge);
        }
    }

    /**
     * One tile of all blocks.
     *
     * @param theta the blocks of one network
     * @param slot of the thread
     */
    void tile(States<R> states, int tile, LayerRates rates, double[][] theta, int slot) {
        if (shape.inputs() == 1) {
            ofOneInput(states, rates, theta);
            return;
        }
        BatchShape.Tile at = shape.tile(tile);
        for (double[] block : theta) {
            for (int r = at.row(); r < at.rowEnd(); r++) {
                Arrays.fill(block, place(r, at.column()), place(r, at.columnEnd()), 0);
            }
        }
        int directions = states.top.length;
        for (int l = 1; l <= depth; l++) {
            if (rates.isFrozen(l)) {
                continue;
            }
            R[] x = states.x.get(l - 1);
            transposeColumns(x, l - 1, at, slot);
            products(
                    x,
                    architecture.width(l - 1),
                    at,
                    at.isDiagonal() && !blocks.pairs(),
                    activationProducts[slot],
                    slot);
            for (int e = 0; e < directions; e++) {
                if (l < depth) {
                    transposeColumns(states.deltas.get(e).get(l - 1), l, at, slot);
                }
                for (int d = blocks.pairs() ? 0 : e; d < (blocks.pairs() ? directions : e + 1); d++) {
                    if (at.isDiagonal() && d < e) {
                        continue; // (d, e) is mirrored from (e, d)
                    }
                    boolean lower = at.isDiagonal() && d == e;
                    if (l < depth) {
                        R[] delta = states.deltas.get(d).get(l - 1);
                        products(delta, architecture.width(l), at, lower, deltaProducts[slot], slot);
                    } else {
                        fill(topProduct(rows, states.top, d, e, architecture.outputs()), at, slot);
                    }
                    accumulate(theta[blocks.index(d, e)], at, lower, rates, l, slot);
                }
            }
        }
        if (!blocks.rectangular()) {
            mirror(theta, directions, at);
        }
    }

    // Theta = sum_l delta^l . delta^l (alpha |x^{l-1}|^2 + beta)
    private void ofOneInput(States<R> states, LayerRates rates, double[][] theta) {
        int directions = states.top.length;
        for (int d = 0; d < directions; d++) {
            for (int e = blocks.pairs() ? 0 : d; e < (blocks.pairs() ? directions : d + 1); e++) {
                double sum = 0;
                for (int l = 1; l <= depth; l++) {
                    if (!rates.isFrozen(l)) {
                        R x = states.x.get(l - 1)[0];
                        R left = l < depth ? states.deltas.get(d).get(l - 1)[0] : states.top[d];
                        R right = l < depth ? states.deltas.get(e).get(l - 1)[0] : states.top[e];
                        double norm2 = rows.dot(x, x, architecture.width(l - 1));
                        sum += rows.dot(left, right, architecture.width(l)) * (rates.weight(l) * norm2 + rates.bias(l));
                    }
                }
                theta[blocks.index(d, e)][0] = sum;
            }
        }
    }

    private int place(int row, int column) {
        return row * shape.columns() + column - (blocks.rectangular() ? shape.rows() : 0);
    }

    private void transposeColumns(R[] matrix, int layer, BatchShape.Tile at, int slot) {
        rows.transpose(matrix, at.column(), at.columnEnd(), architecture.width(layer), transposed[slot]);
    }

    // Scalar products of rows with the columns that have just been transposed; of a lower half not much more than the
    // columns up to the diagonal.
    private void products(R[] matrix, int width, BatchShape.Tile at, boolean lower, R[] target, int slot) {
        for (int r = at.row(); r < at.rowEnd(); r += ROWS_AT_ONCE) {
            int end = Math.min(r + ROWS_AT_ONCE, at.rowEnd());
            int columns = columns(at, lower, end - 1);
            for (int i = r; i < end; i++) {
                rows.fill(target[i - at.row()], 0, columns);
            }
            rows.multiplyAdd(matrix, r, end, transposed[slot], width, target, r - at.row(), columns);
        }
    }

    private static int columns(BatchShape.Tile at, boolean lower, int row) {
        return lower ? row - at.row() + 1 : at.columnEnd() - at.column();
    }

    // v_d . v_e, summed as all products of several inputs are
    static <R> double topProduct(Rows<R> rows, R[] top, int d, int e, int outputs) {
        R[] column = rows.matrix(outputs, 1);
        for (int k = 0; k < outputs; k++) {
            rows.set(column[k], 0, rows.get(top[e], k));
        }
        R[] product = rows.matrix(1, 1);
        rows.multiplyAdd(top, d, d + 1, column, outputs, product, 0, 1);
        return rows.get(product[0], 0);
    }

    private void fill(double value, BatchShape.Tile at, int slot) {
        for (int r = at.row(); r < at.rowEnd(); r++) {
            rows.fill(deltaProducts[slot][r - at.row()], value, at.columnEnd() - at.column());
        }
    }

    private void accumulate(double[] block, BatchShape.Tile at, boolean lower, LayerRates rates, int l, int slot) {
        for (int r = at.row(); r < at.rowEnd(); r++) {
            rows.accumulate(
                    deltaProducts[slot][r - at.row()],
                    activationProducts[slot][r - at.row()],
                    rates.weight(l),
                    rates.bias(l),
                    block,
                    place(r, at.column()),
                    columns(at, lower, r));
        }
    }

    // Entry (s, r) of block (d, e) is entry (r, s) of block (e, d).
    private void mirror(double[][] theta, int directions, BatchShape.Tile at) {
        for (int d = 0; d < directions; d++) {
            for (int e = blocks.pairs() ? 0 : d; e < (blocks.pairs() ? directions : d + 1); e++) {
                if (at.isDiagonal() && d < e) {
                    continue;
                }
                double[] from = theta[blocks.index(d, e)];
                double[] to = theta[blocks.index(e, d)];
                for (int r = at.row(); r < at.rowEnd(); r++) {
                    int end = at.isDiagonal() && d == e ? r : at.columnEnd();
                    for (int c = at.column(); c < end; c++) {
                        to[place(c, r)] = from[place(r, c)];
                    }
                }
            }
        }
    }
}
