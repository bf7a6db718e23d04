package io.github.finitentk.store;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.experiment.SweepSpec;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Joins run files of one sweep, such as those of its shards, into a new one, which can be gone on with if cells are missing. Of what
 * several files have it takes one, once it has seen that they agree bit for bit; times may differ, and a cell that failed in one file
 * has its numbers from another.
 */
public final class RunMerge {

    private static final int COPIED_AT_ONCE = 1000;
    private static final int SECONDS = RunSchema.FIXED.indexOf(SweepRow.SECONDS.name());

    private final List<Path> parts;
    private final BitSet done = new BitSet();
    private int repeated;

    private RunMerge(List<Path> parts) {
        this.parts = parts;
    }

    /**
     * What became of it.
     *
     * @param file the new run file
     * @param cells all cells of the sweep
     * @param finished those that the file has
     * @param failed those of them that have no numbers
     * @param repeated how often a cell was met that another file had given already
     */
    public record Result(Path file, int cells, int finished, int failed, int repeated) {

        /** Whether no cell is missing. */
        public boolean isComplete() {
            return finished == cells;
        }
    }

    /**
     * Writes the new run file. It appears when it is whole; if anything is in the way there is none.
     *
     * @param parts at least one run file; they stay as they are
     * @param target where there must be no file yet
     * @throws IllegalArgumentException with one sentence that names the file and the difference, if one is no run file, or of another
     *     specification, seed or version, or has last digits of another processor, or another result for the same cell
     * @throws RunFileException if a file is damaged or in use, or the new one exists or cannot be written
     */
    public static Result of(List<Path> parts, Path target) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("There is no run file to be merged.");
        }
        return new RunMerge(List.copyOf(parts)).into(target);
    }

    /**
     * The cells that at least one run file has, those that failed as well, by their place in grid order.
     *
     * @param spec the sweep that all of them are about
     * @throws IllegalArgumentException with one sentence that names the file and the difference, if one is no run file, or of another
     *     specification or seed
     * @throws RunFileException if a file is damaged or in use
     */
    public static BitSet finished(SweepSpec spec, List<Path> parts) {
        BitSet finished = new BitSet();
        for (Path part : parts) {
            try (RunReader run = RunReader.open(part)) {
                spec.differenceFrom(run.spec()).ifPresent(difference -> {
                    throw new IllegalArgumentException(part + " is of another sweep: " + difference + ".");
                });
                finished.or(run.finished());
            }
        }
        return finished;
    }

    private Result into(Path target) {
        if (RunFile.isThere(target)) {
            throw new RunFileException.Exists(target);
        }
        SweepSpec spec;
        List<Map<String, String>> manifests = new ArrayList<>();
        try (RunReader first = RunReader.open(parts.get(0))) {
            spec = first.spec();
            manifests.add(first.manifest());
        }
        for (Path part : parts.subList(1, parts.size())) {
            try (RunReader run = RunReader.open(part)) {
                requireSame(run, manifests.get(0), spec);
                manifests.add(run.manifest());
            }
        }
        try (RunFile run = RunFile.create(target, spec, Manifest.merged(manifests), this::fill)) {
            int failed = run.counts().getOrDefault(Status.FAILED.label(), 0);
            return new Result(target, spec.size(), done.cardinality(), failed, repeated);
        }
    }

    private void requireSame(RunReader other, Map<String, String> manifest, SweepSpec spec) {
        Path first = parts.get(0);
        Map<String, String> there = other.manifest();
        Optional<String> difference = Objects.equals(there.get("spec"), manifest.get("spec"))
                ? Optional.empty()
                : spec.differenceFrom(other.spec(), first + " has");
        difference
                .or(() -> Objects.equals(there.get(Manifest.VERSION), manifest.get(Manifest.VERSION))
                        ? Optional.empty()
                        : Optional.of("it is of version \"" + there.get(Manifest.VERSION) + "\", " + first + " of \""
                                + manifest.get(Manifest.VERSION) + "\""))
                .or(() -> Manifest.obstacle(there, manifest)
                        .map(reason -> "the last digits of their results depend on the processor (" + reason
                                + "), and it is of " + Manifest.begunBy(there) + ", " + first + " of "
                                + Manifest.begunBy(manifest)))
                .ifPresent(reason -> {
                    throw new IllegalArgumentException(
                            other.path + " cannot be merged with " + first + ": " + reason + ".");
                });
    }

    // Cells that failed come last, into the places that are left.
    private void fill(RunFile run) {
        for (Path part : parts) {
            copy(part, run, status -> status != Status.FAILED);
        }
        for (Path part : parts) {
            copy(part, run, status -> status == Status.FAILED);
        }
        for (Path part : parts) {
            copyCheckpoints(part, run);
        }
    }

    private void copy(Path part, RunFile run, Predicate<Status> wanted) {
        List<Integer> places = new ArrayList<>();
        List<SweepRow> rows = new ArrayList<>();
        try (RunReader reader = RunReader.open(part)) {
            RunRows cells = reader.cells();
            while (cells.hasNext()) {
                SweepRow row = cells.next();
                int place = cells.index();
                if (!wanted.test(row.status())) {
                    continue;
                }
                if (done.get(place)) {
                    if (row.status() != Status.FAILED) {
                        requireEqual(run, place, row, part);
                        repeated++;
                    }
                    continue;
                }
                places.add(place);
                rows.add(row);
                if (rows.size() == COPIED_AT_ONCE) {
                    commit(run, places, rows);
                }
            }
        }
        commit(run, places, rows);
    }

    private void commit(RunFile run, List<Integer> places, List<SweepRow> rows) {
        run.commit(places, rows);
        places.forEach(done::set);
        places.clear();
        rows.clear();
    }

    private void requireEqual(RunFile run, int place, SweepRow row, Path part) {
        List<Object> known = run.values(place);
        List<Object> other = RunRows.values(place, row);
        for (int k = 0; k < known.size(); k++) {
            if (k != SECONDS && !Objects.deepEquals(known.get(k), other.get(k))) {
                String column = k < RunSchema.FIXED.size()
                        ? RunSchema.FIXED.get(k)
                        : row.columns().get(k - RunSchema.FIXED.size()).name();
                throw new IllegalArgumentException(part + " cannot be merged: it has another " + column + " at "
                        + row.cell() + " than " + origin(place) + ".");
            }
        }
    }

    // Which of the files has given the cell; looked for only where there is something to complain of.
    private Path origin(int place) {
        for (Path part : parts) {
            try (RunReader run = RunReader.open(part)) {
                RunRows cells = run.cells();
                while (cells.hasNext()) {
                    SweepRow row = cells.next();
                    if (cells.index() == place && row.status() != Status.FAILED) {
                        return part;
                    }
                }
            }
        }
        throw new IllegalStateException("No file has cell " + place + ".");
    }

    private void copyCheckpoints(Path part, RunFile run) {
        try (RunReader reader = RunReader.open(part)) {
            reader.tables.checkpoints().forEach((unit, state) -> {
                if (unit.stream().noneMatch(done::get)) {
                    run.checkpoint(unit, state);
                }
            });
        } catch (SQLException e) {
            throw RunDatabase.failed(part, e);
        }
    }
}
