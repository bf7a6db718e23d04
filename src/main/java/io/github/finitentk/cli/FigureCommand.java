package io.github.finitentk.cli;

import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.paper.PaperFigure;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.store.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk figure}. */
@Example(does = "the paper's figure 1, in some ten seconds", line = "ntk figure 1")
@Example(does = "the same numbers in the paper's colours", line = "ntk figure 1 --style paper")
@Command(
        name = "figure",
        description = "Reproduce a figure of the paper: N.pdf, N.svg and N.png, its numbers, N.csv and N.json, and its"
                + " caption, N.md and N.tex (with --scale paper N-scale-paper.pdf, with --columns 85mm N-85mm.pdf,"
                + " and so on).")
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
            description = "quick: about a minute; paper: the paper's widths and draws on a fine grid (default:"
                    + " ${DEFAULT-VALUE}).")
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
            names = "--columns",
            paramLabel = "85mm|170mm",
            defaultValue = "170mm",
            description =
                    "Width at which the pictures are printed, in mm, cm, in or pt (journals: 85mm or 170mm): type is 8"
                            + " pt at that width (default: ${DEFAULT-VALUE}).")
    private PageWidth columns;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the IDX files of a training set, for figure 14, and of a test set, for figure 17"
                    + " (default: 1,024 embedded images of MNIST).")
    private Path data;

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

    private record Drawn(int figure, String picture) {}

    @Override
    public Integer call() throws IOException {
        GlobalOptions options = root.options;
        List<PaperFigure> figures =
                numbers().stream().map(number -> options.ntk().figure(number)).toList();
        if (style != FigureStyle.STANDARD
                && figures.size() == 1
                && !figures.get(0).hasStyles()) {
            throw new IllegalArgumentException(
                    "Figure " + figure + " consists of lines, whose colours no style changes; leave out --style.");
        }
        if (data != null && figures.stream().noneMatch(PaperFigure::takesData)) {
            throw new IllegalArgumentException("Figure " + figure + " takes no data of yours; leave out --data.");
        }
        List<Drawn> documents = new ArrayList<>();
        try (StopSignal stop = new StopSignal(options, StopSignal.FINISHING_CELLS)) {
            for (PaperFigure each : figures) {
                PaperFigure.Result result = draw(each, stop);
                for (RunResult run : result.runs()) {
                    int exitCode = RunOutcome.exitCode(run, options, stop, TypedCommand.resuming(command));
                    if (exitCode != 0) {
                        return exitCode;
                    }
                }
                say(each, result);
                Path picture = result.picture().orElseThrow();
                documents.add(new Drawn(each.number(), picture.toString()));
                if (!options.json) {
                    options.out()
                            .println("Figure " + each.number() + ": " + picture
                                    + " (and .pdf, .svg, .csv, .json, .md, .tex)");
                }
            }
        }
        if (options.json) {
            options.print(documents.size() == 1 ? documents.get(0) : documents);
        }
        return 0;
    }

    private List<Integer> numbers() {
        List<Integer> all = PaperFigure.numbers();
        if (figure.equals("all")) {
            return all;
        }
        return List.of(all.stream()
                .filter(number -> number.toString().equals(figure))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no figure \"" + figure + "\"; available are " + all + " and \"all\".")));
    }

    private PaperFigure.Result draw(PaperFigure each, StopSignal stop) throws IOException {
        String line = "ntk figure " + each.number() + " --scale " + label(scale) + " --seed " + root.options.seed
                + (style == FigureStyle.STANDARD || !each.hasStyles() ? "" : " --style " + label(style))
                + (columns.millimetres() == PaperFigure.WIDTH ? "" : " --columns " + columns)
                + (data == null || !each.takesData() ? "" : " --data " + data);
        try (ConsoleProgress progress = new ConsoleProgress("Figure " + each.number(), root.options)) {
            if (data != null && each.takesData()) {
                each.data(data);
            }
            each.scale(scale)
                    .style(style)
                    .width(columns.millimetres())
                    .seed(root.options.seed)
                    .command(line);
            each.listener(progress).cancel(stop);
            return RunOutcome.of(() -> each.draw(out), "remove it or choose another folder with --out");
        }
    }

    private static String label(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private void say(PaperFigure each, PaperFigure.Result result) {
        List<Path> reused = result.runs().stream()
                .filter(run -> run.before() == run.cells())
                .map(run -> run.file().orElseThrow())
                .toList();
        if (!reused.isEmpty()) {
            root.options.message("Figure " + each.number() + " uses finished runs, " + names(reused)
                    + "; to compute them anew, remove these files.");
        }
        if (!result.replaced().isEmpty()) {
            root.options.message("Replaced " + names(result.replaced()) + ".");
        }
    }

    private static String names(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
