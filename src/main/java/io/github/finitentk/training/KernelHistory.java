package io.github.finitentk.training;

import io.github.finitentk.internal.numeric.LargestEigenvalue;
import io.github.finitentk.training.TrainingResult.KernelChange;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The kernel of one network in training: how far it has moved and how large it was. */
final class KernelHistory {

    private final TrainingPlan plan;
    private final int samples;
    private final double[] initial;
    private final List<KernelChange> changes = new ArrayList<>();
    private final boolean startsFinite;
    private final double aMaxStart;
    private double aMaxLargest;

    /** @param initial {@code Theta^0}; kept. If it is not finite the step sizes are NaN */
    KernelHistory(TrainingPlan plan, int samples, double[] initial) {
        this.plan = plan;
        this.samples = samples;
        this.initial = initial;
        startsFinite = KernelMeter.isFinite(initial);
        aMaxStart = startsFinite ? stepSize(initial) : Double.NaN;
        aMaxLargest = aMaxStart;
    }

    private double stepSize(double[] theta) {
        return plan.stepSize(LargestEigenvalue.of(theta, samples), samples);
    }

    boolean startsFinite() {
        return startsFinite;
    }

    /** Takes note of a step size that was seen between the recorded kernels. */
    void observe(double aMax) {
        aMaxLargest = Math.max(aMaxLargest, aMax);
    }

    /** Whether the kernel at this step has been recorded. */
    boolean holds(long step) {
        return !changes.isEmpty() && changes.get(changes.size() - 1).step() == step;
    }

    /** Records the kernel; returns false, and records nothing, if it is not finite. */
    boolean record(long step, double[] theta) {
        if (!KernelMeter.isFinite(theta)) {
            return false;
        }
        changes.add(KernelChange.between(initial, step, theta));
        aMaxLargest = Math.max(aMaxLargest, stepSize(theta));
        return true;
    }

    List<KernelChange> changes() {
        return changes;
    }

    double aMaxStart() {
        return aMaxStart;
    }

    double aMaxLargest() {
        return aMaxLargest;
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(aMaxLargest);
        write(out, changes);
    }

    void read(DataInput in) throws IOException {
        aMaxLargest = in.readDouble();
        read(in, changes);
    }

    static void write(DataOutput out, List<KernelChange> changes) throws IOException {
        out.writeInt(changes.size());
        for (KernelChange change : changes) {
            out.writeLong(change.step());
            out.writeDouble(change.value());
        }
    }

    static void read(DataInput in, List<KernelChange> changes) throws IOException {
        changes.clear();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            changes.add(new KernelChange(in.readLong(), in.readDouble()));
        }
    }
}
