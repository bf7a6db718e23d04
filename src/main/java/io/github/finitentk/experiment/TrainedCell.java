package io.github.finitentk.experiment;

import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The row of a cell whose initialisations have all been trained: medians and ranges over them. */
final class TrainedCell {

    private TrainedCell() {}

    /** @param snapshots the steps at which kernels are measured */
    static List<Column> columns(List<Long> snapshots) {
        List<Column> columns = new ArrayList<>(List.of(
                Column.integer("initializations", "networks that were trained"),
                Column.real("kernel_change", "|Theta^t - Theta^0|_F / |Theta^0|_F at the end: median"),
                Column.real("kernel_change_low", "the least of the initialisations"),
                Column.real("kernel_change_high", "the largest"),
                Column.real("min_loss", "smallest loss of all steps: median"),
                Column.real("min_loss_low", "the least of the initialisations"),
                Column.real("min_loss_high", "the largest"),
                Column.real("initial_loss", "loss before training: median"),
                Column.real("final_loss", "loss at the end: median"),
                Column.real("steps", "steps taken: median"),
                Column.text("stopped", "why trainings ended, with their numbers"),
                Column.real("a_max_start", "eta lambda_max(Theta^0) / S: median; unstable above 2"),
                Column.real("a_max", "its largest value at start, snapshots and end: median"),
                Column.integer("unstable", "initialisations whose a_max exceeded 2"),
                Column.integer("diverged", "initialisations whose loss or kernel overflowed"),
                Column.real(
                        "error_estimate",
                        "estimate of the relative error of kernel changes and residuals, largest of the networks"),
                Column.integer("evaluations", "forward and backward passes of all initialisations")));
        for (long step : snapshots) {
            columns.add(
                    Column.real(atStep(step), "the same after " + step + " steps (or at the end, if that is earlier)"));
        }
        columns.add(Column.reals("kernel_changes", "at the end, one by one"));
        columns.add(Column.reals("min_losses", "smallest losses, one by one"));
        columns.add(Column.reals("steps_each", "steps taken, one by one"));
        return columns;
    }

    /** The column of a snapshot. */
    static String atStep(long step) {
        return "kernel_change_at_" + step;
    }

    static CellResult of(List<TrainingResult> results, List<Long> snapshots, double seconds) {
        double[] changes = each(results, TrainedCell::lastChange);
        double[] minLosses = each(results, TrainingResult::minLoss);
        long diverged = results.stream()
                .filter(result -> result.stopReason() == StopReason.DIVERGED)
                .count();
        List<Object> values = new ArrayList<>(Arrays.asList(
                (long) results.size(),
                median(changes),
                least(changes),
                largest(changes),
                median(minLosses),
                least(minLosses),
                largest(minLosses),
                median(each(results, result -> result.losses().get(0).loss())),
                median(each(results, TrainingResult::finalLoss)),
                median(each(results, TrainingResult::steps)),
                stopped(results),
                median(each(results, TrainingResult::aMaxStart)),
                median(each(results, TrainingResult::aMaxLargest)),
                results.stream().filter(TrainingResult::unstable).count(),
                diverged,
                largest(each(results, TrainingResult::errorEstimate)),
                results.stream().mapToLong(TrainingResult::evaluations).sum()));
        for (long step : snapshots) {
            values.add(median(each(results, result -> changeAt(result, step))));
        }
        values.add(changes);
        values.add(minLosses);
        values.add(each(results, TrainingResult::steps));
        boolean medianDiverged = 2 * diverged > results.size();
        return new CellResult(
                medianDiverged ? CellResult.Status.DIVERGED : CellResult.Status.OK,
                diverged == 0 ? null : diverged + " of " + results.size() + " initialisations diverged",
                values,
                seconds);
    }

    // A network that diverged has no last kernel: it has changed beyond all bounds.
    private static double lastChange(TrainingResult result) {
        return result.stopReason() == StopReason.DIVERGED
                ? Double.POSITIVE_INFINITY
                : result.kernelChange().get(result.kernelChange().size() - 1).value();
    }

    private static double changeAt(TrainingResult result, long step) {
        return result.kernelChange().stream()
                .filter(change -> change.step() == step)
                .mapToDouble(KernelChange::value)
                .findFirst()
                .orElseGet(() -> lastChange(result));
    }

    private static String stopped(List<TrainingResult> results) {
        return Arrays.stream(StopReason.values())
                .filter(reason -> results.stream().anyMatch(result -> result.stopReason() == reason))
                .map(reason -> reason.label() + " "
                        + results.stream()
                                .filter(result -> result.stopReason() == reason)
                                .count())
                .collect(Collectors.joining(", "));
    }

    private static double[] each(List<TrainingResult> results, ToDoubleFunction<TrainingResult> number) {
        return results.stream().mapToDouble(number).toArray();
    }

    /** The middle value, or the mean of the two middle ones; infinite ones count as large. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }
}
