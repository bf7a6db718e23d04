package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of a run file, version 2: {@code manifest(key, value)}, {@code columns(position, name, type, description)},
 * {@code checkpoints(unit, state)} and {@code cells} with the cell's place in grid order, its parameters, status, reason,
 * seconds and one column for each of the quantity's. Lists of numbers are blobs of little-endian doubles; NaN is NULL.
 */
final class RunTables {

    /** A file of a later version is refused, of an earlier one migrated. */
    static final int VERSION = 2;

    /** "NTK1" as SQLite's application id: tells our files from other databases. */
    private static final int APPLICATION_ID = 0x4e544b31;

    private static final List<String> FIXED =
            List.of("cell", "activation", "sigma_w2", "sigma_b2", "depth", "width", "status", "reason", "seconds");

    private final Map<String, String> manifest;
    private final List<Column> columns;

    private RunTables(Map<String, String> manifest, List<Column> columns) {
        this.manifest = manifest;
        this.columns = List.copyOf(columns);
    }

    /** Makes the tables; not yet committed. */
    static RunTables create(Connection connection, Map<String, String> manifest, List<Column> columns)
            throws SQLException {
        requireDistinct(columns);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + VERSION);
            statement.execute("CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
            statement.execute("CREATE TABLE cells (cell INTEGER PRIMARY KEY, activation TEXT NOT NULL,"
                    + " sigma_w2 REAL NOT NULL, sigma_b2 REAL NOT NULL, depth INTEGER NOT NULL, width INTEGER NOT NULL,"
                    + " status TEXT NOT NULL, reason TEXT, seconds REAL"
                    + columns.stream()
                            .map(column -> ", " + quoted(column) + " " + sqlType(column))
                            .collect(Collectors.joining())
                    + ")");
        }
        for (Map.Entry<String, String> entry : manifest.entrySet()) {
            note(connection, entry.getKey(), entry.getValue());
        }
        describe(connection, columns);
        return new RunTables(manifest, columns);
    }

    private static void requireDistinct(List<Column> columns) {
        Set<String> names = new HashSet<>(FIXED);
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("A quantity cannot have a column " + column.name()
                        + " of its own: there is one of that name already.");
            }
        }
    }

    /** Sets an entry of the manifest. */
    static void note(Connection connection, String key, String value) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT OR REPLACE INTO manifest VALUES (?, ?)")) {
            insert.setString(1, key);
            insert.setString(2, value);
            insert.executeUpdate();
        }
    }

    private static void describe(Connection connection, List<Column> columns) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE columns (position INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                    + " type TEXT NOT NULL, description TEXT NOT NULL)");
            statement.execute("CREATE TABLE checkpoints (unit TEXT PRIMARY KEY, state BLOB NOT NULL)");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO columns VALUES (?, ?, ?, ?)")) {
            for (int k = 0; k < columns.size(); k++) {
                insert.setInt(1, k);
                insert.setString(2, columns.get(k).name());
                insert.setString(3, columns.get(k).type().name().toLowerCase(Locale.ROOT));
                insert.setString(4, columns.get(k).description());
                insert.executeUpdate();
            }
        }
    }

    /**
     * The version of a file's tables.
     *
     * @throws RunFileException if a database is not a run file, or of a later version
     */
    static int version(Path path, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
                throw new RunFileException(path + " is an SQLite database, but not a run file of Finite NTK.");
            }
            int version = (int) number(statement, "PRAGMA user_version");
            if (version > VERSION) {
                throw new RunFileException(path + " was written by a later version (tables " + version
                        + ", this version knows " + VERSION + ").");
            }
            return version;
        }
    }

    static Map<String, String> manifest(Connection connection) throws SQLException {
        Map<String, String> manifest = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, value FROM manifest ORDER BY rowid")) {
            while (rows.next()) {
                manifest.put(rows.getString(1), rows.getString(2));
            }
        }
        return manifest;
    }

    /** The tables of a file of this version. */
    static RunTables read(Connection connection) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT name, type, description FROM columns ORDER BY position")) {
            while (rows.next()) {
                columns.add(new Column(
                        rows.getString(1),
                        Column.Type.valueOf(rows.getString(2).toUpperCase(Locale.ROOT)),
                        rows.getString(3)));
            }
        }
        return new RunTables(manifest(connection), columns);
    }

    /** Brings a file up to date; not yet committed. Version 1 knew variance sweeps only and named cells by their place. */
    static void migrate(Connection connection, SweepSpec spec) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE cells ADD COLUMN activation TEXT NOT NULL DEFAULT ''");
            statement.execute("ALTER TABLE cells ADD COLUMN sigma_w2 REAL NOT NULL DEFAULT 0");
            statement.execute("ALTER TABLE cells ADD COLUMN sigma_b2 REAL NOT NULL DEFAULT 0");
            statement.execute("ALTER TABLE cells ADD COLUMN depth INTEGER NOT NULL DEFAULT 0");
            statement.execute("ALTER TABLE cells ADD COLUMN width INTEGER NOT NULL DEFAULT 0");
            statement.execute("PRAGMA user_version = " + VERSION);
        }
        List<Cell> cells = spec.cells();
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE cells SET activation = ?, sigma_w2 = ?, sigma_b2 = ?, depth = ?, width = ? WHERE cell = ?")) {
            for (int k = 0; k < cells.size(); k++) {
                bind(update, 1, cells.get(k));
                update.setInt(6, k);
                update.executeUpdate();
            }
        }
        describe(connection, spec.quantity().columns());
    }

    Map<String, String> manifest() {
        return manifest;
    }

    List<Column> columns() {
        return columns;
    }

    private static String quoted(Column column) {
        return '"' + column.name() + '"';
    }

    private static String sqlType(Column column) {
        return switch (column.type()) {
            case REAL -> "REAL";
            case INTEGER -> "INTEGER";
            case TEXT -> "TEXT";
            case REALS -> "BLOB";
        };
    }

    private String names() {
        return String.join(", ", FIXED)
                + columns.stream().map(column -> ", " + quoted(column)).collect(Collectors.joining());
    }

    String insertion() {
        return "INSERT INTO cells (" + names() + ") VALUES (?" + ", ?".repeat(FIXED.size() + columns.size() - 1) + ")";
    }

    void bind(PreparedStatement insert, int index, Cell cell, CellResult result) throws SQLException {
        insert.setInt(1, index);
        bind(insert, 2, cell);
        insert.setString(7, result.status().name().toLowerCase(Locale.ROOT));
        insert.setString(8, result.reason());
        insert.setDouble(9, result.seconds());
        for (int k = 0; k < columns.size(); k++) {
            Object value = result.values().get(k);
            insert.setObject(
                    FIXED.size() + 1 + k, columns.get(k).type() == Column.Type.REALS ? blob((double[]) value) : value);
        }
    }

    private static void bind(PreparedStatement statement, int first, Cell cell) throws SQLException {
        statement.setString(first, cell.activation().label());
        statement.setDouble(first + 1, cell.sigmaW2());
        statement.setDouble(first + 2, cell.sigmaB2());
        statement.setInt(first + 3, cell.depth());
        statement.setInt(first + 4, cell.width());
    }

    private static byte[] blob(double[] list) {
        if (list == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(8 * list.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(list);
        return bytes.array();
    }

    private static double[] list(byte[] blob) {
        double[] list = new double[blob.length / 8];
        ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(list);
        return list;
    }

    private static String key(List<Integer> unit) {
        return unit.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    Optional<byte[]> checkpoint(Connection connection, List<Integer> unit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT state FROM checkpoints WHERE unit = ?")) {
            query.setString(1, key(unit));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    void saveCheckpoint(Connection connection, List<Integer> unit, byte[] state) throws SQLException {
        try (PreparedStatement save =
                connection.prepareStatement("INSERT OR REPLACE INTO checkpoints (unit, state) VALUES (?, ?)")) {
            save.setString(1, key(unit));
            save.setBytes(2, state);
            save.executeUpdate();
        }
    }

    void dropCheckpoint(Connection connection, List<Integer> unit) throws SQLException {
        try (PreparedStatement drop = connection.prepareStatement("DELETE FROM checkpoints WHERE unit = ?")) {
            drop.setString(1, key(unit));
            drop.executeUpdate();
        }
    }

    /** All rows in grid order, read one at a time. */
    Iterator<SweepRow> rows(Connection connection, Path path) throws SQLException {
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + names() + " FROM cells ORDER BY cell");
        return new Rows(path, statement, rows);
    }

    private SweepRow read(ResultSet row, Activation activation) throws SQLException {
        List<Object> values = new ArrayList<>(columns.size());
        for (int k = 0; k < columns.size(); k++) {
            int position = FIXED.size() + 1 + k;
            Object value = switch (columns.get(k).type()) {
                case REAL -> row.getDouble(position);
                case INTEGER -> row.getLong(position);
                case TEXT -> row.getString(position);
                case REALS -> {
                    byte[] blob = row.getBytes(position);
                    yield blob == null ? null : list(blob);
                }
            };
            values.add(row.wasNull() ? null : value);
        }
        return new SweepRow(
                new Cell(activation, row.getDouble(3), row.getDouble(4), row.getInt(5), row.getInt(6)),
                new CellResult(
                        CellResult.Status.valueOf(row.getString(7).toUpperCase(Locale.ROOT)),
                        row.getString(8),
                        values,
                        row.getDouble(9)),
                columns);
    }

    private final class Rows implements Iterator<SweepRow> {
        private final Path path;
        private final Statement statement;
        private final ResultSet rows;
        private Activation activation;
        private boolean more;

        Rows(Path path, Statement statement, ResultSet rows) throws SQLException {
            this.path = path;
            this.statement = statement;
            this.rows = rows;
            this.more = rows.next();
        }

        // Neighbours mostly have the same.
        private Activation activation(String label) {
            if (activation == null || !activation.label().equals(label)) {
                activation = Activations.parse(label);
            }
            return activation;
        }

        @Override
        public boolean hasNext() {
            return more;
        }

        @Override
        public SweepRow next() {
            if (!more) {
                throw new NoSuchElementException();
            }
            try {
                SweepRow row = read(rows, activation(rows.getString(2)));
                more = rows.next();
                if (!more) {
                    statement.close();
                }
                return row;
            } catch (SQLException e) {
                throw RunDatabase.failed(path, e);
            }
        }
    }

    private static long number(Statement statement, String pragma) throws SQLException {
        try (ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
