package io.github.finitentk.internal.compute;

import io.github.finitentk.internal.Opened;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * The one level of parallelism: a fixed number of threads over which cells of an experiment, or the blocks of one large
 * computation, are spread. A loop that starts inside another one runs on its own thread only, so levels never multiply.
 * Tasks are handed out one at a time; a computation must not depend on which thread runs which task.
 */
public final class WorkerPool implements AutoCloseable {

    private static final BooleanSupplier NEVER = () -> false;

    /** A pool of the calling thread only. */
    public static final WorkerPool SINGLE = new WorkerPool(1, null, false, NEVER);

    private static final int MAX_THREADS = 1024;

    private final int threads;
    // Null for the calling thread alone.
    private final Executor helpers;
    private final boolean owned;
    // Whose threads these are, so that nobody reclaims them while a view of it is in use; itself unless it is a view.
    private final WorkerPool owner;
    private final Opened opened; // null where there is nothing to close
    private final BooleanSupplier cancel;
    private final ThreadLocal<Boolean> inside;
    private volatile boolean closed;

    /** The body of a parallel loop. */
    @FunctionalInterface
    public interface Task {
        /**
         * @param index the task, {@code 0 <= index < tasks}
         * @param slot which of the {@code threads()} concurrent lanes runs it: an index into per-thread scratch space
         */
        void run(int index, int slot);
    }

    private WorkerPool(int threads, Executor helpers, boolean owned, BooleanSupplier cancel) {
        this.threads = threads;
        this.helpers = helpers;
        this.owned = owned;
        this.cancel = cancel;
        inside = ThreadLocal.withInitial(() -> false);
        owner = this;
        opened = owned && helpers instanceof ExecutorService service
                ? Opened.by(this, "A pool of threads", service::shutdown)
                : null;
    }

    private WorkerPool(WorkerPool owner, BooleanSupplier cancel) {
        threads = owner.threads;
        helpers = owner.helpers;
        owned = false;
        this.cancel = cancel;
        inside = owner.inside;
        this.owner = owner;
        opened = null;
    }

    // All helpers start here, so that a limit on threads shows before there is work, not in the middle of it: those
    // that the system refuses are done without.
    private static ThreadPoolExecutor helpers(int wanted, ThreadFactory factory) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(wanted, wanted, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        int started = 0;
        try {
            while (started < wanted && pool.prestartCoreThread()) {
                started++;
            }
        } catch (OutOfMemoryError refused) {
            // "unable to create native thread"
        }
        if (started == 0) {
            pool.shutdown();
            return null;
        }
        pool.setCorePoolSize(started);
        pool.setMaximumPoolSize(started);
        return pool;
    }

