package io.github.finitentk.training;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;

/** Measures the kernel of one network at a time on the training inputs, in f64. */
final class KernelMeter implements AutoCloseable {

    private final NetworkBatch batch;

    KernelMeter(Architecture architecture, Activation activation, double[] inputs, int samples, Engine engine) {
        batch = engine.allocate(new BatchShape(architecture, activation, Precision.F64, 1, samples));
        batch.setInputs(inputs);
    }

    /** {@code Theta}, {@code S x S} row-major. Entries may be infinite or NaN. */
    double[] theta(double[] parameters) {
        batch.setParameters(0, parameters);
        batch.forward();
        batch.backward();
        batch.computeNtk();
        return batch.ntk(0);
    }

    static boolean isFinite(double[] theta) {
        for (double entry : theta) {
            if (!Double.isFinite(entry)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        batch.close();
    }
}
