package io.github.finitentk.cli;

import io.github.finitentk.kernel.KernelStream;
import java.util.Locale;

/** Progress of a kernel that is computed block by block. */
final class KernelProgress implements KernelStream.Listener, AutoCloseable {

    private final ProgressDisplay display;
    private final long start = System.nanoTime();
    private long before = -1;
    private long done;
    private long all = 1;

    KernelProgress(GlobalOptions options) {
        display = new ProgressDisplay("Kernel", options);
    }

    @Override
    public synchronized void update(long finished, long total) {
        if (before < 0) {
            before = finished;
        }
        done = finished;
        all = total;
        display.update((double) done / all, this::words);
    }

    private synchronized String words() {
        double speed = (done - before) / ((System.nanoTime() - start) / 1e9);
        return String.format(
                Locale.ROOT,
                "%.3g of %.3g entries, %.2g/s, %s",
                (double) done,
                (double) all,
                speed,
                ProgressDisplay.timeLeft(all - done, speed));
    }

    /** The share that is done, as {@code 34 %}. */
    synchronized String share() {
        return String.format(Locale.ROOT, "%.0f %%", Math.floor(100.0 * done / all));
    }

    @Override
    public void close() {
        display.close();
    }
}
