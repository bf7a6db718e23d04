package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.Arrays;

/**
 * A batch of networks that descend a loss on the same inputs and targets as a {@link DescentRule} says. For plain gradient descent
 * of the squared error of all inputs that is
 *
 * <pre>
 *     w_{t+1} = w_t + J_t^T c,   c_s = -(eta factor / S) (f_t(x_s) - y_s),   J = df/dw;
 * </pre>
 *
 * <p>for cross-entropy {@code softmax(f_t(x_s))} is in the place of {@code f_t(x_s)}. One backward pass from {@code c} gives the
 * gradient, whatever the number of outputs.
 *
 * <p>The steps of one network run on one thread, different networks side by side on the threads of the
 * {@link WorkerPool}; a backend takes many steps per call. Neither the number of threads nor where a descent is
 * interrupted changes a bit of it.
 *
 * <p>In f32 the weights are compensated: what f32 cannot hold of a weight is kept in a second number, so that steps far
 * below the resolution of f32 add up instead of being rounded away, whatever the optimizer; its moments are plain f32 numbers. The network that is evaluated has the f32 weights;
 * {@link #parameters} returns both parts together.
 *
 * <p>An object belongs to one thread. {@link #close} frees the memory, once a call on another thread has ended; using a
 * closed object throws.
 */
public abstract class GradientDescent implements AutoCloseable {

    private static final double[] NONE = {};

    // Their losses are kept in one array.
    private static final int MOST_STEPS = Integer.MAX_VALUE - 16;

    private final BatchShape shape;
    private final DescentRule.Method method;
    private final int batch;
    private final WorkerPool workers;
    private final InUse inUse;
    private final DescentState[] states;
    private final double[][] losses;
    private boolean hasData;

    protected GradientDescent(BatchShape shape, DescentRule rule, WorkerPool workers) {
        shape.requireArrays();
        if (rule.batch() > shape.inputs()) {
            throw new IllegalArgumentException(
                    "A step cannot see " + rule.batch() + " inputs: there are " + shape.inputs() + ".");
        }
        if (rule.loss() == DescentRule.Loss.CROSS_ENTROPY
                && shape.architecture().outputs() < 2) {
            throw new IllegalArgumentException(
                    "Cross-entropy needs networks of at least 2 outputs, one for each class.");
        }
        this.shape = shape;
        method = rule.optimizer().method();
        batch = rule.batch();
        this.workers = workers;
        inUse = new InUse(this, "This descent has been closed.", this::release);
        states = new DescentState[shape.networks()];
        losses = new double[shape.networks()][];
        Arrays.fill(losses, NONE);
    }

    public final BatchShape shape() {
        return shape;
    }

    /**
     * The memory of a descent in bytes: parameters (twice in f32) and their moments, inputs, and for each thread one network's
     * activations, deltas and inputs of a step and one layer's gradient.
     */
    public static double bytes(BatchShape shape, DescentRule rule, int threads) {
        Architecture architecture = shape.architecture();
        double parameters = (double) shape.networks() * architecture.parameterCount();
        double row = 2.0 * architecture.hiddenUnits() + architecture.maxHiddenWidth() + architecture.outputs();
        int batch = rule.batchOf(shape.inputs());
        int moments = rule.optimizer().method().moments();
        double widest = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
        double perThread = batch * (row + (batch < shape.inputs() ? architecture.inputDim() : 0))
                + (moments > 0 ? widest * Math.max(architecture.maxHiddenWidth(), architecture.outputs()) : 0);
        double inputs = (double) shape.inputs() * architecture.inputDim();
        int copies = moments + (shape.precision() == Precision.F32 ? 2 : 1);
        return shape.precision().bytes()
                * (copies * parameters + Math.min(threads, shape.networks()) * perThread + inputs);
    }

    /**
     * Sets the data of all networks.
     *
     * @param x {@code S x n_0}, row-major; copied (and rounded in f32)
     * @param y the targets, {@code S x n_L}, row-major; copied. For cross-entropy each row is a distribution
     * @throws IllegalArgumentException if an array has the wrong length or a number is not finite
     */
    public final synchronized void setData(double[] x, double[] y) {
        requireOpen();
        requireNumbers("inputs", x, (long) shape.inputs() * shape.architecture().inputDim());
        requireNumbers(
                "targets", y, (long) shape.inputs() * shape.architecture().outputs());
        writeData(x, y);
        hasData = true;
    }

