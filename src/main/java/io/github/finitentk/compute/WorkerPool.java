package io.github.finitentk.compute;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one level of parallelism: a fixed number of threads over which cells of an experiment, or the blocks of one large
 * computation, are spread. A loop that starts inside another one runs on its own thread only, so levels never multiply.
 * Tasks are handed out one at a time; a computation must not depend on which thread runs which task.
 */
public final class WorkerPool implements AutoCloseable {

    /** A pool of the calling thread only. */
    public static final WorkerPool SINGLE = new WorkerPool(1);

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private final int threads;
    private final ExecutorService helpers;

    /** The body of a parallel loop. */
    @FunctionalInterface
    public interface Task {
        /**
         * @param index the task, {@code 0 <= index < tasks}
         * @param slot which of the {@code threads()} concurrent lanes runs it: an index into per-thread scratch space
         */
        void run(int index, int slot);
    }

    private WorkerPool(int threads) {
        this.threads = threads;
        this.helpers = threads == 1
                ? null
                : Executors.newFixedThreadPool(threads - 1, body -> {
                    Thread thread = new Thread(body, "finite-ntk-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * @param threads the number of threads that work at once, the calling one included
     * @throws IllegalArgumentException if it is not between 1 and 1024
     */
    public static WorkerPool of(int threads) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException(
                    "The number of threads must be between 1 and 1024, not " + threads + ".");
        }
        return new WorkerPool(threads);
    }

    /** A pool with one thread for every processor that this JVM may use. */
    public static WorkerPool ofAllProcessors() {
        return of(Runtime.getRuntime().availableProcessors());
    }

    /** The number of threads that work at once. */
    public int threads() {
        return threads;
    }

    /**
     * Runs {@code tasks} tasks and returns when all have ended. If one throws, no further task is started and the first
     * exception is thrown here.
     */
    public void forEach(int tasks, Task body) {
        int lanes = Math.min(threads, tasks);
        if (lanes <= 1 || INSIDE.get()) {
            for (int index = 0; index < tasks; index++) {
                body.run(index, 0);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(lanes - 1);
        for (int slot = 1; slot < lanes; slot++) {
            int lane = slot;
            helpers.execute(() -> {
                try {
                    drain(next, tasks, body, lane, failure);
                } finally {
                    ended.countDown();
                }
            });
        }
        drain(next, tasks, body, 0, failure);
        awaitUninterruptibly(ended);
        rethrow(failure.get());
    }

    private static void drain(AtomicInteger next, int tasks, Task body, int slot, AtomicReference<Throwable> failure) {
        INSIDE.set(true);
        try {
            for (int index = next.getAndIncrement(); index < tasks; index = next.getAndIncrement()) {
                body.run(index, slot);
            }
        } catch (RuntimeException | Error problem) {
            failure.compareAndSet(null, problem);
            next.set(tasks);
        } finally {
            INSIDE.set(false);
        }
    }

    // Tasks write into buffers that the caller owns: it must not leave while one still runs, interrupted or not.
    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    @Override
    public void close() {
        if (helpers != null) {
            helpers.shutdown();
        }
    }
}
