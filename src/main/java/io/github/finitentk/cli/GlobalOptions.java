package io.github.finitentk.cli;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.Backends;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.compute.nativecore.NativeLibrary;
import java.io.PrintWriter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command accepts, and what they select. */
final class GlobalOptions implements AutoCloseable {

    enum BackendChoice {
        AUTO,
        NATIVE,
        JAVA
    }

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON document on standard output and nothing else there.")
    boolean json;

    @Option(
            names = "--threads",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Threads to use (default: one per processor). Results do not depend on it.")
    Integer threads;

    @Option(
            names = "--backend",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|native|java",
            defaultValue = "auto",
            description = "The C++ core, pure Java, or the core where it loads (default: auto).")
    BackendChoice backend = BackendChoice.AUTO;

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (default: 0).")
    long seed;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no messages.")
    boolean quiet;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show stack traces.")
    boolean debug;

    private PrintWriter out;
    private PrintWriter err;
    private WorkerPool workers;

    void attach(PrintWriter standardOutput, PrintWriter standardError) {
        out = standardOutput;
        err = standardError;
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** A message for people, on standard error. */
    void message(String text) {
        if (!quiet) {
            err.println(text);
        }
    }

    /** The backend that was asked for; says once why the native core is not used where it would be. */
    Backend backend() {
        return switch (backend) {
            case NATIVE -> Backends.nativeCore();
            case JAVA -> Backends.pureJava();
            case AUTO -> {
                NativeLibrary.failureReason()
                        .ifPresent(reason -> message("ntk: using the pure-Java backend: " + reason + "."));
                yield Backends.fastest();
            }
        };
    }

    WorkerPool workers() {
        if (workers == null) {
            int wanted = threads == null ? Math.min(1024, Runtime.getRuntime().availableProcessors()) : threads;
            workers = WorkerPool.of(wanted);
            if (workers.threads() < wanted) {
                message("ntk: working with " + workers.threads() + " of " + wanted
                        + " threads: the system refuses to start more (ulimit -u, or the container's limit). Results are"
                        + " the same.");
            }
        }
        return workers;
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }
}
