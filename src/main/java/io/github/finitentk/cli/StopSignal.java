package io.github.finitentk.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jline.utils.Signals;

/**
 * Signals while a long computation runs. The first of SIGINT and SIGTERM asks it to stop where nothing is lost, the second ends
 * the process at once. SIGHUP, of a terminal that is gone, and SIGUSR1, of a batch system whose time is nearly up, ask to stop as well,
 * however often they come; {@code nohup} still keeps SIGHUP away.
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {

    /** The exit code of a command that a user has interrupted. */
    static final int INTERRUPTED = 130;

    /**
     * The exit code of a command that a batch system has stopped, by SIGTERM or SIGUSR1, and that is to be run again: EX_TEMPFAIL of
     * sysexits.h, "the user is invited to retry".
     */
    static final int REQUEUE = 75;

    /** The answer of commands that compute runs. */
    static final String FINISHING_CELLS = "finishing the cells under way";

    private final GlobalOptions options;
    private final String answer;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean insisting = new AtomicBoolean();
    private final Object interrupt;
    private final Object terminate;
    private final Object hangUp;
    private final Object nearlyOver;
    private volatile int exitCode = INTERRUPTED;

    /** @param answer what is said to the first signal, for example "finishing the cells under way" */
    public StopSignal(GlobalOptions options, String answer) {
        this.options = options;
        this.answer = answer;
        this.interrupt = Signals.register("INT", () -> insist(INTERRUPTED));
        this.terminate = Signals.register("TERM", () -> insist(REQUEUE));
        this.hangUp = Signals.register("HUP", () -> ask(INTERRUPTED, ""));
        this.nearlyOver = Signals.register("USR1", () -> ask(REQUEUE, ""));
    }

    private void insist(int code) {
        if (insisting.getAndSet(true)) {
            Runtime.getRuntime().halt(exitCode);
        }
        ask(code, "; once more stops at once");
    }

    private void ask(int code, String more) {
        if (!stop.get()) {
            exitCode = code;
            stop.set(true);
            options.err().println("ntk: " + answer + more + ".");
        }
    }

    /** Whether a signal has come. */
    @Override
    public boolean getAsBoolean() {
        return stop.get();
    }

    /** That of the command, if it has stopped and what it had is saved. */
    int exitCode() {
        return exitCode;
    }

    @Override
    public void close() {
        Signals.unregister("INT", interrupt);
        Signals.unregister("TERM", terminate);
        Signals.unregister("HUP", hangUp);
        Signals.unregister("USR1", nearlyOver);
    }
}
