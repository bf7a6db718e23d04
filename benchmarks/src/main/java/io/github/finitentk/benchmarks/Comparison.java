package io.github.finitentk.benchmarks;

import io.github.finitentk.benchmarks.Results.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether revision B is slower than revision A, from rounds in which both were measured one after the other. A round gives the ratio of
 * their speeds, B / A; slow spells of the machine meet both. Nothing is assumed of the noise but that a ratio is as often above its
 * median as below: the median of n ratios has the interval between their order statistics that holds with at least 95 %
 * (binomial), and "B is as fast" has the p-value of the sign test.
 *
 * <p>A benchmark is flagged if that p-value, times the number of benchmarks that are compared (Holm's correction: with many of them some
 * look slower by chance), is below 5 % and the median ratio differs from 1 by more than {@link #TOLERANCE}, which is
 * what another layout of the same code can do.
 */
public final class Comparison {

    public static final double TOLERANCE = 0.03;
    private static final double LEVEL = 0.05;

    /** What is said of a benchmark. */
    enum Verdict {
        SLOWER,
        FASTER,
        SAME
    }

    /**
     * @param name the benchmark and its parameters
     * @param median of the ratios B / A of speeds
     * @param low the lower end of the median's interval
     * @param high its upper end
     * @param verdict of all benchmarks together
     */
    record Line(String name, double median, double low, double high, Verdict verdict) {}

    private Comparison() {}

    /** Reads {@code a-1.json}, {@code b-1.json}, {@code a-2.json}, ... from a folder, writes the comparison, and ends with 1 if B is slower, 2 if it cannot be said. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        int rounds = 0;
        while (Files.exists(file(folder, "b", rounds + 1))) {
            rounds++;
            Map<String, Double> a = speeds(file(folder, "a", rounds));
            Map<String, Double> b = speeds(file(folder, "b", rounds));
            b.forEach((name, speed) -> {
                if (a.containsKey(name)) {
                    ratios.computeIfAbsent(name, key -> new ArrayList<>()).add(speed / a.get(name));
                }
            });
        }
        List<Line> lines;
        try {
            lines = of(ratios, rounds);
        } catch (IllegalArgumentException e) {
            System.err.println("regress: " + e.getMessage());
            System.exit(2);
            return;
        }
        lines.forEach(line -> System.out.printf(
                Locale.ROOT,
                "%-8s %6.3f  [%.3f, %.3f]  %s%n",
                line.verdict == Verdict.SAME ? "" : line.verdict.name().toLowerCase(Locale.ROOT),
                line.median,
                line.low,
                line.high,
                line.name));
        long slower =
                lines.stream().filter(line -> line.verdict == Verdict.SLOWER).count();
        System.out.printf("%d of %d benchmarks slower, from %d rounds%n", slower, lines.size(), rounds);
        System.exit(slower > 0 ? 1 : 0);
    }

    private static Path file(Path folder, String revision, int round) {
        return folder.resolve(revision + "-" + round + ".json");
    }

    private static Map<String, Double> speeds(Path file) throws IOException {
        Map<String, Double> speeds = new LinkedHashMap<>();
        for (Result result : Results.read(List.of(file))) {
            speeds.put(result.name() + " " + result.backend() + " " + result.parameters(), result.score());
        }
        return speeds;
    }

    /** How many rounds it takes to flag one of so many benchmarks at all: all of its ratios have to lie on one side. */
    static int leastRounds(int benchmarks) {
        int rounds = 1;
        while (2 * Math.scalb(1.0, -rounds) * benchmarks >= LEVEL) {
            rounds++;
        }
        return rounds;
    }

    /**
     * Compares.
     *
     * @param ratios B / A of the speeds of each benchmark, one for each round
     * @throws IllegalArgumentException if there is nothing to compare, or no benchmark could be flagged after so few rounds
     */
    static List<Line> of(Map<String, List<Double>> ratios, int rounds) {
        if (ratios.isEmpty()) {
            throw new IllegalArgumentException("The two revisions have no benchmark in common that was measured.");
        }
        if (rounds < leastRounds(ratios.size())) {
            throw new IllegalArgumentException(rounds + " rounds cannot tell a slower benchmark among " + ratios.size()
                    + " from noise; it takes " + leastRounds(ratios.size()) + ".");
        }
        List<String> byEvidence = ratios.keySet().stream()
                .sorted(Comparator.comparingDouble(name -> pValue(ratios.get(name))))
                .toList();
        Map<String, Line> lines = new LinkedHashMap<>();
        ratios.keySet().forEach(name -> lines.put(name, null));
        boolean evident = true;
        for (int rank = 0; rank < byEvidence.size(); rank++) {
            String name = byEvidence.get(rank);
            double[] sorted =
                    ratios.get(name).stream().mapToDouble(Double::doubleValue).sorted().toArray();
            evident &= pValue(ratios.get(name)) * (byEvidence.size() - rank) < LEVEL;
            lines.put(name, line(name, sorted, evident));
        }
        return List.copyOf(lines.values());
    }

    private static Line line(String name, double[] sorted, boolean evident) {
        int n = sorted.length;
        double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        int outside = 0;
        while (outside + 1 <= (n - 1) / 2 && 2 * atMost(outside, n) <= 1 - 0.95) {
            outside++;
        }
        int first = Math.max(0, outside - 1);
        boolean far = Math.abs(median - 1) > TOLERANCE;
        Verdict verdict = !evident || !far ? Verdict.SAME : median < 1 ? Verdict.SLOWER : Verdict.FASTER;
        return new Line(name, median, sorted[first], sorted[n - 1 - first], verdict);
    }

    /** Of the two-sided sign test against a median of 1. */
    static double pValue(List<Double> ratios) {
        int below = (int) ratios.stream().filter(ratio -> ratio < 1).count();
        return Math.min(1, 2 * atMost(Math.min(below, ratios.size() - below), ratios.size()));
    }

    // That at most k of n fair coins show heads.
    private static double atMost(int k, int n) {
        double term = Math.scalb(1.0, -n);
        double sum = term;
        for (int i = 1; i <= k; i++) {
            term *= (double) (n - i + 1) / i;
            sum += term;
        }
        return sum;
    }
}
