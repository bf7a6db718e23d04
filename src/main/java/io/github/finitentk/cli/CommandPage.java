package io.github.finitentk.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What there is to say of a command, read off its declaration: what {@code --help}, the manual pages, the reference of the
 * documentation and the shells' completion are written from.
 *
 * @param name all of it: {@code ntk runs compare}
 * @param synopsis its line of usage, word by word, without its name
 * @param options its own
 * @param common the options that all commands have
 */
record CommandPage(
        String name,
        String summary,
        List<String> synopsis,
        List<Entry> parameters,
        List<Entry> options,
        List<Entry> common,
        List<CommandPage> commands,
        List<Example> examples,
        String exitCodes) {

    /**
     * An option, or a positional parameter.
     *
     * @param names of an option, the short one first; empty for a parameter
     * @param label of its value; empty where it takes none
     * @param words that the value may be, as far as they are known
     * @param isFile whether the value is the name of a file or a folder
     */
    record Entry(
            List<String> names,
            String label,
            String description,
            boolean required,
            List<String> words,
            boolean isFile) {

        /** {@code --out RUN.db}. */
        String heading() {
            return String.join(", ", names) + (names.isEmpty() || label.isEmpty() ? "" : " ") + label;
        }

        String longName() {
            return names.get(names.size() - 1);
        }

        boolean takesValue() {
            return !label.isEmpty();
        }
    }

    static CommandPage of(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<String> common =
                spec.root().options().stream().map(OptionSpec::longestName).toList();
        List<Entry> parameters =
                spec.positionalParameters().stream().map(CommandPage::parameter).toList();
        List<Entry> options = options(spec)
                .filter(option -> spec == spec.root() || !common.contains(option.longName()))
                .toList();
        return new CommandPage(
                spec.qualifiedName(),
                text(spec.usageMessage().description()),
                synopsis(spec, parameters, options),
                parameters,
                spec == spec.root() ? List.of() : options,
                options(spec)
                        .filter(option -> common.contains(option.longName()))
                        .toList(),
                new LinkedHashSet<>(spec.subcommands().values())
                        .stream().map(CommandPage::of).toList(),
                Arrays.asList(spec.userObject().getClass().getAnnotationsByType(Example.class)),
                text(spec.root().usageMessage().footer()));
    }

    /** This page and those of all commands below. */
    Stream<CommandPage> all() {
        return Stream.concat(Stream.of(this), commands.stream().flatMap(CommandPage::all));
    }

    /** The summary's first clause. */
    String brief() {
        return clause(summary);
    }

    /** The first clause of a text: what has room in a list. */
    static String clause(String text) {
        String first = text.split("(?<=[?])( |$)|(?<=[\\w\\])])[.;:]( |$)", 2)[0];
        return first.length() < 80 ? first : first.split(", | \\(", 2)[0];
    }

    /** {@code compare} of {@code ntk runs compare}. */
    String lastWord() {
        return name.substring(name.lastIndexOf(' ') + 1);
    }

    private static Stream<Entry> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .map(option -> {
                    List<String> names = Stream.of(option.names())
                            .sorted(Comparator.comparingInt(String::length))
                            .toList();
                    return entry(option, names, option.arity().max() == 0 ? "" : option.paramLabel());
                });
    }

    private static Entry parameter(PositionalParamSpec parameter) {
        return entry(parameter, List.of(), parameter.paramLabel());
    }

    private static Entry entry(ArgSpec argument, List<String> names, String label) {
        List<Class<?>> types = new ArrayList<>(Arrays.asList(argument.auxiliaryTypes()));
        types.add(argument.type());
        return new Entry(
                names,
                label,
                text(argument.description()),
                argument.required(),
                words(argument),
                types.contains(Path.class) || types.contains(File.class));
    }

    /** What the value of an argument may be, as far as that is a list of words. */
    static List<String> words(ArgSpec argument) {
        List<String> words = new ArrayList<>();
        if (argument.type().isEnum()) {
            for (Object constant : argument.type().getEnumConstants()) {
                words.add(constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        } else if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(words::add);
        }
        return words;
    }

    private static List<String> synopsis(CommandSpec spec, List<Entry> parameters, List<Entry> options) {
        List<String> words = new ArrayList<>();
        words.add("[OPTIONS]");
        if (!spec.subcommands().isEmpty()) {
            boolean optional = spec.userObject() instanceof RunsCommand;
            words.add(optional ? "[COMMAND]" : "COMMAND");
        }
        options.stream().filter(Entry::required).forEach(option -> words.add(option.longName() + " " + option.label()));
        for (int i = 0; i < parameters.size(); i++) {
            Entry parameter = parameters.get(i);
            boolean many = spec.positionalParameters().get(i).arity().max() > 1;
            String word = parameter.label() + (many ? "..." : "");
            words.add(parameter.required() ? word : "[" + word + "]");
        }
        return words;
    }

    // Picocli's texts are format strings, in which a percent sign stands twice.
    private static String text(String... lines) {
        return String.join(" ", lines).replace("%%", "%").strip();
    }
}
