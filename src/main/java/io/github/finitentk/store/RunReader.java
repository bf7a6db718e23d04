package io.github.finitentk.store;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.SweepSpecFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run file says. Several processes may read one at the same time, none while it is written. */
public class RunReader implements AutoCloseable {

    final Path path;
    final Connection connection;
    final RunTables tables;

    RunReader(Path path, Connection connection, RunTables tables) {
        this.path = path;
        this.connection = connection;
        this.tables = tables;
    }

    /**
     * Opens a run file; one of an earlier version is brought up to date first.
     *
     * @throws RunFileException if it is missing, damaged, not one of ours, of a later version, or being written
     */
    public static RunReader open(Path path) {
        RunDatabase.requireSqlite(path);
        Connection connection = RunDatabase.toRead(path);
        try {
            if (RunTables.version(path, connection) < RunTables.VERSION) {
                RunDatabase.closeQuietly(connection);
                RunFile.open(path).close();
                connection = RunDatabase.toRead(path);
            }
            return new RunReader(path, connection, RunTables.read(connection));
        } catch (SQLException e) {
            RunDatabase.closeQuietly(connection);
            throw RunDatabase.failed(path, e);
        } catch (RuntimeException e) {
            RunDatabase.closeQuietly(connection);
            throw e;
        }
    }

    /** What describes the run: spec, seed, version, backend, ... A copy. */
    public final Map<String, String> manifest() {
        return new LinkedHashMap<>(tables.manifest());
    }

    /**
     * What the run computes.
     *
     * @throws IllegalArgumentException if this version does not know its quantity
     */
    public SweepSpec spec() {
        return SweepSpecFile.parse(tables.manifest().getOrDefault("spec", ""), path);
    }

    /** The columns of its results. */
    public final List<Column> columns() {
        return tables.columns();
    }

    /** All finished cells in grid order, read from the file one at a time. */
    public final Iterable<SweepRow> rows() {
        return () -> {
            try {
                return tables.rows(connection, path);
            } catch (SQLException e) {
                throw RunDatabase.failed(path, e);
            }
        };
    }

    /** The number of finished cells by status: {@code ok}, {@code diverged}, {@code failed}. */
    public final synchronized Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT status, count(*) FROM cells GROUP BY status")) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getInt(2));
            }
            return counts;
        } catch (SQLException e) {
            throw RunDatabase.failed(path, e);
        }
    }

    @Override
    public synchronized void close() {
        RunDatabase.closeQuietly(connection);
    }
}
