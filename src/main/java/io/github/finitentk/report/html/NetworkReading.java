package io.github.finitentk.report.html;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a run says of one kind of network, which is what does not vary within a heat map: where a statement of the theory
 * holds within a tolerance, where it certainly fails, and in how many cells that cannot be told.
 *
 * @param activation as pictures name it
 * @param sigmaB2 bias variance
 * @param width hidden width
 * @param depths the depths of the run in words
 * @param border the weight variance at {@code chi_1 = 1}; NaN if there is none
 * @param everywhere whether the statement holds in every cell
 * @param reach the largest weight variance up to which it holds at every depth; NaN if there is none
 * @param shallow the largest depth up to which it holds at all weight variances (beyond the reach, if there is one); 0 if
 *     there is none
 * @param cells finished cells
 * @param large cells in which it certainly fails altogether
 * @param firstDepth the least depth of those, 0 if there is none
 * @param firstSigmaW2 and the least weight variance there
 * @param open cells in which neither can be said
 */
record NetworkReading(
        String activation,
        double sigmaB2,
        int width,
        String depths,
        double border,
        boolean everywhere,
        double reach,
        int shallow,
        int cells,
        long large,
        int firstDepth,
        double firstSigmaW2,
        long open) {

    private record Kind(Activation activation, double sigmaB2, int width) {}

    /** One for each kind of network in a run, in the order of its cells; empty if its quantity is not judged. */
    static List<NetworkReading> of(FinishedCells table, Theory theory, int percent) {
        Optional<Criterion> judgement = Criterion.of(table.quantity(), percent);
        if (judgement.isEmpty()) {
            return List.of();
        }
        Map<Kind, List<SweepRow>> kinds = new LinkedHashMap<>();
        for (SweepRow row : table.rows()) {
            Kind kind = new Kind(
                    row.cell().activation(), row.cell().sigmaB2(), row.cell().width());
            kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(row);
        }
        List<NetworkReading> readings = new ArrayList<>();
        kinds.forEach((kind, rows) -> readings.add(of(
                kind,
                theory.border(kind.activation, kind.sigmaB2),
                rows,
                row -> holds(table, row, judgement.get()),
                row -> fails(table, row, judgement.get(), judgement.get().large()),
                row -> fails(table, row, judgement.get(), judgement.get().small()))));
        return readings;
    }

    private static NetworkReading of(
            Kind kind,
            double border,
            List<SweepRow> rows,
            Predicate<SweepRow> holds,
            Predicate<SweepRow> isLarge,
            Predicate<SweepRow> isNotSmall) {
        double reach = reach(rows, holds);
        List<SweepRow> beyond =
                rows.stream().filter(row -> !(row.cell().sigmaW2() <= reach)).toList();
        Optional<SweepRow> first = rows.stream()
                .filter(isLarge)
                .min(Comparator.<SweepRow>comparingInt(row -> row.cell().depth())
                        .thenComparingDouble(row -> row.cell().sigmaW2()));
        int least = rows.stream().mapToInt(row -> row.cell().depth()).min().orElseThrow();
        int deepest = rows.stream().mapToInt(row -> row.cell().depth()).max().orElseThrow();
        return new NetworkReading(
                Activations.displayName(kind.activation),
                kind.sigmaB2,
                kind.width,
                least == deepest ? "L = " + least : "L = " + least + " to " + deepest,
                border,
                beyond.isEmpty(),
                reach,
                shallow(beyond, holds),
                rows.size(),
                rows.stream().filter(isLarge).count(),
                first.map(row -> row.cell().depth()).orElse(0),
                first.map(row -> row.cell().sigmaW2()).orElse(Double.NaN),
                rows.stream().filter(holds.or(isNotSmall).negate()).count());
    }

    private static double reach(List<SweepRow> rows, Predicate<SweepRow> holds) {
        TreeMap<Double, Boolean> columns = new TreeMap<>();
        rows.forEach(row -> columns.merge(row.cell().sigmaW2(), holds.test(row), Boolean::logicalAnd));
        return lastBeforeFalse(columns).orElse(Double.NaN);
    }

    private static int shallow(List<SweepRow> rows, Predicate<SweepRow> holds) {
        TreeMap<Integer, Boolean> depths = new TreeMap<>();
        rows.forEach(row -> depths.merge(row.cell().depth(), holds.test(row), Boolean::logicalAnd));
        return lastBeforeFalse(depths).orElse(0);
    }

    private static <K> Optional<K> lastBeforeFalse(TreeMap<K, Boolean> truths) {
        K last = null;
        for (Map.Entry<K, Boolean> truth : truths.entrySet()) {
            if (!truth.getValue()) {
                break;
            }
            last = truth.getKey();
        }
        return Optional.ofNullable(last);
    }

    /** Whether the number is certainly small: a heavy tail makes estimates too low more often than not. */
    private static boolean holds(FinishedCells table, SweepRow row, Criterion judgement) {
        return row.status() == Status.OK
                && !table.heavyTailed(row)
                && judgement.number().apply(table, row).high() <= judgement.small();
    }

    /** Whether the number certainly exceeds a bound. */
    private static boolean fails(FinishedCells table, SweepRow row, Criterion judgement, double bound) {
        return switch (row.status()) {
            case DIVERGED -> true;
            case FAILED -> false;
            case OK -> {
                Criterion.Estimate number = judgement.number().apply(table, row);
                yield (table.heavyTailed(row) ? number.value() : number.low()) > bound;
            }
        };
    }

    /** The reading in plain words. */
    String sentence(Criterion judgement) {
        StringBuilder text = new StringBuilder("For ")
                .append(activation)
                .append(" at M = ")
                .append(width)
                .append(", σ_b² = ")
                .append(NumberText.plain(sigmaB2))
                .append(", ");
        String treated = judgement.statement();
        String shallows = shallow + " (L/M = " + NumberText.plain((double) shallow / width) + ") at every σ_w²";
        if (everywhere) {
            text.append(treated)
                    .append(" in every cell of this run (")
                    .append(depths)
                    .append(").");
        } else if (Double.isNaN(reach)) {
            text.append("there is no σ_w² at which ")
                    .append(treated)
                    .append(" at every depth (")
                    .append(depths)
                    .append(
                            shallow == 0
                                    ? "), and no depth at which it may at every σ_w²."
                                    : "); it may up to depth " + shallows + ".");
        } else {
            text.append(treated)
                    .append(" up to σ_w² = ")
                    .append(NumberText.plain(reach))
                    .append(" at every depth (")
                    .append(depths)
                    .append("); beyond, ")
                    .append(
                            shallow == 0
                                    ? "at no depth of this run at every σ_w²."
                                    : "only up to depth " + shallows + ".");
        }
        if (large > 0) {
            text.append(" In ")
                    .append(large)
                    .append(" of ")
                    .append(cells)
                    .append(" cells ")
                    .append(judgement.fails())
                    .append(", first at depth ")
                    .append(firstDepth)
                    .append(" (σ_w² = ")
                    .append(NumberText.plain(firstSigmaW2))
                    .append(").");
        }
        if (open > 0) {
            text.append(" In ")
                    .append(open)
                    .append(" of ")
                    .append(cells)
                    .append(" cells the interval is too wide to say.");
        }
        return text.toString();
    }
}
