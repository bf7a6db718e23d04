package io.github.finitentk.training;

import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far two trainings of one network are from each other in what is reported. All differences are relative to the larger
 * number, hence at most 1.
 *
 * @param kernel the largest difference of their kernel changes, at the steps where both were measured and at the end; changes
 *     below {@link #LEAST_CHANGE} of the initial kernel are taken for that
 * @param residual half the largest difference of their losses, which are squares of residuals; a difference that the
 *     stopping rule does not resolve is none
 * @param steps the difference of the steps they end at, beyond the patience of the stopping rule
 */
record Disagreement(double kernel, double residual, double steps) {

    // The contract of docs/reproduction.md: 2 % of the kernel change or 0.003 of the initial kernel, 1 % of the
    // loss, 3 % of the steps.
    private static final double KERNEL = 0.02;
    private static final double RESIDUAL = 0.005;
    private static final double STEPS = 0.03;

    static final double LEAST_CHANGE = 0.15;

    private static final Disagreement COMPLETE = new Disagreement(1, 1, 1);

    static Disagreement between(NetworkFlow one, NetworkFlow other, TrainingPlan plan) {
        if (one.givenUp() || other.givenUp()) {
            return COMPLETE;
        }
        TrainingResult a = one.result();
        TrainingResult b = other.result();
        if ((a.stopReason() == StopReason.DIVERGED) != (b.stopReason() == StopReason.DIVERGED)) {
            return COMPLETE;
        }
        double apart = Math.max(0, Math.abs(a.steps() - b.steps()) - plan.patience());
        return new Disagreement(
                Math.max(
                        kernels(one.path().changes(), other.path().changes()),
                        kernels(end(a.kernelChange()), end(b.kernelChange()))),
                Math.max(
                                losses(a.losses(), b.losses(), plan.minDecrease()),
                                relative(a.finalLoss(), b.finalLoss(), plan.minDecrease(), 0))
                        / 2,
                apart / Math.max(a.steps(), b.steps()));
    }

    boolean withinContract() {
        return kernel <= KERNEL && residual <= RESIDUAL && steps <= STEPS;
    }

    double largest() {
        return Math.max(kernel, Math.max(residual, steps));
    }

    /** The largest relative difference of the kernel changes at steps that are in both lists; 0 if there are none. */
    static double kernels(List<KernelChange> a, List<KernelChange> b) {
        Map<Long, Double> values = new HashMap<>();
        a.forEach(change -> values.put(change.step(), change.value()));
        return b.stream()
                .filter(change -> values.containsKey(change.step()))
                .mapToDouble(change -> relative(values.get(change.step()), change.value(), 0, LEAST_CHANGE))
                .max()
                .orElse(0);
    }

    private static List<KernelChange> end(List<KernelChange> changes) {
        return changes.isEmpty()
                ? changes
                : List.of(new KernelChange(0, changes.get(changes.size() - 1).value()));
    }

    private static double losses(List<LossPoint> a, List<LossPoint> b, double resolution) {
        Map<Long, Double> values = new HashMap<>();
        LossCurve.withoutSnapshots(a).forEach(point -> values.put(point.step(), point.loss()));
        return LossCurve.withoutSnapshots(b).stream()
                .filter(point -> values.containsKey(point.step()))
                .mapToDouble(point -> relative(values.get(point.step()), point.loss(), resolution, 0))
                .max()
                .orElse(0);
    }

    private static double relative(double a, double b, double resolution, double least) {
        double difference = Math.abs(a - b);
        return difference <= resolution ? 0 : difference / Math.max(least, Math.max(a, b));
    }
}
