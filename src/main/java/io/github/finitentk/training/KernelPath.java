package io.github.finitentk.training;

import io.github.finitentk.training.TrainingResult.KernelChange;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Kernel changes at given steps, the marks, and at some ends of macro steps: where trainings of one network are compared. */
final class KernelPath {

    /** At least by this factor the steps grow, unless they are marks. */
    private static final double SPACING = 1.5;

    private final Set<Long> marks;
    private final double[] initialTheta;
    private final List<KernelChange> changes = new ArrayList<>();

    /** @param initialTheta {@code Theta^0}; kept */
    KernelPath(List<Long> marks, double[] initialTheta) {
        this.marks = Set.copyOf(marks);
        this.initialTheta = initialTheta;
    }

    LongStream marks() {
        return marks.stream().mapToLong(step -> step);
    }

    /** Whether this step is a mark that has not been passed. */
    boolean isDue(long step) {
        return marks.contains(step) && (changes.isEmpty() || last() < step);
    }

    void addIfDue(long step, double[] theta) {
        if (isDue(step)) {
            add(step, theta);
        }
    }

    void addEndOfMacroStep(long step, double[] theta) {
        if (changes.isEmpty() || step >= SPACING * last()) {
            add(step, theta);
        }
    }

    private void add(long step, double[] theta) {
        changes.add(KernelChange.between(initialTheta, step, theta));
    }

    private long last() {
        return changes.get(changes.size() - 1).step();
    }

    List<KernelChange> changes() {
        return changes;
    }

    List<Long> steps() {
        return changes.stream().map(KernelChange::step).toList();
    }

    void write(DataOutput out) throws IOException {
        KernelHistory.write(out, changes);
    }

    void read(DataInput in) throws IOException {
        KernelHistory.read(in, changes);
    }
}