    /**
     * Sets the parameters of one network, which then stands at step 0.
     *
     * @param index the network, {@code 0 <= index < B}
     * @param parameters {@code [W^1, b^1, ..., W^L, b^L]}; copied. In f32 the part that does not fit is kept, too
     */
    public final synchronized void setParameters(int index, double[] parameters) {
        requireNetwork(index);
        requireLength("parameters", parameters, shape.architecture().parameterCount());
        double[] pending = NONE;
        double[] values = parameters;
        if (shape.precision() == Precision.F32) {
            values = new double[parameters.length];
            pending = new double[parameters.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) parameters[i];
                pending[i] = (float) (parameters[i] - values[i]);
            }
        }
        restore(index, values, pending, new double[momentCount()], DescentState.START);
    }

    /**
     * Puts a network back to where it was when {@link #values}, {@link #pending}, {@link #moments} and {@link #state} were read.
     *
     * @throws IllegalArgumentException if an array has the wrong length
     */
    public final synchronized void restore(
            int index, double[] values, double[] pending, double[] moments, DescentState state) {
        requireNetwork(index);
        requireLength("parameters", values, shape.architecture().parameterCount());
        boolean compensated = shape.precision() == Precision.F32;
        requireLength("pending parameters", pending, compensated ? values.length : 0);
        requireLength("moments", moments, momentCount());
        writeParameters(index, values, pending);
        if (moments.length > 0) {
            writeMoments(index, moments);
        }
        states[index] = state;
        losses[index] = NONE;
    }

    /** The parameters of one network, a copy in f64: in f32 the sum of {@link #values} and {@link #pending}. */
    public final synchronized double[] parameters(int index) {
        double[] sum = values(index);
        double[] pending = pending(index);
        for (int i = 0; i < pending.length; i++) {
            sum[i] += pending[i];
        }
        return sum;
    }

    /** The parameters that one network is evaluated with, a copy. */
    public final synchronized double[] values(int index) {
        requireSet(index);
        double[] values = new double[Math.toIntExact(shape.architecture().parameterCount())];
        readValues(index, values);
        return values;
    }

    /** What f32 cannot hold of each parameter, a copy; of length 0 in f64. */
    public final synchronized double[] pending(int index) {
        requireSet(index);
        if (shape.precision() == Precision.F64) {
            return NONE;
        }
        double[] pending = new double[Math.toIntExact(shape.architecture().parameterCount())];
        readPending(index, pending);
        return pending;
    }

    /** What the optimizer remembers: nothing, {@code m} for each parameter, or {@code m} and then {@code v}; a copy. */
    public final synchronized double[] moments(int index) {
        requireSet(index);
        double[] moments = new double[momentCount()];
        if (moments.length > 0) {
            readMoments(index, moments);
        }
        return moments;
    }

    private int momentCount() {
        return Math.toIntExact(method.moments() * shape.architecture().parameterCount());
    }

    public final synchronized DescentState state(int index) {
        requireSet(index);
        return states[index];
    }

    /** Ends the descent of one network as {@link DescentState.Status#DIVERGED}. */
    public final synchronized void markDiverged(int index) {
        states[index] = state(index).with(DescentState.Status.DIVERGED);
    }

    /**
     * Takes steps with every network that still runs, until its step is {@code until} or it ends. The loss of each epoch is
     * known before its last step, judged, and kept in {@link #losses}; that of an epoch whose last step is {@code until} is left to
     * the next call. At the end, and at the rule's last step, it is the loss of all inputs with the weights of the end.
     *
     * @param rule of the method and the size of batches that this descent was made for
     * @param until clipped to the rule's {@code maxSteps}
     * @throws IllegalArgumentException if a network that still runs is beyond that step, the losses of so many steps do
     *     not fit one array, or the rule is of another kind
     */
    public final synchronized void advance(DescentRule rule, long until) {
        requireOpen();
        if (!hasData) {
            throw new IllegalStateException("The networks must be given data first.");
        }
        for (int index = 0; index < shape.networks(); index++) {
            requireSet(index);
        }
        requireKind(rule);
        long end = Math.min(until, rule.maxSteps());
        for (int index = 0; index < shape.networks(); index++) {
            DescentState state = states[index];
            if (state.runs() && (state.step() > end || end - state.step() >= MOST_STEPS)) {
                throw new IllegalArgumentException("Network " + index + " stands at step " + state.step()
                        + "; it cannot go on to step " + end + ": that must be the same or a later one, by fewer than "
                        + MOST_STEPS + " steps.");
            }
        }
        int epoch = rule.epochSteps(shape.inputs());
        inUse.enter();
        try {
            workers.forEach(shape.networks(), (index, slot) -> {
                DescentState before = states[index];
                losses[index] = NONE;
                if (before.runs() && (before.step() < end || before.step() == rule.maxSteps())) {
                    double[] seen = new double[Math.toIntExact(end / epoch - before.step() / epoch + 1)];
                    DescentState after = descend(index, slot, rule, end, before, seen);
                    states[index] = after;
                    long count = after.step() / epoch - before.step() / epoch + (after.runs() ? 0 : 1);
                    losses[index] = Arrays.copyOf(seen, Math.toIntExact(count));
                }
            });
        } finally {
            inUse.leave();
        }
    }

    private void requireKind(DescentRule rule) {
        if (rule.optimizer().method() != method || rule.batch() != batch) {
            throw new IllegalArgumentException("This descent was made for " + method + " with batches of " + batch
                    + ", not for " + rule.optimizer().method() + " with batches of " + rule.batch() + ".");
        }
    }

    /**
     * The losses that one network went through in the last {@link #advance}, those of the first epochs first: where a step sees all
     * inputs one for each step.
     */
    public final synchronized double[] losses(int index) {
        requireSet(index);
        return losses[index].clone();
    }

    /** The loss of all inputs with the weights of one network as they are. */
    public final synchronized double loss(DescentRule rule, int index) {
        requireSet(index);
        requireKind(rule);
        return computeLoss(rule, index);
    }

    @Override
    public final void close() {
        inUse.close(this);
    }

    protected abstract void writeData(double[] x, double[] y);

    /** In f32 both arrays hold numbers that f32 represents; in f64 {@code pending} is empty. */
    protected abstract void writeParameters(int index, double[] values, double[] pending);

    protected abstract void readValues(int index, double[] values);

    /** Called in f32 only. */
    protected abstract void readPending(int index, double[] pending);

    /** Called where there are moments only. */
    protected abstract void writeMoments(int index, double[] moments);

    /** Called where there are moments only. */
    protected abstract void readMoments(int index, double[] moments);

    /** As {@code ntk::descent_loss}; nobody else uses the scratch space meanwhile. */
    protected abstract double computeLoss(DescentRule rule, int index);

    /**
     * One network's steps, as {@code ntk::descend} in {@code ntk_core.h}.
     *
     * @param slot the scratch space to use
     * @param state where the network stands
     * @param losses receives the loss of each epoch whose last step is taken, and one more at the end
     * @return where it stands then
     */
    protected abstract DescentState descend(
            int index, int slot, DescentRule rule, long until, DescentState state, double[] losses);

    /** Frees the memory; called once, when nothing works on it. */
    protected abstract void release();

    private void requireOpen() {
        inUse.requireOpen();
    }

    private void requireNetwork(int index) {
        requireOpen();
        if (index < 0 || index >= shape.networks()) {
            throw new IllegalArgumentException(
                    "Networks are numbered 0 to " + (shape.networks() - 1) + "; there is no network " + index + ".");
        }
    }

    private void requireSet(int index) {
        requireNetwork(index);
        if (states[index] == null) {
            throw new IllegalStateException("Network " + index + " must be given parameters first.");
        }
    }

    private static void requireLength(String what, double[] numbers, long length) {
        if (numbers.length != length) {
            throw new IllegalArgumentException(
                    "There must be " + length + " " + what + ", not " + numbers.length + ".");
        }
    }

    private static void requireNumbers(String what, double[] numbers, long length) {
        requireLength(what, numbers, length);
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                throw new IllegalArgumentException(
                        "Entry " + i + " of the " + what + " is " + numbers[i] + "; it must be finite.");
            }
        }
    }
}
