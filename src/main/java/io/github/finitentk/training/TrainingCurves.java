package io.github.finitentk.training;

import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is kept of one network's training: its loss curve and the history of its kernel. */
final class TrainingCurves {

    private final LossCurve losses;
    private final KernelHistory kernel;

    /** How many of the kernel changes have been told. */
    private int told;

    /** @param initialTheta {@code Theta^0}; kept */
    TrainingCurves(TrainingPlan plan, int samples, double[] initialTheta) {
        losses = new LossCurve(plan.snapshots());
        kernel = new KernelHistory(plan, samples, initialTheta);
    }

    LossCurve losses() {
        return losses;
    }

    KernelHistory kernel() {
        return kernel;
    }

    /**
     * Tells of what was not told before, as far as the loss is known as well: at the present step that is so at the end only.
     *
     * @param state where the network stands
     */
    void tell(Watch watch, int network, DescentState state) {
        for (int i = told; i < known(state); i++) {
            KernelChange change = kernel.changes().get(i);
            told = i + 1;
            watch.snapshot(
                    network, change, change.step() == state.step() ? state.lastLoss() : losses.at(change.step()));
        }
    }

    /** Takes for told what {@link #tell} would tell now. */
    void skip(DescentState state) {
        told = known(state);
    }

    private int known(DescentState state) {
        int all = kernel.changes().size();
        return state.runs() && kernel.holds(state.step()) ? all - 1 : all;
    }

    /** @throws IllegalStateException if the network still trains */
    TrainingResult result(DescentState state, TrainingResult.Pace pace, double errorEstimate, long evaluations) {
        return new TrainingResult(
                state.step(),
                StopReason.of(state),
                losses.endingAt(state.step(), state.lastLoss()),
                state.leastLoss(),
                kernel.changes(),
                state.lastLoss(),
                kernel.aMaxStart(),
                kernel.aMaxLargest(),
                pace,
                errorEstimate,
                Double.NaN,
                evaluations);
    }

    void write(DataOutput out) throws IOException {
        losses.write(out);
        kernel.write(out);
    }

    void read(DataInput in) throws IOException {
        losses.read(in);
        kernel.read(in);
    }
}
