package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelBlocks;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * The empirical kernel of a network as an operator, {@code Theta v = J (R (J^T v))} with the rates R of weights and biases, at a cost that
 * grows like S: no kernel is formed. Inputs are worked on in parts of fixed size, whose sums are added up in their order, so results do
 * not depend on threads.
 */
final class KernelOperator implements AutoCloseable {

    private static final int PART = 1024;

    private final Architecture architecture;
    private final Engine engine;
    private final LayerRates rates;
    private final boolean standard;
    private final boolean together;
    private final int directions;
    private final double factor;
    private final int samples;
    private final List<Part> parts = new ArrayList<>();
    private long products;

    /** Inputs {@code first, first + 1, ...}: the network there, and what takes gradients and gives directions in parameter space. */
    private record Part(int first, int count, NetworkBatch batch, NetworkBatch parameters) {}

    KernelOperator(Network network, Inputs inputs, KernelForm form, LayerRates rates, Engine engine) {
        this.architecture = network.architecture();
        this.engine = engine;
        this.rates = rates;
        standard = rates.equals(LayerRates.standard(architecture));
        int outputs = architecture.outputs();
        double[][] v = form.directions(outputs);
        directions = v.length;
        together = directions == 1 || form.pairsOutputs(outputs);
        factor = together ? 1 : 1.0 / directions;
        samples = inputs.count();
        try {
            for (int first = 0; first < samples; first += PART) {
                parts.add(part(network, inputs, first, Math.min(PART, samples - first), v));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The number of rows of such a kernel: S, or S K for all outputs. */
    static int order(int outputs, int inputs, KernelForm form) {
        int directions = form.directions(outputs).length;
        return Math.multiplyExact(inputs, form.pairsOutputs(outputs) ? directions : 1);
    }

    /** The memory that one takes. */
    static double bytes(Network network, int inputs, KernelForm form) {
        int directions = form.directions(network.architecture().outputs()).length;
        int whole = inputs / PART;
        double bytes = 0;
        if (whole > 0) {
            bytes += 2.0 * whole * shape(network, PART, directions).bytes();
        }
        if (inputs % PART > 0) {
            bytes += 2 * shape(network, inputs % PART, directions).bytes();
        }
        return bytes;
    }

    private static BatchShape shape(Network network, int count, int directions) {
        // Where there is room for a kernel, it has one column at most: it is never computed.
        KernelBlocks none = new KernelBlocks(directions, false, count == 1 ? 0 : 1);
        return new BatchShape(network.architecture(), network.activation(), Precision.F64, 1, count, none);
    }

    private Part part(Network network, Inputs inputs, int first, int count, double[][] v) {
        BatchShape shape = shape(network, count, directions);
        Engine alone = engine.single();
        Part part = new Part(first, count, alone.allocate(shape), alone.allocate(shape));
        part.batch.setInputs(inputs.slice(first, first + count).toArray());
        part.batch.setParameters(0, network.parameters());
        part.batch.forward();
        part.batch.backward(v);
        return part;
    }

    /** S, or S K for all outputs. */
    int order() {
        return Math.multiplyExact(samples, together ? directions : 1);
    }

    /** How many products there have been. */
    long products() {
        return products;
    }

    /** {@code Theta v}, a new array; entry {@code s K + k} belongs to output k of input s. */
    double[] times(double[] v) {
        products++;
        double[] result = new double[v.length];
        if (together) {
            add(v, 0, directions, result);
        } else {
            for (int d = 0; d < directions; d++) {
                add(v, d, d + 1, result);
            }
        }
        return result;
    }

    // result += factor J R J^T v of the directions from, ..., to - 1, whose numbers alternate in v.
    private void add(double[] v, int from, int to, double[] result) {
        int stride = to - from;
        double[][] sums = new double[parts.size()][];
        engine.forEach(sums.length, (p, slot) -> {
            Part part = parts.get(p);
            part.parameters.setParameters(0, new double[Math.toIntExact(architecture.parameterCount())]);
            for (int d = from; d < to; d++) {
                double[] c = new double[part.count];
                for (int s = 0; s < c.length; s++) {
                    c[s] = v[(part.first + s) * stride + d - from];
                }
                part.parameters.addGradient(part.batch, 0, d, c);
            }
            sums[p] = part.parameters.parameters(0);
        });
        double[] gradient = sums[0];
        for (int p = 1; p < sums.length; p++) {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += sums[p][i];
            }
        }
        scale(gradient);
        engine.forEach(sums.length, (p, slot) -> {
            Part part = parts.get(p);
            part.parameters.setParameters(0, gradient);
            for (int d = from; d < to; d++) {
                double[] along = part.batch.derivatives(part.parameters, 0, d);
                for (int s = 0; s < along.length; s++) {
                    result[(part.first + s) * stride + d - from] += factor * along[s];
                }
            }
        });
    }

    private void scale(double[] gradient) {
        if (standard) {
            return;
        }
        for (int l = 1; l <= architecture.depth(); l++) {
            int weights = Math.toIntExact(architecture.weightOffset(l));
            int biases = Math.toIntExact(architecture.biasOffset(l));
            scale(gradient, weights, biases, rates.weights()[l - 1]);
            scale(gradient, biases, biases + architecture.width(l), rates.biases()[l - 1]);
        }
    }

    private static void scale(double[] gradient, int from, int to, double rate) {
        for (int i = from; i < to; i++) {
            gradient[i] *= rate;
        }
    }

    @Override
    public void close() {
        for (Part part : parts) {
            part.batch.close();
            part.parameters.close();
        }
        parts.clear();
    }
}