    private static Thread worker(Runnable body) {
        Thread thread = new Thread(body, "finite-ntk-worker");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * A pool of its own threads. Where the system refuses to start that many (a limit on processes, say), the pool has as
     * many as it could get: see {@link #threads}.
     *
     * @param threads the number of threads that work at once, the calling one included
     * @throws IllegalArgumentException if it is not between 1 and 1024
     */
    public static WorkerPool of(int threads) {
        return of(threads, WorkerPool::worker);
    }

    static WorkerPool of(int threads, ThreadFactory factory) {
        requireThreads(threads);
        ThreadPoolExecutor pool = threads == 1 ? null : helpers(threads - 1, factory);
        return new WorkerPool(pool == null ? 1 : 1 + pool.getCorePoolSize(), pool, true, NEVER);
    }

    /**
     * A pool of an application's threads, which closing the pool leaves alone. A loop hands at most {@code threads - 1}
     * bodies to the executor and works itself, so it ends whatever the executor does: a body that has not begun when the
     * work is done is not waited for, and one that is refused is done without.
     *
     * @param threads the number of threads that work at once, the calling one included
     * @throws IllegalArgumentException if it is not between 1 and 1024
     */
    public static WorkerPool on(Executor executor, int threads) {
        requireThreads(threads);
        return new WorkerPool(threads, Objects.requireNonNull(executor), false, NEVER);
    }

    /** @throws IllegalArgumentException unless a pool may have that many threads */
    public static void requireThreads(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException(
                    "The number of threads must be between 1 and " + MAX_THREADS + ", not " + threads + ".");
        }
    }

    /** One thread for every processor that this JVM may use. */
    public static int processors() {
        return Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    }

    /**
     * The same threads for work that may be cancelled: before each task {@code flag} is asked, by whichever thread is to run it; once it
     * says true, loops end with {@link CancellationException}. Closing the result has no effect.
     */
    public WorkerPool cancelledBy(BooleanSupplier flag) {
        return new WorkerPool(owner, flag);
    }

    /** The calling thread alone, cancelled by the same flag. */
    WorkerPool single() {
        return SINGLE.cancelledBy(cancel);
    }

    /** The number of threads that work at once; fewer than were asked for where the system refused more. */
    public int threads() {
        return threads;
    }

    /**
     * Runs {@code tasks} tasks and returns when all have ended, whatever happens: no task runs any more when this method
     * has returned or thrown. If one throws, no further task is started and the first exception is thrown here.
     *
     * @throws IllegalStateException if the pool has been closed
     */
    public void forEach(int tasks, Task body) {
        boolean nested = inside.get();
        if (closed && !nested) {
            throw closedPool();
        }
        int lanes = Math.min(threads, tasks);
        if (lanes <= 1 || nested) {
            for (int index = 0; index < tasks; index++) {
                requireWanted();
                body.run(index, 0);
            }
            return;
        }
        Loop loop = new Loop(tasks, body);
        try {
            for (int slot = 1; slot < lanes; slot++) {
                int lane = slot;
                helpers.execute(() -> loop.help(lane));
            }
        } catch (RejectedExecutionException e) {
            refused(loop);
        } catch (Throwable e) {
            loop.fail(e);
        } finally {
            loop.drain(0);
            loop.await();
        }
        loop.rethrow();
    }

    private void requireWanted() {
        if (cancel.getAsBoolean()) {
            throw new CancellationException("The computation was cancelled.");
        }
    }

    // A full queue of an application's executor costs speed only.
    private void refused(Loop loop) {
        if (owned) {
            loop.fail(closedPool());
        } else if (helpers instanceof ExecutorService service && service.isShutdown()) {
            loop.fail(new IllegalStateException("The executor that was to compute has been shut down."));
        }
    }

    private static IllegalStateException closedPool() {
        return new IllegalStateException("This pool of threads has been closed.");
    }

    /** One parallel loop: hands out its tasks and knows when the lanes that have begun have ended. */
    private final class Loop {

        private final int tasks;
        private final Task body;
        // Every lane asks once more than there are tasks: an int could overflow.
        private final AtomicLong next = new AtomicLong();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private int helping;
        private boolean over;

        Loop(int tasks, Task body) {
            this.tasks = tasks;
            this.body = body;
        }

        void help(int slot) {
            if (begin()) {
                try {
                    drain(slot);
                } finally {
                    end();
                }
            }
        }

        // An executor may come to a lane long after the caller has left, with buffers that are no more.
        private synchronized boolean begin() {
            if (over) {
                return false;
            }
            helping++;
            return true;
        }

        private synchronized void end() {
            helping--;
            notifyAll();
        }

        void drain(int slot) {
            boolean outer = inside.get();
            try {
                inside.set(true);
                for (long index = next.getAndIncrement(); index < tasks; index = next.getAndIncrement()) {
                    requireWanted();
                    body.run((int) index, slot);
                }
            } catch (Throwable problem) {
                fail(problem);
            } finally {
                if (outer) {
                    inside.set(true);
                } else {
                    inside.remove();
                }
            }
        }

        void fail(Throwable problem) {
            failure.compareAndSet(null, problem);
            next.set(tasks);
        }

        // Tasks write into buffers that the caller owns: it must not leave while one still runs, even if interrupted.
        synchronized void await() {
            over = true;
            boolean interrupted = false;
            while (helping > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void rethrow() {
            Throwable problem = failure.get();
            if (problem != null) {
                WorkerPool.<RuntimeException>throwUnchecked(problem);
            }
        }
    }

    // A task declares no checked exception, but other languages' can throw one.
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUnchecked(Throwable problem) throws E {
        throw (E) problem;
    }

    /** Ends the pool's own threads, once the loops that run have ended. Closing again does nothing. */
    @Override
    public void close() {
        closed = this != SINGLE;
        if (opened != null) {
            opened.closed();
            ((ExecutorService) helpers).shutdown();
        }
    }
}
