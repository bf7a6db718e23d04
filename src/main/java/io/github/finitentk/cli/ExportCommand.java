package io.github.finitentk.cli;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.report.CsvWriter;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk export}. */
@Command(name = "export", description = "Write the cells of a run file as a table, one row per cell in grid order.")
final class ExportCommand implements Callable<Integer> {

    enum Format {
        CSV,
        JSON
    }

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "RUN.db", description = "The run file.")
    private Path run;

    @Option(names = "--format", paramLabel = "csv|json", defaultValue = "CSV", description = "Default: csv.")
    private Format format;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "Where the table goes.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        Files.output(output);
        try (RunFile file = RunFile.open(run)) {
            List<String> columns = new ArrayList<>(
                    List.of("activation", "sigma_w2", "sigma_b2", "depth", "width", "status", "reason"));
            file.columns().forEach(column -> columns.add(column.name()));
            Iterable<List<Object>> rows = () -> StreamSupport.stream(file.rows().spliterator(), false)
                    .map(row -> row(row.cell(), row.result()))
                    .iterator();
            if (format == Format.CSV) {
                CsvWriter.write(output, columns, rows);
            } else {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("manifest", file.manifest());
                document.put("columns", columns);
                document.put("rows", rows);
                JsonWriter.write(output, document);
            }
        }
        root.options.message("Wrote " + output + ".");
        return 0;
    }

    private static List<Object> row(Cell cell, CellResult result) {
        List<Object> values = new ArrayList<>(
                List.of(cell.activation().label(), cell.sigmaW2(), cell.sigmaB2(), cell.depth(), cell.width()));
        values.add(result.status().name().toLowerCase(Locale.ROOT));
        values.add(result.reason());
        values.addAll(result.values());
        return values;
    }
}
