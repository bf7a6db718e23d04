package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.SweepSpecFile;
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
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run in one SQLite file: a manifest, a row for each finished cell, and the checkpoints of those under way. What
 * {@link #commit} has returned from survives the process, whatever kills it; a failure of power can take the last second.
 * The file is locked exclusively while it is open; the lock is the operating system's and does not outlive the process.
 */
public final class RunFile implements CellStore, AutoCloseable {

    private static final byte[] SQLITE_HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    // How long commits may stay in the operating system's memory only.
    private static final long SYNC_INTERVAL = 1_000_000_000L;

    private final Path path;
    private final Connection connection;
    private Map<String, String> manifest;
    private SweepSpec spec;
    private List<Cell> cells;
    private RunTables tables;
    private PreparedStatement insert;
    private long lastSync = System.nanoTime();

    private RunFile(Path path, Connection connection) {
        this.path = path;
        this.connection = connection;
    }

    /**
     * Makes a new run file.
     *
     * @param manifest what describes the run besides its specification and seed: version, backend, ...
     * @throws RunFileException if there is a file already, or none can be made here
     */
    public static RunFile create(Path path, SweepSpec spec, Map<String, String> manifest) {
        if (Files.exists(path)) {
            throw new RunFileException("The run file " + path + " exists; --resume continues it.");
        }
        RunFile run = connect(path);
        try (Statement statement = run.connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("BEGIN IMMEDIATE");
            run.manifest = new LinkedHashMap<>();
            run.manifest.put("spec", spec.canonical());
            run.manifest.put("seed", Long.toString(spec.seed()));
            run.manifest.putAll(manifest);
            run.use(
                    spec,
                    RunTables.create(
                            run.connection, run.manifest, spec.quantity().columns()));
            statement.execute("COMMIT");
            return run;
        } catch (SQLException e) {
            run.close();
            throw failed(path, e);
        }
    }

    /**
     * Opens a run file; one of an earlier version is brought up to date.
     *
     * @throws RunFileException if it is missing, damaged, not one of ours, of a later version, or in use
     */
    public static RunFile open(Path path) {
        requireSqlite(path);
        RunFile run = connect(path);
        try (Statement statement = run.connection.createStatement()) {
            RunTables.requireOurs(path, statement);
            // Takes the lock for as long as the file is open.
            statement.execute("BEGIN IMMEDIATE");
            try (ResultSet check = statement.executeQuery("PRAGMA quick_check")) {
                if (!check.next() || !check.getString(1).equals("ok")) {
                    throw new RunFileException("The run file " + path + " is damaged.");
                }
            }
            run.manifest = RunTables.manifest(statement);
            SweepSpec spec = SweepSpecFile.parse(run.manifest.getOrDefault("spec", ""), path);
            run.use(spec, RunTables.open(run.connection, spec));
            statement.execute("COMMIT");
            return run;
        } catch (SQLException e) {
            run.close();
            throw failed(path, e);
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private void use(SweepSpec theSpec, RunTables theTables) throws SQLException {
        spec = theSpec;
        cells = theSpec.cells();
        tables = theTables;
        insert = connection.prepareStatement(theTables.insertion());
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
                statement.execute("PRAGMA synchronous = FULL");
            }
            return new RunFile(path, connection);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw failed(path, e);
        }
    }

    /** What describes the run: spec, seed, version, backend, ... A copy. */
    public Map<String, String> manifest() {
        return new LinkedHashMap<>(manifest);
    }

    /** What the run computes. */
    public SweepSpec spec() {
        return spec;
    }

    /** The columns of its results. */
    public List<Column> columns() {
        return tables.columns();
    }

    @Override
    public synchronized BitSet finished() {
        BitSet finished = new BitSet();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT cell FROM cells")) {
            while (rows.next()) {
                finished.set(rows.getInt(1));
            }
            return finished;
        } catch (SQLException e) {
            throw failed(path, e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws RunFileException if the rows cannot be written (a full disk, say); earlier rows are safe
     */
    @Override
    public synchronized void commit(List<Integer> unit, List<CellResult> results) {
        transaction(() -> {
            for (int k = 0; k < results.size(); k++) {
                int index = unit.get(k);
                tables.bind(insert, index, cells.get(index), results.get(k));
                insert.executeUpdate();
            }
            tables.dropCheckpoint(connection, unit);
        });
    }

    @Override
    public synchronized Optional<byte[]> checkpoint(List<Integer> unit) {
        try {
            return tables.checkpoint(connection, unit);
        } catch (SQLException e) {
            throw failed(path, e);
        }
    }

    @Override
    public synchronized void checkpoint(List<Integer> unit, byte[] state) {
        transaction(() -> tables.saveCheckpoint(connection, unit, state));
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private void transaction(Work work) {
        try (Statement statement = connection.createStatement()) {
            // A commit of cheap cells must not wait for the disk each time.
            boolean sync = System.nanoTime() - lastSync >= SYNC_INTERVAL;
            statement.execute("PRAGMA synchronous = " + (sync ? "FULL" : "NORMAL"));
            statement.execute("BEGIN IMMEDIATE");
            try {
                work.run();
                statement.execute("COMMIT");
            } catch (SQLException e) {
                rollback(statement);
                throw e;
            }
            if (sync) {
                lastSync = System.nanoTime();
            }
        } catch (SQLException e) {
            throw failed(path, e);
        }
    }

    // Otherwise a later commit would also save the part that was written.
    private static void rollback(Statement statement) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException ignored) {
            // The problem that led here is the one to report.
        }
    }

    /** All finished cells in grid order, read from the file one at a time. */
    public Iterable<SweepRow> rows() {
        return () -> {
            try {
                return tables.rows(connection, path, cells);
            } catch (SQLException e) {
                throw failed(path, e);
            }
        };
    }

    static RunFileException failed(Path path, SQLException e) {
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
