package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The rows of the table {@code cells}, one at a time and in grid order: between a {@link SweepRow} and the values that the file
 * holds. Lists of numbers are blobs of little-endian doubles; NaN is NULL. A row is handed out once its checksum fits, the last
 * one once all of them add up to the totals.
 */
final class RunRows implements Iterator<SweepRow> {

    private final Path path;
    private final RunTables tables;
    private final Statement statement;
    private final ResultSet rows;
    private final List<Column<?>> columns;
    private final Totals expected;
    private final Checksum checksum = new Checksum();
    private Totals found;
    private Activation activation;
    private long last = -1;
    private boolean more;

    RunRows(RunTables tables, Path path, Statement statement, ResultSet rows, List<Column<?>> columns, Totals expected)
            throws SQLException {
        this.tables = tables;
        this.path = path;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
        this.expected = expected;
        this.found = new Totals(0, 0, 0, 0, expected.manifest(), expected.columns());
        advance();
    }

    private void advance() throws SQLException {
        more = rows.next();
        if (!more) {
            statement.close();
            tables.requireOpen();
            if (!found.equals(expected)) {
                throw RunSchema.damaged(path, "rows of the table cells are missing");
            }
        }
    }

    @Override
    public boolean hasNext() {
        return more;
    }

    /** The place of the row that {@link #next} has given, in grid order. */
    int index() {
        return (int) last;
    }

    /** @throws RunFileException if the file is damaged */
    @Override
    public SweepRow next() {
        if (!more) {
            throw new NoSuchElementException();
        }
        try {
            List<Object> values = checked(path, "cells", rows, checksum);
            SweepRow row = parsed(values);
            long index = (Long) values.get(0);
            if (index <= last || index > Integer.MAX_VALUE) {
                throw RunSchema.damaged(path, "the rows of the table cells are out of order");
            }
            last = index;
            found = found.plus(row.status(), rows.getLong(1 + values.size()));
            advance();
            return row;
        } catch (SQLException e) {
            throw tables.failed(e);
        }
    }

    /**
     * The values of a row without its checksum, which is the last column.
     *
     * @throws RunFileException if it does not fit
     */
    static List<Object> checked(Path path, String table, ResultSet row, Checksum checksum) throws SQLException {
        int count = row.getMetaData().getColumnCount() - 1;
        List<Object> values = new ArrayList<>(count);
        for (int k = 1; k <= count; k++) {
            Object value = row.getObject(k);
            values.add(value instanceof Integer number ? Long.valueOf(number) : value);
        }
        if (!(row.getObject(1 + count) instanceof Number sum) || sum.longValue() != checksum.of(values)) {
            throw RunSchema.damaged(
                    path, "row " + values.get(0) + " of the table " + table + " is not what was written");
        }
        return values;
    }

    // A checksum says that a row is as it was written, not that a sweep has written it.
    private SweepRow parsed(List<Object> values) {
        try {
            return row(values);
        } catch (RuntimeException e) {
            throw RunSchema.damaged(path, "row " + values.get(0) + " of the table cells is not a sweep's");
        }
    }

    private SweepRow row(List<Object> row) {
        List<Object> values = new ArrayList<>(columns.size());
        for (int k = 0; k < columns.size(); k++) {
            Object value = row.get(RunSchema.FIXED.size() + k);
            values.add(value instanceof byte[] blob ? list(blob) : value);
        }
        Double seconds = (Double) fixed(row, SweepRow.SECONDS);
        return new SweepRow(
                new Cell(
                        activation((String) fixed(row, Cell.ACTIVATION)),
                        (Double) fixed(row, Cell.SIGMA_W2),
                        (Double) fixed(row, Cell.SIGMA_B2),
                        Math.toIntExact((Long) fixed(row, Cell.DEPTH)),
                        Math.toIntExact((Long) fixed(row, Cell.WIDTH))),
                SweepRow.Status.parse((String) fixed(row, SweepRow.STATUS)),
                (String) fixed(row, SweepRow.REASON),
                seconds == null ? 0 : seconds,
                columns,
                values);
    }

    private static Object fixed(List<Object> row, Column<?> column) {
        return row.get(RunSchema.FIXED.indexOf(column.name()));
    }

    // Neighbours mostly have the same.
    private Activation activation(String label) {
        if (activation == null || !activation.label().equals(label)) {
            activation = Activations.parse(label);
        }
        return activation;
    }

    /** The values of a row as a file holds them. */
    static List<Object> values(int index, SweepRow row) {
        List<Object> values =
                new ArrayList<>(RunSchema.FIXED.size() + row.columns().size());
        values.add((long) index);
        SweepRow.COMMON.forEach(column -> values.add(value(row.get(column))));
        row.columns().forEach(column -> values.add(value(row.get(column))));
        return values;
    }

    private static Object value(Object value) {
        return value instanceof Double number ? real(number) : value instanceof double[] list ? blob(list) : value;
    }

    // SQLite knows no NaN and no negative zero.
    private static Double real(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(value + 0.0);
    }

    private static byte[] blob(double[] list) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * list.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(list);
        return bytes.array();
    }

    private static double[] list(byte[] blob) {
        double[] list = new double[blob.length / 8];
        ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(list);
        return list;
    }
}
