package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.SweepSpecFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run in one SQLite file: a manifest, a row for each finished cell, and the checkpoints of those under way. What
 * {@link #commit} has returned from survives the process, whatever kills it; a failure of power can take the last second.
 * The file is locked exclusively while it is open here; the lock is the operating system's and does not outlive the process.
 */
public final class RunFile extends RunReader implements CellStore {

    // How long commits may stay in the operating system's memory only.
    private static final long SYNC_INTERVAL = 1_000_000_000L;

    private static final int COPIED_AT_ONCE = 1000;

    private final SweepSpec spec;
    private final List<Cell> cells;
    private final PreparedStatement insert;
    private long lastSync = System.nanoTime();

    private RunFile(Path path, Connection connection, RunTables tables, SweepSpec spec) throws SQLException {
        super(path, connection, tables);
        this.spec = spec;
        this.cells = spec.cells();
        this.insert = connection.prepareStatement(tables.insertion());
    }

    /**
     * Makes a new run file.
     *
     * @param manifest what describes the run besides its specification and seed: version, backend, ...
     * @throws RunFileException if there is a file already, or none can be made here
     */
    public static RunFile create(Path path, SweepSpec spec, Map<String, String> manifest) {
        if (isThere(path)) {
            throw new RunFileException("The run file " + path + " exists; --resume continues it.");
        }
        Connection connection = RunDatabase.toWrite(path);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("BEGIN IMMEDIATE");
            Map<String, String> entries = new LinkedHashMap<>();
            entries.put("spec", spec.canonical());
            entries.put("seed", Long.toString(spec.seed()));
            entries.putAll(manifest);
            RunTables tables =
                    RunTables.create(connection, entries, spec.quantity().columns());
            statement.execute("COMMIT");
            return new RunFile(path, connection, tables, spec);
        } catch (SQLException e) {
            RunDatabase.closeQuietly(connection);
            throw RunDatabase.failed(path, e);
        } catch (RuntimeException e) {
            RunDatabase.closeQuietly(connection);
            throw e;
        }
    }

    /** Whether there is a file that holds anything: a run, or something foreign. */
    public static boolean isThere(Path path) {
        return Files.exists(path) && !holdsNothing(path);
    }

    // What a process leaves that is killed before it has made its tables: an empty file or an empty database.
    private static boolean holdsNothing(Path path) {
        try {
            if (Files.size(path) == 0) {
                return true;
            }
            RunDatabase.requireSqlite(path);
            Connection connection = RunDatabase.toWrite(path);
            try (Statement statement = connection.createStatement();
                    ResultSet tables = statement.executeQuery("SELECT count(*) FROM sqlite_master")) {
                return tables.next() && tables.getInt(1) == 0;
            } finally {
                RunDatabase.closeQuietly(connection);
            }
        } catch (IOException | SQLException | RunFileException e) {
            return false;
        }
    }

    /**
     * Opens a run file to go on with it; one of an earlier version is brought up to date.
     *
     * @throws RunFileException if it is missing, damaged, not one of ours, of a later version, or in use
     * @throws IllegalArgumentException if this version does not know its quantity
     */
    public static RunFile open(Path path) {
        RunDatabase.requireSqlite(path);
        Connection connection = RunDatabase.toWrite(path);
        try (Statement statement = connection.createStatement()) {
            int version = RunTables.version(path, connection);
            // Takes the lock for as long as the file is open.
            statement.execute("BEGIN IMMEDIATE");
            try (ResultSet check = statement.executeQuery("PRAGMA quick_check")) {
                if (!check.next() || !check.getString(1).equals("ok")) {
                    throw new RunFileException("The run file " + path + " is damaged.");
                }
            }
            SweepSpec spec = SweepSpecFile.parse(RunTables.manifest(connection).getOrDefault("spec", ""), path);
            if (version < RunTables.VERSION) {
                RunTables.migrate(connection, spec);
            }
            statement.execute("COMMIT");
            statement.execute("PRAGMA journal_mode = WAL");
            return new RunFile(path, connection, RunTables.read(connection), spec);
        } catch (SQLException e) {
            RunDatabase.closeQuietly(connection);
            throw RunDatabase.failed(path, e);
        } catch (RuntimeException e) {
            RunDatabase.closeQuietly(connection);
            throw e;
        }
    }

    @Override
    public SweepSpec spec() {
        return spec;
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
            throw RunDatabase.failed(path, e);
        }
    }

    /** Whether nothing is left to compute. */
    public boolean isFinished() {
        return finished().cardinality() == cells.size();
    }

    /**
     * {@inheritDoc}
     *
     * @throws RunFileException if the rows cannot be written (a full disk, say); earlier rows are safe
     */
    @Override
    public synchronized void commit(List<Integer> unit, List<CellResult> results) {
        transaction(() -> {
            insert(unit, results);
            tables.dropCheckpoint(connection, unit);
        });
    }

    private void insert(List<Integer> indices, List<CellResult> results) throws SQLException {
        for (int k = 0; k < results.size(); k++) {
            int index = indices.get(k);
            tables.bind(insert, index, cells.get(index), results.get(k));
            insert.executeUpdate();
        }
    }

    @Override
    public synchronized Optional<byte[]> checkpoint(List<Integer> unit) {
        try {
            return tables.checkpoint(connection, unit);
        } catch (SQLException e) {
            throw RunDatabase.failed(path, e);
        }
    }

    @Override
    public synchronized void checkpoint(List<Integer> unit, byte[] state) {
        transaction(() -> tables.saveCheckpoint(connection, unit, state));
    }

    /** Sets an entry of the manifest. */
    public synchronized void note(String key, String value) {
        transaction(() -> RunTables.note(connection, key, value));
        tables.manifest().put(key, value);
    }

    /** Drops the cells that failed, so that they are computed again; returns their number. */
    public synchronized int forgetFailed() {
        int[] dropped = new int[1];
        transaction(() -> {
            try (Statement statement = connection.createStatement()) {
                dropped[0] = statement.executeUpdate("DELETE FROM cells WHERE status = 'failed'");
            }
        });
        return dropped[0];
    }

    /**
     * Takes over the results of cells that an earlier run has computed, except those that failed. A cell's result depends on
     * quantity, settings, seed and its own parameters only, so a run of the same software has nothing to add.
     *
     * @return how many cells were taken over
     * @throws IllegalArgumentException with one sentence if the other run differs in anything that results depend on
     */
    public synchronized int reuse(RunReader other) {
        requireSame(other);
        Map<Cell, Integer> missing = new HashMap<>();
        BitSet finished = finished();
        for (int index = 0; index < cells.size(); index++) {
            if (!finished.get(index)) {
                missing.put(cells.get(index), index);
            }
        }
        int taken = 0;
        List<Integer> indices = new ArrayList<>();
        List<CellResult> results = new ArrayList<>();
        for (SweepRow row : other.rows()) {
            Integer index = row.result().status() == CellResult.Status.FAILED ? null : missing.remove(row.cell());
            if (index != null) {
                indices.add(index);
                results.add(row.result());
                taken++;
            }
            if (indices.size() == COPIED_AT_ONCE) {
                transaction(() -> insert(indices, results));
                indices.clear();
                results.clear();
            }
        }
        transaction(() -> insert(indices, results));
        return taken;
    }

    private void requireSame(RunReader other) {
        SweepSpec theirs = other.spec();
        new SweepSpec(spec.quantity(), theirs.grids(), spec.seed())
                .differenceFrom(theirs)
                .ifPresent(difference -> {
                    throw new IllegalArgumentException(
                            "The results of " + other.path + " cannot be reused: " + difference + ".");
                });
        for (String key : List.of("version", "backend", "backend_description")) {
            String there = other.manifest().get(key);
            String here = tables.manifest().get(key);
            if (here != null && !here.equals(there)) {
                throw new IllegalArgumentException("The results of " + other.path + " cannot be reused: its "
                        + key.replace('_', ' ') + " was \"" + there + "\", now it is \"" + here + "\".");
            }
        }
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
            throw RunDatabase.failed(path, e);
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

    /** Leaves one ordinary file behind, without a write-ahead log, that can be read where nothing can be written. */
    @Override
    public synchronized void close() {
        try (Statement statement = connection.createStatement()) {
            insert.close();
            statement.execute("PRAGMA journal_mode = DELETE");
        } catch (SQLException ignored) {
            // What is committed is safe in the log, which the next one who opens the file takes over.
        }
        super.close();
    }
}
