package io.github.finitentk.store;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The shape of a run file, version 3: {@code manifest(position, key, value)}, {@code columns(position, name, type,
 * description)}, {@code checkpoints(unit, state)}, {@code totals} with the one row of {@link Totals}, and {@code cells} with
 * the cell's place in grid order, its parameters, status, reason, seconds and one column for each of the quantity's. The last
 * column of each is the row's {@link Checksum}. A file holds nothing else: no view, trigger or table that is not ours.
 */
final class RunSchema {

    /** A file of another version is refused. */
    static final int VERSION = 3;

    /** "NTK1" as SQLite's application id: tells our files from other databases. */
    private static final int APPLICATION_ID = 0x4e544b31;

    /** The columns of every table of cells that come before the quantity's. */
    static final List<String> FIXED = Stream.concat(
                    Stream.of("cell"), SweepRow.COMMON.stream().map(Column::name))
            .toList();

    private static final Set<Column<?>> OPTIONAL = Set.of(SweepRow.REASON, SweepRow.SECONDS);

    private RunSchema() {}

    /** @throws IllegalArgumentException if two columns have the same name */
    static void create(Connection connection, List<Column<?>> columns) throws SQLException {
        Set<String> names = new HashSet<>(FIXED);
        names.add("checksum");
        for (Column<?> column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("A quantity cannot have a column " + column.name()
                        + " of its own: there is one of that name already.");
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + VERSION);
            for (String sql : fixedTables().values()) {
                statement.execute(sql);
            }
            statement.execute(cells(columns));
        }
    }

    private static Map<String, String> fixedTables() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put(
                "manifest",
                "CREATE TABLE manifest (position INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL,"
                        + " checksum INTEGER NOT NULL)");
        tables.put(
                "columns",
                "CREATE TABLE columns (position INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,"
                        + " description TEXT NOT NULL, checksum INTEGER NOT NULL)");
        tables.put(
                "checkpoints",
                "CREATE TABLE checkpoints (unit TEXT PRIMARY KEY, state BLOB NOT NULL, checksum INTEGER NOT NULL)"
                        + " WITHOUT ROWID");
        tables.put(
                "totals",
                "CREATE TABLE totals (ok INTEGER NOT NULL, diverged INTEGER NOT NULL, failed INTEGER NOT NULL,"
                        + " cells INTEGER NOT NULL, manifest INTEGER NOT NULL, columns INTEGER NOT NULL,"
                        + " checksum INTEGER NOT NULL)");
        return tables;
    }

    private static String cells(List<Column<?>> columns) {
        return "CREATE TABLE cells (cell INTEGER PRIMARY KEY"
                + SweepRow.COMMON.stream()
                        .map(column -> ", " + column.name() + " " + sqlType(column)
                                + (OPTIONAL.contains(column) ? "" : " NOT NULL"))
                        .collect(Collectors.joining())
                + columns.stream()
                        .map(column -> ", " + quoted(column) + " " + sqlType(column))
                        .collect(Collectors.joining())
                + ", checksum INTEGER NOT NULL)";
    }

    /** @throws IllegalArgumentException if a database is not a run file, or of another version */
    static void requireVersion(Path path, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
                throw new IllegalArgumentException(path + " is an SQLite database, but not a run file of Finite NTK.");
            }
            long version = number(statement, "PRAGMA user_version");
            if (version != VERSION) {
                throw new IllegalArgumentException(path + " was written by "
                        + (version > VERSION ? "a later version" : "an earlier version, before the first release")
                        + " (tables " + version + ", this version knows " + VERSION + ")"
                        + (version > VERSION ? "." : "; compute it anew."));
            }
        }
    }

    /**
     * Checks that a file holds what {@link #create} makes, and nothing else.
     *
     * @throws RunFileException if it does not
     */
    static void requireOurs(Path path, Connection connection, List<Column<?>> columns) throws SQLException {
        Map<String, String> missing = new LinkedHashMap<>(fixedTables());
        missing.put("cells", cells(columns));
        try (Statement statement = connection.createStatement();
                ResultSet objects = statement.executeQuery("SELECT type, name, tbl_name, sql FROM sqlite_master")) {
            while (objects.next()) {
                String type = objects.getString(1);
                String name = objects.getString(2);
                if (!"table".equals(type)
                        || !name.equals(objects.getString(3))
                        || !missing.containsKey(name)
                        || !missing.get(name).equals(objects.getString(4))) {
                    throw damaged(path, "the " + type + " \"" + name + "\" is not as this program makes it");
                }
                missing.remove(name);
            }
        }
        if (!missing.isEmpty()) {
            throw damaged(path, "it has no table " + missing.keySet().iterator().next());
        }
    }

    /** @param where a few words */
    static RunFileException damaged(Path path, String where) {
        return new RunFileException(
                "The run file " + path + " is damaged, or another program has changed it: " + where + ".");
    }

    static String quoted(Column<?> column) {
        return '"' + column.name() + '"';
    }

    private static String sqlType(Column<?> column) {
        return switch (column.type()) {
            case REAL -> "REAL";
            case INTEGER -> "INTEGER";
            case TEXT -> "TEXT";
            case REALS -> "BLOB";
        };
    }

    private static long number(Statement statement, String pragma) throws SQLException {
        try (ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
