package io.github.finitentk.cli;

import io.github.finitentk.report.RunTable;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk export}. */
@Command(name = "export", description = "Write the cells of a run file as a table, one row per cell in grid order.")
final class ExportCommand implements Callable<Integer> {

    enum Format {
        CSV,
        JSON,
        NPY
    }

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "RUN.db", description = "The run file.")
    private Path run;

    @Option(
            names = "--format",
            paramLabel = "csv|json|npy",
            defaultValue = "CSV",
            description = "csv (default), json (with the manifest), or npy: an array with a named field per column.")
    private Format format;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "Where the table goes.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        Files.output(output);
        try (RunReader file = RunReader.open(run)) {
            RunTable table = new RunTable(file);
            switch (format) {
                case CSV -> table.writeCsv(output);
                case JSON -> table.writeJson(output);
                case NPY -> table.writeNpy(output);
            }
        }
        root.options.message("Wrote " + output + ".");
        return 0;
    }
}
