package io.github.finitentk.cli;

import io.github.finitentk.report.Caption;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.FigureWriter;
import io.github.finitentk.report.Plot;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk plot}. */
@Example(does = "a figure of the run, as what the run holds asks for", line = "ntk plot run.db")
@Example(
        does = "panels side by side over both columns of a journal, for LaTeX and for slides",
        line = "ntk plot run.db --panels width --columns 170mm --output ratio.pdf,ratio.png")
@Example(
        does = "lines against depth, one for each width, on a logarithmic axis",
        line = "ntk plot run.db --x depth --lines width --where sigma_w2=2 --log value --output depth.svg")
@Command(
        name = "plot",
        description =
                "Draw a run as a journal's figure: heat maps or lines of any columns over any axes, in panels, as PDF,"
                        + " SVG or PNG, with its caption (.md, .tex) and the numbers drawn (.csv) beside it. What is not"
                        + " said follows from the run: two axes of numbers make a map, one a line, what else varies has"
                        + " panels.")
final class PlotCommand implements Callable<Integer> {

    private static final int MIN_DPI = 50;
    private static final int MAX_DPI = 2400;

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "RUN.db", description = "The run file.")
    private Path run;

    @Option(
            names = "--output",
            paramLabel = "F.pdf,...",
            split = ",",
            description =
                    "Where the picture goes, as .pdf, .svg or .png; several names write several; F.md, F.tex and F.csv"
                            + " go beside the first (default: RUN-plot.pdf beside the run).")
    private List<Path> outputs;

    @Option(
            names = "--x",
            paramLabel = "COL",
            description = "Column from left to right; depth/width is one in units of another.")
    private String x;

    @Option(names = "--y", paramLabel = "COL", description = "Column upwards: a map.")
    private String y;

    @Option(
            names = "--value",
            paramLabel = "COL,...",
            split = ",",
            description = "Columns that are drawn, each in panels of its own; kappa2[3] is the third entry of a list"
                    + " (default: what the run is about).")
    private List<String> values = List.of();

    @Option(
            names = "--panels",
            paramLabel = "AXIS,...",
            split = ",",
            description = "Axes with panels, such as activation,width.")
    private List<String> panels = List.of();

    @Option(names = "--lines", paramLabel = "AXIS,...", split = ",", description = "Axes with lines: no map.")
    private List<String> lines = List.of();

    @Option(
            names = "--where",
            paramLabel = "AXIS=V,...",
            description = "Only cells with these values, such as width=50,100; may be repeated for other axes.")
    private List<String> where = List.of();

    @Option(
            names = "--log",
            paramLabel = "x|y|value|none",
            split = ",",
            description = "What is logarithmic (default: what spans orders of magnitude).")
    private List<String> logarithmic;

    @Option(
            names = "--limits",
            paramLabel = "LOW,HIGH",
            description =
                    "Limits of the value's colours or axis; either may be left out, as in 1, (default: those of the"
                            + " numbers).")
    private String limits;

    @Option(
            names = "--style",
            paramLabel = "standard|paper",
            defaultValue = "standard",
            description = "Colours of maps: standard for every kind of colour vision, paper for the paper's black, red,"
                    + " white and blue (default: ${DEFAULT-VALUE}).")
    private FigureStyle style;

    @Option(
            names = "--columns",
            paramLabel = "85mm|170mm",
            description =
                    "Width at which it is printed, in mm, cm, in or pt: type is 8 pt at that width (default: 85mm for"
                            + " one panel, 170mm for several).")
    private PageWidth columns;

    @Option(
            names = "--dpi",
            paramLabel = "N",
            defaultValue = "300",
            description = "Dots per inch of a PNG; journals ask for 300 or 600 (default: ${DEFAULT-VALUE}).")
    private int dpi;

    @Option(names = "--title", paramLabel = "TEXT", description = "Title of the caption; $...$ is mathematics.")
    private String title;

    private record Written(
            List<String> pictures, List<String> captions, String table, String kind, int panels, int numbers) {}

    @Override
    public Integer call() throws IOException {
        List<Path> pictures =
                outputs == null ? List.of(run.resolveSibling(baseName(run.toString(), ".db") + "-plot.pdf")) : outputs;
        pictures.forEach(FigureWriter::requireFormat);
        if (dpi < MIN_DPI || dpi > MAX_DPI) {
            throw new IllegalArgumentException("A PNG has 50 to 2400 dots per inch, not " + dpi + ".");
        }
        String first = pictures.get(0).toString();
        String base = first.substring(0, first.lastIndexOf('.'));
        Map<String, Destination> beside = new LinkedHashMap<>();
        List<Path> used = new ArrayList<>(List.of(Destination.ofRun(run)));
        List<Destination> targets = new ArrayList<>();
        for (Path picture : pictures) {
            targets.add(Destination.file(picture, root.options, used.toArray(Path[]::new)));
            used.add(picture);
        }
        for (String ending : List.of(".md", ".tex", ".csv")) {
            Path path = Path.of(base + ending);
            if (Files.exists(path) && !Files.exists(pictures.get(0))) {
                throw new IllegalArgumentException("The file " + path + " is there already, though " + pictures.get(0)
                        + " is not, so it is of something else; choose another name with --output.");
            }
            beside.put(ending, Destination.file(path, root.options, used.toArray(Path[]::new)));
        }
        Plot.Drawing drawing;
        try (RunReader file = RunReader.open(run)) {
            drawing = plot(file).draw();
        }
        for (Destination target : targets) {
            target.write("the plot of " + run, out -> FigureWriter.write(drawing.figure(), target.ending(), dpi, out));
        }
        Caption caption = drawing.caption();
        String picture = Path.of(base).getFileName().toString();
        beside.get(".md")
                .write("its caption", out -> out.write(caption.toMarkdown().getBytes(StandardCharsets.UTF_8)));
        beside.get(".tex")
                .write(
                        "the same for LaTeX",
                        out -> out.write(caption.toTex(picture).getBytes(StandardCharsets.UTF_8)));
        beside.get(".csv").write("the numbers drawn", drawing::writeCsv);
        if (root.options.json) {
            root.options.print(new Written(
                    pictures.stream().map(Path::toString).toList(),
                    List.of(base + ".md", base + ".tex"),
                    base + ".csv",
                    drawing.isMap() ? "map" : "lines",
                    drawing.figure().panelCount(),
                    drawing.table().size()));
        }
        return 0;
    }

    private Plot plot(RunReader file) {
        Plot plot = Plot.of(file)
                .value(values.toArray(String[]::new))
                .panels(panels.toArray(String[]::new))
                .lines(lines.toArray(String[]::new))
                .style(style)
                .command(TypedCommand.quoted(words()));
        if (x != null) {
            plot.x(x);
        }
        if (y != null) {
            plot.y(y);
        }
        for (String condition : where) {
            int equals = condition.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "--where takes an axis and its values, such as width=50,100, not " + condition + ".");
            }
            plot.where(
                    condition.substring(0, equals).strip(),
                    condition.substring(equals + 1).strip().split("\\s*,\\s*"));
        }
        if (logarithmic != null) {
            plot.logarithmic(scales());
        }
        if (limits != null) {
            String[] ends = limits.split(",", -1);
            if (ends.length != 2) {
                throw new IllegalArgumentException("--limits takes two numbers, such as 1,100, not " + limits + ".");
            }
            plot.limits(limit(ends[0]), limit(ends[1]));
        }
        if (columns != null) {
            plot.width(columns.millimetres());
        }
        if (title != null) {
            plot.title(title);
        }
        return plot;
    }

    private List<String> words() {
        List<String> words = new ArrayList<>(List.of(TypedCommand.name()));
        words.addAll(TypedCommand.words(command, Set.of()));
        return words;
    }

    private Plot.Scale[] scales() {
        if (logarithmic.equals(List.of("none"))) {
            return new Plot.Scale[0];
        }
        return logarithmic.stream()
                .map(name -> Arrays.stream(Plot.Scale.values())
                        .filter(scale -> scale.name().equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("--log takes x, y, value or none, not " + name + ".")))
                .toArray(Plot.Scale[]::new);
    }

    private double limit(String text) {
        try {
            return text.isBlank() ? Double.NaN : Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--limits takes two numbers, such as 1,100, not " + limits + ".", e);
        }
    }

    private static String baseName(String name, String ending) {
        String file = Path.of(name).getFileName().toString();
        return file.endsWith(ending) ? file.substring(0, file.length() - ending.length()) : file;
    }
}
