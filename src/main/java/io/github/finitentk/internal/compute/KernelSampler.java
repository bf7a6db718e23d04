package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;

/** Draws kernels of random networks; see {@link Samplers}. Belongs to one thread at a time; {@link #close} frees it, once a draw on another thread has ended. */
public abstract class KernelSampler implements AutoCloseable {

    private final InUse inUse = new InUse(this, "This sampler has been closed.", this::release);

    /**
     * Writes draws {@code firstDraw, ..., firstDraw + draws - 1} to places {@code offset, offset + 1, ...} of
     * {@code target}.
     *
     * @param seed the seed of the random streams
     * @param firstDraw at least 0
     * @throws IllegalArgumentException if {@code firstDraw} is negative or the target has too few places or another
     *     number of inputs
     * @throws IllegalStateException if the sampler has been closed
     */
    public final synchronized void draw(Seed seed, long firstDraw, int draws, KernelDraws target, int offset) {
        inUse.requireOpen();
        sample(seed, firstDraw, draws, target, offset);
    }

    protected abstract void sample(Seed seed, long firstDraw, int draws, KernelDraws target, int offset);

    /** Frees the memory; called once, when nothing is drawn. */
    protected void release() {}

    @Override
    public final synchronized void close() {
        inUse.close();
    }
}
