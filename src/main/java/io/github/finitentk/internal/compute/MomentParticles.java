package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;
import java.util.function.LongSupplier;

/**
 * Forward passes of random networks at one input, each with {@code E[Theta | forward]} and {@code E[Theta^2 | forward]}:
 * given the forward pass, the backward pass is Gaussian, and moments of its quadratic forms obey linear recursions from
 * the input up. A particle is nine numbers, so resampling is cheap.
 *
 * <p>{@link #start}, then {@link #advance} through the hidden layers. Belongs to one thread at a time.
 */
public abstract class MomentParticles implements AutoCloseable {

    /** Numbers of one particle: |x^l|^2 and the two quadratic forms, with their powers of two. */
    protected static final int FIELDS = 9;

    /** Rows of {@link #moments}. */
    protected static final int MOMENTS = 4;

    // Their state is one array.
    private static final int MOST_PARTICLES = (Integer.MAX_VALUE - 16) / FIELDS;

    private final int capacity;
    private final int hiddenLayers;
    // Copies of what the backend holds, made where they are first wanted and used again.
    private double[] copiedState;
    private double[] nextState;
    private double[] copiedMoments;
    private final InUse inUse;
    private int count;
    private int layer;

    /**
     * @param available memory, in bytes
     * @throws io.github.finitentk.compute.InsufficientMemoryException if so many particles do not fit
     */
    protected MomentParticles(int capacity, int hiddenLayers, LongSupplier available) {
        if (capacity < 1) {
            throw new IllegalArgumentException("At least 1 particle is needed, not " + capacity + ".");
        }
        if (capacity > MOST_PARTICLES) {
            throw new IllegalArgumentException(
                    "There can be at most " + MOST_PARTICLES + " particles at once, not " + capacity + ".");
        }
        Memory.require(8.0 * (FIELDS + MOMENTS) * capacity, available, capacity + " particles of a network");
        this.capacity = capacity;
        this.hiddenLayers = hiddenLayers;
        inUse = new InUse(this, "These particles have been closed.", this::release);
    }

    /** How many particles there are at most. */
    public final int capacity() {
        return capacity;
    }

    /** {@code L - 1}. */
    public final int hiddenLayers() {
        return hiddenLayers;
    }

    /**
     * Puts particles at the input.
     *
     * @param particles at most {@link #capacity}
     */
    public final synchronized void start(int particles) {
        requireOpen();
        if (particles < 1 || particles > capacity) {
            throw new IllegalArgumentException(
                    "The number of particles must be between 1 and " + capacity + ", not " + particles + ".");
        }
        count = particles;
        layer = 0;
        begin(particles);
    }

    /**
     * Takes all particles through the next {@code layers} hidden layers. Particle {@code i} draws the numbers of stream
     * {@code firstStream + i}.
     */
    public final synchronized void advance(Seed seed, long firstStream, int layers) {
        requireOpen();
        if (count == 0) {
            throw new IllegalStateException("The particles must be started first.");
        }
        Samplers.requireStreams(firstStream, count);
        if (layers < 0 || layers > hiddenLayers - layer) {
            throw new IllegalArgumentException("The particles are at layer " + layer + " of " + hiddenLayers
                    + "; they cannot advance by " + layers + ".");
        }
        if (layers > 0) {
            move(seed.value(), firstStream, count, layer + 1, layer + layers);
            layer += layers;
        }
    }

    /** Particle {@code i} becomes a copy of particle {@code parents[i]}. */
    public final synchronized void resample(int[] parents) {
        requireOpen();
        if (copiedState == null) {
            copiedState = new double[FIELDS * capacity];
            nextState = new double[FIELDS * capacity];
        }
        double[] state = copiedState;
        double[] next = nextState;
        readState(state);
        System.arraycopy(state, 0, next, 0, state.length);
        for (int field = 0; field < FIELDS; field++) {
            for (int i = 0; i < count; i++) {
                next[field * capacity + i] = state[field * capacity + parents[i]];
            }
        }
        writeState(next);
    }

    /**
     * {@code E[Theta^p | forward]} of the network that ends with a linear output above the current layer, the whole
     * network's after layer {@code L - 1}: {@code mantissas[i] 2^exponents[i]} for particle {@code i}.
     *
     * @param power {@code p}, 1 or 2
     */
    public final synchronized void moments(int power, double[] mantissas, double[] exponents) {
        if (power != 1 && power != 2) {
            throw new IllegalArgumentException("Only the first two moments are known, not number " + power + ".");
        }
        requireOpen();
        double[] rows = readMoments();
        System.arraycopy(rows, 2 * (power - 1) * capacity, mantissas, 0, count);
        System.arraycopy(rows, (2 * power - 1) * capacity, exponents, 0, count);
    }

    /** Both moments as in {@link #moments}, into places {@code offset, offset + 1, ...} of the four arrays. */
    public final synchronized void moments(
            double[] firstMantissas,
            double[] firstExponents,
            double[] secondMantissas,
            double[] secondExponents,
            int offset) {
        requireOpen();
        double[] rows = readMoments();
        double[][] targets = {firstMantissas, firstExponents, secondMantissas, secondExponents};
        for (int row = 0; row < MOMENTS; row++) {
            System.arraycopy(rows, row * capacity, targets[row], offset, count);
        }
    }

    private double[] readMoments() {
        if (copiedMoments == null) {
            copiedMoments = new double[MOMENTS * capacity];
        }
        readMoments(copiedMoments);
        return copiedMoments;
    }

    @Override
    public final synchronized void close() {
        inUse.close();
    }

    private void requireOpen() {
        inUse.requireOpen();
    }

    protected abstract void release();

    /** Initialises the first {@code particles} columns of the state. */
    protected abstract void begin(int particles);

    protected abstract void move(long key, long firstStream, int particles, int firstLayer, int lastLayer);

    /** Copies the state: {@link #FIELDS} rows of {@link #capacity} numbers. */
    protected abstract void readState(double[] state);

    protected abstract void writeState(double[] state);

    /** Copies the moments: {@link #MOMENTS} rows of {@link #capacity} numbers. */
    protected abstract void readMoments(double[] moments);
}
