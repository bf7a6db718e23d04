package io.github.finitentk.trust;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.util.Arrays;

/**
 * A network as a linear function of its weights about where it started,
 * <pre>
 * f_lin(x; w) = f_0(x) + J_0(x) (w - w_0),
 * </pre>
 * at the weights where training ended: what eq. (3) replaces the network by, whatever loss and optimiser the training had. The
 * derivative along {@code w - w_0 = (W', b')} is one forward pass of tangents, {@code h' = W x' + W' x + b'}, {@code x' = phi'(h) h'}.
 */
final class Linearization {

    /** Inputs that go through the layers together. */
    private static final int BLOCK = 64;

    private final Network initial;
    private final double[] weights;
    private final double[] steps;

    private Linearization(Network initial, Network trained) {
        this.initial = initial;
        weights = initial.parameters();
        steps = trained.parameters();
        for (int i = 0; i < steps.length; i++) {
            steps[i] -= weights[i];
        }
    }

    /**
     * @param initial with its activation
     * @param trained of the same widths
     * @return {@code f_lin}, {@code S x K}
     */
    static double[][] outputs(Network initial, Network trained, Inputs inputs, Engine engine) {
        Linearization linear = new Linearization(initial, trained);
        double[][] outputs = new double[inputs.count()][];
        int blocks = (inputs.count() + BLOCK - 1) / BLOCK;
        engine.forEach(blocks, (block, worker) -> {
            int from = block * BLOCK;
            linear.pass(inputs.slice(from, Math.min(inputs.count(), from + BLOCK)), outputs, from);
        });
        return outputs;
    }

    private void pass(Inputs inputs, double[][] outputs, int first) {
        Architecture architecture = initial.architecture();
        int count = inputs.count();
        double[] x = new double[inputs.dimension() * count]; // one unit a row
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < inputs.dimension(); i++) {
                x[i * count + s] = inputs.get(s, i);
            }
        }
        double[] tangent = new double[x.length];
        for (int l = 1; l <= architecture.depth(); l++) {
            int units = architecture.width(l);
            int before = architecture.width(l - 1);
            int offset = (int) architecture.weightOffset(l);
            int biases = (int) architecture.biasOffset(l);
            double[] h = new double[units * count];
            double[] hTangent = new double[units * count];
            for (int i = 0; i < units; i++) {
                Arrays.fill(h, i * count, (i + 1) * count, weights[biases + i]);
                Arrays.fill(hTangent, i * count, (i + 1) * count, steps[biases + i]);
                for (int j = 0; j < before; j++) {
                    double w = weights[offset + i * before + j];
                    double step = steps[offset + i * before + j];
                    for (int s = 0; s < count; s++) {
                        h[i * count + s] += w * x[j * count + s];
                        hTangent[i * count + s] += w * tangent[j * count + s] + step * x[j * count + s];
                    }
                }
            }
            if (l < architecture.depth()) {
                double[] slopes = new double[h.length];
                initial.activation().apply(h, slopes, 0, h.length);
                for (int i = 0; i < h.length; i++) {
                    hTangent[i] *= slopes[i];
                }
            }
            x = h;
            tangent = hTangent;
        }
        for (int s = 0; s < count; s++) {
            outputs[first + s] = new double[architecture.outputs()];
            for (int k = 0; k < architecture.outputs(); k++) {
                outputs[first + s][k] = x[k * count + s] + tangent[k * count + s];
            }
        }
    }

    /** {@code |f_t - f_lin| / |f_t - f_0|}: 0 if the network is linear in its weights, NaN if training changed nothing. */
    static double error(double[][] initial, double[][] trained, double[][] linear) {
        double missed = 0;
        double moved = 0;
        for (int s = 0; s < trained.length; s++) {
            for (int k = 0; k < trained[s].length; k++) {
                double residual = trained[s][k] - linear[s][k];
                double change = trained[s][k] - initial[s][k];
                missed += residual * residual;
                moved += change * change;
            }
        }
        return moved == 0 ? Double.NaN : Math.sqrt(missed / moved);
    }
}
