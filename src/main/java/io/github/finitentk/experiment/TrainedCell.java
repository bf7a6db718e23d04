package io.github.finitentk.experiment;

import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A cell whose initialisations have all been trained: medians and ranges over them.
 *
 * @param networks what became of each
 */
record TrainedCell(List<TrainingResult> networks) {

    /** Diverged if more than half of the networks have. */
    SweepRow.Status status() {
        return 2 * diverged() > networks.size() ? SweepRow.Status.DIVERGED : SweepRow.Status.OK;
    }

    /** What there is to say of it; may be null. */
    String reason() {
        return diverged() == 0 ? null : diverged() + " of " + networks.size() + " initialisations diverged";
    }

    long diverged() {
        return count(network -> network.stopReason() == StopReason.DIVERGED);
    }

    long count(Predicate<TrainingResult> property) {
        return networks.stream().filter(property).count();
    }

    long evaluations() {
        return networks.stream().mapToLong(TrainingResult::evaluations).sum();
    }

    /** A network that diverged has no last kernel: it has changed beyond all bounds. */
    static double lastChange(TrainingResult network) {
        return network.stopReason() == StopReason.DIVERGED
                ? Double.POSITIVE_INFINITY
                : network.kernelChange().get(network.kernelChange().size() - 1).value();
    }

    static double changeAt(TrainingResult network, long step) {
        return network.kernelChange().stream()
                .filter(change -> change.step() == step)
                .mapToDouble(KernelChange::value)
                .findFirst()
                .orElseGet(() -> lastChange(network));
    }

    /** Why trainings ended, with their numbers: {@code early-stop 1, max-steps 2}. */
    String stopReasons() {
        return Arrays.stream(StopReason.values())
                .filter(reason -> networks.stream().anyMatch(network -> network.stopReason() == reason))
                .map(reason -> reason.label() + " " + count(network -> network.stopReason() == reason))
                .collect(Collectors.joining(", "));
    }

    double[] each(ToDoubleFunction<TrainingResult> number) {
        return networks.stream().mapToDouble(number).toArray();
    }

    double median(ToDoubleFunction<TrainingResult> number) {
        return median(each(number));
    }

    double least(ToDoubleFunction<TrainingResult> number) {
        return Arrays.stream(each(number)).min().orElse(Double.NaN);
    }

    double largest(ToDoubleFunction<TrainingResult> number) {
        return Arrays.stream(each(number)).max().orElse(Double.NaN);
    }

    /** The middle value, or the mean of the two middle ones; infinite ones count as large. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }
}
