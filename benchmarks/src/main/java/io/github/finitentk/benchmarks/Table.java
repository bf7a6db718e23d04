package io.github.finitentk.benchmarks;

import io.github.finitentk.benchmarks.Results.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The table of a run: a row for each benchmark and set of parameters, the backends side by side, each with its share of the roofline
 * that the same run measured; with {@code -prof gc} also what each item leaves to the garbage collector. Arguments are JMH's JSON files; Markdown
 * goes to standard output.
 */
public final class Table {

    private static final List<String> BACKENDS = List.of("own", "blas", "java", "vector");

    private final Map<String, Double> peaks = new TreeMap<>();
    private final Map<String, Double> bandwidths = new TreeMap<>();
    private final Map<String, Map<String, Result>> rows = new LinkedHashMap<>();

    private Table(List<Result> results) {
        for (Result result : results) {
            String threads = result.parameters().getOrDefault("threads", "1");
            switch (result.name()) {
                case "Roofline.fma" -> peaks.put(precision(result) + " " + threads, result.flop());
                case "Roofline.triad" -> bandwidths.put(threads, result.bytes());
                default -> rows.computeIfAbsent(result.name() + " " + result.parameters(), key -> new TreeMap<>())
                        .put(result.backend(), result);
            }
        }
    }

    /** Writes the table of the files that the arguments name. */
    public static void main(String[] files) throws IOException {
        System.out.print(of(Results.read(Stream.of(files).map(Path::of).toList())));
    }

    /** The Markdown of these results. */
    static String of(List<Result> results) {
        return new Table(results).markdown();
    }

    private static String precision(Result result) {
        return result.parameters().getOrDefault("precision", "F64");
    }

    private String markdown() {
        StringBuilder text = new StringBuilder();
        peaks.forEach((key, peak) -> text.append(String.format(
                Locale.ROOT, "Peak, %s thread(s): %.1f GFLOP/s%n%n", key.toLowerCase(Locale.ROOT), peak / 1e9)));
        bandwidths.forEach((threads, rate) -> text.append(
                String.format(Locale.ROOT, "Bandwidth, %s thread(s): %.1f GB/s%n%n", threads, rate / 1e9)));
        text.append("| benchmark | parameters | unit | own | blas | java | vector | share own | share java | own : java |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|\n");
        rows.values().forEach(row -> text.append(line(row)).append('\n'));
        return text.toString();
    }

    private String line(Map<String, Result> row) {
        Result any = row.values().iterator().next();
        boolean counted = any.items() > 0;
        double unit = counted ? unit(any.items()) : 1e9;
        List<String> cells = new ArrayList<>();
        cells.add(any.name());
        cells.add(parameters(any));
        cells.add(counted ? (unit == 1e6 ? "M/s" : unit == 1e3 ? "k/s" : "1/s") : "GFLOP/s");
        for (String backend : BACKENDS) {
            cells.add(row.containsKey(backend) ? rate(row.get(backend), unit) : "");
        }
        cells.add(share(row.get("own")));
        cells.add(share(row.get("java")));
        boolean both = row.containsKey("own") && row.containsKey("java");
        cells.add(both ? format("%.2f", row.get("own").score() / row.get("java").score()) : "");
        return "| " + String.join(" | ", cells) + " |";
    }

    private static double unit(double rate) {
        return rate >= 1e6 ? 1e6 : rate >= 1e4 ? 1e3 : 1;
    }

    // Sizes first, as M = 256, then choices by their names.
    private static String parameters(Result result) {
        List<String> sizes = new ArrayList<>();
        List<String> choices = new ArrayList<>();
        result.parameters().forEach((name, value) -> {
            if (name.length() == 1) {
                sizes.add(name + " = " + value);
            } else if (name.equals("threads")) {
                choices.add(value.equals("1") ? "1 thread" : value + " threads");
            } else {
                choices.add(value.toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        });
        sizes.addAll(choices);
        return String.join(", ", sizes);
    }

    private static String rate(Result result, double unit) {
        double rate = (result.items() > 0 ? result.items() : result.flop()) / unit;
        String digits = rate < 10 ? "%.2f" : rate < 1000 ? "%.1f" : "%.0f";
        double kilobytes = result.items() > 0 ? result.allocated() * result.score() / result.items() / 1e3 : Double.NaN;
        return format(digits, rate)
                + (Double.isNaN(result.error()) ? "" : format(" ± %.0f %%", 100 * result.error()))
                + (Double.isNaN(kilobytes) ? "" : format(", %.1f kB each", kilobytes));
    }

    private String share(Result result) {
        if (result == null || result.flop() == 0) {
            return "";
        }
        String threads = result.parameters().getOrDefault("threads", "1");
        Double peak = peaks.get(precision(result) + " " + threads);
        Double bandwidth = bandwidths.get(threads);
        if (peak == null || bandwidth == null) {
            return "";
        }
        return format("%.0f %%", 100 * Math.max(result.flop() / peak, result.bytes() / bandwidth));
    }

    private static String format(String pattern, double number) {
        return String.format(Locale.ROOT, pattern, number);
    }
}
