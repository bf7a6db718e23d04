package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.model.Precision;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Who computes: one backend and the threads that its work is spread over. Safe for use by several threads. Closing ends
 * the threads once the loops that run have ended; whatever is asked of a closed engine throws {@link IllegalStateException}.
 */
public final class Engine implements AutoCloseable {

    private final Backend backend;
    private final WorkerPool workers;
    private final String whyNotNative;
    // Whose threads these are; itself unless it is a view.
    private final Engine owner;
    private volatile boolean closed;

    private Engine(Backend backend, WorkerPool workers, String whyNotNative) {
        this.backend = backend;
        this.workers = workers;
        this.whyNotNative = whyNotNative;
        owner = this;
    }

    private Engine(Engine owner, WorkerPool workers) {
        this.owner = owner;
        this.backend = owner.backend;
        this.whyNotNative = owner.whyNotNative;
        this.workers = workers;
    }

    /** @param workers closed with the engine */
    public static Engine of(Backend backend, WorkerPool workers) {
        return new Engine(backend, workers, backend.isNative() ? null : "The pure-Java backend was asked for.");
    }

    /** The same with threads of its own, {@link WorkerPool#of(int)}. */
    public static Engine of(Backend backend, int threads) {
        return of(backend, WorkerPool.of(threads));
    }

    /** The calling thread alone; there is nothing to close, and closing does nothing. */
    public static Engine single(Backend backend) {
        return of(backend, WorkerPool.SINGLE);
    }

    /**
     * The native core where it loads, else pure Java.
     *
     * @param workers closed with the engine
     */
    public static Engine fastest(WorkerPool workers) {
        return new Engine(Backend.fastest(), workers, Backend.whyNotNative().orElse(null));
    }

    /** The same backend on the calling thread alone, for work within a loop over this engine's threads. */
    public Engine single() {
        requireOpen();
        return new Engine(owner, workers.single());
    }

    /** This engine for work that may be cancelled: {@link WorkerPool#cancelledBy}. Closing it has no effect. */
    public Engine cancelledBy(BooleanSupplier flag) {
        return new Engine(owner, workers.cancelledBy(flag));
    }

    /** The backend, to ask for its name and description. */
    public Backend backend() {
        return backend;
    }

    /** Why the native core is not used, in one or two sentences; empty if it is. */
    public Optional<String> whyNotNative() {
        return Optional.ofNullable(whyNotNative);
    }

    /** The number of threads that work at once, the calling one included. */
    public int threads() {
        return workers.threads();
    }

    /** {@link WorkerPool#forEach}. */
    public void forEach(int tasks, WorkerPool.Task body) {
        requireOpen();
        workers.forEach(tasks, body);
    }

    /**
     * A batch of networks; the caller closes it.
     *
     * @throws InsufficientMemoryException if it needs more memory than there is
     * @throws IllegalArgumentException if the backend cannot evaluate the activation
     */
    public NetworkBatch allocate(BatchShape shape) {
        requireOpen();
        return backend.allocate(shape, workers);
    }

    /**
     * Networks that descend together; the caller closes them.
     *
     * @param rule its method and size of batches are those of all rules that they will follow
     * @throws InsufficientMemoryException if they need more memory than there is
     * @throws IllegalArgumentException if the backend cannot evaluate the activation
     */
    public GradientDescent gradientDescent(BatchShape shape, DescentRule rule) {
        requireOpen();
        return backend.gradientDescent(shape, rule, workers);
    }

    /** {@link Backend#panel}. */
    public Panel panel(Precision precision, int rows, int columns) {
        requireOpen();
        return backend.panel(precision, rows, columns);
    }

    /** {@link Backend#availableMemory}. */
    public long availableMemory() {
        return backend.availableMemory();
    }

    /** {@link Backend#samplers}. */
    public Samplers samplers() {
        requireOpen();
        return backend.samplers();
    }

    /** {@link Backend#linearAlgebra}. */
    public LinearAlgebra linearAlgebra() {
        requireOpen();
        return backend.linearAlgebra();
    }

    /** @throws IllegalStateException if the engine has been closed */
    public void requireOpen() {
        if (owner.closed) {
            throw new IllegalStateException("This Ntk has been closed; nothing more can be computed with it.");
        }
    }

    @Override
    public void close() {
        if (owner == this && workers != WorkerPool.SINGLE) {
            closed = true;
            workers.close();
        }
    }

    /** {@code native, 4 threads}. */
    @Override
    public String toString() {
        return backend.name() + ", " + threads() + (threads() == 1 ? " thread" : " threads");
    }
}
