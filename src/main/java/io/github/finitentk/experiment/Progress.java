package io.github.finitentk.experiment;

/** Hears of the progress of a run. Called from worker threads, one at a time. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing. */
    Progress NONE = state -> {};

    /**
     * How far a run is.
     *
     * @param done finished cells
     * @param cells all cells
     * @param fraction how much of the work is done, 0 to 1, by the estimated cost of cells: they differ by orders of magnitude
     * @param current the cell that was started last
     */
    record State(int done, int cells, double fraction, Cell current) {}

    void update(State state);
}
