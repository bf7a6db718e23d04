package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import java.util.Arrays;

/**
 * A batch of networks held by a backend in its own memory, with the passes that lead to their Neural Tangent Kernels.
 *
 * <p>The passes build on each other: {@link #setInputs} and parameters ({@link #initialize} or {@link #setParameters}),
 * then {@link #forward}, {@link #backward}, {@link #computeNtk}. A pass that is called too early throws
 * {@link IllegalStateException}. All shapes are checked here, once; the backends' loops behind it trust them.
 *
 * <p>A batch belongs to one thread; its passes are spread over the {@link WorkerPool} it was made with, and its results
 * do not depend on the number of threads. {@link #close} frees the memory, once a call on another thread has ended; using a
 * closed batch throws.
 */
public abstract class NetworkBatch implements AutoCloseable {

    private enum Stage {
        EMPTY("allocated"),
        READY("given inputs and parameters"),
        FORWARD("propagated forward"),
        BACKWARD("propagated backward"),
        NTK("asked for its kernels");

        private final String description;

        Stage(String description) {
            this.description = description;
        }
    }

    private final BatchShape shape;
    private final WorkerPool workers;
    private final InUse inUse;
    private boolean hasInputs;
    private boolean hasParameters;
    private Stage stage = Stage.EMPTY;
    private double[] directions = {};

    protected NetworkBatch(BatchShape shape, WorkerPool workers) {
        shape.requireKernel();
        shape.requireArrays();
        this.shape = shape;
        this.workers = workers;
        inUse = new InUse(this, "This batch of networks has been closed.", this::release);
    }

    public final BatchShape shape() {
        return shape;
    }

    protected final WorkerPool workers() {
        return workers;
    }

