package io.github.finitentk.cli;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.experiment.CellStoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The entry point of {@code ntk}. */
public final class Main {

    /** Bad usage or bad input. */
    static final int USAGE = 2;

    private static final int FAILURE = 1;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
    }

    /** Runs one command line and returns its exit code; what {@link #main} does, for tests. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        NtkCommand root = new NtkCommand();
        CommandLine commandLine = new CommandLine(root)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::badUsage)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command, root.options.debug));
        root.options.attach(out, err);
        try {
            return commandLine.execute(args);
        } finally {
            root.options.close();
        }
    }

    private static int badUsage(ParameterException e, String[] args) {
        e.getCommandLine().getErr().println("ntk: " + firstLine(e.getMessage()));
        return USAGE;
    }

    private static int failed(Exception e, CommandLine command, boolean debug) {
        PrintWriter err = command.getErr();
        if (debug) {
            e.printStackTrace(err);
        }
        if (e instanceof IllegalArgumentException || e instanceof InsufficientMemoryException) {
            err.println("ntk: " + firstLine(e.getMessage()));
            return USAGE;
        }
        if (e instanceof UncheckedIOException || e instanceof CellStoreException) {
            // Whoever throws these in our code gives them a sentence that names the file.
            err.println("ntk: " + firstLine(e.getMessage()));
            return FAILURE;
        }
        if (e instanceof IOException problem) {
            err.println("ntk: " + firstLine(Files.describe(problem)));
            return FAILURE;
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : firstLine(e.getMessage());
        err.println("ntk: " + message + (debug ? "" : " (--debug shows where)"));
        return FAILURE;
    }

    private static String firstLine(String message) {
        return message == null ? "unknown error" : message.lines().findFirst().orElse("unknown error");
    }
}
