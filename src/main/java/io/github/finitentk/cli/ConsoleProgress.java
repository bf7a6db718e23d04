package io.github.finitentk.cli;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Progress;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress on standard error: a bar on a terminal, one plain line every ten seconds elsewhere; both with the finished cells,
 * their rate, the time left and the current cell. The launcher knows which of the two standard error is and says so in the
 * system property {@code ntk.terminal}.
 */
public class ConsoleProgress implements Progress, AutoCloseable {

    private static final int SECONDS_BETWEEN_LINES = 10;
    private static final int STEPS = 1000;

    private final String name;
    private final GlobalOptions options;
    private String task;
    private ProgressBar bar;
    private ScheduledExecutorService lines;
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
        task = name + (run.parts() == 1 ? "" : ", run " + run.part() + " of " + run.parts());
        start = System.nanoTime();
        first = null;
        last = null;
        if (options.quiet) {
            return;
        }
        if (Boolean.getBoolean("ntk.terminal")) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(STEPS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .hideEta()
                    .build();
        } else {
            lines = Executors.newSingleThreadScheduledExecutor(ConsoleProgress::daemon);
            lines.scheduleAtFixedRate(this::line, SECONDS_BETWEEN_LINES, SECONDS_BETWEEN_LINES, TimeUnit.SECONDS);
        }
    }

    /** Says what is worth knowing before a run. */
    protected void announce(Start run) {
        run.begunBy()
                .ifPresent(others -> options.message("ntk: " + run.file().orElseThrow() + " was begun by " + others
                        + "; its manifest now names both."));
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "finite-ntk-progress");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public synchronized void update(State state) {
        if (first == null) {
            first = state;
        }
        last = state;
        if (bar != null) {
            bar.stepTo((long) (STEPS * state.fraction()));
            bar.setExtraMessage(words());
        }
    }

    private synchronized void line() {
        if (last != null) {
            options.err().printf(Locale.ROOT, "%s: %.0f %% done, %s%n", task, 100 * last.fraction(), words());
        }
    }

    private String words() {
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
                speed > 0 ? duration((1 - last.fraction()) / speed) + " left" : "time left unknown",
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
        if (bar != null) {
            bar.close();
            bar = null;
        }
        if (lines != null) {
            lines.shutdownNow();
            lines = null;
        }
    }
}
