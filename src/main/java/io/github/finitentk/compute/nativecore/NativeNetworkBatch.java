package io.github.finitentk.compute.nativecore;

import io.github.finitentk.compute.BatchShape;
import io.github.finitentk.compute.NetworkBatch;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.function.LongFunction;
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
