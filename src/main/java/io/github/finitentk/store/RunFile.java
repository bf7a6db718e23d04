package io.github.finitentk.store;

import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.sampling.RatioEstimate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * One run in one SQLite file: a manifest and a row for each finished cell. Rows are committed before {@link #commit}
 * returns, so a killed process loses at most the cells under way. The file is locked exclusively while it is open; the lock
 * is the operating system's and does not outlive the process.
 */
public final class RunFile implements CellStore, AutoCloseable {

    /** The version of the tables; a file of a later one is refused, of an earlier one migrated. */
    private static final int SCHEMA_VERSION = 1;

    /** "NTK1" as SQLite's application id: tells our files from other databases. */
    private static final int APPLICATION_ID = 0x4e544b31;

    private static final byte[] SQLITE_HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final Connection connection;

    private RunFile(Path path, Connection connection) {
        this.path = path;
        this.connection = connection;
    }

    /**
     * Makes a new run file.
     *
     * @param manifest spec, seed, version, backend and whatever else describes the run
     * @throws RunFileException if there is a file already, or none can be made here
     */
    public static RunFile create(Path path, Map<String, String> manifest) {
        if (Files.exists(path)) {
            throw new RunFileException("The run file " + path + " exists; --resume continues it.");
        }
        RunFile run = connect(path);
        try (Statement statement = run.connection.createStatement()) {
            run.connection.setAutoCommit(true);
            statement.execute("PRAGMA journal_mode = WAL");
            run.connection.setAutoCommit(false);
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
            statement.execute("CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
            statement.execute("CREATE TABLE cells (cell INTEGER PRIMARY KEY, status TEXT NOT NULL, reason TEXT,"
                    + " method TEXT, draws INTEGER, log_mean REAL, log_second_moment REAL, mean REAL,"
                    + " second_moment REAL, ratio REAL, ratio_ci_low REAL, ratio_ci_high REAL, heavy_tailed INTEGER,"
                    + " tail_share REAL, effective_draws REAL, seconds REAL)");
            try (PreparedStatement insert = run.connection.prepareStatement("INSERT INTO manifest VALUES (?, ?)")) {
                for (Map.Entry<String, String> entry : manifest.entrySet()) {
                    insert.setString(1, entry.getKey());
                    insert.setString(2, entry.getValue());
                    insert.executeUpdate();
                }
            }
            run.connection.commit();
            return run;
        } catch (SQLException e) {
            run.close();
            throw failed(path, e);
        }
    }

    /**
     * Opens a run file.
     *
     * @throws RunFileException if it is missing, damaged, not one of ours, of a later version, or in use
     */
    public static RunFile open(Path path) {
        requireSqlite(path);
        RunFile run = connect(path);
        try (Statement statement = run.connection.createStatement()) {
            if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
                throw new RunFileException(path + " is an SQLite database, but not a run file of Finite NTK.");
            }
            long version = number(statement, "PRAGMA user_version");
            if (version > SCHEMA_VERSION) {
                throw new RunFileException(path + " was written by a later version (tables " + version
                        + ", this version knows " + SCHEMA_VERSION + ").");
            }
            // The first write takes the lock for as long as the file is open.
            statement.execute("DELETE FROM manifest WHERE key = ''");
            try (ResultSet check = statement.executeQuery("PRAGMA quick_check")) {
                if (!check.next() || !check.getString(1).equals("ok")) {
                    throw new RunFileException("The run file " + path + " is damaged.");
                }
            }
            run.connection.commit();
            return run;
        } catch (SQLException e) {
            run.close();
            throw failed(path, e);
        } catch (RunFileException e) {
            run.close();
            throw e;
        }
    }

    private static void requireSqlite(Path path) {
        try (var in = Files.newInputStream(path)) {
            if (!Arrays.equals(in.readNBytes(SQLITE_HEADER.length), SQLITE_HEADER)) {
                throw new RunFileException(path + " is not a run file of Finite NTK.");
            }
        } catch (IOException e) {
            throw new RunFileException(
                    "The run file " + path + " cannot be read" + (Files.exists(path) ? "." : ": it does not exist."));
        }
    }

    private static RunFile connect(Path path) {
        Connection connection = null;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath());
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 0");
                statement.execute("PRAGMA locking_mode = EXCLUSIVE");
                // Each commit reaches the disk before it returns.
                statement.execute("PRAGMA synchronous = FULL");
            }
            connection.setAutoCommit(false);
            return new RunFile(path, connection);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw failed(path, e);
        }
    }

    /** What describes the run: spec, seed, version, backend, ... */
    public Map<String, String> manifest() {
        Map<String, String> manifest = new LinkedHashMap<>();
        query("SELECT key, value FROM manifest ORDER BY rowid", row -> {
            manifest.put(row.getString(1), row.getString(2));
        });
        return manifest;
    }

    @Override
    public synchronized BitSet finished() {
        BitSet finished = new BitSet();
        query("SELECT cell FROM cells", row -> finished.set(row.getInt(1)));
        return finished;
    }

    /**
     * {@inheritDoc}
     *
     * @throws RunFileException if the rows cannot be written (a full disk, say); earlier rows are safe
     */
    @Override
    public synchronized void commit(List<CellResult> results) {
        String sql = "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (CellResult result : results) {
                insert.setInt(1, result.index());
                insert.setString(2, result.status());
                insert.setString(3, result.reason());
                bind(insert, result.estimate());
                insert.setDouble(16, result.seconds());
                insert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            throw failed(path, e);
        }
    }

    private static void bind(PreparedStatement insert, RatioEstimate estimate) throws SQLException {
        if (estimate == null) {
            for (int column = 4; column <= 15; column++) {
                insert.setNull(column, Types.NULL);
            }
            return;
        }
        insert.setString(4, estimate.method().label());
        insert.setLong(5, estimate.draws());
        insert.setDouble(6, estimate.mean().log());
        insert.setDouble(7, estimate.secondMoment().log());
        insert.setDouble(8, estimate.mean().doubleValue());
        insert.setDouble(9, estimate.secondMoment().doubleValue());
        insert.setDouble(10, estimate.ratio());
        insert.setDouble(11, estimate.interval().lower());
        insert.setDouble(12, estimate.interval().upper());
        insert.setInt(13, estimate.heavyTailed() ? 1 : 0);
        insert.setDouble(14, estimate.tailShare());
        insert.setDouble(15, estimate.effectiveDraws());
    }

    /** The columns of {@link #rows}. Times are left out: they differ from run to run. */
    public static final List<String> COLUMNS = List.of(
            "cell",
            "status",
            "reason",
            "method",
            "draws",
            "log_mean",
            "log_second_moment",
            "mean",
            "second_moment",
            "ratio",
            "ratio_ci_low",
            "ratio_ci_high",
            "heavy_tailed",
            "tail_share",
            "effective_draws");

    /** All finished cells in grid order, read from the file one at a time; missing numbers are null. */
    public Iterable<List<Object>> rows() {
        return () -> {
            try {
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT " + String.join(", ", COLUMNS) + " FROM cells ORDER BY cell");
                return new RowIterator(rows);
            } catch (SQLException e) {
                throw failed(path, e);
            }
        };
    }

    private final class RowIterator implements Iterator<List<Object>> {
        private final ResultSet rows;
        private boolean more;

        RowIterator(ResultSet rows) throws SQLException {
            this.rows = rows;
            this.more = rows.next();
        }

        @Override
        public boolean hasNext() {
            return more;
        }

        @Override
        public List<Object> next() {
            if (!more) {
                throw new NoSuchElementException();
            }
            try {
                Object[] values = new Object[COLUMNS.size()];
                for (int column = 0; column < values.length; column++) {
                    values[column] = rows.getObject(column + 1);
                }
                more = rows.next();
                if (!more) {
                    rows.getStatement().close();
                }
                return Arrays.asList(values);
            } catch (SQLException e) {
                throw failed(path, e);
            }
        }
    }

    @FunctionalInterface
    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private void query(String sql, Row reader) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        } catch (SQLException e) {
            throw failed(path, e);
        }
    }

    private static long number(Statement statement, String pragma) throws SQLException {
        try (ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static RunFileException failed(Path path, SQLException e) {
        int code = e.getErrorCode() & 0xff;
        return new RunFileException(
                switch (code) {
                    case 5, 6 -> "The run file " + path + " is in use by another process.";
                    case 8 -> "The run file " + path + " cannot be written to.";
                    case 10, 13 ->
                        "The run file " + path + " cannot be written (is the disk full?); what was committed is safe.";
                    case 11 -> "The run file " + path + " is damaged.";
                    case 14 -> "The run file " + path + " cannot be opened or made there.";
                    case 26 -> path + " is not a run file of Finite NTK.";
                    default ->
                        "The run file " + path + " cannot be used: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("unknown problem");
                });
    }

    private static void closeQuietly(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException ignored) {
            // The problem that led here is the one to report.
        }
    }

    @Override
    public synchronized void close() {
        closeQuietly(connection);
    }
}
