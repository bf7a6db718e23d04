package io.github.finitentk.experiment;

/** Hears of the progress of a run. Called from worker threads, several at once. */
public interface Progress {

    /** Hears nothing. */
    Progress NONE = (done, total, cell) -> {};

    /**
     * @param done cost of the finished cells, in units of the run's own
     * @param total cost of all cells
     * @param cell the cell that has just finished
     */
    void update(double done, double total, String cell);
}
