package io.github.finitentk.kernel;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a kernel is cut into blocks that a given memory has room for, and their order.
 *
 * @param edge of the blocks, in entries
 * @param panels how many bands of inputs are kept while blocks are computed
 */
record BlockPlan(int edge, int panels, List<BatchShape.Tile> order) {

    // One block is computed while another one is handed on.
    static final int BLOCKS_AT_ONCE = 2;

    // So many bands save more by staying than larger blocks would.
    private static final int ENOUGH = 4;

    // Of the free heap: arrays need room in one piece.
    private static final double OF_HEAP = 0.75;

    /** @throws InsufficientMemoryException if the memory does not suffice for the smallest blocks */
    static BlockPlan of(BlockComputation kernel, Engine engine, OptionalLong memory) {
        double budget = budget(memory);
        for (int enough : new int[] {ENOUGH, 2}) {
            for (int edge = kernel.edge(); edge >= kernel.step(); edge = smaller(edge, kernel.step())) {
                int panels = panels(kernel, engine, edge, budget);
                if (panels >= Math.min(enough, allPanels(kernel, edge))) {
                    return new BlockPlan(edge, panels, order(kernel, edge, panels));
                }
                if (edge == kernel.step()) {
                    break;
                }
            }
        }
        throw tooLittle(kernel, kernel.step(), budget);
    }

    /**
     * With blocks of a size that is given.
     *
     * @throws InsufficientMemoryException if the memory does not suffice for them
     */
    static BlockPlan of(BlockComputation kernel, Engine engine, OptionalLong memory, int edge) {
        double budget = budget(memory);
        int panels = panels(kernel, engine, edge, budget);
        if (panels < Math.min(2, allPanels(kernel, edge))) {
            throw tooLittle(kernel, edge, budget);
        }
        return new BlockPlan(edge, panels, order(kernel, edge, panels));
    }

    private static int smaller(int edge, int step) {
        return Math.max(step, edge / step / 2 * step);
    }

    private static double budget(OptionalLong memory) {
        return memory.isPresent() ? memory.getAsLong() : Memory.availableOffHeap() / 2.0;
    }

    private static InsufficientMemoryException tooLittle(BlockComputation kernel, int edge, double budget) {
        double least = bytes(kernel, edge, Math.min(2, allPanels(kernel, edge)));
        return new InsufficientMemoryException("Blocks of " + edge + " x " + edge + " entries of this kernel need "
                + Memory.format(least) + " of memory, but only " + Memory.format(budget) + " may be used.");
    }

    private static double blocks(BlockComputation kernel, int edge) {
        double height = Math.min(edge, kernel.rows());
        double width = Math.min(edge, kernel.columns());
        return 8.0 * BLOCKS_AT_ONCE * kernel.kernels() * height * width;
    }

    private static double bytes(BlockComputation kernel, int edge, int panels) {
        return blocks(kernel, edge) + kernel.bytes(edge, panels);
    }

    // As many as fit, at most all.
    private static int panels(BlockComputation kernel, Engine engine, int edge, double budget) {
        int all = allPanels(kernel, edge);
        double height = Math.min(edge, kernel.rows());
        double width = Math.min(edge, kernel.columns());
        if (height * width > Integer.MAX_VALUE - 8) {
            return 0;
        }
        boolean java = !engine.backend().isNative();
        double heap = OF_HEAP * Memory.availableHeap();
        int low = 0;
        int high = all;
        while (low < high) {
            int panels = (low + high + 1) / 2;
            double onHeap = blocks(kernel, edge) + (java ? kernel.bytes(edge, panels) : 0);
            if (bytes(kernel, edge, panels) <= budget && onHeap <= heap) {
                low = panels;
            } else {
                high = panels - 1;
            }
        }
        return low;
    }

    private static int parts(int count, int edge) {
        return (count - 1) / edge + 1;
    }

    private static int allPanels(BlockComputation kernel, int edge) {
        return parts(kernel.rows(), edge) + (kernel.symmetric() ? 0 : parts(kernel.columns(), edge));
    }

    // Bands of rows stay while those of columns pass by.
    private static List<BatchShape.Tile> order(BlockComputation kernel, int edge, int panels) {
        int rows = parts(kernel.rows(), edge);
        int columns = parts(kernel.columns(), edge);
        int together = panels >= allPanels(kernel, edge) ? rows : Math.max(1, panels - 1);
        List<BatchShape.Tile> order = new ArrayList<>();
        for (int first = 0; first < rows; first += together) {
            int end = Math.min(rows, first + together);
            for (int j = 0; j < (kernel.symmetric() ? end : columns); j++) {
                for (int i = kernel.symmetric() ? Math.max(first, j) : first; i < end; i++) {
                    order.add(new BatchShape.Tile(
                            i * edge, (int) Math.min((i + 1L) * edge, kernel.rows()), j * edge, (int)
                                    Math.min((j + 1L) * edge, kernel.columns())));
                }
            }
        }
        return List.copyOf(order);
    }
}
