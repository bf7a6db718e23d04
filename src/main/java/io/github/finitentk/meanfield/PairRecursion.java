package io.github.finitentk.meanfield;

import io.github.finitentk.internal.compute.Engine;
import java.util.function.Supplier;

/** Fills blocks of a {@link KernelProblem} with the fastest recursion that its activation has. */
final class PairRecursion {

    /** Up to so many inputs no table and no vectors pay. */
    private static final int FEW = HermiteCell.NODES;

    /** Makes the recursion for one thread; null if {@link GeneralRecursion} does it. */
    private final Supplier<Tiles> tiles;

    /** The recursion of all pairs of a tile. Confined to one thread; the value of a pair does not depend on the tile. */
    interface Tiles {

        /** Fills the entries of the tile but for those that mirroring fills. */
        void fill(InputTile tile, KernelBlock block);
    }

    private PairRecursion(Supplier<Tiles> tiles) {
        this.tiles = tiles;
    }

    static PairRecursion of(KernelProblem problem) {
        return new PairRecursion(tiles(problem));
    }

    private static Supplier<Tiles> tiles(KernelProblem problem) {
        if (problem.expectation instanceof PiecewiseLinearExpectation) {
            double[][] root = PiecewiseLinearRows.roots(problem.q);
            double[][] inverse = PiecewiseLinearRows.inverses(root);
            return () -> byRows(new PiecewiseLinearRows(problem, root, inverse));
        }
        if (problem.expectation instanceof ErfExpectation) {
            double[][] norm = ErfRows.norms(problem.q);
            double[] largest = ErfRows.largest(problem.q);
            return () -> byRows(new ErfRows(problem, norm, largest));
        }
        if (problem.samples <= FEW) {
            return null;
        }
        if (problem.expectation instanceof GeluExpectation) {
            GeluRows.Norms norms = GeluRows.Norms.of(problem.q);
            double[] largest = ErfRows.largest(problem.q);
            return () -> byRows(new GeluRows(problem, norms, largest));
        }
        HermiteSeries series = problem.smooth() ? HermiteSeries.of(problem) : null;
        return series == null ? null : () -> new SeriesTiles(problem, series);
    }

    private static Tiles byRows(PairRows rows) {
        return (tile, block) -> forEachRow(block, tile, (s, from) -> rows.row(s, from, tile, block));
    }

    /**
     * Fills the block, which is mirrored where both images of an entry lie inside.
     *
     * @param engine its threads are those that the work is spread over; the result does not depend on their number
     * @throws ArithmeticException if an entry exceeds the range of a double
     */
    void fill(KernelBlock block, Engine engine) {
        if (tiles == null) {
            new GeneralRecursion(block, engine).fill();
        } else {
            Tiles[] bySlot = new Tiles[engine.threads()];
            forEachTile(block, engine, (tile, slot) -> {
                if (bySlot[slot] == null) {
                    bySlot[slot] = tiles.get();
                }
                bySlot[slot].fill(tile, block);
            });
        }
        block.mirror();
        block.requireRange();
    }

    /** What is done with a tile. */
    interface TileTask {
        void run(InputTile tile, int slot);
    }

    /** What is done with a row of a tile, from its column {@code from} on. */
    interface RowTask {
        void run(int s, int from);
    }

    /** Runs a task for tiles that cover the block, leaving out those that mirroring fills. */
    static void forEachTile(KernelBlock block, Engine engine, TileTask task) {
        int down = (block.rows + InputTile.ROWS - 1) / InputTile.ROWS;
        int across = (block.columns + InputTile.COLUMNS - 1) / InputTile.COLUMNS;
        InputTile[] bySlot = new InputTile[engine.threads()];
        engine.forEach(Math.multiplyExact(down, across), (index, slot) -> {
            // column by column of tiles, whose inputs a thread then has already
            int row = block.row + index % down * InputTile.ROWS;
            int column = block.column + index / down * InputTile.COLUMNS;
            int rows = Math.min(InputTile.ROWS, block.row + block.rows - row);
            int columns = Math.min(InputTile.COLUMNS, block.column + block.columns - column);
            if (block.firstColumn(row, column) < column + columns) {
                if (bySlot[slot] == null) {
                    bySlot[slot] = new InputTile(block.problem);
                }
                bySlot[slot].load(row, rows, column, columns);
                task.run(bySlot[slot], slot);
            }
        });
    }

    /** Runs a task for the rows of a tile that are not filled by mirroring. */
    static void forEachRow(KernelBlock block, InputTile tile, RowTask task) {
        for (int s = tile.row(); s < tile.row() + tile.rows(); s++) {
            int from = block.firstColumn(s, tile.column());
            if (from < tile.column() + tile.columns()) {
                task.run(s, from);
            }
        }
    }
}
