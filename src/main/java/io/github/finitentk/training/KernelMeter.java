package io.github.finitentk.training;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.Arrays;

/** Measures the kernel of one network at a time, in f64; of several outputs it is the trace kernel, the mean of theirs. */
final class KernelMeter implements AutoCloseable {

    private final Architecture architecture;
    private final Activation activation;
    private final Engine engine;
    private final int samples;
    private final double[] inputs;
    private final NetworkBatch batch; // null where there are several outputs

    KernelMeter(Architecture architecture, Activation activation, double[] inputs, int samples, Engine engine) {
        this.architecture = architecture;
        this.activation = activation;
        this.engine = engine;
        this.samples = samples;
        this.inputs = inputs;
        if (architecture.outputs() > 1) {
            batch = null;
        } else {
            batch = engine.allocate(new BatchShape(architecture, activation, Precision.F64, 1, samples));
            batch.setInputs(inputs);
        }
    }

    /** {@code Theta}, {@code S x S} row-major. Entries may be infinite or NaN. */
    double[] theta(double[] parameters) {
        if (batch == null) {
            return trace(parameters);
        }
        batch.setParameters(0, parameters);
        batch.forward();
        batch.backward();
        batch.computeNtk();
        return batch.ntk(0);
    }

    private double[] trace(double[] parameters) {
        if (!isFinite(parameters)) {
            double[] theta = new double[samples * samples];
            Arrays.fill(theta, Double.NaN);
            return theta;
        }
        Network network = new Network(architecture, parameters).with(activation);
        return new KernelEvaluation(network, Inputs.of(samples, architecture.inputDim(), inputs), engine)
                .evaluate()
                .theta()
                .toArray();
    }

    static boolean isFinite(double[] numbers) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
        }
    }
}
