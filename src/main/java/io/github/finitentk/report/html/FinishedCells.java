package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.store.RunReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The finished cells of a run, in memory.
 *
 * @param quantity name of what was computed
 * @param total the number of cells of the whole run, finished or not
 * @param manifest what describes the run
 * @param columns of the results
 * @param rows in grid order
 */
record FinishedCells(
        String quantity, int total, Map<String, String> manifest, List<Column> columns, List<SweepRow> rows) {

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
        Memory.requireHeap(100.0 * total * run.columns().size(), 0, "A page of " + total + " cells");
        List<SweepRow> rows = new ArrayList<>();
        run.rows().forEach(rows::add);
        return new FinishedCells(spec.quantity().name(), total, run.manifest(), run.columns(), rows);
    }

    /** Where a column is, if the quantity has it. */
    OptionalInt column(String name) {
        return IntStream.range(0, columns.size())
                .filter(k -> columns.get(k).name().equals(name))
                .findFirst();
    }

    /** A number of a row; NaN if there is none or no such column. */
    double number(SweepRow row, String column) {
        OptionalInt position = column(column);
        return position.isPresent() && row.result().values().get(position.getAsInt()) instanceof Number value
                ? value.doubleValue()
                : Double.NaN;
    }

    /** An end, "low" or "high", of a number's interval; the number itself if it has none. */
    double end(SweepRow row, String column, String which) {
        double confidence = number(row, column + "_ci_" + which);
        double range = Double.isNaN(confidence) ? number(row, column + "_" + which) : confidence;
        return Double.isNaN(range) ? number(row, column) : range;
    }

    /** Whether a row's interval cannot be trusted. */
    boolean heavyTailed(SweepRow row) {
        return number(row, "heavy_tailed") > 0;
    }
}
