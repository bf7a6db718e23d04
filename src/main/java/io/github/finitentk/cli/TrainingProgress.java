package io.github.finitentk.cli;

import io.github.finitentk.training.TrainingListener;
import java.util.Locale;

/** Progress of one training: its step, its loss, and how long it takes at most, as it may stop early. */
final class TrainingProgress implements TrainingListener, AutoCloseable {

    private final ProgressDisplay display;
    private final long start = System.nanoTime();
    private final long first;
    private final long steps;
    private long step;
    private double loss = Double.NaN;

    /**
     * @param first the step at which this begins
     * @param steps how many there are at most
     */
    TrainingProgress(long first, long steps, GlobalOptions options) {
        this.first = first;
        this.steps = steps;
        display = new ProgressDisplay("Training", options);
    }

    @Override
    public void snapshot(long at, double lossThere, double kernelChange) {
        progress(at, lossThere);
    }

    @Override
    public synchronized void progress(long at, double lossThere) {
        step = at;
        loss = lossThere;
        display.update((double) step / steps, this::words);
    }

    private synchronized String words() {
        double speed = (step - first) / ((System.nanoTime() - start) / 1e9);
        return String.format(
                Locale.ROOT,
                "step %d of at most %d%s, %s",
                step,
                steps,
                Double.isNaN(loss) ? "" : String.format(Locale.ROOT, ", loss %.4g", loss),
                ProgressDisplay.timeLeft(steps - step, speed));
    }

    @Override
    public void close() {
        display.close();
    }
}
