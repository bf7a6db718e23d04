package io.github.finitentk.store;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * How a sweep has ended. What went wrong in single cells is in here; what kept results from being saved is an exception instead.
 *
 * @param end why it stopped
 * @param file the run file; empty for a run in memory
 * @param cells all cells of the sweep
 * @param before those that were finished when it began
 * @param finished those that are finished now, whatever became of them
 * @param diverged those of them of which some number exceeds its precision
 * @param failed those of them that have no numbers
 * @param firstFailure in grid order, with its reason; empty if none has failed
 * @param rows the finished cells in grid order, of a run in memory
 */
public record RunResult(
        End end,
        Optional<Path> file,
        int cells,
        int before,
        int finished,
        int diverged,
        int failed,
        Optional<SweepRow> firstFailure,
        List<SweepRow> rows) {

    /** Why a sweep stopped. */
    public enum End {
        /** All cells are finished. */
        COMPLETE,
        /** It was cancelled; what is in a run file can be gone on with. */
        CANCELLED
    }

    public RunResult {
        rows = List.copyOf(rows);
    }

    static RunResult inMemory(int cells, List<SweepRow> rows) {
        return new RunResult(
                end(cells, rows.size()),
                Optional.empty(),
                cells,
                0,
                rows.size(),
                count(rows, Status.DIVERGED),
                count(rows, Status.FAILED),
                firstFailure(rows),
                rows);
    }

    private static int count(List<SweepRow> rows, Status status) {
        return (int) rows.stream().filter(row -> row.status() == status).count();
    }

    static RunResult inFile(int cells, int before, RunReader run) {
        Map<String, Integer> counts = run.counts();
        int finished = counts.values().stream().mapToInt(Integer::intValue).sum();
        int failed = counts.getOrDefault("failed", 0);
        return new RunResult(
                end(cells, finished),
                Optional.of(run.path),
                cells,
                before,
                finished,
                counts.getOrDefault("diverged", 0),
                failed,
                failed == 0 ? Optional.empty() : firstFailure(run.rows()),
                List.of());
    }

    private static End end(int cells, int finished) {
        return finished == cells ? End.COMPLETE : End.CANCELLED;
    }

    private static Optional<SweepRow> firstFailure(Iterable<SweepRow> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .filter(row -> row.status() == Status.FAILED)
                .findFirst();
    }

    /** Whether all cells are finished. */
    public boolean isComplete() {
        return end == End.COMPLETE;
    }

    /** Whether there is not a single number: all cells that are finished have failed. */
    public boolean hasFailed() {
        return failed > 0 && failed == finished;
    }

    /**
     * The finished cells in grid order.
     *
     * @throws IllegalStateException if they are in a run file, which {@link RunReader} reads one by one
     */
    public List<SweepRow> rows() {
        file.ifPresent(path -> {
            throw new IllegalStateException("The cells of this run are in " + path + "; RunReader.open reads them.");
        });
        return rows;
    }

    /** {@code complete: 240 of 240 cells in run.db, 2 diverged, 1 failed}. */
    @Override
    public String toString() {
        return (isComplete() ? "complete: " : "cancelled: ") + finished + " of " + cells + " cells "
                + file.map(path -> "in " + path).orElse("in memory") + ", " + diverged + " diverged, " + failed
                + " failed";
    }
}
