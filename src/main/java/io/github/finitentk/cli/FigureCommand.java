package io.github.finitentk.cli;

import io.github.finitentk.experiment.Scale;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.report.paper.FigureContext;
import io.github.finitentk.report.paper.FigureResult;
import io.github.finitentk.report.paper.PaperFigure;
import io.github.finitentk.report.paper.PaperFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk figure}. */
@Command(name = "figure", description = "Reproduce a figure of the paper: N.png, N.svg, N.csv, N.json and N.md.")
final class FigureCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "N|all", description = "The figure's number, or all that are available.")
    private String figure;

    @Option(
            names = "--scale",
            paramLabel = "quick|paper",
            defaultValue = "quick",
            description = "quick: about a minute (default); paper: the paper's widths and draws on a fine grid.")
    private Scale scale;

    @Option(
            names = "--style",
            paramLabel = "standard|paper",
            defaultValue = "standard",
            description = "standard: perceptually uniform colours for every kind of colour vision (default); paper: the"
                    + " paper's black, red, white and blue.")
    private FigureStyle style;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "figures",
            description = "Where the files go (default: figures).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<PaperFigure> figures = figure.equals("all") ? PaperFigures.ALL : List.of(PaperFigures.of(figure));
        Files.folder(out);
        GlobalOptions options = root.options;
        List<Map<String, Object>> documents = new ArrayList<>();
        for (PaperFigure each : figures) {
            FigureResult result;
            try (ConsoleProgress progress = ConsoleProgress.start("Figure " + each.number(), options)) {
                result = each.reproduce(new FigureContext(
                        scale, style, options.seed, options.backend(), options.workers(), progress, Version.text()));
            }
            Path picture = result.write(out);
            documents.add(Map.of("figure", each.number(), "picture", picture.toString()));
            if (!options.json) {
                options.out().println("Figure " + each.number() + ": " + picture + " (and .svg, .csv, .json, .md)");
            }
        }
        if (options.json) {
            options.out().println(JsonWriter.toString(documents.size() == 1 ? documents.get(0) : documents));
        }
        return 0;
    }
}
