package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.PackedCholesky;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import java.util.function.DoubleConsumer;

/** The kernel of a network that is never formed, {@link KernelOperator}. */
final class NetworkKernel implements TrainingKernel {

    private final Network network;
    private final Inputs inputs;
    private final KernelForm form;
    private final LayerRates rates;
    private final Engine engine;
    private KernelOperator operator;

    NetworkKernel(Network network, Inputs inputs, KernelForm form, LayerRates rates, Engine engine) {
        this.network = network;
        this.inputs = inputs;
        this.form = form;
        this.rates = rates;
        this.engine = engine;
    }

    @Override
    public void open() {
        operator = new KernelOperator(network, inputs, form, rates, engine);
    }

    @Override
    public void close() {
        operator.close();
    }

    @Override
    public int order() {
        return KernelOperator.order(network.architecture().outputs(), inputs.count(), form);
    }

    @Override
    public void requireEntries() {
        throw new IllegalStateException(
                "A kernel that is never formed has no Cholesky factor: take conjugate gradients,"
                        + " or a solver of the kernel itself.");
    }

    @Override
    public void fill(PackedCholesky target, DoubleConsumer progress) {
        requireEntries();
    }

    @Override
    public double bytes(int columns) {
        return KernelOperator.bytes(network, inputs.count(), form);
    }

    @Override
    public double[] times(double[] v, int m) {
        if (m == 1) {
            return operator.times(v);
        }
        int n = v.length / m;
        double[] products = new double[v.length];
        for (int j = 0; j < m; j++) {
            double[] column = new double[n];
            for (int i = 0; i < n; i++) {
                column[i] = v[i * m + j];
            }
            double[] product = operator.times(column);
            for (int i = 0; i < n; i++) {
                products[i * m + j] = product[i];
            }
        }
        return products;
    }
}
