package io.github.finitentk.cli;

import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.paper.FigureContext;
import io.github.finitentk.report.paper.FigureRun;
import io.github.finitentk.report.paper.FinishedRun;
import io.github.finitentk.report.paper.PaperFigure;
import io.github.finitentk.report.paper.PaperFigures;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk figure}. */
@Command(
        name = "figure",
        description = "Reproduce a figure of the paper: N.png, N.svg, N.csv, N.json and N.md (with --scale paper"
                + " N-scale-paper.png, with --style paper N-style-paper.png, and so on).")
final class FigureCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "N|all", description = "The figure's number, or all that are available.")
    private String figure;

    @Option(
            names = "--scale",
            paramLabel = "quick|paper",
            defaultValue = "quick",
            description =
                    "quick: about a minute; paper: the paper's widths and draws on a fine grid (default: ${DEFAULT-VALUE}).")
    private Scale scale;

    @Option(
            names = "--style",
            paramLabel = "standard|paper",
            defaultValue = "standard",
            description =
                    "standard: perceptually uniform colours for every kind of colour vision; paper: the paper's black,"
                            + " red, white and blue, for figures that are maps (default: ${DEFAULT-VALUE}).")
    private FigureStyle style;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "figures",
            description = "Where the files go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--resume",
            description = "Continue an interrupted run, as the command does anyway: nothing is computed twice.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        List<PaperFigure> figures = figure.equals("all") ? PaperFigures.ALL : List.of(PaperFigures.of(figure));
        if (style != FigureStyle.STANDARD
                && figures.size() == 1
                && !figures.get(0).hasStyles()) {
            throw new IllegalArgumentException(
                    "Figure " + figure + " consists of lines, whose colours no style changes; leave out --style.");
        }
        FileProblems.folder(out);
        GlobalOptions options = root.options;
        List<Map<String, Object>> documents = new ArrayList<>();
        try (SweepSession session = new SweepSession(options)) {
            for (PaperFigure each : figures) {
                Map<String, FinishedRun> runs = new LinkedHashMap<>();
                List<Path> reused = new ArrayList<>();
                List<FigureRun> needed = each.runs(scale, options.seed);
                boolean ours = needed.stream().anyMatch(run -> RunFile.isThere(file(run)));
                for (FigureRun run : needed) {
                    String part = needed.size() == 1 ? "" : ", run " + (runs.size() + 1) + " of " + needed.size();
                    int exitCode = finish("Figure " + each.number() + part, run, session, reused);
                    if (exitCode != 0) {
                        return exitCode;
                    }
                    runs.put(run.name(), read(run));
                }
                sayReused(each, reused);
                FigureContext context = new FigureContext(
                        scale, each.hasStyles() ? style : FigureStyle.STANDARD, options.seed, Version.text(), runs);
                List<Path> replaced = ours ? List.of() : pictures(context.fileName(each.number()));
                Path picture = each.draw(context).write(out, context.fileName(each.number()));
                if (!replaced.isEmpty()) {
                    options.message("Replaced " + names(replaced) + ".");
                }
                documents.add(Map.of("figure", each.number(), "picture", picture.toString()));
                if (!options.json) {
                    options.out().println("Figure " + each.number() + ": " + picture + " (and .svg, .csv, .json, .md)");
                }
            }
        }
        if (options.json) {
            options.print(documents.size() == 1 ? documents.get(0) : documents);
        }
        return 0;
    }

    private int finish(String task, FigureRun figureRun, SweepSession session, List<Path> reused) {
        Path file = file(figureRun);
        try (RunFile run = RunFile.isThere(file)
                ? session.resume(file, figureRun.spec(), "remove it or choose another folder with --out")
                : session.create(file, figureRun.spec(), created -> {})) {
            if (run.isFinished()) {
                reused.add(file);
            }
            return session.compute(task, file, run, command);
        }
    }

    private FinishedRun read(FigureRun figureRun) {
        try (RunReader run = RunReader.open(file(figureRun))) {
            List<SweepRow> rows = new ArrayList<>();
            run.rows().forEach(rows::add);
            return new FinishedRun(run.manifest(), rows);
        }
    }

    // Runs do not depend on the style.
    private Path file(FigureRun run) {
        return out.resolve(run.name() + "-" + scale.name().toLowerCase(Locale.ROOT) + ".db");
    }

    // What is there under the figure's name though none of its runs is: nothing that this command has written.
    private List<Path> pictures(String name) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(file -> file.getFileName().toString().matches(Pattern.quote(name) + "\\.\\w+"))
                    .sorted()
                    .toList();
        }
    }

    private static String names(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private void sayReused(PaperFigure each, List<Path> files) {
        if (!files.isEmpty()) {
            root.options.message("Figure " + each.number() + " uses finished runs, " + names(files)
                    + "; to compute them anew, remove these files.");
        }
    }
}
