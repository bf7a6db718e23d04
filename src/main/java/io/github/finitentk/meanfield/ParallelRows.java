package io.github.finitentk.meanfield;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Rows handed out one by one to a number of threads that live for one call; what a row does must not depend on others. */
final class ParallelRows {

    private ParallelRows() {}

    /**
     * Runs every row 0 … rows - 1 once.
     *
     * @param workers called once per thread, so that each has its own buffers
     * @throws RuntimeException the first failure of any row, after all threads have ended
     */
    static void run(int rows, int threads, Supplier<IntConsumer> workers) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable loop = () -> {
            try {
                IntConsumer worker = workers.get();
                for (int row = next.getAndIncrement(); row < rows; row = next.getAndIncrement()) {
                    worker.accept(row);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                next.set(rows);
            }
        };
        Thread[] helpers = new Thread[Math.max(0, Math.min(threads, rows) - 1)];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Thread(loop, "finite-ntk-rows-" + (i + 1));
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
        loop.run();
        boolean interrupted = false;
        for (Thread helper : helpers) {
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    // the buffers are in use until the helpers end: remember it and wait on
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() instanceof Error error) {
            throw error;
        }
        if (failure.get() instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
