package io.github.finitentk.cli;

import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.report.paper.FigureContext;
import io.github.finitentk.report.paper.FigureRun;
import io.github.finitentk.report.paper.FinishedRun;
import io.github.finitentk.report.paper.PaperFigure;
import io.github.finitentk.report.paper.PaperFigures;
import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    @Option(
            names = "--resume",
            description = "Continue an interrupted run, as the command does anyway: nothing is computed twice.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        List<PaperFigure> figures = figure.equals("all") ? PaperFigures.ALL : List.of(PaperFigures.of(figure));
        Files.folder(out);
        GlobalOptions options = root.options;
        List<Map<String, Object>> documents = new ArrayList<>();
        try (SweepSession session = new SweepSession(options)) {
            for (PaperFigure each : figures) {
                Map<String, FinishedRun> runs = new LinkedHashMap<>();
                List<Path> reused = new ArrayList<>();
                List<FigureRun> needed = each.runs(scale, options.seed);
                for (FigureRun run : needed) {
                    String part = needed.size() == 1 ? "" : ", run " + (runs.size() + 1) + " of " + needed.size();
                    Optional<FinishedRun> finished = finish("Figure " + each.number() + part, run, session, reused);
                    if (finished.isEmpty()) {
                        return StopSignal.INTERRUPTED;
                    }
                    runs.put(run.name(), finished.get());
                }
                sayReused(each, reused);
                Path picture = each.draw(new FigureContext(scale, style, options.seed, Version.text(), runs))
                        .write(out);
                documents.add(Map.of("figure", each.number(), "picture", picture.toString()));
                if (!options.json) {
                    options.out().println("Figure " + each.number() + ": " + picture + " (and .svg, .csv, .json, .md)");
                }
            }
        }
        if (options.json) {
            options.out().println(JsonWriter.toString(documents.size() == 1 ? documents.get(0) : documents));
        }
        return 0;
    }

    // Empty if it was interrupted.
    private Optional<FinishedRun> finish(String task, FigureRun figureRun, SweepSession session, List<Path> reused) {
        String scaleLabel = scale.name().toLowerCase(Locale.ROOT);
        Path file = out.resolve(figureRun.name() + "-" + scaleLabel + ".db");
        try (RunFile run = RunFile.isThere(file)
                ? session.resume(file, figureRun.spec(), "remove it or choose another folder with --out")
                : session.create(file, figureRun.spec())) {
            if (run.isFinished()) {
                reused.add(file);
            } else if (!session.run(task, run)) {
                session.interrupted(run, command());
                return Optional.empty();
            }
            List<SweepRow> rows = new ArrayList<>();
            run.rows().forEach(rows::add);
            session.warnOfFailures(file, run);
            return Optional.of(new FinishedRun(run.manifest(), rows));
        }
    }

    private void sayReused(PaperFigure each, List<Path> files) {
        if (!files.isEmpty()) {
            String names = files.stream().map(Path::toString).collect(Collectors.joining(", "));
            root.options.message("Figure " + each.number() + " uses finished runs, " + names
                    + "; to compute them anew, remove these files.");
        }
    }

    private String command() {
        GlobalOptions options = root.options;
        return "ntk figure " + figure + " --scale " + scale.name().toLowerCase(Locale.ROOT)
                + (style == FigureStyle.STANDARD
                        ? ""
                        : " --style " + style.name().toLowerCase(Locale.ROOT))
                + " --out " + out
                + (options.seed == 0 ? "" : " --seed " + options.seed) + " --resume";
    }
}
