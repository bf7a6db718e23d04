package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.FiniteSampleQuantity;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.report.Caption;
import io.github.finitentk.trust.TrustThresholds;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column that can be drawn, for the scripts of a page.
 *
 * @param column its name
 * @param label how pictures name it, in plain Unicode
 * @param low the column with the lower end of its interval, or null
 * @param high the column with the upper end, or null
 * @param white the value that stands out and is white in maps, or null
 * @param range the limits of colours that saturate beyond, or null: those of the data
 * @param log whether its colours and axis are logarithmic unless the reader says otherwise
 */
record Measure(String column, String label, String low, String high, Double white, double[] range, boolean log) {

    private static final Set<Column<?>> RATIOS = Set.of(VarianceQuantity.RATIO, FiniteSampleQuantity.MEDIAN);
    private static final Set<Column<?>> MOMENTS = Set.of(VarianceQuantity.MEAN, VarianceQuantity.SECOND_MOMENT);

    private static final Set<Column<?>> DERIVED = Set.of(Derived.KAPPA_RATIO, Derived.VARIANCE_RATIO);

    /** The columns that can be drawn, those that the quantity is about first. */
    static List<Column<?>> columns(List<Column<?>> columns) {
        Set<Column<?>> ends = columns.stream()
                .flatMap(column -> Stream.concat(column.low().stream(), column.high().stream()))
                .collect(Collectors.toSet());
        return columns.stream()
                .filter(column -> column.type() != Column.Type.TEXT && !ends.contains(column))
                .sorted(Comparator.comparingInt(Measure::rank))
                .toList();
    }

    private static int rank(Column<?> column) {
        return column.equals(VarianceQuantity.RATIO) || column.equals(KernelChangeQuantity.CHANGE)
                ? 0
                : column.name().startsWith(KernelChangeQuantity.CHANGE.name())
                                || column.equals(KernelChangeQuantity.MIN_LOSS)
                        ? 1
                        : 2;
    }

    /** The change at the end, or after some steps, or its mean. */
    private static boolean isChange(Column<?> column) {
        return column.symbol().equals(KernelChangeQuantity.CHANGE.symbol());
    }

    static String label(Column<?> column) {
        return Caption.plain(column.symbol());
    }

    /** All of a run, those that the quantity is about first. */
    static List<Measure> of(FinishedCells table) {
        List<Column<?>> derived = columns(
                Derived.of(table).stream().<Column<?>>map(Derived::column).toList());
        return Stream.concat(derived.stream(), columns(table.results()).stream())
                .map(Measure::of)
                .toList();
    }

    private static Measure of(Column<?> column) {
        return new Measure(
                column.name(),
                label(column),
                column.low().map(Column::name).orElse(null),
                column.high().map(Column::name).orElse(null),
                white(column),
                RATIOS.contains(column) ? new double[] {1, 3} : null,
                isChange(column) || MOMENTS.contains(column) || DERIVED.contains(column));
    }

    private static Double white(Column<?> column) {
        return RATIOS.contains(column)
                ? Double.valueOf(2)
                : isChange(column)
                        ? Double.valueOf(TrustThresholds.CHANGE_HOLDS)
                        : column.equals(Derived.VARIANCE_RATIO) ? Double.valueOf(1) : null;
    }
}
