package io.github.finitentk.training;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelBlocks;
import io.github.finitentk.internal.compute.NetworkBatch;
import java.util.Arrays;

/**
 * A network at one place, with its Jacobian: all K outputs at all S inputs are one vector of {@code N = S K} numbers, output k of input
 * s at {@code s K + k}, and the kernel that moves it is {@code N x N}.
 */
final class FlowPlace implements AutoCloseable {

    private final NetworkBatch batch;
    private final int samples;
    private final int outputs;
    private final double[][] directions;

    /** @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit */
    FlowPlace(BatchShape shape, double[] inputs, Engine engine) {
        samples = shape.inputs();
        outputs = shape.outputs();
        directions = new double[outputs][outputs];
        for (int k = 0; k < outputs; k++) {
            directions[k][k] = 1;
        }
        batch = engine.allocate(new BatchShape(
                shape.architecture(),
                shape.activation(),
                shape.precision(),
                1,
                samples,
                outputs == 1 ? KernelBlocks.ONE : new KernelBlocks(outputs, true, 0)));
        batch.setInputs(inputs);
    }

    /** S. */
    int samples() {
        return samples;
    }

    void setParameters(double[] parameters) {
        batch.setParameters(0, parameters);
    }

    double[] parameters() {
        return batch.parameters(0);
    }

    void copyParameters(FlowPlace source) {
        batch.copyParameters(source.batch);
    }

    /** One forward and backward pass, after which this place can give gradients. */
    void propagate() {
        batch.forward();
        batch.backward(directions);
    }

    /** {@code f}, N numbers, a new array. */
    double[] outputs() {
        return batch.outputs(0);
    }

    /** {@code Theta}, {@code N x N}, a new array. */
    double[] theta() {
        batch.computeNtk();
        if (outputs == 1) {
            return batch.ntk(0);
        }
        int size = samples * outputs;
        double[] full = new double[size * size];
        double[] block = new double[samples * samples];
        for (int k = 0; k < outputs; k++) {
            for (int j = 0; j < outputs; j++) {
                batch.ntk(0, k, j, block);
                for (int s = 0; s < samples; s++) {
                    int at = (s * outputs + k) * size + j;
                    for (int r = 0; r < samples; r++) {
                        full[at + r * outputs] = block[s * samples + r];
                    }
                }
            }
        }
        return full;
    }

    /** Adds {@code J^T c} to the parameters, with the Jacobian of another place. */
    void addGradient(FlowPlace source, double[] c) {
        double[] part = new double[samples];
        for (int k = 0; k < outputs; k++) {
            int output = k;
            Arrays.setAll(part, s -> c[s * outputs + output]);
            batch.addGradient(source.batch, 0, k, part);
        }
    }

    /** The kernel that is measured: the one there is of one output, else the trace kernel, the mean over outputs; S x S. */
    static double[] measured(double[] theta, int samples) {
        int outputs = (int) Math.round(Math.sqrt(theta.length)) / samples;
        if (outputs == 1) {
            return theta;
        }
        double[] trace = new double[samples * samples];
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < samples; r++) {
                double sum = 0;
                for (int k = 0; k < outputs; k++) {
                    sum += theta[(s * outputs + k) * samples * outputs + r * outputs + k];
                }
                trace[s * samples + r] = sum / outputs;
            }
        }
        return trace;
    }

    @Override
    public void close() {
        batch.close();
    }
}
