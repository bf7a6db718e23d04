package io.github.finitentk.cli;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.experiment.Figure1;
import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.VarianceExperiment;
import io.github.finitentk.experiment.VarianceRow;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.CsvWriter;
import io.github.finitentk.report.FigureWriter;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.report.VarianceHeatMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk figure}. */
@Command(name = "figure", description = "Reproduce a figure of the paper: N.png, N.svg, N.csv, N.json and N.md.")
final class FigureCommand implements Callable<Integer> {

    private static final List<Integer> AVAILABLE = List.of(1);

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "N|all", description = "The figure's number; available: 1.")
    private String figure;

    @Option(
            names = "--scale",
            paramLabel = "quick|paper",
            defaultValue = "quick",
            description = "quick: about a minute (default); paper: the paper's widths and draws on a fine grid.")
    private Scale scale;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "figures",
            description = "Where the files go (default: figures).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<Integer> numbers = figure.equals("all") ? AVAILABLE : List.of(number(figure));
        Files.folder(out);
        for (int number : numbers) {
            drawFigure1(number);
        }
        return 0;
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (AVAILABLE.contains(number)) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // the sentence below covers it
        }
        throw new IllegalArgumentException(
                "There is no figure \"" + text + "\"; available are " + AVAILABLE + " and \"all\".");
    }

    private void drawFigure1(int number) throws IOException {
        GlobalOptions options = root.options;
        Figure1 preset = Figure1.preset(scale);
        Backend backend = options.backend();
        List<VarianceRow> rows;
        try (ConsoleProgress progress = ConsoleProgress.start("Figure " + number, options)) {
            rows = new VarianceExperiment(backend, options.workers(), options.seed, preset.draws())
                    .run(preset.cells(), progress);
        }
        Caption caption = Caption.builder()
                .title("Figure " + number + ": randomness of the NTK at initialisation")
                .text("Second moment of the neural tangent kernel $\\Theta(x,x)$ over its squared mean for random"
                        + " fully-connected networks of constant width $M$ and depth $L$. Black: the kernel is close to"
                        + " deterministic. Red: its standard deviation is a fraction of its mean. White: they are equal."
                        + " Blue: the standard deviation exceeds the mean.")
                .parameter("$\\sigma_b^2$", "1")
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter("widths $M$", Arrays.toString(preset.widths()))
                .parameter("method", "whole networks drawn, " + preset.draws() + " per cell")
                .parameter("precision", "f64")
                .parameter("backend", backend.name())
                .seed(options.seed)
                .version(Version.text())
                .command("ntk figure " + number + " --scale " + scale.name().toLowerCase(Locale.ROOT) + " --seed "
                        + options.seed)
                .build();
        HeatMapFigure picture = VarianceHeatMap.of(
                rows, "Fully-connected networks of constant width at initialisation; " + caption.parameterLine());
        FigureWriter.writePng(picture, out.resolve(number + ".png"));
        FigureWriter.writeSvg(picture, out.resolve(number + ".svg"));
        CsvWriter.write(out.resolve(number + ".csv"), VarianceHeatMap.COLUMNS, VarianceHeatMap.table(rows));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("figure", number);
        document.put("scale", scale.name().toLowerCase(Locale.ROOT));
        document.put("seed", options.seed);
        document.put("version", Version.text());
        document.put("backend", backend.name());
        document.put("backend_description", backend.description());
        document.put("columns", VarianceHeatMap.COLUMNS);
        document.put("rows", VarianceHeatMap.table(rows));
        JsonWriter.write(out.resolve(number + ".json"), document);
        caption.write(out.resolve(number + ".md"));
        Path picturePath = out.resolve(number + ".png").toAbsolutePath().normalize();
        if (options.json) {
            options.out().println(JsonWriter.toString(Map.of("figure", number, "picture", picturePath.toString())));
        } else {
            options.out().println("Figure " + number + ": " + picturePath + " (and .svg, .csv, .json, .md)");
        }
    }
}
