package io.github.finitentk.cli;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * How far a task is, on standard error: a bar on a terminal, one plain line every ten seconds elsewhere; nothing if --quiet. The launcher
 * knows which of the two standard error is and says so in the system property {@code ntk.terminal}.
 */
final class ProgressDisplay implements AutoCloseable {

    private static final int SECONDS_BETWEEN_LINES = 10;
    private static final int STEPS = 1000;
    private static final int COLUMNS = 80;

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
                        .setUpdateIntervalMillis(200)
                        .setRenderer((state, columns) -> rendered(Math.min(columns, COLUMNS)))
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
        }
    }

    private synchronized void line() {
        if (words != null) {
            options.err().printf(Locale.ROOT, "%s: %.0f %% done, %s%n", task, 100 * fraction, words.get());
        }
    }

    private synchronized String rendered(int columns) {
        String text = fitted(
                String.format(Locale.ROOT, "%s %3.0f %% ", task, 100 * fraction) + (words == null ? "" : words.get()),
                columns);
        int room = columns - text.length() - 3;
        if (room < 5) {
            return text;
        }
        int done = (int) Math.floor(room * fraction);
        return text + " [" + "=".repeat(done) + " ".repeat(room - done) + "]";
    }

    /** What of a text has room: whole parts of it, the most important of which come first, after commas. */
    static String fitted(String text, int columns) {
        while (text.length() > columns && text.contains(", ")) {
            text = text.substring(0, text.lastIndexOf(", "));
        }
        return text.length() > columns ? text.substring(0, columns) : text;
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

    // Not under the lock: the bar is drawn a last time, by a thread of its own.
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
