package io.github.finitentk.internal.nativecore;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampler;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;

/** Runs one of the core's samplers, some draws a call, and copies its results onto the heap. Owns all its buffers. */
final class NativeKernelSampler extends KernelSampler {

    // Enough work for the cost of a call, and the group in which the core draws variates.
    private static final int GROUP = 64;
    // Kernels of a group stay within this.
    private static final long GROUP_BYTES = 1 << 20;

    /** A function of the core with its network filled in. */
    @FunctionalInterface
    interface Call {
        void draw(long key, long firstDraw, long draws, DoublePointer scratch, NtkCore.KernelDraws target);
    }

    private final NtkCore.RandomNetwork network;
    private final int inputs;
    private final int group;
    private final DoublePointer x0;
    private final DoublePointer scratch;
    private final DoublePointer theta;
    private final DoublePointer exponents;
    private final DoublePointer outputs;
    private final NtkCore.KernelDraws draws;
    private final Call call;

    /**
     * @param network closed with the sampler
     * @param x0 the inputs that the call reads, closed with the sampler; null for none
     */
    NativeKernelSampler(NtkCore.RandomNetwork network, int inputs, long scratchNumbers, DoublePointer x0, Call call) {
        this.network = network;
        this.inputs = inputs;
        this.x0 = x0;
        this.call = call;
        long square = (long) inputs * inputs;
        group = (int) Math.max(1, Math.min(GROUP, GROUP_BYTES / (8 * square)));
        scratch = new DoublePointer(scratchNumbers);
        theta = new DoublePointer(group * square);
        // zeros: samplers without exponents leave them alone
        exponents = new DoublePointer(new double[group]);
        outputs = new DoublePointer((long) group * inputs);
        draws = new NtkCore.KernelDraws();
        draws.theta(theta);
        draws.exponents(exponents);
        draws.outputs(outputs);
    }

    @Override
    protected void sample(Seed seed, long firstDraw, int count, KernelDraws target, int offset) {
        long key = seed.value();
        target.requirePlaces(inputs, firstDraw, count, offset);
        int square = inputs * inputs;
        for (int done = 0; done < count; done += group) {
            int now = Math.min(group, count - done);
            call.draw(key, firstDraw + done, now, scratch, draws);
            theta.get(target.mantissas(), (offset + done) * square, now * square);
            outputs.get(target.outputs(), (offset + done) * inputs, now * inputs);
            exponents.get(target.exponents(), offset + done, now);
        }
    }

    @Override
    protected void release() {
        if (x0 != null) {
            x0.close();
        }
        for (Pointer pointer : new Pointer[] {network, scratch, theta, exponents, outputs, draws}) {
            pointer.close();
        }
    }
}
