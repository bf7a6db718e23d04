package io.github.finitentk.kernel;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Computes blocks, each while the one before is handed on. */
final class BlockLoop {

    private BlockLoop() {}

    /** Takes a block of each kernel of the stack. */
    @FunctionalInterface
    interface Handler {
        void accept(BatchShape.Tile block, double[][] values);
    }

    /**
     * @param order what is left of the plan
     * @param after hears of each block that was handed on
     */
    static void run(
            BlockComputation kernel,
            BlockPlan plan,
            List<BatchShape.Tile> order,
            Handler handler,
            Consumer<BatchShape.Tile> after) {
        double[][][] buffers = new double[BlockPlan.BLOCKS_AT_ONCE][kernel.kernels()][];
        ExecutorService hands = Executors.newSingleThreadExecutor(BlockLoop::daemon);
        try (BlockComputation.Session session = kernel.open(order, plan.panels())) {
            Future<?> before = null;
            for (int i = 0; i < order.size(); i++) {
                BatchShape.Tile block = order.get(i);
                double[][] values = buffers[i % buffers.length];
                allocate(values, kernel, plan.edge());
                try {
                    session.compute(block, values);
                } finally {
                    await(before);
                }
                before = hands.submit(() -> {
                    handler.accept(block, values);
                    after.accept(block);
                });
            }
            await(before);
        } finally {
            hands.shutdownNow();
        }
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "finite-ntk-blocks");
        thread.setDaemon(true);
        return thread;
    }

    private static void allocate(double[][] values, BlockComputation kernel, int edge) {
        for (int k = 0; k < values.length && values[k] == null; k++) {
            values[k] = new double[Math.min(edge, kernel.rows()) * Math.min(edge, kernel.columns())];
        }
    }

    // What goes wrong there is thrown here. An interrupt does not keep a block from being handed on.
    private static void await(Future<?> handed) {
        boolean interrupted = false;
        try {
            while (handed != null) {
                try {
                    handed.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
