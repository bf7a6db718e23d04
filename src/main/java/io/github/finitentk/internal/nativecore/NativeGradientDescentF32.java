package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.WorkerPool;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;

/** A native descent in F32, with compensated weights. The twin of {@link NativeGradientDescentF64}: JNI signatures cannot be generic. */
final class NativeGradientDescentF32 extends NativeGradientDescent<FloatPointer> {

    private final FloatPointer pending;

    NativeGradientDescentF32(BatchShape shape, WorkerPool workers) {
        super(shape, workers, FloatPointer::new);
        pending = new FloatPointer(parameters.capacity());
    }

    @Override
    protected FloatPointer at(FloatPointer buffer, long position) {
        return new FloatPointer(buffer).position(position);
    }

    @Override
    protected void writeData(double[] x, double[] y) {
        x0.put(rounded(x));
        targets.put(y);
    }

    @Override
    protected void writeParameters(int index, double[] values, double[] rest) {
        parametersOf(index).put(rounded(values));
        pendingOf(index).put(rounded(rest));
    }

    @Override
    protected void readValues(int index, double[] values) {
        read(parametersOf(index), values);
    }

    @Override
    protected void readPending(int index, double[] rest) {
        read(pendingOf(index), rest);
    }

    @Override
    protected void descend(
            int index, DescentRule rule, long until, FloatPointer scratch, DoublePointer state, DoublePointer losses) {
        NtkCore.descend(
                widths,
                depth,
                activation.kind(),
                activation.a(),
                activation.b(),
                shape().inputs(),
                x0,
                targets,
                rule.learningRate(),
                rule.lossFactor(),
                rule.minDecrease(),
                rule.patience(),
                rule.maxSteps(),
                until,
                scratch,
                parametersOf(index),
                pendingOf(index),
                state,
                losses);
    }

    private FloatPointer pendingOf(int index) {
        return at(pending, index * shape().architecture().parameterCount());
    }

    private static void read(FloatPointer source, double[] target) {
        float[] values = new float[target.length];
        source.get(values);
        for (int i = 0; i < values.length; i++) {
            target[i] = values[i];
        }
    }

    private static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    @Override
    protected void release() {
        super.release();
        pending.close();
    }
}
