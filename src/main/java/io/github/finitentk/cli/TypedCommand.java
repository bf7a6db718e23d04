package io.github.finitentk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Command lines for people to type. The launcher says in the system property {@code ntk.command} by which name it was called.
 */
final class TypedCommand {

    private TypedCommand() {}

    /**
     * The command that goes on where this one was interrupted: this one with {@code --resume}.
     *
     * @param done options whose work is done
     */
    static String resuming(CommandSpec command, String... done) {
        List<String> words = words(command, Set.of(done));
        if (!words.contains("--resume")) {
            words.add("--resume");
        }
        return quoted(List.of(name())) + " " + quoted(words);
    }

    /** By what name the launcher was called. */
    static String name() {
        return System.getProperty("ntk.command", "ntk");
    }

    /**
     * The command as it was typed, the positional words first.
     *
     * @param without options that are left out
     */
    static List<String> words(CommandSpec command, Set<String> without) {
        List<String> words = new ArrayList<>();
        for (ParseResult parsed = command.root().commandLine().getParseResult();
                parsed != null;
                parsed = parsed.subcommand()) {
            if (parsed.commandSpec() != command.root()) {
                words.add(parsed.commandSpec().name());
            }
            parsed.matchedPositionals().forEach(positional -> words.addAll(positional.originalStringValues()));
            for (OptionSpec option : parsed.matchedOptions()) {
                if (!without.contains(option.longestName())) {
                    add(words, option);
                }
            }
        }
        return words;
    }

    private static void add(List<String> words, OptionSpec option) {
        if (option.arity().max() == 0) {
            words.add(option.longestName());
            return;
        }
        for (String value : option.originalStringValues()) {
            if (value.startsWith("-")) {
                words.add(option.longestName() + "=" + value);
            } else {
                words.add(option.longestName());
                words.add(value);
            }
        }
    }

    /** Words of a command, each quoted for the shell where it needs to be. */
    static String quoted(List<String> words) {
        return words.stream().map(TypedCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (word.matches("[\\p{L}\\p{N}_@%+=:,./-]+")) {
            return word;
        }
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        return windows ? '"' + word.replace("\"", "\\\"") + '"' : "'" + word.replace("'", "'\\''") + "'";
    }
}
