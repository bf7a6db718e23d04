package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.Arrays;

/**
 * The empirical Neural Tangent Kernel of one given network, eq. (2):
 * {@code Theta(x_s, x_r) = sum over all weights and biases w of df(x_s)/dw df(x_r)/dw}.
 *
 * <p>In single precision an entry is typically off by 3e-7 (ReLU) or 1e-6 (tanh) of the largest one. A ReLU unit whose
 * preactivation is zero to within rounding may open in one precision and stay shut in the other, and then a whole path
 * appears or disappears: among 240 random ReLU networks (M = 256, L = 3 to 50, S = 64) the worst entry was off by 3 % of the
 * largest. Use f64 where single entries matter.
 *
 * @param theta {@code S x S}
 * @param outputs {@code f(x_1), ..., f(x_S)}; copied in and out
 */
public record EmpiricalNtk(Kernel theta, double[] outputs) {

    /** @throws IllegalArgumentException if there is not one output for each row of the kernel */
    public EmpiricalNtk {
        if (theta.rows() != outputs.length || theta.columns() != outputs.length) {
            throw new IllegalArgumentException(
                    "A network with " + outputs.length + " outputs does not have the " + theta + ".");
        }
        outputs = outputs.clone();
    }

    /**
     * Computes the kernel.
     *
     * @param network with its activation
     * @param x {@code S x n_0}
     * @param precision the number type of states and products; their sum over layers is f64 in either case
     * @throws IllegalArgumentException if the inputs have another dimension than the network takes
     * @throws IllegalStateException if the network has no activation
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit
     */
    public static EmpiricalNtk of(Network network, Inputs x, Precision precision, Engine engine) {
        x.requireDimension(network.architecture().inputDim());
        int inputs = x.count();
        BatchShape shape = new BatchShape(network.architecture(), network.activation(), precision, 1, inputs);
        try (NetworkBatch batch = engine.allocate(shape)) {
            batch.setInputs(x.toArray());
            batch.setParameters(0, network.parameters());
            batch.forward();
            batch.backward();
            batch.computeNtk();
            return new EmpiricalNtk(Kernel.wrap(inputs, inputs, batch.ntk(0)), batch.outputs(0));
        }
    }

    @Override
    public double[] outputs() {
        return outputs.clone();
    }

    /** The same kernel and outputs. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EmpiricalNtk that && theta.equals(that.theta) && Arrays.equals(outputs, that.outputs);
    }

    @Override
    public int hashCode() {
        return 31 * theta.hashCode() + Arrays.hashCode(outputs);
    }

    @Override
    public String toString() {
        return "empirical NTK, " + theta;
    }
}
