package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.report.Series;
import java.util.List;

/** Columns of rows as figures draw them. */
final class Rows {

    private Rows() {}

    static double[] values(List<SweepRow> rows, Column<Double> column) {
        return rows.stream().mapToDouble(row -> row.get(column)).toArray();
    }

    /** A series of a column's values, with the intervals that it has. */
    static Series withInterval(Series series, List<SweepRow> rows, Column<Double> column) {
        return series.withInterval(
                values(rows, column.low().orElseThrow()),
                values(rows, column.high().orElseThrow()));
    }
}
