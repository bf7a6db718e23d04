package io.github.finitentk.training;

/**
 * Watches networks being trained. It decides nothing: a training that is watched has the same numbers, bit for bit.
 *
 * <p>Calls come one at a time, on a thread that trains; while one lasts, that network waits. What a listener throws ends
 * {@link Training#run} with just that.
 */
@FunctionalInterface
public interface TrainingListener {

    /** Nobody watches. */
    TrainingListener NONE = (step, loss, kernelChange) -> {};

    /**
     * The kernel was measured: at a snapshot of the plan, or at the end. These are the numbers of the result, so each is
     * told once and in ascending order, also over interruptions. Steps taken one by one are told as soon as the next one
     * has been taken; macro steps ({@link Integrator#FLOW}) once they have passed their check, which is at the end of the
     * network's training.
     *
     * @param step the number {@code t} of updates
     * @param loss {@code loss_t}, in the plan's convention
     * @param kernelChange {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}
     */
    void snapshot(long step, double loss, double kernelChange);

    /**
     * Some steps were taken: a macro step, or single ones up to 2e10 multiply-adds (a second or so), 100,000 or the next
     * snapshot. A check of macro steps is a training of its own and starts again at step 0.
     *
     * @param step the number of updates so far
     * @param loss the last one that is known: that of this step or the one before, with mini-batches of the epoch before; NaN before
     *     the first one
     */
    default void progress(long step, double loss) {}

    /** The listener of one network of {@link TrainingProblem#networks}; this one for all unless overridden. */
    default TrainingListener network(int index) {
        return this;
    }
}
