package io.github.finitentk.training;

import io.github.finitentk.training.TrainingResult.LossPoint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A thinned loss curve: it is shown every step and keeps logarithmically spaced ones, about 25 in each decade, besides those
 * it is told to keep. Which steps it keeps depends on the plan's snapshots alone, not on how the steps were taken. Mutable.
 */
final class LossCurve {

    private static final double SPACING = 1.1;

    private final List<Long> snapshots;
    private final List<LossPoint> points = new ArrayList<>();
    private long next;

    LossCurve(List<Long> snapshots) {
        this.snapshots = snapshots;
    }

    /** Shows the loss after the given number of updates; steps come in order. One that was kept before stays as it is. */
    void add(long step, double loss) {
        if (!points.isEmpty() && points.get(points.size() - 1).step() == step) {
            return;
        }
        if (step >= next) {
            points.add(new LossPoint(step, loss));
            next = after(step);
        } else if (snapshots.contains(step)) {
            points.add(new LossPoint(step, loss));
        }
    }

    /** Keeps the loss after the given number of updates, later than all before. */
    void keep(long step, double loss) {
        points.add(new LossPoint(step, loss));
    }

    /** The loss after the given number of updates, which must be a snapshot that was shown. */
    double at(long step) {
        return points.stream()
                .filter(point -> point.step() == step)
                .mapToDouble(LossPoint::loss)
                .findFirst()
                .orElseThrow();
    }

    /** The points with the last step, which is kept in any case. */
    List<LossPoint> endingAt(long step, double loss) {
        List<LossPoint> all = new ArrayList<>(points);
        if (all.isEmpty() || all.get(all.size() - 1).step() < step) {
            all.add(new LossPoint(step, loss));
        }
        return all;
    }

    private static long after(long step) {
        return Math.max(step + 1, (long) Math.ceil(step * SPACING));
    }

    /** Those points of a curve that it has whatever the snapshots are. */
    static List<LossPoint> withoutSnapshots(List<LossPoint> curve) {
        List<LossPoint> regular = new ArrayList<>();
        long due = 0;
        for (LossPoint point : curve) {
            if (point.step() >= due) {
                regular.add(point);
                due = after(point.step());
            }
        }
        return regular;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(next);
        out.writeInt(points.size());
        for (LossPoint point : points) {
            out.writeLong(point.step());
            out.writeDouble(point.loss());
        }
    }

    void read(DataInput in) throws IOException {
        next = in.readLong();
        points.clear();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            points.add(new LossPoint(in.readLong(), in.readDouble()));
        }
    }
}
