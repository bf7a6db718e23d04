package io.github.finitentk.store;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the tables of {@link RunSchema} hold. Each row is written with its checksum and believed only if it matches. Not for
 * use by several threads.
 */
final class RunTables {

    private final Path path;
    private final Connection connection;
    private final Checksum checksum = new Checksum();
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final List<Column<?>> columns = new ArrayList<>();
    private Totals totals = Totals.NONE;

    private RunTables(Path path, Connection connection) {
        this.path = path;
        this.connection = connection;
    }

    /** Makes the tables; not yet committed. */
    static RunTables create(Path path, Connection connection, Map<String, String> manifest, List<Column<?>> columns)
            throws SQLException {
        RunSchema.create(connection, columns);
        RunTables tables = new RunTables(path, connection);
        tables.describe(columns);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO totals VALUES (0, 0, 0, 0, 0, 0, 0)");
        }
        for (Map.Entry<String, String> entry : manifest.entrySet()) {
            tables.note(entry.getKey(), entry.getValue());
        }
        try (PreparedStatement update = connection.prepareStatement(totalsUpdate())) {
            tables.saveTotals(update);
        }
        return tables;
    }

    /** @throws IllegalStateException if the file has been closed */
    void requireOpen() {
        if (isClosed()) {
            throw closed(null);
        }
    }

    /** What to throw where a statement failed. */
    RuntimeException failed(SQLException e) {
        return isClosed() ? closed(e) : RunDatabase.failed(path, e);
    }

    private boolean isClosed() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw RunDatabase.failed(path, e);
        }
    }

    private IllegalStateException closed(SQLException cause) {
        return new IllegalStateException("The run file " + path + " has been closed.", cause);
    }

    /**
     * The tables of a file.
     *
     * @throws IllegalArgumentException if a database is not a run file, or of another version
     * @throws RunFileException if it is damaged, or holds what is not ours
     */
    static RunTables read(Path path, Connection connection) throws SQLException {
        RunSchema.requireVersion(path, connection);
        RunTables tables = new RunTables(path, connection);
        try {
            tables.readTotals();
            tables.readColumns();
            RunSchema.requireOurs(path, connection, tables.columns);
            tables.readManifest();
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw RunSchema.damaged(path, "its tables hold what no sweep writes");
        }
        return tables;
    }

    private void readTotals() throws SQLException {
        List<List<Object>> rows = rows("totals", "ok, diverged, failed, cells, manifest, columns");
        if (rows.size() != 1) {
            throw RunSchema.damaged(path, "its totals are missing");
        }
        List<Object> row = rows.get(0);
        totals = new Totals(
                (Long) row.get(0), (Long) row.get(1), (Long) row.get(2), (Long) row.get(3), (Long) row.get(4), (Long)
                        row.get(5));
    }

    private void readColumns() throws SQLException {
        long sum = 0;
        for (List<Object> row : rows("columns", "position, name, type, description")) {
            sum += checksum.of(row);
            Column.Type type = Column.Type.valueOf(((String) row.get(2)).toUpperCase(Locale.ROOT));
            columns.add(Column.of((String) row.get(1), type, (String) row.get(3)));
        }
        if (sum != totals.columns()) {
            throw RunSchema.damaged(path, "rows of the table columns are missing");
        }
    }

    private void readManifest() throws SQLException {
        long sum = 0;
        for (List<Object> row : rows("manifest", "position, key, value")) {
            sum += checksum.of(row);
            manifest.put((String) row.get(1), (String) row.get(2));
        }
        if (sum != totals.manifest()) {
            throw RunSchema.damaged(path, "rows of the table manifest are missing");
        }
    }

    // The rows of a small table, in the order of its first column, each with the checksum it was written with.
    private List<List<Object>> rows(String table, String names) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet results =
                        statement.executeQuery("SELECT " + names + ", checksum FROM " + table + " ORDER BY 1")) {
            while (results.next()) {
                rows.add(RunRows.checked(path, table, results, checksum));
            }
        }
        return rows;
    }

    private void describe(List<Column<?>> described) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO columns VALUES (?, ?, ?, ?, ?)")) {
            for (Column<?> column : described) {
                List<Object> row = List.of(
                        (long) columns.size(), column.name(), column.type().label(), column.description());
                totals = totals.plusColumn(insert(insert, row));
                columns.add(column);
            }
        }
    }

    private long insert(PreparedStatement insert, List<Object> row) throws SQLException {
        long sum = checksum.of(row);
        for (int k = 0; k < row.size(); k++) {
            insert.setObject(1 + k, row.get(k));
        }
        insert.setLong(1 + row.size(), sum);
        insert.executeUpdate();
        return sum;
    }

    /** Sets an entry of the manifest; not yet committed. */
    void note(String key, String value) throws SQLException {
        List<String> keys = List.copyOf(manifest.keySet());
        long position = manifest.containsKey(key) ? keys.indexOf(key) : keys.size();
        long before = manifest.containsKey(key) ? checksum.of(List.of(position, key, manifest.get(key))) : 0;
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR REPLACE INTO manifest VALUES (?, ?, ?, ?)")) {
            totals = totals.plusManifest(insert(insert, List.of(position, key, value)) - before);
        }
        manifest.put(key, value);
    }

    Map<String, String> manifest() {
        return manifest;
    }

    List<Column<?>> columns() {
        return columns;
    }

    Totals totals() {
        return totals;
    }

    /** Goes back to what was committed. */
    void restore(Totals committed) {
        totals = committed;
    }

    /** Saves {@link #totals}; not yet committed. */
    void saveTotals(PreparedStatement update) throws SQLException {
        insert(update, totals.values());
    }

    static String totalsUpdate() {
        return "UPDATE totals SET ok = ?, diverged = ?, failed = ?, cells = ?, manifest = ?, columns = ?, checksum = ?";
    }

    private String names() {
        return String.join(", ", RunSchema.FIXED)
                + columns.stream()
                        .map(column -> ", " + RunSchema.quoted(column))
                        .collect(Collectors.joining())
                + ", checksum";
    }

    String insertion() {
        return "INSERT INTO cells (" + names() + ") VALUES (?" + ", ?".repeat(RunSchema.FIXED.size() + columns.size())
                + ")";
    }

    void insert(PreparedStatement insert, int index, SweepRow row) throws SQLException {
        totals = totals.plus(row.status(), insert(insert, RunRows.values(index, row)));
    }

    /** Drops the cells that failed; not yet committed. */
    List<Integer> deleteFailed() throws SQLException {
        List<Integer> dropped = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT cell, checksum FROM cells WHERE status = 'failed'")) {
                while (rows.next()) {
                    dropped.add(rows.getInt(1));
                    totals = totals.minus(SweepRow.Status.FAILED, rows.getLong(2));
                }
            }
            statement.execute("DELETE FROM cells WHERE status = 'failed'");
        }
        return dropped;
    }

    private static String key(List<Integer> unit) {
        return unit.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    Optional<byte[]> checkpoint(List<Integer> unit) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT unit, state, checksum FROM checkpoints WHERE unit = ?")) {
            query.setString(1, key(unit));
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of((byte[]) RunRows.checked(path, "checkpoints", row, checksum)
                                .get(1))
                        : Optional.empty();
            }
        }
    }

    /** All checkpoints, by the cells of their units. */
    Map<List<Integer>, byte[]> checkpoints() throws SQLException {
        Map<List<Integer>, byte[]> checkpoints = new LinkedHashMap<>();
        for (List<Object> row : rows("checkpoints", "unit, state")) {
            try {
                List<Integer> unit = Stream.of(((String) row.get(0)).split(","))
                        .map(Integer::valueOf)
                        .toList();
                checkpoints.put(unit, (byte[]) row.get(1));
            } catch (ClassCastException | NumberFormatException e) {
                throw RunSchema.damaged(path, "a row of the table checkpoints is not a sweep's");
            }
        }
        return checkpoints;
    }

    void saveCheckpoint(List<Integer> unit, byte[] state) throws SQLException {
        try (PreparedStatement save =
                connection.prepareStatement("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)")) {
            insert(save, List.of(key(unit), state));
        }
    }

    static String checkpointDeletion() {
        return "DELETE FROM checkpoints WHERE unit = ?";
    }

    void dropCheckpoint(PreparedStatement drop, List<Integer> unit) throws SQLException {
        drop.setString(1, key(unit));
        drop.executeUpdate();
    }

    /** All rows in grid order, read one at a time. */
    RunRows rows() throws SQLException {
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + names() + " FROM cells ORDER BY cell");
        return new RunRows(this, path, statement, rows, columns, totals);
    }

    /** The values of one row as the file holds them: {@link RunRows#values}. */
    List<Object> values(int index) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT " + names() + " FROM cells WHERE cell = ?")) {
            query.setInt(1, index);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw RunSchema.damaged(path, "row " + index + " of the table cells is missing");
                }
                return RunRows.checked(path, "cells", row, checksum);
            }
        }
    }

    /**
     * Reads everything.
     *
     * @return the finished cells
     * @throws RunFileException if anything is not as it was written
     */
    BitSet verify() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet check = statement.executeQuery("PRAGMA quick_check")) {
            if (!check.next() || !"ok".equals(check.getString(1))) {
                throw RunSchema.damaged(path, "its pages do not fit together");
            }
        }
        rows("checkpoints", "unit, state");
        BitSet finished = new BitSet();
        RunRows cells = rows();
        while (cells.hasNext()) {
            cells.next();
            finished.set(cells.index());
        }
        return finished;
    }
}
