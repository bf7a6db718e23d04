package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.store.RunReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The finished cells of a run, in memory.
 *
 * @param quantity name of what was computed
 * @param settings all settings of that
 * @param total the number of cells of the whole run, finished or not
 * @param manifest what describes the run
 * @param columns of the results
 * @param rows in grid order
 */
record FinishedCells(
        String quantity,
        Map<String, Object> settings,
        int total,
        Map<String, String> manifest,
        List<Column<?>> columns,
        List<SweepRow> rows) {

    /** More cells than this make a page that browsers are slow to open. */
    static final int MAX_CELLS = 200_000;

    FinishedCells {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * @throws IllegalArgumentException if the run has more cells than a page can show
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it surely does not fit
     */
    static FinishedCells read(RunReader run) {
        SweepSpec spec = run.spec();
        int total = spec.size();
        if (total > MAX_CELLS) {
            throw new IllegalArgumentException("The run has " + total + " cells, but a page shows at most " + MAX_CELLS
                    + "; tables may have any size.");
        }
        // A number takes at least this much as an object, in its column, and as text at every stage of the page.
        Memory.requireHeap(100.0 * total * run.columns().size(), 0, "A page of " + total + " cells", "cells");
        List<SweepRow> rows = new ArrayList<>();
        run.rows().forEach(rows::add);
        List<Column<?>> columns = declared(run.columns(), spec.quantity().columns());
        return new FinishedCells(
                spec.quantity().name(), spec.quantity().settings(), total, run.manifest(), columns, rows);
    }

    /** Files know names, types and descriptions; the quantity also knows symbols and intervals. */
    private static List<Column<?>> declared(List<Column<?>> found, List<Column<?>> declared) {
        return found.stream()
                .<Column<?>>map(column -> declared.contains(column) ? declared.get(declared.indexOf(column)) : column)
                .toList();
    }

    /** The column that tells the rows of one cell apart, where it has several. */
    Optional<Column<?>> along() {
        return columns.stream()
                .filter(column -> column.name().equals(manifest.get("along")))
                .findFirst();
    }

    /** The columns of results, without that. */
    List<Column<?>> results() {
        return columns.stream()
                .filter(column -> !along().equals(Optional.of(column)))
                .toList();
    }

    /** A number of a row; NaN if it is missing, no number, or the run has no such column. */
    double number(SweepRow row, Column<?> column) {
        return columns.contains(column) && row.get(column) instanceof Number value ? value.doubleValue() : Double.NaN;
    }

    /** The lower end of a number's interval; the number itself if it has none. */
    double low(SweepRow row, Column<Double> column) {
        return end(row, column, column.low());
    }

    /** The upper end of a number's interval; the number itself if it has none. */
    double high(SweepRow row, Column<Double> column) {
        return end(row, column, column.high());
    }

    private double end(SweepRow row, Column<Double> column, Optional<Column<Double>> end) {
        double bound = end.map(known -> number(row, known)).orElse(Double.NaN);
        return Double.isNaN(bound) ? number(row, column) : bound;
    }

    /** Whether a row's interval cannot be trusted. */
    boolean heavyTailed(SweepRow row) {
        return number(row, VarianceQuantity.HEAVY_TAILED) > 0;
    }
}
