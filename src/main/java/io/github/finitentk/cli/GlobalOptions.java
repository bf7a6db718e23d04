package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Seed;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.internal.files.FileProblem;
import io.github.finitentk.internal.files.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The options that every command accepts, and what they select. */
public final class GlobalOptions implements AutoCloseable {

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
            description =
                    "Threads to use (default: one per processor, of those that a batch job was given). Results do not depend on it.")
    Integer threads;

    @Option(
            names = "--backend",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|native|java",
            defaultValue = "auto",
            description = "The C++ core, pure Java, or the core where it loads: auto (default: ${DEFAULT-VALUE}).")
    BackendChoice backend = BackendChoice.AUTO;

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no messages.")
    boolean quiet;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show stack traces.")
    boolean debug;

    private OutputStream bytes;
    private PrintWriter out;
    private PrintWriter err;
    private Ntk ntk;
    private boolean saidFallback;

    /** @param bytes where {@code out} writes to */
    void attach(OutputStream bytes, PrintWriter out, PrintWriter err) {
        this.bytes = bytes;
        this.out = out;
        this.err = err;
    }

    /** What no command accepts, whether or not it computes anything. */
    void check(CommandLine command) {
        if (threads != null && threads < 1) {
            throw new ParameterException(command, "--threads must be at least 1, not " + threads + ".");
        }
    }

    /**
     * Refuses options that would have no effect beside others.
     *
     * @param because completes "--depth has no effect ..."
     */
    public static void refuseWithoutEffect(CommandSpec command, String because, List<String> names) {
        for (String name : names) {
            if (command.commandLine().getParseResult().hasMatchedOption(name)) {
                throw new ParameterException(command.commandLine(), name + " has no effect " + because + ".");
            }
        }
    }

    /** Standard output. */
    public PrintWriter out() {
        return out;
    }

    /** Standard error, for what {@code --quiet} does not keep away. */
    public PrintWriter err() {
        return err;
    }

    /** Standard output for what is no text; {@link #out} has written all before. */
    OutputStream bytes() {
        out.flush();
        return bytes;
    }

    /** Prints the one document of {@code --json}: records ({@link Documents}), lists of them, or what the writer knows. */
    public void print(Object document) {
        try {
            JsonWriter.write(bytes(), Documents.plain(document));
        } catch (IOException e) {
            throw new UncheckedIOException("The results cannot be printed: " + FileProblem.sentence(e), e);
        }
    }

    /** A message for people, on standard error. */
    public void message(String text) {
        if (!quiet) {
            err.println(text);
        }
    }

    /** Who computes, as was asked for; says once why the native core is not used where it would be. */
    Ntk ntk() {
        Ntk opened = open();
        if (backend == BackendChoice.AUTO && !saidFallback) {
            saidFallback = true;
            opened.whyNotNative().ifPresent(why -> message("ntk: using the pure-Java backend: " + why));
        }
        return opened;
    }

    /** The backend that was asked for, by the name that {@link Ntk.Builder#backend} takes. */
    public String backendName() {
        return backend.name().toLowerCase(Locale.ROOT);
    }

    /** Whether standard output takes one JSON document and nothing else. */
    public boolean isJson() {
        return json;
    }

    /** The number of threads that work at once. */
    int threads() {
        return open().threads();
    }

    // Not every batch system keeps a job to the processors that it was given.
    private int processors() {
        int all = WorkerPool.processors();
        return new BatchJob(System.getenv())
                .processors()
                .filter(given -> given.value() < all)
                .map(given -> {
                    message("ntk: working with " + given.value() + " of " + all + " processors, as " + given.variable()
                            + " says; --threads takes more.");
                    return given.value();
                })
                .orElse(all);
    }

    private Ntk open() {
        if (ntk == null) {
            int wanted = threads == null ? processors() : threads;
            ntk = Ntk.builder().backend(backendName()).threads(wanted).build();
            if (ntk.threads() < wanted) {
                message("ntk: working with " + ntk.threads() + " of " + wanted
                        + " threads: the system refuses to start more (ulimit -u, or the container's limit). Results are"
                        + " the same.");
            }
        }
        return ntk;
    }

    /** A specification with the seed of the command line, which goes before its own where there is one. */
    public SweepSpec withSeed(SweepSpec read, CommandSpec command) {
        boolean given = false;
        for (CommandSpec each = command; each != null && !given; each = each.parent()) {
            given = each.commandLine().getParseResult().hasMatchedOption("--seed");
        }
        return given ? new SweepSpec(read.quantity(), read.grids(), seed) : read;
    }

    Seed seed() {
        return Seed.of(seed);
    }

    @Override
    public void close() {
        if (ntk != null) {
            ntk.close();
        }
    }
}
