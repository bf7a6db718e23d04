package io.github.finitentk.cli;

import io.github.finitentk.kernel.KernelSolver;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Progress of work in stages on standard error, a line every ten seconds with the time that a stage has left; and how long each took. */
final class StageProgress implements KernelSolver.Listener {

    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final GlobalOptions options;
    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private String stage;
    private long begun;
    private double first;
    private long counted;
    private long said;
    private String details = "";

    /** @param name of all stages together */
    StageProgress(String name, GlobalOptions options) {
        this.name = name;
        this.options = options;
        counted = System.nanoTime();
        said = counted;
    }

    @Override
    public synchronized void progress(String what, double share) {
        long now = System.nanoTime();
        if (!what.equals(stage)) {
            stage = what;
            begun = now;
            first = share;
            details = "";
        }
        // Who tells of the first of a stage has worked on it since the last of the one before.
        nanos.merge(stage, now - counted, Long::sum);
        counted = now;
        if (now - said >= BETWEEN_LINES) {
            said = now;
            options.message(String.format(
                    Locale.ROOT,
                    "%s: %s, %.0f %% done%s, %s",
                    name,
                    stage,
                    100 * share,
                    details,
                    share > first
                            ? ConsoleProgress.duration((now - begun) / 1e9 * (1 - share) / (share - first)) + " left"
                            : "time left unknown"));
        }
    }

    @Override
    public synchronized void iteration(int iteration, double[] residuals) {
        double largest = 0;
        for (double residual : residuals) {
            largest = Math.max(largest, residual);
        }
        details = String.format(Locale.ROOT, ", iteration %d, relative residual %.1e", iteration, largest);
    }

    /** The stage that is under way, or was last; empty before the first. */
    synchronized String stage() {
        return stage == null ? "" : stage;
    }

    /** How long the stages took. */
    synchronized SolvedAnswer.Seconds seconds() {
        double all = nanos.values().stream().mapToLong(Long::longValue).sum() / 1e9;
        double kernel =
                (nanos.getOrDefault("computing the kernel", 0L) + nanos.getOrDefault("reading the kernel", 0L)) / 1e9;
        double prediction = nanos.getOrDefault("predicting", 0L) / 1e9;
        return new SolvedAnswer.Seconds(kernel, all - kernel - prediction, prediction);
    }
}
