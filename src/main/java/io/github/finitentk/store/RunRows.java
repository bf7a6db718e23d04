package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellResult;
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
import java.util.Locale;
import java.util.NoSuchElementException;

/**
 * The rows of the table {@code cells}, one at a time and in grid order: between a {@link SweepRow} and the values that the file
 * holds. Lists of numbers are blobs of little-endian doubles; NaN is NULL. A row is handed out once its checksum fits, the last
 * one once all of them add up to the totals.
 */
final class RunRows implements Iterator<SweepRow> {

    private final Path path;
    private final Statement statement;
    private final ResultSet rows;
    private final List<Column> columns;
    private final Totals expected;
    private final Checksum checksum = new Checksum();
    private Totals found;
    private Activation activation;
    private long last = -1;
    private boolean more;

    RunRows(Path path, Statement statement, ResultSet rows, List<Column> columns, Totals expected) throws SQLException {
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
            SweepRow row = row(values);
            long index = (Long) values.get(0);
            if (index <= last || index > Integer.MAX_VALUE) {
                throw RunSchema.damaged(path, "the rows of the table cells are out of order");
            }
            last = index;
            found = found.plus(row.result().status(), rows.getLong(1 + values.size()));
            advance();
            return row;
        } catch (SQLException e) {
            throw RunDatabase.failed(path, e);
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

    private SweepRow row(List<Object> row) {
        List<Object> values = new ArrayList<>(columns.size());
        for (int k = 0; k < columns.size(); k++) {
            Object value = row.get(RunSchema.FIXED.size() + k);
            values.add(value instanceof byte[] blob ? list(blob) : value);
        }
        return new SweepRow(
                new Cell(
                        activation((String) row.get(1)),
                        (Double) row.get(2),
                        (Double) row.get(3),
                        Math.toIntExact((Long) row.get(4)),
                        Math.toIntExact((Long) row.get(5))),
                new CellResult(
                        CellResult.Status.valueOf(((String) row.get(6)).toUpperCase(Locale.ROOT)),
                        (String) row.get(7),
                        values,
                        row.get(8) == null ? 0 : (Double) row.get(8)),
                columns);
    }

    // Neighbours mostly have the same.
    private Activation activation(String label) {
        if (activation == null || !activation.label().equals(label)) {
            activation = Activations.parse(label);
        }
        return activation;
    }

    /** The values of a row as a file holds them. */
    static List<Object> row(int index, Cell cell, CellResult result, List<Column> columns) {
        List<Object> row = new ArrayList<>(RunSchema.FIXED.size() + columns.size());
        row.add((long) index);
        row.add(cell.activation().label());
        row.add(real(cell.sigmaW2()));
        row.add(real(cell.sigmaB2()));
        row.add((long) cell.depth());
        row.add((long) cell.width());
        row.add(result.status().name().toLowerCase(Locale.ROOT));
        row.add(result.reason());
        row.add(real(result.seconds()));
        for (int k = 0; k < columns.size(); k++) {
            Object value = result.values().get(k);
            row.add(
                    value == null
                            ? null
                            : switch (columns.get(k).type()) {
                                case REAL -> real(((Number) value).doubleValue());
                                case INTEGER -> ((Number) value).longValue();
                                case TEXT -> value.toString();
                                case REALS -> blob((double[]) value);
                            });
        }
        return row;
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
