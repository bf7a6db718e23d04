package io.github.finitentk.cli;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.files.FileProblem;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of {@code ntk}. */
public final class Main {

    /** Bad usage or bad input. */
    static final int USAGE = 2;

    static final int FAILURE = 1;

    private Main() {}

    public static void main(String[] args) {
        // Digits and decimal points are the same everywhere, also where a library formats them.
        Locale.setDefault(Locale.ROOT);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> System.err.println("ntk: " + sentence(e, false)));
        settleHome();
        LocaleCheck.problem(args).ifPresent(problem -> {
            System.err.println("ntk: " + problem);
            System.exit(USAGE);
        });
        System.exit(run(args, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err)));
    }

    // A user without an entry in the user database has the home directory "?" in Java, and Java's fonts would leave
    // their cache in a folder of that name.
    private static void settleHome() {
        if (!System.getProperty("user.home", "").startsWith("/") && File.separatorChar == '/') {
            String home = System.getenv("HOME");
            System.setProperty("user.home", home != null && home.startsWith("/") ? home : "/nonexistent");
        }
    }

    /** Runs one command line and returns its exit code; what {@link #main} does, for tests. */
    static int run(String[] args, OutputStream standardOutput, OutputStream standardError) {
        NtkCommand root = new NtkCommand();
        return run(NtkCommand.parser(root, args), root.options, args, standardOutput, standardError);
    }

    /**
     * Runs a command line of another program as {@code ntk} runs its own: with the same sentences, streams and exit codes.
     *
     * @param parser of a command that has these options
     * @return the exit code
     */
    public static int run(
            CommandLine parser,
            GlobalOptions options,
            String[] args,
            OutputStream standardOutput,
            OutputStream standardError) {
        StandardOutput checked = new StandardOutput(standardOutput);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(checked, Charset.defaultCharset()), true);
        PrintWriter err = new PrintWriter(new OutputStreamWriter(standardError, Charset.defaultCharset()), true);
        int exitCode = execute(parser, options, args, checked, out, err);
        out.flush();
        if (checked.problem().isPresent()) {
            err.println("ntk: " + checked.problem().get());
            exitCode = exitCode == 0 ? FAILURE : exitCode;
        }
        err.flush();
        return exitCode;
    }

    private static int execute(
            CommandLine parser,
            GlobalOptions options,
            String[] args,
            StandardOutput checked,
            PrintWriter out,
            PrintWriter err) {
        parser.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::badUsage)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, checked, err, options.debug))
                .setExecutionStrategy(parsed -> {
                    ParseResult last = last(parsed);
                    requireKnownCommand(last);
                    options.check(last.commandSpec().commandLine());
                    return new CommandLine.RunLast().execute(parsed);
                });
        options.attach(checked, out, err);
        try {
            return parser.execute(args);
        } catch (RuntimeException | Error e) {
            return failed(e, checked, err, options.debug);
        } finally {
            options.close();
        }
    }

    private static ParseResult last(ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
    }

    // Help is asked for, else this would be an error already; but there is none for a command that does not exist.
    private static void requireKnownCommand(ParseResult last) {
        List<String> words =
                last.unmatched().stream().filter(word -> !word.startsWith("-")).toList();
        if (!words.isEmpty() && !last.commandSpec().subcommands().isEmpty()) {
            throw new UnmatchedArgumentException(last.commandSpec().commandLine(), words);
        }
    }

    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        // Whoever asks for help gets it, also with a command line that is not right yet.
        boolean unknownWord = e instanceof UnmatchedArgumentException
                && !command.getSubcommands().isEmpty();
        if (!unknownWord && !Collections.disjoint(Arrays.asList(args), List.of("--help", "-h"))) {
            command.usage(command.getOut());
            return 0;
        }
        command.getErr().println("ntk: " + firstLine(UsageError.sentence(e, args)));
        return USAGE;
    }

    private static int failed(Throwable e, StandardOutput out, PrintWriter err, boolean debug) {
        if (debug) {
            e.printStackTrace(err);
        }
        if (out.problem().isPresent()) {
            return FAILURE; // and why is said at the end
        }
        err.println("ntk: " + sentence(e, debug));
        return e instanceof IllegalArgumentException || e instanceof InsufficientMemoryException ? USAGE : FAILURE;
    }

    private static String sentence(Throwable e, boolean debug) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError || "std::bad_alloc".equals(cause.getMessage())) {
                return "Memory ran out; the Java heap may grow to "
                        + Memory.format(Runtime.getRuntime().maxMemory())
                        + ", and NTK_JAVA_OPTS=-Xmx8g ntk ... makes that 8 GB; fewer inputs need less.";
            }
        }
        // Whoever throws these in our code gives them a sentence that names what is wrong.
        if (e instanceof IllegalArgumentException
                || e instanceof InsufficientMemoryException
                || e instanceof ArithmeticException
                || e instanceof UncheckedIOException
                || e instanceof CellStore.StoreException) {
            return firstLine(e.getMessage());
        }
        if (e instanceof IOException problem) {
            return firstLine(FileProblem.sentence(problem));
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : firstLine(e.getMessage());
        // A sentence is one of ours; what is none was not foreseen.
        return message + (debug || message.endsWith(".") ? "" : " (--debug shows where)");
    }

    private static String firstLine(String message) {
        return message == null ? "unknown error" : message.lines().findFirst().orElse("unknown error");
    }
}
