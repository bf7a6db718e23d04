package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * A descent on the Java heap; the twin of {@code descent.cpp}.
 *
 * @param <R> the type of one matrix row
 */
final class PureJavaGradientDescent<R> extends GradientDescent {

    private final Rows<R> rows;
    private final Architecture architecture;
    private final int depth;
    private final boolean compensated;
    private final R[] x0;
    private final double[] targets;
    private final List<Layers> values = new ArrayList<>();
    private final List<Layers> pending = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();

    PureJavaGradientDescent(BatchShape shape, WorkerPool workers, Rows<R> rows) {
        super(shape, workers);
        this.rows = rows;
        architecture = shape.architecture();
        depth = architecture.depth();
        compensated = shape.precision() == Precision.F32;
        x0 = rows.matrix(shape.inputs(), architecture.inputDim());
        targets = new double[shape.inputs()];
        for (int index = 0; index < shape.networks(); index++) {
            values.add(new Layers());
            if (compensated) {
                pending.add(new Layers());
            }
        }
        for (int slot = 0; slot < Math.min(workers.threads(), shape.networks()); slot++) {
            workspaces.add(new Workspace());
        }
    }

    /** One number for each parameter of a network: {@code weights.get(l - 1)} are the rows of {@code W^l}. */
    private final class Layers {
        final List<R[]> weights = new ArrayList<>();
        final List<R> biases = new ArrayList<>();

        Layers() {
            for (int l = 1; l <= depth; l++) {
                weights.add(rows.matrix(architecture.width(l), architecture.width(l - 1)));
                biases.add(rows.matrix(1, architecture.width(l))[0]);
            }
        }

        void read(double[] parameters) {
            int offset = 0;
            for (int l = 1; l <= depth; l++) {
                for (R row : weights.get(l - 1)) {
                    rows.read(parameters, offset, row, architecture.width(l - 1));
                    offset += architecture.width(l - 1);
                }
                rows.read(parameters, offset, biases.get(l - 1), architecture.width(l));
                offset += architecture.width(l);
            }
        }

        void write(double[] parameters) {
            int offset = 0;
            for (int l = 1; l <= depth; l++) {
                for (R row : weights.get(l - 1)) {
                    rows.write(row, parameters, offset, architecture.width(l - 1));
                    offset += architecture.width(l - 1);
                }
                rows.write(biases.get(l - 1), parameters, offset, architecture.width(l));
                offset += architecture.width(l);
            }
        }
    }

    /** One thread's forward and backward pass; layer l of L is entry l - 1. */
    private final class Workspace {
        final int inputs = shape().inputs();
        final List<R[]> activations = new ArrayList<>(); // the last one holds the outputs, S x 1
        final List<R[]> deltas = new ArrayList<>(); // phi', then delta; the last one holds c
        final R[] transposedWeights;
        final R[] transposedDelta;
        final R[] pulled;

        Workspace() {
            int maxOut = architecture.maxHiddenWidth();
            int maxIn = Math.max(architecture.inputDim(), maxOut);
            for (int l = 1; l <= depth; l++) {
                activations.add(rows.matrix(inputs, architecture.width(l)));
                deltas.add(rows.matrix(inputs, architecture.width(l)));
            }
            transposedWeights = rows.matrix(maxIn, maxOut);
            transposedDelta = rows.matrix(maxOut, inputs);
            pulled = rows.matrix(inputs, maxOut);
        }

        R[] input(int l) {
            return l == 1 ? x0 : activations.get(l - 2);
        }

        void forward(Layers network) {
            for (int l = 1; l <= depth; l++) {
                int nIn = architecture.width(l - 1);
                int n = architecture.width(l);
                R[] h = activations.get(l - 1);
                if (inputs == 1) {
                    rows.affine(network.weights.get(l - 1), network.biases.get(l - 1), input(l)[0], h[0], n, nIn);
                } else {
                    rows.transpose(network.weights.get(l - 1), 0, n, nIn, transposedWeights);
                    for (R row : h) {
                        rows.copy(network.biases.get(l - 1), row, n);
                    }
                    rows.multiplyAdd(input(l), 0, inputs, transposedWeights, nIn, h, 0, n);
                }
                for (int s = 0; l < depth && s < inputs; s++) {
                    rows.activate(shape().activation(), h[s], deltas.get(l - 1)[s], n);
                }
            }
        }

        double loss(DescentRule rule) {
            double rate = -rule.learningRate() * rule.lossFactor() / inputs;
            double sum = 0;
            for (int s = 0; s < inputs; s++) {
                double residual = rows.get(activations.get(depth - 1)[s], 0) - targets[s];
                sum += residual * residual;
                rows.set(deltas.get(depth - 1)[s], 0, rate * residual);
            }
            return rule.lossFactor() / (2.0 * inputs) * sum;
        }

        /** {@code w += J^T c}; with {@code delta^L = c} the deltas of all layers carry the coefficients. */
        void step(Layers network, Layers target) {
            for (int l = depth; l >= 1; l--) {
                R[] delta = deltas.get(l - 1);
                int nIn = architecture.width(l - 1);
                int n = architecture.width(l);
                if (l > 1) {
                    for (int s = 0; s < inputs; s++) {
                        rows.fill(pulled[s], 0, nIn);
                    }
                    rows.multiplyAdd(delta, 0, inputs, network.weights.get(l - 1), n, pulled, 0, nIn);
                    for (int s = 0; s < inputs; s++) {
                        rows.multiply(pulled[s], deltas.get(l - 2)[s], nIn);
                    }
                }
                rows.transpose(delta, 0, inputs, n, transposedDelta);
                rows.multiplyAdd(transposedDelta, 0, n, input(l), inputs, target.weights.get(l - 1), 0, nIn);
                for (R row : delta) {
                    rows.add(row, target.biases.get(l - 1), n);
                }
                if (compensated) {
                    for (int i = 0; i < n; i++) {
                        rows.settle(
                                network.weights.get(l - 1)[i], target.weights.get(l - 1)[i], nIn);
                    }
                    rows.settle(network.biases.get(l - 1), target.biases.get(l - 1), n);
                }
            }
        }
    }

    @Override
    protected void writeData(double[] x, double[] y) {
        int dim = architecture.inputDim();
        for (int s = 0; s < x0.length; s++) {
            rows.read(x, s * dim, x0[s], dim);
        }
        System.arraycopy(y, 0, targets, 0, y.length);
    }

    @Override
    protected void writeParameters(int index, double[] parameters, double[] rest) {
        values.get(index).read(parameters);
        if (compensated) {
            pending.get(index).read(rest);
        }
    }

    @Override
    protected void readValues(int index, double[] parameters) {
        values.get(index).write(parameters);
    }

    @Override
    protected void readPending(int index, double[] rest) {
        pending.get(index).write(rest);
    }

    @Override
    protected DescentState descend(
            int index, int slot, DescentRule rule, long until, DescentState start, double[] losses) {
        Workspace workspace = workspaces.get(slot);
        Layers network = values.get(index);
        DescentState state = start;
        while (state.runs() && (state.step() < until || state.step() == rule.maxSteps())) {
            workspace.forward(network);
            double loss = workspace.loss(rule);
            losses[(int) (state.step() - start.step())] = loss;
            state = state.observe(rule, loss);
            if (state.runs()) {
                workspace.step(network, compensated ? pending.get(index) : network);
                state = state.stepped();
            }
        }
        return state;
    }

    @Override
    protected void release() {
        values.clear();
        pending.clear();
        workspaces.clear();
    }
}
