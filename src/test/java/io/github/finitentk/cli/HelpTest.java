package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.QuantityType;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is said about the commands, by themselves and in the documents, is true. */
class HelpTest {

    private static final Pattern IN_TEXT = Pattern.compile("`(?:\\./)?ntk ([^`]+)`");

    private static Stream<CommandLine> commands() {
        return withSubcommands(NtkCommand.parser(new NtkCommand()));
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::withSubcommands));
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    /** Only the first line of a description stands in the list of commands. */
    @ParameterizedTest
    @MethodSource("commands")
    void everySummaryIsASentence(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        assertThat(description).as(name(command)).hasSize(1);
        assertThat(description[0]).as(name(command)).matches("[A-Z].*[.?]");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionIsDescribedAndShowsItsTrueDefault(CommandLine command) {
        List<ArgSpec> arguments = command.getCommandSpec().args();
        for (ArgSpec argument : arguments) {
            String name = name(command) + " " + argument.paramLabel() + " "
                    + (argument instanceof OptionSpec option ? option.longestName() : "");
            String text = String.join(" ", argument.description());
            assertThat(text).as(name).matches("(?s).{8,}\\.");
            assertThat(Character.isLetterOrDigit(text.charAt(0)) || text.charAt(0) == '|')
                    .as(name)
                    .isTrue();
            if (argument.defaultValue() != null) {
                assertThat(text).as(name).contains("(default: " + argument.defaultValue() + ")");
            }
            if (argument.paramLabel().matches("[a-z0-9-]+(\\|[a-z0-9-]+)+") && argument.defaultValue() != null) {
                assertThat(argument.paramLabel().split("\\|")).as(name).contains(argument.defaultValue());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsAnsweredWhateverElseStandsThere(CommandLine command) {
        List<String> words = new ArrayList<>(List.of(name(command).split(" ")));
        words.remove(0);
        for (String more : List.of("--help", "-h", "--json --help", "--threads 0 --help", "--bogus --help")) {
            List<String> line = new ArrayList<>(words);
            line.addAll(List.of(more.split(" ")));
            CommandLineRun run = CommandLineRun.of(line.toArray(String[]::new));
            assertThat(run.exitCode()).as(line + ": " + run.err()).isZero();
            assertThat(run.out()).as(line.toString()).startsWith("Usage: " + name(command) + " ");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noCommandTakesFewerThreadsThanOne(CommandLine command) {
        List<String> words = new ArrayList<>(List.of(name(command).split(" ")));
        words.remove(0);
        // With all that the command requires, so that nothing else is wrong.
        for (ArgSpec argument : command.getCommandSpec().args()) {
            if (argument.required() && argument instanceof OptionSpec option) {
                words.addAll(List.of(option.longestName(), option.longestName().equals("--activation") ? "relu" : "1"));
            } else if (argument.required()) {
                words.add("1");
            }
        }
        for (String threads : List.of("0", "-1", "-2147483648")) {
            List<String> line = new ArrayList<>(words);
            line.addAll(List.of("--threads", threads));
            CommandLineRun run = CommandLineRun.of(line.toArray(String[]::new));
            assertThat(run.exitCode()).as(line.toString()).isEqualTo(Main.USAGE);
            assertThat(run.err())
                    .as(line.toString())
                    .isEqualTo("ntk: --threads must be at least 1, not " + threads + ".\n");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatShellsCompleteIsTaken(CommandLine command) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            for (String candidate :
                    option.completionCandidates() == null ? List.<String>of() : option.completionCandidates()) {
                List<String> words = new ArrayList<>(List.of(name(command).split(" ")));
                words.remove(0);
                words.addAll(List.of(option.longestName(), candidate));
                try {
                    NtkCommand.parser(new NtkCommand()).parseArgs(words.toArray(String[]::new));
                } catch (MissingParameterException e) {
                    // There is more to say, but nothing against this.
                } catch (CommandLine.ParameterException e) {
                    throw new AssertionError(words + ": " + e.getMessage(), e);
                }
            }
        }
    }

    @Test
    void aWordThatIsNoCommandHasNoHelp() {
        for (String line : List.of("kernal --help", "kernal", "--help kernal", "runs lst --help")) {
            CommandLineRun run = CommandLineRun.of(line.split(" "));
            assertThat(run.exitCode()).as(line).isEqualTo(Main.USAGE);
            assertThat(run.out()).isEmpty();
        }
        assertThat(CommandLineRun.of("kernal").err()).contains("did you mean kernel");
    }

    private static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                    Stream.of(Path.of("README.md"), Path.of("benchmarks/README.md")),
                    docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyDocumentedCommandLineParses(Path document) throws IOException {
        String text = Files.readString(document).replaceAll("\\\\\n *", " ");
        int found = 0;
        for (String line : text.lines().toList()) {
            Matcher indented = Pattern.compile("^ {4}(?:\\$ )?\\./ntk (.*)$").matcher(line);
            if (indented.matches()) {
                parse(document, indented.group(1).replaceAll("(^| )#.*| [|>].*", ""), true);
                found++;
            }
            Matcher inText = IN_TEXT.matcher(line);
            while (inText.find()) {
                parse(document, inText.group(1), false);
            }
        }
        assertThat(found)
                .isGreaterThanOrEqualTo(
                        document.startsWith("docs") || document.endsWith("benchmarks/README.md") ? 0 : 5);
    }

    /** @param whole whether nothing may be missing; in a sentence only what is spoken of stands there */
    private static void parse(Path document, String line, boolean whole) {
        String[] words = Arrays.stream(line.replaceAll("[\\[\\]]", "").strip().split(" +"))
                .filter(word -> !word.equals("..."))
                .toArray(String[]::new);
        if (!whole && words[0].equals("COMMAND")) {
            return;
        }
        CommandLine command = NtkCommand.parser(new NtkCommand());
        try {
            command.parseArgs(words);
        } catch (MissingParameterException e) {
            assertThat(whole)
                    .as(document + ": ntk " + line + ": " + e.getMessage())
                    .isFalse();
        } catch (CommandLine.ParameterException e) {
            throw new AssertionError(document + ": ntk " + line + ": " + e.getMessage());
        }
    }

    @Test
    void everyCommandIsInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        commands()
                .map(HelpTest::name)
                .filter(name -> name.matches("ntk [a-z]+"))
                .forEach(name -> assertThat(readme).contains("| `" + name));
    }

    @Test
    void everyColumnIsDescribed() throws IOException {
        String sweeps = Files.readString(Path.of("docs/sweeps.md"));
        for (QuantityType type : Quantity.types()) {
            if (type.getClass().getName().contains("Trial")) {
                continue; // that of a test
            }
            String section = sweeps.substring(sweeps.indexOf("**`" + type.name() + "`**"));
            section = section.substring(0, Math.max(section.indexOf("\n**`", 4), section.indexOf("\n## ")));
            SweepSpec spec = SweepSpec.builder(type.name())
                    .activations(Activations.TANH)
                    .sigmaW2(1)
                    .sigmaB2(1)
                    .depths(2)
                    .widths(10)
                    .build();
            for (Column<?> column : spec.quantity().columns()) {
                assertThat(section).as(type.name()).contains("`" + column.name() + "`");
            }
        }
    }

    @Test
    void everyDocumentedBenchmarkExists() throws IOException {
        List<String> benchmarks = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("benchmarks/src"))) {
            for (Path file : files.filter(path -> path.toString().endsWith("Benchmark.java"))
                    .toList()) {
                String type = file.getFileName().toString().replace(".java", "");
                Matcher method = Pattern.compile("@Benchmark\\b[^;{]*?public \\w+ (\\w+)\\(", Pattern.DOTALL)
                        .matcher(Files.readString(file));
                while (method.find()) {
                    benchmarks.add("io.github.finitentk.benchmarks." + type + "." + method.group(1));
                }
            }
        }
        assertThat(benchmarks).hasSizeGreaterThan(4);
        for (String document : List.of("benchmarks/README.md", "benchmarks/peers/README.md")) {
            Matcher line = Pattern.compile("benchmarks\\.jar ([\\w.]+)").matcher(Files.readString(Path.of(document)));
            while (line.find()) {
                Pattern wanted = Pattern.compile(line.group(1));
                assertThat(benchmarks.stream()
                                .filter(name -> wanted.matcher(name).find()))
                        .as(document + ": " + line.group(1))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void namesOfFormatsAreLowerCaseInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(ExportCommand.Format.JSON.label()).isEqualTo("json");
        } finally {
            Locale.setDefault(before);
        }
    }
}
