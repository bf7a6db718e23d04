package io.github.finitentk.experiment;

import java.nio.file.Path;
import java.util.Optional;

/** Hears of the progress of a run. Called from worker threads, one at a time. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing. */
    Progress NONE = state -> {};

    /**
     * What a run begins with.
     *
     * @param file where its cells are kept; empty if that is in memory
     * @param part which run of a figure that needs several this is, from 1
     * @param parts how many these are; 1 for a sweep
     * @param cells all cells
     * @param before those that are finished already
     * @param reused those of them that were just taken over from another run
     * @param begunBy version and backend, if an earlier process with other ones has begun it
     */
    record Start(
            Optional<Path> file, int part, int parts, int cells, int before, int reused, Optional<String> begunBy) {}

    /**
     * How far a run is.
     *
     * @param done finished cells
     * @param cells all cells
     * @param fraction how much of the work is done, 0 to 1, by the estimated cost of cells: they differ by orders of magnitude
     * @param current the cell that was started last
     */
    record State(int done, int cells, double fraction, Cell current) {}

    /** Before anything is computed; by the thread that starts the run. */
    default void started(Start start) {}

    /** Some more is done. */
    void update(State state);
}
