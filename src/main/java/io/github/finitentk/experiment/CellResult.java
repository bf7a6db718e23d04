package io.github.finitentk.experiment;

import io.github.finitentk.sampling.RatioEstimate;

/**
 * What became of one cell of a sweep.
 *
 * @param index the cell's place in grid order
 * @param status {@code ok}, {@code diverged} (some draws exceeded double precision) or {@code failed}
 * @param reason why it failed, or why its method was chosen
 * @param estimate null if it failed
 * @param seconds the time of the computation
 */
public record CellResult(int index, String status, String reason, RatioEstimate estimate, double seconds) {

    static CellResult of(int index, VarianceRow row) {
        String status = Double.isNaN(row.estimate().ratio()) ? "diverged" : "ok";
        return new CellResult(index, status, row.estimate().reason(), row.estimate(), row.seconds());
    }

    static CellResult failed(int index, Throwable problem) {
        String message = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        return new CellResult(index, "failed", message, null, 0);
    }
}
