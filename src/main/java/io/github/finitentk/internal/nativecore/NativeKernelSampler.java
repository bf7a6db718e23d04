package io.github.finitentk.internal.nativecore;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampler;
import org.bytedeco.javacpp.DoublePointer;

/** Runs one of the core's samplers, some draws a call, and copies its results onto the heap. Owns all its buffers. */
final class NativeKernelSampler implements KernelSampler {

    // Enough work for the cost of a call, and the group in which the core draws variates.
    private static final int GROUP = 64;
    // Kernels of a group stay within this.
    private static final long GROUP_BYTES = 1 << 20;

    /** A function of the core with its network filled in. */
    @FunctionalInterface
    interface Call {
        void draw(long key, long firstDraw, long draws, Buffers buffers);
    }

    /** What a call may write to. */
    record Buffers(DoublePointer scratch, DoublePointer theta, DoublePointer exponents, DoublePointer outputs) {}

    private final NativeLaw law;
    private final int inputs;
    private final int group;
    private final DoublePointer x0;
    private final Buffers buffers;
    private final Call call;
    private boolean closed;

    /**
     * @param law closed with the sampler
     * @param x0 the inputs that the call reads, closed with the sampler; null for none
     */
    NativeKernelSampler(NativeLaw law, int inputs, long scratch, DoublePointer x0, Call call) {
        this.law = law;
        this.inputs = inputs;
        this.x0 = x0;
        this.call = call;
        long square = (long) inputs * inputs;
        group = (int) Math.max(1, Math.min(GROUP, GROUP_BYTES / (8 * square)));
        buffers = new Buffers(
                new DoublePointer(scratch),
                new DoublePointer(group * square),
                // zeros: samplers without exponents leave them alone
                new DoublePointer(new double[group]),
                new DoublePointer((long) group * inputs));
    }

    @Override
    public synchronized void draw(Seed seed, long firstDraw, int draws, KernelDraws target, int offset) {
        long key = seed.value();
        if (closed) {
            throw new IllegalStateException("This sampler has been closed.");
        }
        target.requirePlaces(inputs, firstDraw, draws, offset);
        int square = inputs * inputs;
        for (int done = 0; done < draws; done += group) {
            int count = Math.min(group, draws - done);
            call.draw(key, firstDraw + done, count, buffers);
            buffers.theta.get(target.mantissas(), (offset + done) * square, count * square);
            buffers.outputs.get(target.outputs(), (offset + done) * inputs, count * inputs);
            buffers.exponents.get(target.exponents(), offset + done, count);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            law.close();
            if (x0 != null) {
                x0.close();
            }
            buffers.scratch.close();
            buffers.theta.close();
            buffers.exponents.close();
            buffers.outputs.close();
        }
    }
}
