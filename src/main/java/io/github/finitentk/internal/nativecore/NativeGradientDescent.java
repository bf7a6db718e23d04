package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Architecture;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A descent in direct memory, laid out as {@code ntk_core.h} describes; {@code P} is the pointer type of the precision.
 */
abstract class NativeGradientDescent<P extends Pointer> extends GradientDescent {

    protected final LongPointer widths;
    protected final int depth;
    protected final ActivationCode activation;
    protected final P x0;
    protected final DoublePointer targets;
    protected final P parameters;
    private final P scratch;
    private final long scratchNumbers;

    protected NativeGradientDescent(BatchShape shape, WorkerPool workers, LongFunction<P> allocator) {
        super(shape, workers);
        Architecture architecture = shape.architecture();
        depth = architecture.depth();
        activation = ActivationCode.of(shape.activation());
        long[] sizes = new long[depth + 1];
        for (int l = 0; l <= depth; l++) {
            sizes[l] = architecture.width(l);
        }
        widths = new LongPointer(sizes);
        x0 = allocator.apply((long) shape.inputs() * architecture.inputDim());
        targets = new DoublePointer(shape.inputs());
        parameters = allocator.apply(shape.networks() * architecture.parameterCount());
        scratchNumbers = NtkCore.descentScratch(widths, depth, shape.inputs());
        scratch = allocator.apply(Math.min(workers.threads(), shape.networks()) * scratchNumbers);
    }

    /** A view of a buffer from one number on; the buffer stays the owner. */
    protected abstract P at(P buffer, long position);

    protected final P parametersOf(int index) {
        return at(parameters, index * shape().architecture().parameterCount());
    }

    @Override
    protected final DescentState descend(
            int index, int slot, DescentRule rule, long until, DescentState state, double[] losses) {
        double[] numbers = {
            state.step(), state.status().ordinal(), state.best(), state.waited(), state.leastLoss(), state.lastLoss()
        };
        try (DoublePointer nativeState = new DoublePointer(numbers);
                DoublePointer nativeLosses = new DoublePointer(losses.length)) {
            descend(index, rule, until, at(scratch, slot * scratchNumbers), nativeState, nativeLosses);
            nativeState.get(numbers);
            nativeLosses.get(losses);
            return new DescentState(
                    (long) numbers[0],
                    DescentState.Status.values()[(int) numbers[1]],
                    numbers[2],
                    (long) numbers[3],
                    numbers[4],
                    numbers[5]);
        }
    }

    protected abstract void descend(
            int index, DescentRule rule, long until, P scratch, DoublePointer state, DoublePointer losses);

    @Override
    protected void release() {
        for (Pointer pointer : new Pointer[] {widths, x0, targets, parameters, scratch}) {
            pointer.close();
        }
    }
}
