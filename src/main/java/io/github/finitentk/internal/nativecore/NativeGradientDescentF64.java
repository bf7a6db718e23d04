package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.WorkerPool;
import org.bytedeco.javacpp.DoublePointer;

/** A native descent in F64. The twin of {@link NativeGradientDescentF32}: JNI signatures cannot be generic. */
final class NativeGradientDescentF64 extends NativeGradientDescent<DoublePointer> {

    NativeGradientDescentF64(BatchShape shape, WorkerPool workers) {
        super(shape, workers, DoublePointer::new);
    }

    @Override
    protected DoublePointer at(DoublePointer buffer, long position) {
        return new DoublePointer(buffer).position(position);
    }

    @Override
    protected void writeData(double[] x, double[] y) {
        x0.put(x);
        targets.put(y);
    }

    @Override
    protected void writeParameters(int index, double[] values, double[] rest) {
        parametersOf(index).put(values);
    }

    @Override
    protected void readValues(int index, double[] values) {
        parametersOf(index).get(values);
    }

    @Override
    protected void readPending(int index, double[] rest) {
        throw new IllegalStateException("Weights in f64 are not compensated.");
    }

    @Override
    protected void descend(
            int index, DescentRule rule, long until, DoublePointer scratch, DoublePointer state, DoublePointer losses) {
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
                state,
                losses);
    }
}
