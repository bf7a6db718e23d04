package io.github.finitentk.cli;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Progress;
import java.util.Locale;

/** Progress of runs: the finished cells, their rate, the time left and the current cell. */
public class ConsoleProgress implements Progress, AutoCloseable {

    private final String name;
    private final GlobalOptions options;
    private ProgressDisplay display;
    private long start;
    private State first;
    private State last;

    /** @param name of what is computed, run by run */
    public ConsoleProgress(String name, GlobalOptions options) {
        this.name = name;
        this.options = options;
    }

    @Override
    public synchronized void started(Start run) {
        close();
        announce(run);
        start = System.nanoTime();
        first = null;
        last = null;
        display = new ProgressDisplay(
                name + (run.parts() == 1 ? "" : ", run " + run.part() + " of " + run.parts()), options);
    }

    /** Says what is worth knowing before a run. */
    protected void announce(Start run) {
        run.begunBy()
                .ifPresent(others -> options.message("ntk: " + run.file().orElseThrow() + " was begun by " + others
                        + "; its manifest now names both."));
    }

    @Override
    public synchronized void update(State state) {
        if (first == null) {
            first = state;
        }
        last = state;
        display.update(state.fraction(), this::words);
    }

    private synchronized String words() {
        double elapsed = (System.nanoTime() - start) / 1e9;
        // What an earlier process had done tells nothing about the speed of this one.
        double rate = (last.done() - first.done()) / elapsed;
        double speed = (last.fraction() - first.fraction()) / elapsed;
        return String.format(
                Locale.ROOT,
                "%d of %d cells, %s, %s, %s",
                last.done(),
                last.cells(),
                rate >= 1 || rate == 0
                        ? String.format(Locale.ROOT, "%.0f cells/s", rate)
                        : String.format(Locale.ROOT, "%.1f s a cell", 1 / rate),
                ProgressDisplay.timeLeft(1 - last.fraction(), speed),
                words(last.current()));
    }

    private static String words(Cell cell) {
        return String.format(
                Locale.ROOT,
                "at %s sw2=%.4g sb2=%.4g L=%d M=%d",
                cell.activation().label(),
                cell.sigmaW2(),
                cell.sigmaB2(),
                cell.depth(),
                cell.width());
    }

    /** {@code 90 s}, {@code 12 min} or {@code 5.3 h}. */
    public static String duration(double seconds) {
        if (seconds < 120) {
            return Math.round(seconds) + " s";
        }
        return seconds < 7200
                ? Math.round(seconds / 60) + " min"
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    @Override
    public synchronized void close() {
        if (display != null) {
            display.close();
            display = null;
        }
    }
}
