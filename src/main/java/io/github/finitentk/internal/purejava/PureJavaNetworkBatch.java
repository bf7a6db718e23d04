package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.CrossGram;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch on the Java heap.
 *
 * @param <R> the type of one matrix row
 */
final class PureJavaNetworkBatch<R> extends NetworkBatch {

    /** The tensor numbers of a layer's random streams; the native core uses the same. */
    private static final int WEIGHTS = 0;

    private static final int BIASES = 1;

    private final Rows<R> rows;
    private final Architecture architecture;
    private final int depth;
    private final R[] x0;
    private final List<R[]> outputs = new ArrayList<>();
    private final List<Parameters<R>> networks = new ArrayList<>();
    private final List<List<R[]>> activations = new ArrayList<>();
    private final List<List<R[]>> derivatives =
            new ArrayList<>(); // phi'(h^l), where the deltas do not take their place
    private final List<List<List<R[]>>> deltas = new ArrayList<>(); // by network, direction and layer
    private final PureJavaGram<R> gram;
    private final double[][][] theta;

    /** {@code weights.get(l - 1)} holds the rows of {@code W^l}, {@code transposes} those of its transpose. */
    private record Parameters<R>(List<R[]> weights, List<R[]> transposes, List<R> biases) {}

    PureJavaNetworkBatch(BatchShape shape, WorkerPool workers, Rows<R> rows) {
        super(shape, workers);
        this.rows = rows;
        architecture = shape.architecture();
        depth = architecture.depth();
        int inputs = shape.inputs();
        x0 = rows.matrix(inputs, architecture.inputDim());
        for (int network = 0; network < shape.networks(); network++) {
            networks.add(new Parameters<>(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
            activations.add(new ArrayList<>());
            outputs.add(rows.matrix(inputs, architecture.outputs()));
            for (int l = 1; l <= depth; l++) {
                int nOut = architecture.width(l);
                int nIn = architecture.width(l - 1);
                networks.get(network).weights.add(rows.matrix(nOut, nIn));
                networks.get(network).transposes.add(transposes() ? rows.matrix(nIn, nOut) : null);
                networks.get(network).biases.add(rows.matrix(1, nOut)[0]);
                if (l < depth) {
                    activations.get(network).add(rows.matrix(inputs, nOut));
                }
            }
            deltas.add(new ArrayList<>());
            for (int d = 0; d < shape.blocks().directions(); d++) {
                deltas.get(network).add(hiddenStates());
            }
            derivatives.add(
                    shape.keepsDerivatives()
                            ? hiddenStates()
                            : deltas.get(network).get(0));
        }
        gram = new PureJavaGram<>(shape, workers.threads(), rows);
        theta = new double[shape.networks()][shape.blocks().count()][Math.multiplyExact(shape.rows(), shape.columns())];
    }

    private List<R[]> hiddenStates() {
        List<R[]> states = new ArrayList<>();
        for (int l = 1; l < depth; l++) {
            states.add(rows.matrix(shape().inputs(), architecture.width(l)));
        }
        return states;
    }

    // Several inputs are a product with the transposed weights, whose rows the JIT vectorises; one is a scalar product
    // for each unit.
    private boolean transposes() {
        return shape().inputs() > 1;
    }

    @Override
    protected void writeInputs(double[] x) {
        int dim = architecture.inputDim();
        for (int s = 0; s < x0.length; s++) {
            rows.read(x, s * dim, x0[s], dim);
        }
    }

    @Override
    protected void drawParameters(Initialization initialization, long key, long firstStream) {
        workers().forEach(shape().networks(), (index, slot) -> {
            Parameters<R> network = networks.get(index);
            for (int l = 1; l <= depth; l++) {
                int nIn = architecture.width(l - 1);
                int nOut = architecture.width(l);
                double scale = Math.sqrt(initialization.sigmaW2() / nIn);
                NormalStream stream = new NormalStream(key, firstStream + index, l, WEIGHTS);
                R[] weights = network.weights.get(l - 1);
                for (int i = 0; i < nOut; i++) {
                    rows.normals(stream, (long) i * nIn, scale, weights[i], nIn);
                }
                double biasScale = Math.sqrt(initialization.sigmaB2());
                stream = new NormalStream(key, firstStream + index, l, BIASES);
                rows.normals(stream, 0, biasScale, network.biases.get(l - 1), nOut);
            }
            transposeWeights(network);
        });
    }

    @Override
    protected void writeParameters(int index, double[] parameters) {
        Parameters<R> network = networks.get(index);
        int offset = 0;
        for (int l = 1; l <= depth; l++) {
            int nIn = architecture.width(l - 1);
            for (R row : network.weights.get(l - 1)) {
                rows.read(parameters, offset, row, nIn);
                offset += nIn;
            }
            rows.read(parameters, offset, network.biases.get(l - 1), architecture.width(l));
            offset += architecture.width(l);
        }
        transposeWeights(network);
    }

    private void transposeWeights(Parameters<R> network) {
        if (transposes()) {
            for (int l = 1; l <= depth; l++) {
                rows.transpose(
                        network.weights.get(l - 1),
                        0,
                        architecture.width(l),
                        architecture.width(l - 1),
                        network.transposes.get(l - 1));
            }
        }
    }

    @Override
    protected void readParameters(int index, double[] parameters) {
        Parameters<R> network = networks.get(index);
        int offset = 0;
        for (int l = 1; l <= depth; l++) {
            int nIn = architecture.width(l - 1);
            for (R row : network.weights.get(l - 1)) {
                rows.write(row, parameters, offset, nIn);
                offset += nIn;
            }
            rows.write(network.biases.get(l - 1), parameters, offset, architecture.width(l));
            offset += architecture.width(l);
        }
    }

    @Override
    protected void copyParameters(NetworkBatch source, int index) {
        Parameters<R> from = batch(source).networks.get(index);
        Parameters<R> to = networks.get(index);
        for (int l = 1; l <= depth; l++) {
            int nIn = architecture.width(l - 1);
            int nOut = architecture.width(l);
            copy(from.weights.get(l - 1), to.weights.get(l - 1), nIn);
            if (transposes()) {
                copy(from.transposes.get(l - 1), to.transposes.get(l - 1), nOut);
            }
            rows.copy(from.biases.get(l - 1), to.biases.get(l - 1), nOut);
        }
    }

    private void copy(R[] from, R[] to, int columns) {
        for (int i = 0; i < from.length; i++) {
            rows.copy(from[i], to[i], columns);
        }
    }

    @Override
    protected void accumulateGradient(
            NetworkBatch source, int index, int direction, double[] v, double[] coefficients) {
        int inputs = coefficients.length;
        R c = rows.matrix(1, inputs)[0];
        rows.read(coefficients, 0, c, inputs);
        PureJavaNetworkBatch<R> at = batch(source);
        Parameters<R> network = networks.get(index);
        R top = matrix(v)[0];
        R[] x = at.x0;
        for (int l = 1; l <= depth; l++) {
            int n = architecture.width(l);
            R[] scaled = rows.matrix(inputs, n);
            for (int s = 0; s < inputs; s++) {
                rows.fill(scaled[s], rows.get(c, s), n);
                rows.multiply(at.delta(index, direction, l, s, top), scaled[s], n);
                rows.add(scaled[s], network.biases.get(l - 1), n);
            }
            R[] factors = rows.matrix(n, inputs);
            rows.transpose(scaled, 0, inputs, n, factors);
            rows.multiplyAdd(factors, 0, n, x, inputs, network.weights.get(l - 1), 0, architecture.width(l - 1));
            if (l < depth) {
                x = at.activations.get(index).get(l - 1);
            }
        }
        transposeWeights(network);
    }

    private R delta(int index, int direction, int l, int s, R top) {
        return l == depth ? top : deltas.get(index).get(direction).get(l - 1)[s];
    }

    @Override
    protected double[] derivatives(NetworkBatch along, int index, int direction, double[] v) {
        double[] derivatives = new double[shape().inputs()];
        R top = matrix(v)[0];
        R[] x = x0;
        for (int l = 1; l <= depth; l++) {
            int n = architecture.width(l);
            R[] tangent = rows.matrix(derivatives.length, n);
            batch(along).affine(index, l, x, tangent, 0, derivatives.length);
            for (int s = 0; s < derivatives.length; s++) {
                rows.multiply(delta(index, direction, l, s, top), tangent[s], n);
                for (int i = 0; i < n; i++) {
                    derivatives[s] += rows.get(tangent[s], i);
                }
            }
            if (l < depth) {
                x = activations.get(index).get(l - 1);
            }
        }
        return derivatives;
    }

    // Equal shapes of one backend have equal rows: NetworkBatch has compared both.
    @SuppressWarnings("unchecked")
    private PureJavaNetworkBatch<R> batch(NetworkBatch source) {
        return (PureJavaNetworkBatch<R>) source;
    }

    @Override
    protected void forward(int firstNetwork, int networkCount, int firstInput, int inputCount, int slot) {
        for (int index = firstNetwork; index < firstNetwork + networkCount; index++) {
            R[] x = x0;
            for (int l = 1; l < depth; l++) {
                R[] h = activations.get(index).get(l - 1);
                R[] derivative = derivatives.get(index).get(l - 1);
                affine(index, l, x, h, firstInput, inputCount);
                for (int s = firstInput; s < firstInput + inputCount; s++) {
                    rows.activate(shape().activation(), h[s], derivative[s], architecture.width(l));
                }
                x = h;
            }
            affine(index, depth, x, outputs.get(index), firstInput, inputCount);
        }
    }

    // h_s = W x_s + b
    private void affine(int index, int l, R[] x, R[] h, int firstInput, int inputCount) {
        Parameters<R> network = networks.get(index);
        R biases = network.biases.get(l - 1);
        int nIn = architecture.width(l - 1);
        int nOut = architecture.width(l);
        if (transposes()) {
            int end = firstInput + inputCount;
            for (int s = firstInput; s < end; s++) {
                rows.copy(biases, h[s], nOut);
            }
            rows.multiplyAdd(x, firstInput, end, network.transposes.get(l - 1), nIn, h, firstInput, nOut);
        } else {
            rows.affine(network.weights.get(l - 1), biases, x[0], h[0], nOut, nIn);
        }
    }

    @Override
    protected void backward(
            int firstNetwork, int networkCount, int firstInput, int inputCount, double[] directions, int slot) {
        R[] top = matrix(directions);
        for (int index = firstNetwork; index < firstNetwork + networkCount; index++) {
            for (int d = 0; d < top.length; d++) {
                backward(index, top, d, firstInput, inputCount);
            }
        }
    }

    private R[] matrix(double[] directions) {
        int outputs = architecture.outputs();
        R[] top = rows.matrix(directions.length / outputs, outputs);
        for (int d = 0; d < top.length; d++) {
            rows.read(directions, d * outputs, top[d], outputs);
        }
        return top;
    }

    private void backward(int index, R[] top, int d, int firstInput, int inputCount) {
        List<R[]> weights = networks.get(index).weights;
        for (int l = depth - 1; l >= 1; l--) {
            R[] derivative = derivatives.get(index).get(l - 1);
            R[] delta = deltas.get(index).get(d).get(l - 1);
            int n = architecture.width(l);
            // The last layer pulls one vector back, the same for all inputs.
            boolean last = l == depth - 1;
            R[] pulled = rows.matrix(last ? 1 : inputCount, n);
            if (last) {
                rows.multiplyAdd(top, d, d + 1, weights.get(l), architecture.outputs(), pulled, 0, n);
            } else {
                R[] above = deltas.get(index).get(d).get(l);
                int end = firstInput + inputCount;
                rows.multiplyAdd(above, firstInput, end, weights.get(l), architecture.width(l + 1), pulled, 0, n);
            }
            for (int s = 0; s < inputCount; s++) {
                if (derivative != delta) {
                    rows.copy(derivative[firstInput + s], delta[firstInput + s], n);
                }
                rows.multiply(pulled[last ? 0 : s], delta[firstInput + s], n);
            }
        }
    }

    @Override
    protected void ntkTile(
            int firstNetwork, int networkCount, int tile, LayerRates rates, double[] directions, int slot) {
        R[] top = matrix(directions);
        for (int index = firstNetwork; index < firstNetwork + networkCount; index++) {
            gram.tile(states(index, top), tile, rates, theta[index], slot);
        }
    }

    private PureJavaGram.States<R> states(int index, R[] top) {
        List<R[]> x = new ArrayList<>(List.<R[]>of(x0));
        x.addAll(activations.get(index));
        return new PureJavaGram.States<>(x, deltas.get(index), top);
    }

    @Override
    protected CrossGram crossGram(
            NetworkBatch others, LayerRates rates, boolean pairs, double[] directions, int numbers) {
        R[] top = matrix(directions);
        return new PureJavaCrossGram<>(
                architecture,
                rows,
                states(0, top),
                batch(others).states(0, top),
                rates,
                pairs,
                workers().threads());
    }

    @Override
    protected void readOutputs(int index, double[] target) {
        int count = architecture.outputs();
        for (int s = 0; s < shape().inputs(); s++) {
            rows.write(outputs.get(index)[s], target, s * count, count);
        }
    }

    @Override
    protected void readState(int index, boolean delta, int layer, long offset, double[] target) {
        R[] state = (delta ? deltas.get(index).get(0) : activations.get(index)).get(layer - 1);
        int n = architecture.width(layer);
        for (int s = 0; s < state.length; s++) {
            rows.write(state[s], target, s * n, n);
        }
    }

    @Override
    protected void readNtk(int index, int block, double[] target) {
        System.arraycopy(theta[index][block], 0, target, 0, target.length);
    }

    @Override
    protected void release() {
        networks.clear();
        activations.clear();
        derivatives.clear();
        deltas.clear();
        outputs.clear();
    }
}
