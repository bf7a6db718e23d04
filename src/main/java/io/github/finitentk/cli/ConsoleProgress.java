package io.github.finitentk.cli;

import io.github.finitentk.experiment.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress on standard error: a bar with the time left on a terminal, one plain line every ten seconds elsewhere. The
 * launcher knows which of the two standard error is and says so in the system property {@code ntk.terminal}.
 */
final class ConsoleProgress implements Progress, AutoCloseable {

    private static final long LINE_INTERVAL = 10_000_000_000L;
    private static final int STEPS = 1000;

    private final String task;
    private final PrintWriter err;
    private final ProgressBar bar;
    private final boolean quiet;
    private final long start = System.nanoTime();
    private long nextLine = start + LINE_INTERVAL;

    private ConsoleProgress(String task, PrintWriter err, boolean quiet, ProgressBar bar) {
        this.task = task;
        this.err = err;
        this.quiet = quiet;
        this.bar = bar;
    }

    static ConsoleProgress start(String task, GlobalOptions options) {
        boolean terminal = Boolean.getBoolean("ntk.terminal");
        ProgressBar bar = options.quiet || !terminal
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(STEPS)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .build();
        return new ConsoleProgress(task, options.err(), options.quiet, bar);
    }

    @Override
    public synchronized void update(double done, double total, String cell) {
        if (quiet) {
            return;
        }
        double fraction = total > 0 ? Math.min(1, done / total) : 1;
        String left = timeLeft(fraction);
        if (bar != null) {
            bar.stepTo((long) (STEPS * fraction));
            bar.setExtraMessage(left);
        } else if (System.nanoTime() >= nextLine) {
            nextLine = System.nanoTime() + LINE_INTERVAL;
            err.printf(Locale.ROOT, "%s: %.0f %% done, %s%n", task, 100 * fraction, left);
        }
    }

    // By cost, not by count: cells differ by orders of magnitude.
    private String timeLeft(double fraction) {
        double elapsed = (System.nanoTime() - start) / 1e9;
        long left = Math.round(elapsed * (1 - fraction) / Math.max(fraction, 1e-9));
        return left < 120 ? left + " s left" : (left + 30) / 60 + " min left";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
