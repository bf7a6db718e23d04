package io.github.finitentk.cli;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Progress;
import java.io.PrintWriter;
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
final class ConsoleProgress implements Progress, AutoCloseable {

    private static final int SECONDS_BETWEEN_LINES = 10;
    private static final int STEPS = 1000;

    private final String task;
    private final PrintWriter err;
    private final ProgressBar bar;
    private final ScheduledExecutorService lines;
    private final long start = System.nanoTime();
    private State first;
    private State last;

    private ConsoleProgress(String task, PrintWriter err, boolean quiet, boolean terminal) {
        this.task = task;
        this.err = err;
        this.bar = quiet || !terminal
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(STEPS)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .hideEta()
                        .build();
        this.lines = quiet || terminal ? null : Executors.newSingleThreadScheduledExecutor(ConsoleProgress::daemon);
        if (lines != null) {
            lines.scheduleAtFixedRate(this::line, SECONDS_BETWEEN_LINES, SECONDS_BETWEEN_LINES, TimeUnit.SECONDS);
        }
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "finite-ntk-progress");
        thread.setDaemon(true);
        return thread;
    }

    static ConsoleProgress start(String task, GlobalOptions options) {
        return new ConsoleProgress(task, options.err(), options.quiet, Boolean.getBoolean("ntk.terminal"));
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
            err.printf(Locale.ROOT, "%s: %.0f %% done, %s%n", task, 100 * last.fraction(), words());
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
    static String duration(double seconds) {
        if (seconds < 120) {
            return Math.round(seconds) + " s";
        }
        return seconds < 7200
                ? Math.round(seconds / 60) + " min"
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        if (lines != null) {
            lines.shutdownNow();
        }
    }
}
