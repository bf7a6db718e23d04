package io.github.finitentk.training;

import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.training.TrainingResult.KernelChange;
import java.util.function.BooleanSupplier;

/** What a run of a training is watched by, and what may end it early. Used by all threads that train. */
final class Watch {

    private final TrainingListener listener;
    private final BooleanSupplier cancel;
    private final long mostEvaluations;
    private volatile boolean failed;

    Watch(TrainingListener listener, BooleanSupplier cancel, long mostEvaluations) {
        this.listener = listener;
        this.cancel = cancel;
        this.mostEvaluations = mostEvaluations;
    }

    /** Whether a network is to stop that has cost so many passes. */
    boolean stops(long evaluations) {
        return failed || evaluations > mostEvaluations || cancel.getAsBoolean();
    }

    /** Stops the other networks: the training of one has failed. */
    void fail() {
        failed = true;
    }

    synchronized void progress(int network, DescentState state) {
        listener.network(network).progress(state.step(), state.lastLoss());
    }

    synchronized void snapshot(int network, KernelChange change, double loss) {
        listener.network(network).snapshot(change.step(), loss, change.value());
    }
}
