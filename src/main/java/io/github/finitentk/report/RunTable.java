package io.github.finitentk.report;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A run as a table: one row per finished cell in grid order; columns are the cell's parameters, status and reason, then those
 * of the quantity. Times are left out: they differ from run to run, the rest never does. Rows are read one at a time.
 * Streams are left open.
 */
public final class RunTable {

    private static final List<Column> CELL = List.of(
            Column.text("activation", "the activation"),
            Column.real("sigma_w2", "weight variance"),
            Column.real("sigma_b2", "bias variance"),
            Column.integer("depth", "number of weight layers"),
            Column.integer("width", "hidden width"),
            Column.text("status", "ok, diverged or failed"));
    private static final Column REASON = Column.text("reason", "why it failed, or how the numbers were obtained");

    private final RunReader run;

    public RunTable(RunReader run) {
        this.run = run;
    }

    /** Columns without the reason, which {@link #writeNpy} leaves out: a row of an array has room for the longest text. */
    private List<Column> columns(boolean reason) {
        List<Column> columns = new ArrayList<>(CELL);
        if (reason) {
            columns.add(REASON);
        }
        columns.addAll(run.columns());
        return columns;
    }

    private Iterable<List<Object>> rows(boolean reason) {
        return () -> StreamSupport.stream(run.rows().spliterator(), false)
                .map(row -> values(row, reason))
                .iterator();
    }

    private static List<Object> values(SweepRow row, boolean reason) {
        List<Object> values = new ArrayList<>();
        values.add(row.cell().activation().label());
        values.add(row.cell().sigmaW2());
        values.add(row.cell().sigmaB2());
        values.add((long) row.cell().depth());
        values.add((long) row.cell().width());
        values.add(row.result().status().name().toLowerCase(Locale.ROOT));
        if (reason) {
            values.add(row.result().reason());
        }
        values.addAll(row.result().values());
        return values;
    }

    private List<String> headings() {
        return columns(true).stream().map(Column::name).toList();
    }

    /** Writes it as CSV; lists as {@code [1.0, 2.0]}, what is missing as an empty field. */
    public void writeCsv(OutputStream out) throws IOException {
        Iterable<List<Object>> flat = () -> StreamSupport.stream(rows(true).spliterator(), false)
                .map(RunTable::withTextLists)
                .iterator();
        CsvWriter.write(out, headings(), flat);
    }

    private static List<Object> withTextLists(List<Object> row) {
        row.replaceAll(value -> value instanceof double[] list ? Arrays.toString(list) : value);
        return row;
    }

    /** Writes the manifest, what the columns mean, and the rows as one JSON document. */
    public void writeJson(OutputStream out) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("manifest", run.manifest());
        document.put("columns", headings());
        Map<String, String> descriptions = new LinkedHashMap<>();
        columns(true).forEach(column -> descriptions.put(column.name(), column.description()));
        document.put("descriptions", descriptions);
        document.put("rows", rows(true));
        JsonWriter.write(out, document);
    }

    /**
     * Writes a NumPy array with one record per cell and one named field per column: {@code numpy.load(f)["ratio"]}. Missing
     * numbers are NaN; a column of integers that misses one is a column of doubles; lists are rows of a matrix, shorter ones
     * filled up with NaN. The column {@code reason} is left out.
     */
    public void writeNpy(OutputStream out) throws IOException {
        StructuredNpy.write(out, columns(false), rows(false));
    }
}
