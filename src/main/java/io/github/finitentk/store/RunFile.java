package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One run in one SQLite file: a manifest, a row for each finished cell, and the checkpoints of those under way. What
 * {@link #commit} has returned from survives the process, whatever kills it; a failure of power can take the last second.
 * The file is locked exclusively while it is open here; the lock is the operating system's and does not outlive the process.
 * Beside it lies a write-ahead log, from which results come into the file once a second; {@link #close} leaves one file.
 */
public final class RunFile extends RunReader implements CellStore {

    // How long results may be in the log only, and how long it may take until a file that is gone is missed.
    private static final long TENDING_INTERVAL = 1_000_000_000L;

    private final SweepSpec spec;
    private final List<Cell> cells;
    private final BitSet finished;
    private final RunPlace place;
    private final Statement statement;
    private final PreparedStatement insert;
    private final PreparedStatement dropCheckpoint;
    private final PreparedStatement saveTotals;
    private volatile long lastTended = System.nanoTime();
    private volatile boolean displaced;
    private boolean logged;
    private RunFileException rescued;

    private RunFile(Path path, Connection connection, RunTables tables, SweepSpec spec, BitSet finished)
            throws SQLException {
        super(path, connection, tables);
        this.spec = spec;
        this.cells = spec.cells();
        this.finished = finished;
        this.place = RunPlace.of(path);
        this.statement = connection.createStatement();
        this.insert = connection.prepareStatement(tables.insertion());
        this.dropCheckpoint = connection.prepareStatement(RunTables.checkpointDeletion());
        this.saveTotals = connection.prepareStatement(RunTables.totalsUpdate());
    }

    /**
     * Makes a new run file.
     *
     * @param manifest what describes the run besides its specification and seed: version, backend, ...
     * @throws RunFileException if there is a file already, or none can be made here
     */
    public static RunFile create(Path path, SweepSpec spec, Map<String, String> manifest) {
        return create(path, spec, manifest, run -> {});
    }

    /** @param start what to do before the file gets its name; if it throws, there is none */
    static RunFile create(Path path, SweepSpec spec, Map<String, String> manifest, Consumer<RunFile> start) {
        if (isThere(path)) {
            throw new RunFileException.Exists(path);
        }
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("spec", spec.canonical());
        entries.put("seed", Long.toString(spec.seed()));
        entries.putAll(manifest);
        Path temporary = RunPlace.temporary(path);
        try {
            try (Connection connection = RunDatabase.toWrite(temporary);
                    Statement statement = connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                RunTables.create(path, connection, entries, spec.quantity().columns());
                statement.execute("COMMIT");
            }
            try (RunFile run = open(temporary)) {
                start.accept(run);
            }
            RunPlace.publish(temporary, path);
        } catch (SQLException e) {
            throw RunDatabase.failed(path, e);
        } catch (FileAlreadyExistsException e) {
            throw new RunFileException.Exists(path);
        } catch (IOException e) {
            throw new RunFileException("The run file " + path + " cannot be opened or made there.");
        } finally {
            RunPlace.deleteTemporary(temporary);
        }
        return open(path);
    }

    /** Whether there is a file that holds anything: a run, or something foreign. */
    public static boolean isThere(Path path) {
        try {
            return Files.size(path) > 0;
        } catch (IOException e) {
            return Files.exists(path);
        }
    }

    /**
     * Opens a run file to go on with it, after a look at all that it holds.
     *
     * @throws IllegalArgumentException if there is none, or it is not one of ours, of another version, or this version does not
     *     know its quantity
     * @throws RunFileException if it is damaged or in use
     */
    public static RunFile open(Path path) {
        RunDatabase.requireFile(path);
        Connection connection = null;
        try {
            connection = RunDatabase.toWrite(path);
            try (Statement statement = connection.createStatement()) {
                RunSchema.requireVersion(path, connection);
                // Takes the lock for as long as the file is open.
                statement.execute("BEGIN IMMEDIATE");
                RunTables tables = RunTables.read(path, connection);
                BitSet finished = tables.verify();
                SweepSpec spec = SweepSpec.parse(tables.manifest().getOrDefault("spec", ""), path);
                if (finished.length() > spec.size()) {
                    throw RunSchema.damaged(path, "it has more cells than its specification");
                }
                statement.execute("COMMIT");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = NORMAL");
                return new RunFile(path, connection, tables, spec, finished);
            }
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
        return (BitSet) finished.clone();
    }

    /** Whether nothing is left to compute. */
    public synchronized boolean isFinished() {
        return finished.cardinality() == cells.size();
    }

    /**
     * {@inheritDoc}
     *
     * @throws RunFileException if the rows cannot be written (a full disk, say); earlier rows are safe
     */
    @Override
    public synchronized void commit(List<Integer> unit, List<SweepRow> rows) {
        transaction(() -> {
            insert(unit, rows);
            tables.dropCheckpoint(dropCheckpoint, unit);
        });
        unit.forEach(finished::set);
    }

    private void insert(List<Integer> indices, List<SweepRow> rows) throws SQLException {
        for (int k = 0; k < rows.size(); k++) {
            tables.insert(insert, indices.get(k), rows.get(k));
        }
    }

    /** The values of a finished cell as the file holds them. */
    synchronized List<Object> values(int cell) {
        try {
            return tables.values(cell);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized Optional<byte[]> checkpoint(List<Integer> unit) {
        try {
            return tables.checkpoint(unit);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized void checkpoint(List<Integer> unit, byte[] state) {
        transaction(() -> tables.saveCheckpoint(unit, state));
    }

    /** Sets an entry of the manifest. */
    public synchronized void note(String key, String value) {
        transaction(() -> tables.note(key, value));
    }

    /** Drops the cells that failed, so that they are computed again; returns their number. */
    public synchronized int forgetFailed() {
        List<Integer> dropped = new ArrayList<>();
        transaction(() -> dropped.addAll(tables.deleteFailed()));
        dropped.forEach(finished::clear);
        return dropped.size();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private void transaction(Work work) {
        if (rescued != null) {
            throw rescued;
        }
        Totals committed = tables.totals();
        try {
            statement.execute("BEGIN IMMEDIATE");
            try {
                work.run();
                tables.saveTotals(saveTotals);
                statement.execute("COMMIT");
                logged = true;
                place.rememberLog();
            } catch (SQLException | RuntimeException e) {
                tables.restore(committed);
                rollback();
                throw e;
            }
            if (System.nanoTime() - lastTended >= TENDING_INTERVAL) {
                tend();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    // A file that was cut short looks damaged to whoever reads or writes it next.
    private RuntimeException failed(SQLException e) {
        displaced |= !place.isTaken();
        return displaced ? rescued() : RunDatabase.failed(path, e);
    }

    // Otherwise a later commit would also save the part that was written.
    private void rollback() {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException ignored) {
            // The problem that led here is the one to report.
        }
    }

    // Commits alone do not wait for the disk, and go to the log; this brings both up to date.
    private void tend() throws SQLException {
        lastTended = System.nanoTime();
        displaced |= !place.isTaken();
        if (logged && !displaced) {
            // Its row of results must be closed: an open one would be in the way of the next commit.
            statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)").close();
            logged = false;
        }
    }

    /**
     * Whether the file was deleted, moved or replaced since it was opened here; looks once a second at most. Results can still be
     * committed, but nobody would find them: what to do then is to stop and {@link #requireInPlace}.
     */
    public boolean isDisplaced() {
        if (System.nanoTime() - lastTended >= TENDING_INTERVAL) {
            synchronized (this) {
                try {
                    tend();
                } catch (SQLException later) {
                    // The next commit meets it, too, and says so.
                    return displaced;
                }
            }
        }
        return displaced;
    }

    /**
     * Checks that all results are in the file and that the file still has its name.
     *
     * @throws RunFileException if it was deleted, moved or replaced; its results are then in another one, which the message names
     */
    public synchronized void requireInPlace() {
        try {
            tend();
        } catch (SQLException e) {
            throw failed(e);
        }
        if (displaced) {
            throw rescued();
        }
    }

    // Writes the results to another file, through the connection that still has them; nothing can be committed
    // afterwards.
    private RunFileException rescued() {
        if (rescued == null) {
            closeStatements(); // An open one is in the way of the copy.
            int results = finished.cardinality();
            rescued = new RunFileException.Displaced(path, results, results == 0 ? null : place.rescue(connection));
        }
        return rescued;
    }

    private void closeStatements() {
        for (Statement each : List.of(statement, insert, dropCheckpoint, saveTotals)) {
            try {
                each.close();
            } catch (SQLException ignored) {
                // It is not used any more.
            }
        }
    }

    /** Leaves one ordinary file behind, without a write-ahead log, that can be read where nothing can be written. */
    @Override
    public synchronized void close() {
        displaced |= !place.isTaken();
        if (!displaced) {
            try {
                statement.execute("PRAGMA journal_mode = DELETE");
            } catch (SQLException ignored) {
                // What is committed is safe in the log, which the next one who opens the file takes over.
            }
        }
        closeStatements();
        super.close();
        if (displaced) {
            place.deleteLog();
        }
    }
}
