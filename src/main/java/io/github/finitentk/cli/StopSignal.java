package io.github.finitentk.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jline.utils.Signals;

/**
 * SIGINT and SIGTERM while a long computation runs: the first one asks it to stop where nothing is lost, the second ends the
 * process at once. SIGHUP, of a terminal that is gone, asks to stop as well, however often it comes; {@code nohup} still
 * keeps it away.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {

    /** The exit code of an interrupted command. */
    static final int INTERRUPTED = 130;

    /** The answer of commands that compute runs. */
    static final String FINISHING_CELLS = "finishing the cells under way";

    private final GlobalOptions options;
    private final String answer;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Object interrupt;
    private final Object terminate;
    private final Object hangUp;

    /** @param answer what is said to the first signal, for example "finishing the cells under way" */
    StopSignal(GlobalOptions options, String answer) {
        this.options = options;
        this.answer = answer;
        this.interrupt = Signals.register("INT", this::signalled);
        this.terminate = Signals.register("TERM", this::signalled);
        this.hangUp = Signals.register("HUP", this::ask);
    }

    private void signalled() {
        if (stop.get()) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        ask();
    }

    private void ask() {
        if (!stop.getAndSet(true)) {
            options.err().println("ntk: " + answer + "; once more stops at once.");
        }
    }

    /** Whether a signal has come. */
    @Override
    public boolean getAsBoolean() {
        return stop.get();
    }

    @Override
    public void close() {
        Signals.unregister("INT", interrupt);
        Signals.unregister("TERM", terminate);
        Signals.unregister("HUP", hangUp);
    }
}
