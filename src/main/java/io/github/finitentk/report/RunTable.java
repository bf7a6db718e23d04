package io.github.finitentk.report;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.internal.files.CsvWriter;
import io.github.finitentk.internal.files.JsonWriter;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A run as a table: one row per finished cell in grid order; columns are the cell's parameters, status and reason, then those
 * of the quantity. Times are left out: they differ from run to run, the rest never does. Rows are read one at a time.
 * Streams are left open.
 */
public final class RunTable {

    private final RunReader run;

    public RunTable(RunReader run) {
        this.run = run;
    }

    private List<Column<?>> columns() {
        List<Column<?>> columns = new ArrayList<>(SweepRow.COMMON);
        columns.remove(SweepRow.SECONDS);
        columns.addAll(run.columns());
        return columns;
    }

    private Iterable<List<Object>> rows(List<Column<?>> columns) {
        return () -> StreamSupport.stream(run.rows().spliterator(), false)
                .map(row -> values(row, columns))
                .iterator();
    }

    private static List<Object> values(SweepRow row, List<Column<?>> columns) {
        List<Object> values = new ArrayList<>(columns.size());
        columns.forEach(column -> values.add(row.get(column)));
        return values;
    }

    /** Writes it as CSV; lists as {@code [1.0, 2.0]}, what is missing as an empty field. */
    public void writeCsv(OutputStream out) throws IOException {
        List<Column<?>> columns = columns();
        Iterable<List<Object>> flat = () -> StreamSupport.stream(rows(columns).spliterator(), false)
                .map(RunTable::flat)
                .iterator();
        CsvWriter.write(out, columns.stream().map(Column::name).toList(), flat);
    }

    private static List<Object> flat(List<Object> row) {
        row.replaceAll(value -> value instanceof double[] list
                ? Arrays.toString(list)
                : value instanceof Double number && number.isNaN() ? null : value);
        return row;
    }

    /** Writes the manifest, what the columns mean, and the rows as one JSON document. */
    public void writeJson(OutputStream out) throws IOException {
        List<Column<?>> columns = columns();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("manifest", run.manifest());
        document.put("columns", columns.stream().map(Column::name).toList());
        Map<String, String> descriptions = new LinkedHashMap<>();
        columns.forEach(column -> descriptions.put(column.name(), column.description()));
        document.put("descriptions", descriptions);
        document.put("rows", rows(columns));
        JsonWriter.write(out, document);
    }

    /**
     * Writes a NumPy array with one record per cell and one named field per column: {@code numpy.load(f)["ratio"]}. Missing
     * numbers are NaN; a column of integers that misses one is a column of doubles; lists are rows of a matrix, shorter ones
     * filled up with NaN. The column {@code reason} is left out: each row would have room for the longest.
     */
    public void writeNpy(OutputStream out) throws IOException {
        List<Column<?>> columns = columns();
        columns.remove(SweepRow.REASON);
        StructuredNpy.write(out, columns, rows(columns));
    }
}
