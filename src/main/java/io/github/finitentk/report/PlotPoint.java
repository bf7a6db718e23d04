package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.SweepRow;
import java.util.List;

/**
 * One number of a run, and where a {@link Plot} draws it.
 *
 * @param panel what its panel is told by: a value for each column that has panels
 * @param line likewise of its line; empty in maps
 * @param axes a value for each axis of the run, for the table
 * @param y NaN if it is drawn on a line
 * @param low the lower end of its interval, NaN if it has none
 * @param high the upper end
 * @param exact what it would be without sampling, NaN if that is not known
 * @param heavy whether its interval is not to be trusted
 */
record PlotPoint(
        Cell cell,
        List<Object> panel,
        List<Object> line,
        List<Object> axes,
        double x,
        double y,
        double value,
        double low,
        double high,
        double exact,
        boolean heavy,
        SweepRow.Status status) {

    /** It diverged, and has no number. */
    boolean diverged() {
        return status == SweepRow.Status.DIVERGED && !Double.isFinite(value) || Double.isInfinite(value);
    }

    boolean hasInterval() {
        return !heavy && Double.isFinite(low) && Double.isFinite(high) && low <= high;
    }

    /** Whether the exact number lies outside of its interval by more than rounding. */
    boolean missesExact() {
        double room = 1e-9 * Math.abs(exact);
        return hasInterval() && (exact < low - room || exact > high + room);
    }
}
