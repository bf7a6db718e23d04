package io.github.finitentk.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up what units report, for one {@link Progress}. */
final class SweepProgress {

    private final Progress progress;
    private final int cells;
    private final double total;
    private final Map<List<Integer>, Double> underWay = new HashMap<>();
    private int done;
    private double seconds;
    private Cell current;

    /**
     * @param cells all cells
     * @param total estimated seconds of all of them
     * @param done finished cells
     * @param seconds estimated seconds of those
     */
    SweepProgress(Progress progress, int cells, double total, int done, double seconds) {
        this.progress = progress;
        this.cells = cells;
        this.total = total;
        this.done = done;
        this.seconds = seconds;
    }

    synchronized void started(List<Integer> unit, Cell first) {
        underWay.put(unit, 0.0);
        current = first;
        tell();
    }

    synchronized void reached(List<Integer> unit, double unitSeconds) {
        underWay.put(unit, unitSeconds);
        tell();
    }

    synchronized void finished(List<Integer> unit, double unitSeconds) {
        underWay.remove(unit);
        done += unit.size();
        seconds += unitSeconds;
        tell();
    }

    private void tell() {
        double sum = seconds;
        for (double part : underWay.values()) {
            sum += part;
        }
        progress.update(new Progress.State(done, cells, total > 0 ? Math.min(1, sum / total) : 1, current));
    }
}
