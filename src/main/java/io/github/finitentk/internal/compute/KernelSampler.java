package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;

/** Draws kernels of random networks; see {@link Samplers}. Belongs to one thread at a time; {@link #close} frees it. */
public interface KernelSampler extends AutoCloseable {

    /**
     * Writes draws {@code firstDraw, ..., firstDraw + draws - 1} to places {@code offset, offset + 1, ...} of
     * {@code target}.
     *
     * @param seed the seed of the random streams
     * @param firstDraw at least 0
     * @throws IllegalArgumentException if {@code firstDraw} is negative or the target has too few places or another
     *     number of inputs
     */
    void draw(Seed seed, long firstDraw, int draws, KernelDraws target, int offset);

    @Override
    void close();
}
