package io.github.finitentk.training;

import io.github.finitentk.internal.Opened;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A training under way. It can be stopped at any time, saved, and taken up again by another process on the same kind of
 * machine with exactly the same results. It belongs to one thread and spreads its work over a {@link WorkerPool}.
 *
 * <p>It advances in units of work that depend on the problem and the plan alone: for each network a macro step
 * ({@link Integrator#FLOW}), or single steps up to the next snapshot or 2e10 multiply-adds, whichever comes first. Between two
 * units, and nowhere else, listeners are told, cancellation is asked about and states are saved.
 */
public abstract class Training implements AutoCloseable {

    private static final long SAVE_INTERVAL_NANOS = 10_000_000_000L;

    private Opened opened; // null until it is complete
    private volatile boolean closed;

    Training() {}

    /**
     * Prepares a training: allocates memory and measures the initial kernels.
     *
     * @param engine who computes; not closed with the training
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit
     * @throws IllegalArgumentException if the backend cannot evaluate the activation, or plan and data do not fit: there are fewer
     *     inputs than a step is to see or the kernel to be measured on, or cross-entropy has targets that are no distributions over at
     *     least 2 outputs
     */
    public static Training start(TrainingProblem problem, TrainingPlan plan, Engine engine) {
        plan.requireFits(problem.data());
        double samples = plan.kernelSamples(problem.data().samples());
        int networks = problem.networks().size();
        // On the heap each network's weights and initial kernel, a kernel to compare with it and one to decompose.
        Memory.requireHeap(
                Double.BYTES
                        * (networks * (2.0 * problem.architecture().parameterCount() + samples * samples)
                                + 3 * samples * samples),
                0,
                "Training " + networks + " network(s) with a kernel of " + (int) samples + " inputs");
        Training training = switch (plan.integrator()) {
            case GD -> new StepwiseTraining(problem, plan, engine);
            case FLOW, FLOW_COARSE -> new FlowTraining(problem, plan, engine);
        };
        training.opened = Opened.by(training, "A training");
        return training;
    }

    /**
     * Takes up a training where {@link #checkpoint} left it.
     *
     * @throws IllegalArgumentException if the checkpoint is damaged, of another version, or of another problem or plan
     */
    public static Training resume(TrainingProblem problem, TrainingPlan plan, Engine engine, byte[] checkpoint) {
        Training training = start(problem, plan, engine);
        try {
            training.restore(checkpoint);
        } catch (RuntimeException e) {
            training.close();
            throw e;
        }
        return training;
    }

    /** Trains to the end. */
    public static List<TrainingResult> train(TrainingProblem problem, TrainingPlan plan, Engine engine) {
        try (Training training = start(problem, plan, engine)) {
            training.run(() -> false);
            return training.results();
        }
    }

    /**
     * The memory of a training on one thread, in bytes: for each network its parameters before, after its first steps, now
     * and in a check, and its initial kernel, and the room that {@link Integrator#FLOW} works in, three places and a descent.
     * {@link Integrator#GD} needs less.
     *
     * @param samples {@code S}
     */
    public static double bytes(Architecture architecture, int networks, int samples) {
        double parameters = architecture.parameterCount();
        double kernel = (double) samples * samples;
        double states = (double) samples * architecture.hiddenUnits();
        return Double.BYTES * (networks * (4 * parameters + kernel) + 4 * parameters + 8 * states + 3 * kernel);
    }

    /**
     * The memory of a training by this plan: for {@link Integrator#GD} that of the batches it sees and of the kernel's inputs.
     *
     * @param samples {@code S}
     */
    public static double bytes(Architecture architecture, int networks, int samples, TrainingPlan plan) {
        if (plan.integrator() != Integrator.GD) {
            return bytes(architecture, networks, samples);
        }
        double parameters = architecture.parameterCount();
        double measured = plan.kernelSamples(samples);
        double kernel = measured * measured;
        double states = measured * architecture.hiddenUnits();
        BatchShape shape = new BatchShape(architecture, Activations.RELU, plan.precision(), networks, samples);
        return GradientDescent.bytes(shape, plan.descentRule(), 1)
                + Double.BYTES
                        * (networks * (2 * parameters + kernel)
                                + parameters
                                + 3 * states
                                + 3 * kernel
                                + (double) samples * architecture.inputDim());
    }

    /** {@link #run(TrainingListener, BooleanSupplier)} that nobody watches. */
    public final boolean run(BooleanSupplier cancel) {
        return run(TrainingListener.NONE, cancel);
    }

    /**
     * Goes on until all networks have ended or it is cancelled. At least one network that still trains advances by a unit of
     * work whatever {@code cancel} says, so that calling this again and again comes to the end.
     *
     * <p>What the listener or {@code cancel} throws is thrown here, once all threads have stopped; the training can be
     * saved or taken up after that, but what was being told is not told again.
     *
     * @param cancel asked after each unit of work, on the threads that train, so possibly at the same time; true ends the
     *     call soon. When it is asked decides nothing: a training that is cancelled anywhere and taken up again has the
     *     same results
     * @return whether all networks have ended
     */
    public final boolean run(TrainingListener listener, BooleanSupplier cancel) {
        return run(new Watch(listener, cancel, Long.MAX_VALUE));
    }

    /**
     * The same, but its {@link #checkpoint} is saved every ten seconds and when it is cancelled.
     *
     * @param save keeps a checkpoint in the place of the one before; called on this thread while nothing is computed
     */
    public final boolean run(TrainingListener listener, BooleanSupplier cancel, Consumer<byte[]> save) {
        while (true) {
            long begin = System.nanoTime();
            if (run(listener, () -> cancel.getAsBoolean() || System.nanoTime() - begin > SAVE_INTERVAL_NANOS)) {
                return true;
            }
            save.accept(checkpoint());
            if (cancel.getAsBoolean()) {
                return false;
            }
        }
    }

    /**
     * Goes on until each network has ended or has cost more than so many {@link #evaluations}: a budget of work, which ends
     * at the same place on every machine.
     *
     * @param evaluations of one network, since its start; exceeded by at most a unit of work
     * @param cancel as in {@link #run(TrainingListener, BooleanSupplier)}
     * @return whether all networks have ended
     */
    public final boolean runWithin(long evaluations, BooleanSupplier cancel) {
        return run(new Watch(TrainingListener.NONE, cancel, evaluations));
    }

    abstract boolean run(Watch watch);

    /** The largest number of updates of a network in the pass under way; checks of {@link Integrator#FLOW} start anew. */
    public abstract long step();

    /** Forward and backward passes so far, of all networks together: what the training has cost, on any machine. */
    public abstract long evaluations();

    /** What {@link #resume} needs besides problem and plan. */
    public abstract byte[] checkpoint();

    abstract void restore(byte[] checkpoint);

    /**
     * One result for each network of the problem, in its order.
     *
     * @throws IllegalStateException if a network has not ended yet
     */
    public abstract List<TrainingResult> results();

    /** One network as it is now. @throws IllegalArgumentException if its parameters are no longer finite */
    public abstract Network network(int index);

    /** @throws IllegalStateException if it has been closed */
    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This training has been closed.");
        }
    }

    /** Frees what it works with; called once. */
    abstract void release();

    /**
     * Frees its memory; of what it has told nothing changes. If it {@link #run runs} on another thread, that ends with
     * {@link IllegalStateException} after the pass that is under way, or comes to its end. Closing again does nothing.
     */
    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            if (opened != null) {
                opened.closed();
            }
            release();
        }
    }
}
