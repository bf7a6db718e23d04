package io.github.finitentk.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ntk help}. */
@Command(name = "help", description = "Show what a command does, as its --help does, or as a manual page.")
@Example(does = "what ntk sweep does and takes", line = "ntk help sweep")
@Example(does = "the manual page of one of the commands of ntk runs", line = "ntk help runs compare --format man")
@Example(does = "all pages, a file for each, for a folder of MANPATH", line = "ntk help --format man --out man1")
final class HelpCommand implements Callable<Integer> {

    /** As what a page is written. */
    enum Format {
        TEXT(HelpText::of, ".txt"),
        MAN(ManualPage::of, ".1"),
        MARKDOWN(MarkdownPage::of, ".md");

        private final Function<CommandPage, String> writer;
        private final String extension;

        Format(Function<CommandPage, String> writer, String extension) {
            this.writer = writer;
            this.extension = extension;
        }

        String of(CommandPage page) {
            return writer.apply(page);
        }

        /** {@code ntk-runs-compare.1}. */
        String file(CommandPage page) {
            return page.name().replace(' ', '-') + extension;
        }
    }

    /** The commands, for shells to complete. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return NtkCommand.names().iterator();
        }
    }

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            completionCandidates = Names.class,
            description = "The command, for example sweep, or runs compare (default: ntk itself).")
    private List<String> words = List.of();

    @Option(
            names = "--format",
            paramLabel = "text|man|markdown",
            defaultValue = "text",
            description = "The page as --help prints it, as source of a manual page, or in Markdown (default:"
                    + " ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write the pages of the command and of all commands below into this folder, a file for each.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        // A parser of its own: the one that read this line knows no other commands.
        CommandLine command = NtkCommand.parser(new NtkCommand()).setErr(root.options.err());
        for (String word : words) {
            CommandLine next = command.getSubcommands().get(word);
            if (next == null) {
                throw new UnmatchedArgumentException(command, new ArrayList<>(List.of(word)));
            }
            command = next;
        }
        CommandPage page = CommandPage.of(command);
        if (out == null) {
            root.options.out().print(format.of(page));
            return 0;
        }
        Files.createDirectories(out);
        for (CommandPage each : page.all().toList()) {
            Files.writeString(out.resolve(format.file(each)), format.of(each));
        }
        root.options.message(page.all().count() + " pages are in " + out + ".");
        return 0;
    }
}
