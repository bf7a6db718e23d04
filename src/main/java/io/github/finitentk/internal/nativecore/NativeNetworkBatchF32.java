package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Initialization;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;

/** A native batch in F32. The twin of {@link NativeNetworkBatchF64}: JNI signatures cannot be generic. */
final class NativeNetworkBatchF32 extends NativeNetworkBatch<FloatPointer> {

    NativeNetworkBatchF32(BatchShape shape, WorkerPool workers) {
        super(shape, workers, FloatPointer::new);
    }

    @Override
    protected void writeInputs(double[] x) {
        x0.put(rounded(x));
        NtkCore.inputGram(shape().architecture().inputDim(), inputs(), x0, inputGram);
    }

    @Override
    protected void draw(Initialization initialization, long key, long firstStream, int firstNetwork, int networks) {
        NtkCore.initialize(
                widths,
                depth,
                initialization.sigmaW2(),
                initialization.sigmaB2(),
                key,
                firstStream,
                firstNetwork,
                networks,
                parameters);
    }

    @Override
    protected void writeParameters(int index, double[] source) {
        at(parameters, index * parameterCount()).put(rounded(source));
    }

    @Override
    protected void readParameters(int index, double[] target) {
        read(parameters, index * parameterCount(), target);
    }

    @Override
    protected void forward(int network, int networks, int firstInput, int inputCount, int slot) {
        NtkCore.forward(
                widths,
                depth,
                activation.kind(),
                activation.a(),
                activation.b(),
                inputs(),
                network,
                networks,
                firstInput,
                inputCount,
                parameters,
                x0,
                activations,
                deltas,
                outputs);
    }

    @Override
    protected void backward(int network, int networks, int firstInput, int inputCount, int slot) {
        NtkCore.backward(
                widths, depth, inputs(), network, networks, firstInput, inputCount, parameters, deltas, scratch);
    }

    @Override
    protected void ntkTile(int network, int networks, int tile, int slot) {
        NtkCore.ntkGram(
                widths,
                depth,
                inputs(),
                network,
                networks,
                tile,
                1,
                inputGram,
                activations,
                deltas,
                at(tileScratch, slot * tileNumbers()),
                theta);
    }

    @Override
    protected void accumulateGradient(NativeNetworkBatch<FloatPointer> source, int index, DoublePointer coefficients) {
        NtkCore.addGradient(
                widths,
                depth,
                inputs(),
                coefficients,
                source.x0,
                at(source.activations, index * shape().statesPerNetwork()),
                at(source.deltas, index * shape().statesPerNetwork()),
                at(scratch, index * inputs() * shape().architecture().maxHiddenWidth()),
                at(parameters, index * parameterCount()));
    }

    @Override
    protected void readOutputs(int index, double[] target) {
        read(outputs, index * inputs(), target);
    }

    @Override
    protected void readState(int index, boolean delta, int layer, long offset, double[] target) {
        read(delta ? deltas : activations, index * shape().statesPerNetwork() + offset, target);
    }

    private static FloatPointer at(FloatPointer pointer, long position) {
        return new FloatPointer(pointer).position(position);
    }

    private static void read(FloatPointer source, long position, double[] target) {
        float[] values = new float[target.length];
        at(source, position).get(values);
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
}
