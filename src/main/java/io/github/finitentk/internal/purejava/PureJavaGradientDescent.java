package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.BatchOrder;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.internal.compute.DescentState.Status;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.internal.numeric.CrossEntropy;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final int outputs;
    private final R[] x0;
    private final double[] targets;
    private final List<LayerOptimizer.Numbers<R>> networks = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();

    PureJavaGradientDescent(BatchShape shape, DescentRule rule, WorkerPool workers, Rows<R> rows) {
        super(shape, rule, workers);
        this.rows = rows;
        architecture = shape.architecture();
        depth = architecture.depth();
        outputs = architecture.outputs();
        x0 = rows.matrix(shape.inputs(), architecture.inputDim());
        targets = new double[shape.inputs() * outputs];
        for (int index = 0; index < shape.networks(); index++) {
            LayerRows<R> values = numbers();
            List<LayerRows<R>> moments = new ArrayList<>();
            for (int i = 0; i < rule.optimizer().method().moments(); i++) {
                moments.add(numbers());
            }
            networks.add(new LayerOptimizer.Numbers<>(
                    values, shape.precision() == Precision.F32 ? numbers() : values, moments));
        }
        for (int slot = 0; slot < Math.min(workers.threads(), shape.networks()); slot++) {
            workspaces.add(new Workspace(rule));
        }
    }

    private LayerRows<R> numbers() {
        return new LayerRows<>(rows, architecture);
    }

    /** One thread's forward and backward pass over the inputs of a step; layer l of L is entry l - 1. */
    private final class Workspace {
        final int batch;
        final R[] inputs; // the rows of x0 that a step sees
        final List<R[]> activations = new ArrayList<>(); // the last one holds the outputs
        final List<R[]> deltas = new ArrayList<>(); // phi', then delta; the last one holds c
        final R[] transposedWeights;
        final R[] pulled;
        final double[] output = new double[outputs];
        final LayerOptimizer<R> optimizer;

        Workspace(DescentRule rule) {
            batch = rule.batchOf(shape().inputs());
            inputs = Arrays.copyOf(x0, batch);
            int maxOut = Math.max(architecture.maxHiddenWidth(), outputs);
            int maxIn = Math.max(architecture.inputDim(), maxOut);
            for (int l = 1; l <= depth; l++) {
                activations.add(rows.matrix(batch, architecture.width(l)));
                deltas.add(rows.matrix(batch, architecture.width(l)));
            }
            transposedWeights = rows.matrix(maxIn, maxOut);
            pulled = rows.matrix(batch, maxOut);
            optimizer =
                    new LayerOptimizer<>(rows, architecture, rule.optimizer().method(), batch);
        }

        R[] below(int l) {
            return l == 1 ? inputs : activations.get(l - 2);
        }

        /** For the first {@code count} of {@link #inputs}. */
        void forward(LayerRows<R> network, int count) {
            for (int l = 1; l <= depth; l++) {
                int nIn = architecture.width(l - 1);
                int n = architecture.width(l);
                R[] h = activations.get(l - 1);
                if (batch == 1) {
                    rows.affine(network.weights(l), network.biases(l), below(l)[0], h[0], n, nIn);
                } else {
                    rows.transpose(network.weights(l), 0, n, nIn, transposedWeights);
                    for (int s = 0; s < count; s++) {
                        rows.copy(network.biases(l), h[s], n);
                    }
                    rows.multiplyAdd(below(l), 0, count, transposedWeights, nIn, h, 0, n);
                }
                for (int s = 0; l < depth && s < count; s++) {
                    rows.activate(shape().activation(), h[s], deltas.get(l - 1)[s], n);
                }
            }
        }

        /**
         * The loss of one input, in the multiple that {@link #mean} brings to its place; the last deltas become {@code factor} times
         * its residuals.
         *
         * @param s its place in this step
         * @param input its number in the data
         */
        double takeLoss(DescentRule rule, int s, int input, double factor) {
            R f = activations.get(depth - 1)[s];
            R c = deltas.get(depth - 1)[s];
            double loss = 0;
            if (rule.loss() == DescentRule.Loss.CROSS_ENTROPY) {
                rows.write(f, output, 0, outputs);
                loss = CrossEntropy.residuals(factor, targets, input * outputs, output);
                rows.read(output, 0, c, outputs);
            }
            for (int k = 0; k < outputs && rule.loss() == DescentRule.Loss.SQUARED_ERROR; k++) {
                double residual = rows.get(f, k) - targets[input * outputs + k];
                loss += residual * residual;
                rows.set(c, k, factor * residual);
            }
            return loss;
        }

        /** The loss of all inputs. */
        double loss(DescentRule rule, LayerRows<R> network) {
            double sum = 0;
            for (int first = 0; first < x0.length; first += batch) {
                int count = Math.min(batch, x0.length - first);
                System.arraycopy(x0, first, inputs, 0, count);
                forward(network, count);
                double losses = 0;
                for (int s = 0; s < count; s++) {
                    losses += takeLoss(rule, s, first + s, 0);
                }
                sum += losses;
            }
            return mean(rule, sum);
        }

        double mean(DescentRule rule, double sum) {
            double count = x0.length;
            return rule.lossFactor() / (rule.loss() == DescentRule.Loss.SQUARED_ERROR ? 2 * count : count) * sum;
        }

        /** The sum of the losses of the inputs that a step sees, whose residuals become the last deltas. */
        double evaluate(DescentRule rule, LayerRows<R> network, BatchOrder order, long step) {
            int count = order.count(step);
            for (int s = 0; s < count; s++) {
                inputs[s] = x0[order.input(step, s)];
            }
            forward(network, count);
            double factor = LayerOptimizer.residualFactor(rule, count);
            double sum = 0;
            for (int s = 0; s < count; s++) {
                sum += takeLoss(rule, s, order.input(step, s), factor);
            }
            return sum;
        }

        /** With the residuals as {@code delta^L} the deltas of all layers carry them, and a layer's gradient is {@code D^T X}. */
        void step(DescentRule rule, LayerOptimizer.Numbers<R> network, long t, int count) {
            optimizer.begin(rule, t);
            for (int l = depth; l >= 1; l--) {
                R[] delta = deltas.get(l - 1);
                if (l > 1) {
                    int nIn = architecture.width(l - 1);
                    for (int s = 0; s < count; s++) {
                        rows.fill(pulled[s], 0, nIn);
                    }
                    rows.multiplyAdd(
                            delta, 0, count, network.values().weights(l), architecture.width(l), pulled, 0, nIn);
                    for (int s = 0; s < count; s++) {
                        rows.multiply(pulled[s], deltas.get(l - 2)[s], nIn);
                    }
                }
                optimizer.take(rule, l, count, delta, below(l), network);
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
        LayerOptimizer.Numbers<R> network = networks.get(index);
        network.values().read(parameters, 0);
        if (network.compensated()) {
            network.steps().read(rest, 0);
        }
    }

    @Override
    protected void writeMoments(int index, double[] moments) {
        int offset = 0;
        for (LayerRows<R> part : networks.get(index).moments()) {
            part.read(moments, offset);
            offset += (int) architecture.parameterCount();
        }
    }

    @Override
    protected void readValues(int index, double[] parameters) {
        networks.get(index).values().write(parameters, 0);
    }

    @Override
    protected void readPending(int index, double[] rest) {
        networks.get(index).steps().write(rest, 0);
    }

    @Override
    protected void readMoments(int index, double[] moments) {
        int offset = 0;
        for (LayerRows<R> part : networks.get(index).moments()) {
            part.write(moments, offset);
            offset += (int) architecture.parameterCount();
        }
    }

    @Override
    protected double computeLoss(DescentRule rule, int index) {
        return workspaces.get(0).loss(rule, networks.get(index).values());
    }

    @Override
    protected DescentState descend(
            int index, int slot, DescentRule rule, long until, DescentState start, double[] losses) {
        Workspace workspace = workspaces.get(slot);
        LayerOptimizer.Numbers<R> network = networks.get(index);
        BatchOrder order = new BatchOrder(rule, x0.length, index);
        DescentState state = start;
        int seen = 0;
        while (state.runs() && (state.step() < until || state.step() == rule.maxSteps())) {
            if (state.step() == rule.maxSteps()) {
                state = state.observe(rule, workspace.loss(rule, network.values()));
                losses[seen] = state.lastLoss();
                break;
            }
            state = state.withLosses(workspace.evaluate(rule, network.values(), order, state.step()));
            if (order.endsEpoch(state.step()) || !Double.isFinite(state.epochSum())) {
                state = state.observe(rule, workspace.mean(rule, state.epochSum()));
                if (state.status() == Status.EARLY_STOP && !order.whole()) {
                    state = state.endedWith(workspace.loss(rule, network.values()));
                }
                losses[seen++] = state.lastLoss();
            }
            if (state.runs()) {
                workspace.step(rule, network, state.step(), order.count(state.step()));
                state = state.stepped();
            }
        }
        return state;
    }

    @Override
    protected void release() {
        networks.clear();
        workspaces.clear();
    }
}
