package io.github.finitentk.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in one sentence that names the word and what it may have been meant to be. */
final class UsageError {

    private UsageError() {}

    static String sentence(ParameterException problem, String[] line) {
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        if (problem instanceof UnmatchedArgumentException unmatched
                && !command.subcommands().isEmpty()
                && !unmatched.getUnmatched().get(0).startsWith("-")) {
            return noSuch(
                    "command",
                    unmatched.getUnmatched().get(0),
                    command.subcommands().keySet(),
                    command);
        }
        if (problem instanceof UnmatchedArgumentException || problem instanceof MissingParameterException) {
            // Who mistypes an option that is required is told of the slip, not that the option is missing.
            Optional<String> unknown = unknownOption(command, Arrays.asList(line));
            if (unknown.isPresent()) {
                return noSuch("option", unknown.get(), command.optionsMap().keySet(), command);
            }
        }
        if (problem instanceof UnmatchedArgumentException spare) {
            return spare(spare.getUnmatched(), command);
        }
        Optional<String> refusal = OptionTypes.refusal(problem);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        ArgSpec argument = problem.getArgSpec();
        if (argument != null && argument.type().isEnum() && problem.getValue() != null) {
            return noSuchValue(argument, problem.getValue());
        }
        return problem.getMessage();
    }

    private static String spare(List<String> words, CommandSpec command) {
        List<String> synopsis = CommandPage.of(command.commandLine()).synopsis();
        return "There is a word too many, '" + words.get(0) + "': " + command.qualifiedName() + " "
                + String.join(" ", synopsis) + ".";
    }

    private static String noSuch(String kind, String word, Collection<String> names, CommandSpec command) {
        List<String> nearest = Nearest.names(word, names);
        return "There is no " + kind + " " + word
                + (nearest.isEmpty()
                        ? "; " + command.qualifiedName() + " --help lists them."
                        : "; did you mean " + String.join(" or ", nearest) + "?");
    }

    private static String noSuchValue(ArgSpec argument, String value) {
        List<String> words = CommandPage.words(argument);
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        List<String> nearest = Nearest.names(value.toLowerCase(Locale.ROOT), words);
        return name + " takes " + String.join(", ", words.subList(0, words.size() - 1)) + " or "
                + words.get(words.size() - 1) + ", not '" + value + "'"
                + (nearest.isEmpty() ? "." : "; did you mean " + String.join(" or ", nearest) + "?");
    }

    /** The first word that looks like an option, is none and is no option's value. */
    private static Optional<String> unknownOption(CommandSpec command, List<String> line) {
        boolean isValue = false;
        for (String word : line) {
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            OptionSpec option = command.optionsMap().get(name);
            boolean looks = name.matches("--?[A-Za-z].*");
            if (looks && !isValue && option == null && !isCluster(name, command)) {
                return Optional.of(name);
            }
            isValue = option != null && option.arity().max() > 0 && name.equals(word);
        }
        return Optional.empty();
    }

    // -hV is -h -V.
    private static boolean isCluster(String name, CommandSpec command) {
        return !name.startsWith("--")
                && name.chars().skip(1).allMatch(letter -> command.optionsMap().containsKey("-" + (char) letter));
    }
}
