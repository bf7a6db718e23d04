package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A batch in direct memory. The buffers are laid out as {@code ntk_core.h} describes; {@code P} is the pointer type of
 * the precision.
 */
abstract class NativeNetworkBatch<P extends Pointer> extends NetworkBatch {

    protected final LongPointer widths;
    protected final int depth;
    protected final ActivationCode activation;
    protected final P parameters;
    protected final P x0;
    protected final P inputGram;
    protected final P activations;
    protected final P deltas;
    protected final P scratch;
    protected final P tileScratch;
    protected final P outputs;
    protected final DoublePointer theta;

    protected NativeNetworkBatch(BatchShape shape, WorkerPool workers, LongFunction<P> allocator) {
        super(shape, workers);
        Architecture architecture = shape.architecture();
        depth = architecture.depth();
        activation = ActivationCode.of(shape.activation());
        long networks = shape.networks();
        long inputs = shape.inputs();
        try {
            long[] sizes = new long[depth + 1];
            for (int l = 0; l <= depth; l++) {
                sizes[l] = architecture.width(l);
            }
            widths = new LongPointer(sizes);
            parameters = zeroed(allocator.apply(networks * architecture.parameterCount()));
            x0 = allocator.apply(inputs * architecture.inputDim());
            inputGram = allocator.apply(inputs * inputs);
            // A network without hidden layers has no states; one number keeps the pointers valid.
            activations = allocator.apply(Math.max(1, networks * shape.statesPerNetwork()));
            deltas = allocator.apply(Math.max(1, networks * shape.statesPerNetwork()));
            scratch = allocator.apply(networks * inputs * architecture.maxHiddenWidth());
            tileScratch = allocator.apply((long) workers.threads() * tileNumbers());
            outputs = allocator.apply(networks * inputs);
            theta = new DoublePointer(networks * inputs * inputs);
        } catch (OutOfMemoryError | RuntimeException e) {
            // Those allocated so far are freed by JavaCPP's collector thread: the fields are final and may be unset
            // here.
            throw e;
        }
    }

    protected static long tileNumbers() {
        return 2L * BatchShape.BLOCK * BatchShape.BLOCK;
    }

    private static <P extends Pointer> P zeroed(P pointer) {
        Pointer.memset(pointer, 0, pointer.capacity() * pointer.sizeof());
        return pointer;
    }

    protected final long parameterCount() {
        return shape().architecture().parameterCount();
    }

    protected final long inputs() {
        return shape().inputs();
    }

    @Override
    protected final void drawParameters(Initialization initialization, long key, long firstStream) {
        int networks = shape().networks();
        int group = Math.max(1, networks / (4 * workers().threads()));
        workers().forEach((networks + group - 1) / group, (index, slot) -> {
            int first = index * group;
            draw(initialization, key, firstStream + first, first, Math.min(group, networks - first));
        });
    }

    protected abstract void draw(
            Initialization initialization, long key, long firstStream, int firstNetwork, int networks);

    @Override
    protected final void copyParameters(NetworkBatch source, int index) {
        Pointer from = batch(source).parameters;
        long bytes = parameterCount() * from.sizeof();
        Pointer.memcpy(bytesAt(parameters, index * bytes), bytesAt(from, index * bytes), bytes);
    }

    private static BytePointer bytesAt(Pointer pointer, long offset) {
        return new BytePointer(pointer).position(offset);
    }

    @Override
    protected final void accumulateGradient(NetworkBatch source, int index, double[] coefficients) {
        try (DoublePointer copy = new DoublePointer(coefficients)) {
            accumulateGradient(batch(source), index, copy);
        }
    }

    /** {@code coefficients} holds {@code S} numbers. */
    protected abstract void accumulateGradient(NativeNetworkBatch<P> source, int index, DoublePointer coefficients);

    // Equal shapes of one backend have equal pointer types: NetworkBatch has compared both.
    @SuppressWarnings("unchecked")
    private NativeNetworkBatch<P> batch(NetworkBatch source) {
        return (NativeNetworkBatch<P>) source;
    }

    @Override
    protected final void readNtk(int index, double[] target) {
        new DoublePointer(theta).position(index * inputs() * inputs()).get(target);
    }

    @Override
    protected final void release() {
        for (Pointer pointer : new Pointer[] {
            widths, parameters, x0, inputGram, activations, deltas, scratch, tileScratch, outputs, theta
        }) {
            pointer.close();
        }
    }
}
