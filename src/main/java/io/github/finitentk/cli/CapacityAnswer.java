package io.github.finitentk.cli;

import io.github.finitentk.experiment.Capacity;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.store.RunReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code ntk sweep --dry-run --cores} says. */
record CapacityAnswer(
        int cells,
        int units,
        double coreSeconds,
        double longestUnitSeconds,
        Optional<Measured> measured,
        List<OnCores> cores) {

    /** Measured over estimated time: of how many units, their median and the middle 90 % of them. */
    record Measured(int units, double ratio, double ratioLow, double ratioHigh, int unitsOfThisSweep) {}

    record OnCores(
            int cores,
            double jobArraySeconds,
            double jobArrayEfficiency,
            double queueSeconds,
            double queueEfficiency) {}

    static CapacityAnswer of(SweepSpec sweep, List<Integer> cores, List<Path> runs) {
        List<RunReader> readers = new ArrayList<>();
        try {
            runs.forEach(run -> readers.add(RunReader.open(run)));
            Capacity capacity = Capacity.of(
                    sweep,
                    readers.stream()
                            .map(run -> new Capacity.Measured(run.spec(), run.rows()))
                            .toList());
            double[] ratios = capacity.ratios();
            return new CapacityAnswer(
                    sweep.size(),
                    capacity.units(),
                    capacity.work(),
                    capacity.longest(),
                    ratios.length == 0
                            ? Optional.empty()
                            : Optional.of(new Measured(
                                    ratios.length,
                                    quantile(ratios, 0.5),
                                    quantile(ratios, 0.05),
                                    quantile(ratios, 0.95),
                                    capacity.measuredUnits())),
                    cores.stream().map(capacity::on).map(CapacityAnswer::row).toList());
        } finally {
            readers.forEach(RunReader::close);
        }
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    private static OnCores row(Capacity.Forecast forecast) {
        return new OnCores(
                forecast.cores(),
                forecast.jobArray(),
                forecast.jobArrayEfficiency(),
                forecast.queue(),
                forecast.queueEfficiency());
    }

    void print(PrintWriter out) {
        out.println(cells + " cells in " + units + " units: " + ConsoleProgress.duration(coreSeconds)
                + " of one core, the longest unit " + ConsoleProgress.duration(longestUnitSeconds));
        measured.ifPresent(runs -> out.printf(
                Locale.ROOT,
                "Measured: %d units took %.2f times their estimates (median; %.2f to %.2f in 90 %% of them); %d are of this"
                        + " sweep%n",
                runs.units,
                runs.ratio,
                runs.ratioLow,
                runs.ratioHigh,
                runs.unitsOfThisSweep));
        out.printf(Locale.ROOT, "%8s %22s %22s%n", "cores", "job array", "queue");
        for (OnCores row : cores) {
            out.printf(
                    Locale.ROOT,
                    "%8d %12s %6.0f %%%s %12s %6.0f %%%n",
                    row.cores,
                    ConsoleProgress.duration(row.jobArraySeconds),
                    100 * row.jobArrayEfficiency,
                    " ",
                    ConsoleProgress.duration(row.queueSeconds),
                    100 * row.queueEfficiency);
        }
    }
}