    /**
     * Sets the inputs of all networks.
     *
     * @param x {@code S x n_0}, row-major; copied (and rounded in f32)
     * @throws IllegalArgumentException if the length is not {@code S n_0} or an entry is not finite
     */
    public final synchronized void setInputs(double[] x) {
        requireOpen();
        int dim = shape.architecture().inputDim();
        if (x.length != (long) shape.inputs() * dim) {
            throw new IllegalArgumentException(
                    "The inputs must be " + shape.inputs() + " x " + dim + " numbers, not " + x.length + ".");
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i])) {
                throw new IllegalArgumentException(
                        "Input " + i / dim + " is not finite: entry " + i % dim + " is " + x[i] + ".");
            }
        }
        writeInputs(x);
        hasInputs = true;
        settle();
    }

    /**
     * Draws the parameters of all networks. Network {@code b} gets the numbers of stream {@code firstStream + b}, which
     * depend on the seed and the stream alone and are the same in every backend, bit for bit.
     *
     * @param seed the seed of the random streams
     * @param firstStream the stream of network 0, at least 0
     */
    public final synchronized void initialize(Initialization initialization, Seed seed, long firstStream) {
        requireOpen();
        Samplers.requireStreams(firstStream, shape.networks());
        using(() -> drawParameters(initialization, seed.value(), firstStream));
        hasParameters = true;
        settle();
    }

    /**
     * Sets the parameters of one network. The others keep theirs, zero if they were never set.
     *
     * @param index the network, {@code 0 <= index < B}
     * @param parameters {@code [W^1, b^1, ..., W^L, b^L]} as in
     *     {@link io.github.finitentk.model.Architecture#weightOffset}; copied (and rounded in f32)
     */
    public final synchronized void setParameters(int index, double[] parameters) {
        requireOpen();
        requireNetwork(index);
        if (parameters.length != shape.architecture().parameterCount()) {
            throw new IllegalArgumentException("A network with widths " + shape.architecture() + " has "
                    + shape.architecture().parameterCount() + " parameters, not " + parameters.length + ".");
        }
        writeParameters(index, parameters);
        hasParameters = true;
        settle();
    }

    /** The parameters of one network, a copy in the layout of {@link #setParameters}. */
    public final synchronized double[] parameters(int index) {
        requireOpen();
        requireNetwork(index);
        double[] copy = new double[Math.toIntExact(shape.architecture().parameterCount())];
        readParameters(index, copy);
        return copy;
    }

    /**
     * Copies the parameters of all networks from another batch, within the backend's memory; bit-identical.
     *
     * @param source a batch of the same shape from the same backend, with parameters; may be this batch
     * @throws IllegalArgumentException if the batches do not match
     */
    public final void copyParameters(NetworkBatch source) {
        holdingBoth(source, () -> copyHeldParameters(source));
    }

    private void copyHeldParameters(NetworkBatch source) {
        requireOpen();
        requireTwin(source);
        if (!source.hasParameters) {
            throw new IllegalStateException("The source of the parameters must be given parameters first.");
        }
        if (source != this) {
            for (int index = 0; index < shape.networks(); index++) {
                copyParameters(source, index);
            }
        }
        hasParameters = true;
        settle();
    }

    /**
     * Adds {@code J^T c} to the parameters of one network, where row {@code s} of {@code J} is {@code df(x_s)/dw} at the
     * parameters and inputs of {@code source}'s passes: {@code W^l += (D_l diag c)^T X_{l-1}}, {@code b^l += D_l^T c}
     * with {@code D_L = 1}, for networks with one output. One backward pass thus serves any number of combinations of gradients; a step of gradient
     * descent has {@code c = -eta factor / S (f - y)}. No gradient is stored.
     *
     * @param source a batch of the same shape from the same backend that was propagated backward. It may be this batch,
     *     whose passes then have to be repeated before the next call
     * @param index the network, in both batches
     * @param coefficients {@code c}, {@code S} numbers; not modified
     * @throws IllegalArgumentException if the batches do not match or there are not {@code S} coefficients
     */
    public final void addGradient(NetworkBatch source, int index, double[] coefficients) {
        shape.architecture().requireOneOutput("A combination of gradients without a direction");
        addGradient(source, index, 0, coefficients);
    }

    /**
     * The same in one direction of the backward pass: row {@code s} of {@code J} is {@code v_d . df(x_s)/dw}.
     *
     * @param direction {@code d}, counted from 0
     * @throws IllegalArgumentException also if there is no such direction
     */
    public final void addGradient(NetworkBatch source, int index, int direction, double[] coefficients) {
        holdingBoth(source, () -> addHeldGradient(source, index, direction, coefficients));
    }

    private void addHeldGradient(NetworkBatch source, int index, int direction, double[] coefficients) {
        requireOpen();
        requireTwin(source);
        source.require(Stage.BACKWARD);
        requireNetwork(index);
        double[] v = source.direction(direction);
        if (!hasParameters) {
            throw new IllegalStateException("The batch must be given parameters before a gradient is added to them.");
        }
        if (coefficients.length != shape.inputs()) {
            throw new IllegalArgumentException("A combination of gradients needs one coefficient for each of the "
                    + shape.inputs() + " inputs, not " + coefficients.length + ".");
        }
        accumulateGradient(source, index, direction, v, coefficients);
        settle();
    }

    /**
     * {@code J u} for one network and direction: the derivatives of {@code v_d . f(x_s)} along the parameters {@code u} that the same network
     * of another batch has, {@code sum_l delta^l_s . (U^l x^{l-1}_s + u^l)}. On the calling thread.
     *
     * @param along a batch of the same shape from the same backend, with parameters
     * @param direction {@code d}, counted from 0
     * @return S numbers, a new array
     * @throws IllegalArgumentException if the batches do not match, or there is no such network or direction
     */
    public final double[] derivatives(NetworkBatch along, int index, int direction) {
        double[][] result = new double[1][];
        holdingBoth(along, () -> {
            require(Stage.BACKWARD);
            requireTwin(along);
            requireNetwork(index);
            if (!along.hasParameters) {
                throw new IllegalStateException("There is a derivative along parameters only where there are some.");
            }
            result[0] = derivatives(along, index, direction, direction(direction));
        });
        return result[0];
    }

    /** What {@link #crossKernel} takes for one thread, in bytes, between batches of that shape with so many blocks in a tile. */
    public static double crossKernelBytes(BatchShape shape, int blocks) {
        int numbers = new CrossTiles(shape.inputs(), shape.inputs(), blocks).numbers();
        return 16.0 * numbers
                + (1.0 + shape.architecture().depth())
                        * numbers
                        / blocks
                        * shape.precision().bytes();
    }

    private double[] direction(int direction) {
        int outputs = shape.outputs();
        if (direction < 0 || direction >= directions.length / outputs) {
            throw new IllegalArgumentException(
                    "There is no direction " + direction + " of " + directions.length / outputs + ", counted from 0.");
        }
        return Arrays.copyOfRange(directions, direction * outputs, (direction + 1) * outputs);
    }

    /** {@code h^l = W^l x^{l-1} + b^l}, {@code x^l = phi(h^l)}, {@code f = h^L} for all networks and inputs. */
    public final synchronized void forward() {
        require(Stage.READY);
        forEachRange(shape.inputBlocks(), (network, networks, block, slot) -> {
            int first = block * BatchShape.BLOCK;
            forward(network, networks, first, Math.min(BatchShape.BLOCK, shape.inputs() - first), slot);
        });
        reach(Stage.FORWARD);
    }

    /**
     * {@code delta^L = 1}, {@code delta^l = phi'(h^l) o (W^{l+1}^T delta^{l+1})} for all networks and inputs.
     *
     * @throws IllegalArgumentException if the networks have several outputs
     */
    public final synchronized void backward() {
        requireOpen();
        shape.architecture().requireOneOutput("A backward pass without a direction");
        backward(new double[][] {{1}});
    }

    /**
     * {@code delta^L = v_d} for each direction d, {@code delta^l = phi'(h^l) o (W^{l+1}^T delta^{l+1})} for all networks and inputs. May
     * be repeated with other directions after one forward pass, if the networks have several outputs; those with one keep what
     * they have.
     *
     * @param v {@code v_d}, each {@code K} numbers; at most as many as the batch keeps, which then has no others
     * @throws IllegalArgumentException if there are more, none, or one is not {@code K} numbers
     */
    public final synchronized void backward(double[]... v) {
        require(Stage.FORWARD);
        if (v.length < 1 || v.length > shape.blocks().directions()) {
            throw new IllegalArgumentException("This batch keeps 1 to "
                    + shape.blocks().directions() + " direction(s) at once, not " + v.length + ".");
        }
        double[] flat = new double[v.length * shape.outputs()];
        for (int d = 0; d < v.length; d++) {
            if (v[d].length != shape.outputs()) {
                throw new IllegalArgumentException("A direction has one number for each of the " + shape.outputs()
                        + " output(s), not " + v[d].length + ".");
            }
            System.arraycopy(v[d], 0, flat, d * shape.outputs(), v[d].length);
        }
        if (stage == Stage.FORWARD || shape.keepsDerivatives()) {
            forEachRange(shape.inputBlocks(), (network, networks, block, slot) -> {
                int first = block * BatchShape.BLOCK;
                backward(network, networks, first, Math.min(BatchShape.BLOCK, shape.inputs() - first), flat, slot);
            });
            reach(Stage.BACKWARD);
            directions = flat;
        }
    }

    /** {@link #computeNtk(LayerRates)} with all rates 1: the empirical NTK of eq. (2). */
    public final void computeNtk() {
        computeNtk(LayerRates.standard(shape.architecture()));
    }

    /**
     * The blocks of the empirical kernel, without forming a gradient:
     * {@code Theta_de = sum_l (D_{l,d} D_{l,e}^T) o (alpha_l X_{l-1} X_{l-1}^T + beta_l)}. Of a square block (d, d) the symmetric half is
     * computed and mirrored, as (e, d) is from (d, e). Products are formed in the batch's precision, the sum over layers in f64.
     * It may be repeated with other rates.
     *
     * @throws IllegalArgumentException if there are too many inputs for a kernel in one array, or the rates are of another depth
     */
    public final synchronized void computeNtk(LayerRates rates) {
        require(Stage.BACKWARD);
        shape.kernelEntries();
        requireDepth(rates);
        forEachRange(
                shape.tiles(),
                (network, networks, tile, slot) -> ntkTile(network, networks, tile, rates, directions, slot));
        reach(Stage.NTK);
    }

    /**
     * The kernel between the inputs of this batch and those of another one, of the first network of both, which is the same one: the bits
     * that {@link #computeNtk} has for a batch of all these inputs, if this one has more than one. Both were propagated backward
     * in the same directions. No block is kept: the sink gets tiles, on the threads that computed them.
     *
     * @param others may be this batch
     * @param pairs whether all blocks (d, e) are wanted, or (d, d) only
     * @param lower leaves out tiles that lie above the diagonal
     * @throws IllegalArgumentException if the batches do not match, or the rates are of another depth
     */
    public final void crossKernel(
            NetworkBatch others, LayerRates rates, boolean pairs, boolean lower, CrossGram.Sink sink) {
        holdingBoth(others, () -> {
            require(Stage.BACKWARD);
            others.require(Stage.BACKWARD);
            if (others.getClass() != getClass()
                    || !others.shape.architecture().equals(shape.architecture())
                    || others.shape.precision() != shape.precision()
                    || !Arrays.equals(others.directions, directions)) {
                throw new IllegalArgumentException(
                        "Two batches have a kernel in common only if they are of one architecture,"
                                + " precision and backend, propagated in the same directions.");
            }
            requireDepth(rates);
            int held = directions.length / shape.outputs();
            CrossTiles tiles = new CrossTiles(shape.inputs(), others.shape.inputs(), pairs ? held * held : held);
            double[][] blocks = new double[workers.threads()][];
            using(() -> others.using(() -> {
                try (CrossGram gram = crossGram(others, rates, pairs, directions, tiles.numbers())) {
                    workers.forEach(tiles.count(), (index, slot) -> {
                        BatchShape.Tile tile = tiles.tile(index);
                        if (!lower || tile.column() < tile.rowEnd()) {
                            blocks[slot] = blocks[slot] == null ? new double[tiles.numbers()] : blocks[slot];
                            gram.tile(tile, blocks[slot], slot);
                            sink.take(tile, blocks[slot]);
                        }
                    });
                }
            }));
        });
    }

    /** {@code f(x_1), ..., f(x_S)} of one network, {@code S x K}, a copy. */
    public final synchronized double[] outputs(int index) {
        require(Stage.FORWARD);
        requireNetwork(index);
        double[] copy = new double[Math.multiplyExact(shape.inputs(), shape.outputs())];
        readOutputs(index, copy);
        return copy;
    }

    /** The same into {@code f}, which has {@code S K} places. */
    public final synchronized void outputs(int index, double[] f) {
        require(Stage.FORWARD);
        requireNetwork(index);
        if (f.length != (long) shape.inputs() * shape.outputs()) {
            throw new IllegalArgumentException("There are " + shape.inputs() + " x " + shape.outputs()
                    + " outputs; an array of " + f.length + " was given.");
        }
        readOutputs(index, f);
    }

    /** {@code x^l} of one network for {@code 1 <= l <= L - 1}: {@code S x n_l} row-major, a copy. */
    public final synchronized double[] activations(int index, int layer) {
        require(Stage.FORWARD);
        return state(index, layer, false);
    }

    /** {@code Theta} of one network in the first direction, {@code S x S} row-major, a copy. */
    public final synchronized double[] ntk(int index) {
        double[] copy = new double[shape.kernelEntries()];
        ntk(index, copy);
        return copy;
    }

    /** Copies {@code Theta} of one network in the first direction into {@code theta}, {@code S x S} row-major. */
    public final synchronized void ntk(int index, double[] theta) {
        ntk(index, 0, 0, theta);
    }

    /**
     * Copies block (d, e) of one network into {@code theta}, one row for each row of the kernel.
     *
     * @throws IllegalArgumentException if there is no such block, or the array has another length
     */
    public final synchronized void ntk(int index, int d, int e, double[] theta) {
        require(Stage.NTK);
        requireNetwork(index);
        int held = directions.length / shape.outputs();
        if (d < 0
                || d >= held
                || e < 0
                || e >= held
                || d != e && !shape.blocks().pairs()) {
            throw new IllegalArgumentException(
                    "There is no block (" + d + ", " + e + ") of " + held + " direction(s).");
        }
        if (theta.length != shape.kernelEntries()) {
            throw new IllegalArgumentException("The kernel has " + shape.kernelEntries() + " entries; an array of "
                    + theta.length + " was given.");
        }
        readNtk(index, shape.blocks().index(d, e), theta);
    }

    @Override
    public final void close() {
        inUse.close(this);
    }

    protected abstract void writeInputs(double[] x);

    protected abstract void drawParameters(Initialization initialization, long key, long firstStream);

    protected abstract void writeParameters(int index, double[] parameters);

    protected abstract void readParameters(int index, double[] parameters);

    /** {@code source} is of the same class and shape and not this batch. */
    protected abstract void copyParameters(NetworkBatch source, int index);

    /** {@code source} is of the same class and shape; it may be this batch. */
    protected abstract void accumulateGradient(
            NetworkBatch source, int index, int direction, double[] v, double[] coefficients);

    /** {@code along} is of the same class and shape, {@code v} the direction. */
    protected abstract double[] derivatives(NetworkBatch along, int index, int direction, double[] v);

    /** Forward pass of networks [network, network + networks) on inputs [firstInput, firstInput + inputCount). */
    protected abstract void forward(int network, int networks, int firstInput, int inputCount, int slot);

    /** @param directions {@code v_d}, one after the other */
    protected abstract void backward(
            int network, int networks, int firstInput, int inputCount, double[] directions, int slot);

    /**
     * One {@link BatchShape#tile} of all blocks, mirrored where the kernel is square.
     *
     * @param directions {@code v_d} that the deltas start from, one after the other
     */
    protected abstract void ntkTile(
            int network, int networks, int tile, LayerRates rates, double[] directions, int slot);

    /**
     * What computes tiles of the kernel with another batch, which is of the same class, architecture, precision and directions.
     *
     * @param numbers of all blocks of the largest tile
     */
    protected abstract CrossGram crossGram(
            NetworkBatch others, LayerRates rates, boolean pairs, double[] directions, int numbers);

    protected abstract void readOutputs(int index, double[] outputs);

    /** Copies {@code S n_l} numbers that start at {@code offset} within the network's states. */
    protected abstract void readState(int index, boolean delta, int layer, long offset, double[] state);

    protected abstract void readNtk(int index, int block, double[] theta);

    /** Frees the memory; called once, when no pass works on it. */
    protected abstract void release();

    @FunctionalInterface
    private interface RangeTask {
        void run(int network, int networks, int part, int slot);
    }

    // Units of work are (network, part). With several threads, networks are grouped so that a call does enough work
    // for the cost of entering the native core; the grouping cannot change any result.
    private void forEachRange(int parts, RangeTask body) {
        int networks = shape.networks();
        int group = Math.max(1, networks / (workers.threads() == 1 ? 1 : 8 * workers.threads()));
        int groups = (networks + group - 1) / group;
        using(() -> workers.forEach(Math.multiplyExact(groups, parts), (index, slot) -> {
            int first = index / parts * group;
            body.run(first, Math.min(group, networks - first), index % parts, slot);
        }));
    }

    // Whoever is asked during a pass, whether it is cancelled or what to do with a tile, may close the batch.
    private void using(Runnable pass) {
        inUse.enter();
        try {
            pass.run();
        } finally {
            inUse.leave();
        }
    }

    private void reach(Stage next) {
        requireOpen();
        stage = next;
    }

    private double[] state(int index, int layer, boolean delta) {
        requireNetwork(index);
        int depth = shape.architecture().depth();
        if (layer < 1 || layer >= depth) {
            throw new IllegalArgumentException(
                    "Hidden layers are numbered 1 to " + (depth - 1) + "; there is no layer " + layer + ".");
        }
        long offset = 0;
        for (int l = 1; l < layer; l++) {
            offset += (long) shape.inputs() * shape.architecture().width(l);
        }
        double[] copy = new double
                [Math.multiplyExact(shape.inputs(), shape.architecture().width(layer))];
        readState(index, delta, layer, offset, copy);
        return copy;
    }

    // In one order for all threads, so that two of them cannot wait for each other.
    private void holdingBoth(NetworkBatch source, Runnable body) {
        boolean thisFirst = System.identityHashCode(this) <= System.identityHashCode(source);
        synchronized (thisFirst ? this : source) {
            synchronized (thisFirst ? source : this) {
                body.run();
            }
        }
    }

    private void settle() {
        reach(hasInputs && hasParameters ? Stage.READY : Stage.EMPTY);
    }

    private void requireOpen() {
        inUse.requireOpen();
    }

    private void require(Stage needed) {
        requireOpen();
        if (stage.compareTo(needed) < 0) {
            throw new IllegalStateException("The batch must be " + needed.description + " first.");
        }
    }

    private void requireTwin(NetworkBatch other) {
        other.requireOpen();
        if (other.getClass() != getClass() || !other.shape.equals(shape)) {
            throw new IllegalArgumentException("Two batches can exchange parameters only if they have the same shape"
                    + " and come from the same backend.");
        }
    }

    private void requireDepth(LayerRates rates) {
        if (rates.depth() != shape.architecture().depth()) {
            throw new IllegalArgumentException("A network of depth "
                    + shape.architecture().depth() + " has no rates for " + rates.depth() + " layer(s).");
        }
    }

    private void requireNetwork(int index) {
        if (index < 0 || index >= shape.networks()) {
            throw new IllegalArgumentException(
                    "Networks are numbered 0 to " + (shape.networks() - 1) + "; there is no network " + index + ".");
        }
    }
}
