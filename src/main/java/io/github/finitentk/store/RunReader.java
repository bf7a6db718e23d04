package io.github.finitentk.store;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Opened;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run file says. Whatever is read is compared with the checksums it was written with. Several processes may read one at
 * the same time, none while it is written.
 */
public class RunReader implements AutoCloseable {

    final Path path;
    final Connection connection;
    final RunTables tables;
    private final Opened opened;

    RunReader(Path path, Connection connection, RunTables tables) {
        this.path = path;
        this.connection = connection;
        this.tables = tables;
        opened = Opened.by(tables, "A run file", () -> RunDatabase.closeQuietly(connection));
    }

    /**
     * Opens a run file.
     *
     * @throws IllegalArgumentException if there is none, or it is not one of ours, or of another version
     * @throws RunFileException if it is damaged, or being written
     */
    public static RunReader open(Path path) {
        RunDatabase.requireFile(path);
        Connection connection = null;
        try {
            connection = RunDatabase.toRead(path);
            return new RunReader(path, connection, RunTables.read(path, connection));
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
        return SweepSpec.parse(tables.manifest().getOrDefault("spec", ""), path);
    }

    /**
     * Which part of its specification's cells the run is about: {@link Shard#WHOLE} but for a shard's.
     *
     * @throws RunFileException if what the file says is none
     */
    public final Shard shard() {
        try {
            return Manifest.shard(tables.manifest());
        } catch (IllegalArgumentException e) {
            throw RunSchema.damaged(path, "its shard is not one");
        }
    }

    /** The columns of its results. */
    public final List<Column<?>> columns() {
        return List.copyOf(tables.columns());
    }

    /** The column that tells the rows of one cell apart, such as the step of a training, where a cell has several. */
    public final Optional<Column<?>> along() {
        String name = tables.manifest().get(Manifest.ALONG);
        return tables.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst();
    }

    /**
     * All finished cells in grid order, read from the file one at a time.
     *
     * @throws RunFileException from the iterator, if the file is damaged: at the row that is, or after the last one if rows are
     *     missing
     */
    public final Iterable<SweepRow> rows() {
        return this::cells;
    }

    /**
     * The finished cells by their place in grid order, after a look at all that the file holds. A new set.
     *
     * @throws RunFileException if anything is not as it was written
     */
    public synchronized BitSet finished() {
        try {
            return tables.verify();
        } catch (SQLException e) {
            throw tables.failed(e);
        }
    }

    /** The number of finished cells by status: {@code ok}, {@code diverged}, {@code failed}. */
    public final synchronized Map<String, Integer> counts() {
        return tables.totals().counts();
    }

    /**
     * Reads all that the file holds.
     *
     * @throws RunFileException if anything is not as it was written
     */
    public final synchronized void verify() {
        try {
            tables.verify();
        } catch (SQLException e) {
            throw tables.failed(e);
        }
    }

    /** The same, each with its place. */
    final RunRows cells() {
        try {
            return tables.rows();
        } catch (SQLException e) {
            throw tables.failed(e);
        }
    }

    /** Nothing more can be read after; rows that are being read end with {@link IllegalStateException}. Closing again does nothing. */
    @Override
    public synchronized void close() {
        opened.closed();
        RunDatabase.closeQuietly(connection);
    }
}
