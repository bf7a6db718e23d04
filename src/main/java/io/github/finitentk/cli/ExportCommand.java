package io.github.finitentk.cli;

import io.github.finitentk.internal.files.AtomicFile;
import io.github.finitentk.report.RunTable;
import io.github.finitentk.store.RunReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk export}. */
@Example(does = "a table for a spreadsheet or pandas", line = "ntk export run.db --output table.csv")
@Example(
        does = "a NumPy array with a field for each column",
        line = "ntk export run.db --format npy --output table.npy")
@Example(does = "to the next program", line = "ntk export run.db --format json > table.json")
@Command(name = "export", description = "Write the cells of a run file as a table, one row per cell in grid order.")
final class ExportCommand implements Callable<Integer> {

    enum Format {
        CSV,
        JSON,
        NPY;

        /** As it is written in a command line and at the end of a file's name. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "RUN.db", description = "The run file.")
    private Path run;

    @Option(
            names = "--format",
            paramLabel = "csv|json|npy",
            description =
                    "csv, json (with the manifest), or npy: an array with a named field per column (default: as the"
                            + " file's name ends, csv on standard output).")
    private Format format;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "Where the table goes; - is standard output (default: ${DEFAULT-VALUE}).")
    private Path output;

    private record Written(String table) {}

    @Override
    public Integer call() {
        GlobalOptions options = root.options;
        Destination target = Destination.of(output, options, Destination.ofRun(run));
        Format chosen = format(target);
        try (RunReader file = RunReader.open(run)) {
            RunTable table = new RunTable(file);
            AtomicFile.Content content = switch (chosen) {
                case CSV -> table::writeCsv;
                case JSON -> table::writeJson;
                case NPY -> table::writeNpy;
            };
            target.write("the cells of " + run + " as " + chosen.label(), content);
        }
        if (options.json && !target.isStandardOutput()) {
            options.print(new Written(target.path().toString()));
        }
        return 0;
    }

    private Format format(Destination target) {
        String ending = target.ending();
        Optional<Format> named = Arrays.stream(Format.values())
                .filter(each -> each.label().equals(ending))
                .findFirst();
        if (root.options.json && target.isStandardOutput()) {
            if (format != null && format != Format.JSON) {
                throw new IllegalArgumentException("--json and --format " + format.label() + " contradict each other.");
            }
            return Format.JSON;
        }
        if (format != null) {
            named.filter(other -> other != format).ifPresent(other -> {
                throw new IllegalArgumentException("--format " + format.label() + " and --output " + output
                        + ", which ends in ." + other.label() + ", contradict each other.");
            });
            return format;
        }
        if (named.isEmpty() && !ending.isEmpty()) {
            throw new IllegalArgumentException("Tables are written as .csv, .json or .npy, but " + output
                    + " ends in none of them; --format says which it is to be.");
        }
        return named.orElse(Format.CSV);
    }
}
