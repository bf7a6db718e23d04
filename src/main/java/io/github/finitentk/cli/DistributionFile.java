package io.github.finitentk.cli;

import io.github.finitentk.internal.files.CsvWriter;
import io.github.finitentk.internal.files.JsonWriter;
import io.github.finitentk.sampling.EmpiricalDistribution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Quantiles and a histogram of an entry of Theta as CSV or JSON; the file's ending says which. */
final class DistributionFile {

    private static final double[] PROBABILITIES = {
        0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999
    };
    private static final int BINS = 50;

    private record Document(
            int draws, double[] probabilities, double[] quantiles, double[] histogramEdges, Object histogramCounts) {}

    private final Destination file;

    /** @throws IllegalArgumentException if the name ends in neither .csv nor .json, or the file cannot be made */
    DistributionFile(Path path, GlobalOptions options) {
        file = Destination.file(path, options);
        if (!List.of("csv", "json").contains(file.ending())) {
            throw new IllegalArgumentException(
                    "The distribution is written as .csv or .json, but " + path + " ends in neither.");
        }
    }

    void write(EmpiricalDistribution distribution) {
        double[] quantiles = distribution.quantiles(PROBABILITIES);
        // Theta(x,x) is positive and spans orders of magnitude in the chaotic phase; Theta(x,x') may have either sign.
        EmpiricalDistribution.Histogram histogram =
                distribution.quantile(0) > 0 ? distribution.logHistogram(BINS) : distribution.histogram(BINS);
        String what = "quantiles and histogram of " + distribution.size() + " draws";
        if (file.ending().equals("json")) {
            Document document =
                    new Document(distribution.size(), PROBABILITIES, quantiles, histogram.edges(), histogram.counts());
            file.write(what, out -> JsonWriter.write(out, Documents.plain(document)));
            return;
        }
        List<List<?>> rows = new ArrayList<>();
        for (int i = 0; i < quantiles.length; i++) {
            rows.add(List.of("quantile", PROBABILITIES[i], quantiles[i], ""));
        }
        for (int i = 0; i < histogram.counts().length; i++) {
            rows.add(List.of(
                    "bin",
                    histogram.edges()[i],
                    histogram.edges()[i + 1],
                    histogram.counts()[i]));
        }
        List<String> headings = List.of("kind", "probability_or_from", "theta_or_to", "count");
        file.write(what, out -> CsvWriter.write(out, headings, rows));
    }
}
