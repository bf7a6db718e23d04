package io.github.finitentk.training;

import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A training under way. It can be stopped at any time, saved, and taken up again by another process on the same kind of
 * machine with exactly the same results. It belongs to one thread and spreads its work over a {@link WorkerPool}.
 */
public interface Training extends AutoCloseable {

    /**
     * Prepares a training: allocates memory and measures the initial kernels.
     *
     * @param engine who computes; not closed with the training
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit
     * @throws IllegalArgumentException if the backend cannot evaluate the activation
     */
    static Training start(TrainingProblem problem, TrainingPlan plan, Engine engine) {
        double samples = problem.data().samples();
        int networks = problem.networks().size();
        // On the heap each network's weights and initial kernel, a kernel to compare with it and one to decompose.
        Memory.requireHeap(
                Double.BYTES
                        * (networks * (2.0 * problem.architecture().parameterCount() + samples * samples)
                                + 3 * samples * samples),
                0,
                "Training " + networks + " network(s) on " + problem.data().samples() + " inputs");
        return switch (plan.integrator()) {
            case GD -> new StepwiseTraining(problem, plan, engine);
            case FLOW, FLOW_COARSE -> new FlowTraining(problem, plan, engine);
        };
    }

    /**
     * Takes up a training where {@link #checkpoint} left it.
     *
     * @throws IllegalArgumentException if the checkpoint is damaged, of another version, or of another problem or plan
     */
    static Training resume(TrainingProblem problem, TrainingPlan plan, Engine engine, byte[] checkpoint) {
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
    static List<TrainingResult> train(TrainingProblem problem, TrainingPlan plan, Engine engine) {
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
    static double bytes(Architecture architecture, int networks, int samples) {
        double parameters = architecture.parameterCount();
        double kernel = (double) samples * samples;
        double states = (double) samples * architecture.hiddenUnits();
        return Double.BYTES * (networks * (4 * parameters + kernel) + 4 * parameters + 8 * states + 3 * kernel);
    }

    /**
     * Goes on until all networks have ended or a stop is requested.
     *
     * @param stopRequested asked about once a second
     * @return whether all networks have ended
     */
    boolean run(BooleanSupplier stopRequested);

    /** The largest number of updates of a network in the pass under way; checks of {@link Integrator#FLOW} start anew. */
    long step();

    /** Forward and backward passes so far, of all networks together: what the training has cost, on any machine. */
    long evaluations();

    /** What {@link #resume} needs besides problem and plan. */
    byte[] checkpoint();

    /** Used by {@link #resume}. */
    void restore(byte[] checkpoint);

    /**
     * One result for each network of the problem, in its order.
     *
     * @throws IllegalStateException if a network has not ended yet
     */
    List<TrainingResult> results();

    /** One network as it is now. @throws IllegalArgumentException if its parameters are no longer finite */
    Network network(int index);

    @Override
    void close();
}
