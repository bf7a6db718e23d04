package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.ArrayList;
import java.util.Arrays;
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

    // From here on a product with the transposed weights, which the JIT vectorises, beats scalar products.
    private static final int MIN_INPUTS_FOR_TRANSPOSE = 4;

    private final Rows<R> rows;
    private final Architecture architecture;
    private final int depth;
    private final R[] x0;
    private final R[] outputs;
    private final List<Parameters<R>> networks = new ArrayList<>();
    private final List<List<R[]>> activations = new ArrayList<>();
    private final List<List<R[]>> deltas = new ArrayList<>();
    private final R[][] transposed;
    private final R[][] deltaProducts;
    private final R[][] activationProducts;
    private final double[][] theta;

    /** {@code weights.get(l - 1)} holds the rows of {@code W^l}, {@code transposes} those of its transpose. */
    private record Parameters<R>(List<R[]> weights, List<R[]> transposes, List<R> biases) {}

    @SuppressWarnings("unchecked")
    PureJavaNetworkBatch(BatchShape shape, WorkerPool workers, Rows<R> rows) {
        super(shape, workers);
        this.rows = rows;
        architecture = shape.architecture();
        depth = architecture.depth();
        int inputs = shape.inputs();
        x0 = rows.matrix(inputs, architecture.inputDim());
        outputs = rows.matrix(shape.networks(), inputs);
        for (int network = 0; network < shape.networks(); network++) {
            networks.add(new Parameters<>(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
            activations.add(new ArrayList<>());
            deltas.add(new ArrayList<>());
            for (int l = 1; l <= depth; l++) {
                int nOut = architecture.width(l);
                int nIn = architecture.width(l - 1);
                networks.get(network).weights.add(rows.matrix(nOut, nIn));
                networks.get(network).transposes.add(transposes() ? rows.matrix(nIn, nOut) : null);
                networks.get(network).biases.add(rows.matrix(1, nOut)[0]);
                if (l < depth) {
                    activations.get(network).add(rows.matrix(inputs, nOut));
                    deltas.get(network).add(rows.matrix(inputs, nOut));
                }
            }
        }
        int maxWidth = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
        int edge = Math.min(BatchShape.BLOCK, inputs);
        transposed = (R[][]) new Object[workers.threads()][];
        deltaProducts = (R[][]) new Object[workers.threads()][];
        activationProducts = (R[][]) new Object[workers.threads()][];
        for (int slot = 0; inputs > 1 && slot < workers.threads(); slot++) {
            transposed[slot] = rows.matrix(maxWidth, edge);
            deltaProducts[slot] = rows.matrix(edge, edge);
            activationProducts[slot] = rows.matrix(edge, edge);
        }
        theta = new double[shape.networks()][Math.multiplyExact(inputs, inputs)];
    }

    private boolean transposes() {
        return shape().inputs() >= MIN_INPUTS_FOR_TRANSPOSE;
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
    protected void accumulateGradient(NetworkBatch source, int index, double[] coefficients) {
        int inputs = coefficients.length;
        R c = rows.matrix(1, inputs)[0];
        rows.read(coefficients, 0, c, inputs);
        PureJavaNetworkBatch<R> at = batch(source);
        Parameters<R> network = networks.get(index);
        R[] x = at.x0;
        for (int l = 1; l <= depth; l++) {
            int n = architecture.width(l);
            R biases = network.biases.get(l - 1);
            R[] scaled = rows.matrix(n, inputs);
            if (l < depth) {
                rows.transpose(at.deltas.get(index).get(l - 1), 0, inputs, n, scaled);
            } else {
                rows.fill(scaled[0], 1, inputs);
            }
            for (int i = 0; i < n; i++) {
                rows.set(biases, i, rows.get(biases, i) + rows.dot(scaled[i], c, inputs));
                rows.multiply(c, scaled[i], inputs);
            }
            rows.multiplyAdd(scaled, 0, n, x, inputs, network.weights.get(l - 1), 0, architecture.width(l - 1));
            if (l < depth) {
                x = at.activations.get(index).get(l - 1);
            }
        }
        transposeWeights(network);
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
                R[] derivative = deltas.get(index).get(l - 1);
                affine(index, l, x, h, firstInput, inputCount);
                for (int s = firstInput; s < firstInput + inputCount; s++) {
                    rows.activate(shape().activation(), h[s], derivative[s], architecture.width(l));
                }
                x = h;
            }
            output(index, x, firstInput, inputCount);
        }
    }

    private void affine(int index, int l, R[] x, R[] h, int firstInput, int inputCount) {
        Parameters<R> network = networks.get(index);
        int nIn = architecture.width(l - 1);
        int nOut = architecture.width(l);
        for (int s = firstInput; s < firstInput + inputCount; s++) {
            rows.copy(network.biases.get(l - 1), h[s], nOut);
        }
        if (transposes()) {
            rows.multiplyAdd(
                    x, firstInput, firstInput + inputCount, network.transposes.get(l - 1), nIn, h, firstInput, nOut);
        } else {
            for (int s = firstInput; s < firstInput + inputCount; s++) {
                rows.multiplyVectorAdd(network.weights.get(l - 1), x[s], h[s], nOut, nIn);
            }
        }
    }

    private void output(int index, R[] x, int firstInput, int inputCount) {
        Parameters<R> network = networks.get(index);
        R weights = network.weights.get(depth - 1)[0];
        double bias = rows.get(network.biases.get(depth - 1), 0);
        for (int s = firstInput; s < firstInput + inputCount; s++) {
            rows.set(outputs[index], s, rows.dot(weights, x[s], architecture.width(depth - 1)) + bias);
        }
    }

    @Override
    protected void backward(int firstNetwork, int networkCount, int firstInput, int inputCount, int slot) {
        for (int index = firstNetwork; index < firstNetwork + networkCount; index++) {
            Parameters<R> network = networks.get(index);
            for (int l = depth - 1; l >= 1; l--) {
                R[] delta = deltas.get(index).get(l - 1);
                int n = architecture.width(l);
                if (l == depth - 1) {
                    R weights = network.weights.get(depth - 1)[0];
                    for (int s = firstInput; s < firstInput + inputCount; s++) {
                        rows.multiply(weights, delta[s], n);
                    }
                } else {
                    R[] above = deltas.get(index).get(l);
                    R[] g = rows.matrix(inputCount, n);
                    rows.multiplyAdd(
                            above,
                            firstInput,
                            firstInput + inputCount,
                            network.weights.get(l),
                            architecture.width(l + 1),
                            g,
                            0,
                            n);
                    for (int s = 0; s < inputCount; s++) {
                        rows.multiply(g[s], delta[firstInput + s], n);
                    }
                }
            }
        }
    }

    @Override
    protected void ntkTile(int firstNetwork, int networkCount, int tile, int slot) {
        for (int index = firstNetwork; index < firstNetwork + networkCount; index++) {
            if (shape().inputs() == 1) {
                theta[index][0] = thetaOfOneInput(index);
            } else {
                thetaTile(index, tile, slot);
            }
        }
    }

    private double thetaOfOneInput(int index) {
        double sum = 0;
        R x = x0[0];
        for (int l = 1; l <= depth; l++) {
            double xNorm2 = rows.dot(x, x, architecture.width(l - 1));
            if (l == depth) {
                sum += xNorm2 + 1;
            } else {
                R delta = deltas.get(index).get(l - 1)[0];
                sum += rows.dot(delta, delta, architecture.width(l)) * (xNorm2 + 1);
                x = activations.get(index).get(l - 1)[0];
            }
        }
        return sum;
    }

    private void thetaTile(int index, int tile, int slot) {
        int inputs = shape().inputs();
        int i = 0;
        while ((i + 1) * (i + 2) / 2 <= tile) {
            i++;
        }
        int row = i * BatchShape.BLOCK;
        int column = (tile - i * (i + 1) / 2) * BatchShape.BLOCK;
        int rowEnd = Math.min(row + BatchShape.BLOCK, inputs);
        int columnEnd = Math.min(column + BatchShape.BLOCK, inputs);
        double[] kernel = theta[index];
        for (int r = row; r < rowEnd; r++) {
            Arrays.fill(kernel, r * inputs + column, r * inputs + columnEnd, 0);
        }
        for (int l = 1; l <= depth; l++) {
            R[] x = l == 1 ? x0 : activations.get(index).get(l - 2);
            products(x, architecture.width(l - 1), row, rowEnd, column, columnEnd, activationProducts[slot], slot);
            if (l < depth) {
                R[] delta = deltas.get(index).get(l - 1);
                products(delta, architecture.width(l), row, rowEnd, column, columnEnd, deltaProducts[slot], slot);
            }
            for (int r = row; r < rowEnd; r++) {
                if (l == depth) {
                    rows.fill(deltaProducts[slot][r - row], 1, columnEnd - column);
                }
                int columns = row == column ? r - row + 1 : columnEnd - column;
                rows.accumulate(
                        deltaProducts[slot][r - row],
                        activationProducts[slot][r - row],
                        kernel,
                        r * inputs + column,
                        columns);
            }
        }
        for (int r = row; r < rowEnd; r++) {
            for (int c = column; c < Math.min(columnEnd, r); c++) {
                kernel[c * inputs + r] = kernel[r * inputs + c];
            }
        }
    }

    // Scalar products of matrix rows; on a diagonal tile only columns up to the diagonal are formed.
    private void products(R[] matrix, int width, int row, int rowEnd, int column, int columnEnd, R[] target, int slot) {
        rows.transpose(matrix, column, columnEnd, width, transposed[slot]);
        for (int r = row; r < rowEnd; r++) {
            int columns = row == column ? r - row + 1 : columnEnd - column;
            rows.fill(target[r - row], 0, columns);
            rows.multiplyAdd(matrix, r, r + 1, transposed[slot], width, target, r - row, columns);
        }
    }

    @Override
    protected void readOutputs(int index, double[] target) {
        rows.write(outputs[index], target, 0, target.length);
    }

    @Override
    protected void readState(int index, boolean delta, int layer, long offset, double[] target) {
        R[] state = (delta ? deltas : activations).get(index).get(layer - 1);
        int n = architecture.width(layer);
        for (int s = 0; s < state.length; s++) {
            rows.write(state[s], target, s * n, n);
        }
    }

    @Override
    protected void readNtk(int index, double[] target) {
        System.arraycopy(theta[index], 0, target, 0, target.length);
    }

    @Override
    protected void release() {
        networks.clear();
        activations.clear();
        deltas.clear();
    }
}
