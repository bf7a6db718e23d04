package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Columns;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.VarianceQuantity;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers behind a figure.
 *
 * @param columns the headings
 * @param rows a value for each heading; null where it is missing
 */
record FigureTable(List<String> columns, List<? extends List<?>> rows) {

    private static final Columns<SweepRow> VARIANCE = with(
            Cell.AXES
                    .of(SweepRow::cell)
                    .with(Column.integer("input_dim", "M_0"), row ->
                            (long) row.cell().width())
                    .with(Column.real("input_norm2", "|x|^2"), row ->
                            (double) row.cell().width()),
            List.of(
                    VarianceQuantity.METHOD,
                    VarianceQuantity.DRAWS,
                    VarianceQuantity.MEAN,
                    VarianceQuantity.SECOND_MOMENT,
                    VarianceQuantity.RATIO,
                    VarianceQuantity.RATIO_LOW,
                    VarianceQuantity.RATIO_HIGH,
                    VarianceQuantity.HEAVY_TAILED,
                    VarianceQuantity.TAIL_SHARE));

    /** One line per cell of a variance, in the order of the rows. */
    static FigureTable ofVariance(List<SweepRow> rows) {
        return of(rows, VARIANCE);
    }

    /** One line per cell, in the order of the rows: its parameters, its status, and all of the quantity's columns but lists. */
    static FigureTable of(List<SweepRow> rows) {
        Columns<SweepRow> columns = Cell.AXES.of(SweepRow::cell).with(SweepRow.STATUS, row -> row.get(SweepRow.STATUS));
        return of(
                rows,
                with(
                        columns,
                        rows.get(0).columns().stream()
                                .filter(column -> column.type() != Column.Type.REALS)
                                .toList()));
    }

    private static Columns<SweepRow> with(Columns<SweepRow> columns, List<Column<?>> more) {
        for (Column<?> column : more) {
            columns = with(columns, column);
        }
        return columns;
    }

    private static <T> Columns<SweepRow> with(Columns<SweepRow> columns, Column<T> column) {
        return columns.with(column, row -> row.get(column));
    }

    /** One line per cell with the given columns. */
    static <R> FigureTable of(List<R> rows, Columns<R> columns) {
        return new FigureTable(
                columns.stream().map(Column::name).toList(),
                rows.stream().map(row -> line(row, columns)).toList());
    }

    private static <R> List<Object> line(R row, Columns<R> columns) {
        List<Object> line = new ArrayList<>(columns.values(row));
        line.replaceAll(value -> value instanceof Double number && number.isNaN() ? null : value);
        int flag = columns.indexOf(VarianceQuantity.HEAVY_TAILED);
        if (flag >= 0) {
            line.set(flag, line.get(flag) instanceof Long number && number != 0);
        }
        return line;
    }
}
