package io.github.finitentk.cli;

import io.github.finitentk.report.html.RunPage;
import io.github.finitentk.store.RunReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk report}. */
@Example(does = "run.html, beside run.db", line = "ntk report run.db")
@Example(does = "a file of another name", line = "ntk report run.db --output page.html")
@Command(
        name = "report",
        description =
                "Write a run as one interactive HTML page that works offline: maps, curves, table, and what they say.")
final class ReportCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "RUN.db", description = "The run file.")
    private Path run;

    @Option(
            names = "--output",
            paramLabel = "R.html",
            description = "Where the page goes (default: beside the run, with the ending .html); - is standard output.")
    private Path output;

    private record Written(String report) {}

    @Override
    public Integer call() {
        Path page = output == null ? run.resolveSibling(baseName() + ".html") : output;
        Destination target =
                Destination.of(page, root.options, Destination.ofRun(run)).besideJson();
        try (RunReader file = RunReader.open(run)) {
            List<String> words = new ArrayList<>(List.of("ntk", "report", run.toString()));
            if (output != null) {
                words.addAll(List.of("--output", output.toString()));
            }
            String command = TypedCommand.quoted(words);
            byte[] html = RunPage.of(file, baseName(), command).html().getBytes(StandardCharsets.UTF_8);
            target.write("the run " + run + " as a page", out -> out.write(html));
        }
        if (root.options.json) {
            root.options.print(new Written(page.toString()));
        }
        return 0;
    }

    private String baseName() {
        return run.toAbsolutePath().getFileName().toString().replaceAll("\\.db$", "");
    }
}
