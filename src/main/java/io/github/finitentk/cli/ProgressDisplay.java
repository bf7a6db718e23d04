package io.github.finitentk.cli;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a task is, on standard error: a bar on a terminal, one plain line every ten seconds elsewhere; nothing if --quiet. The launcher
 * knows which of the two standard error is and says so in the system property {@code ntk.terminal}.
 */
final class ProgressDisplay implements AutoCloseable {

    private static final int SECONDS_BETWEEN_LINES = 10;
    private static final int STEPS = 1000;

    private final String task;
    private final GlobalOptions options;
    private final ProgressBar bar;
    private final ScheduledExecutorService lines;
    private double fraction;
    private Supplier<String> words;

    ProgressDisplay(String task, GlobalOptions options) {
        this.task = task;
        this.options = options;
        boolean terminal = Boolean.getBoolean("ntk.terminal");
        bar = options.quiet || !terminal
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(STEPS)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .hideEta()
                        .build();
        lines = options.quiet || terminal ? null : Executors.newSingleThreadScheduledExecutor(ProgressDisplay::daemon);
        if (lines != null) {
            lines.scheduleAtFixedRate(this::line, SECONDS_BETWEEN_LINES, SECONDS_BETWEEN_LINES, TimeUnit.SECONDS);
        }
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "finite-ntk-progress");
        thread.setDaemon(true);
        return thread;
    }

    /** @param now what follows the share that is done, when it is shown */
    synchronized void update(double done, Supplier<String> now) {
        fraction = done;
        words = now;
        if (bar != null) {
            bar.stepTo((long) (STEPS * done));
            bar.setExtraMessage(now.get());
        }
    }

    private synchronized void line() {
        if (words != null) {
            options.err().printf(Locale.ROOT, "%s: %.0f %% done, %s%n", task, 100 * fraction, words.get());
        }
    }

    /**
     * The time that is left.
     *
     * @param left how much is to be done
     * @param speed how much is done in a second
     */
    static String timeLeft(double left, double speed) {
        return speed > 0 ? ConsoleProgress.duration(left / speed) + " left" : "time left unknown";
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
        if (lines != null) {
            lines.shutdownNow();
        }
    }
}
