package io.github.finitentk.report.paper;

import static io.github.finitentk.internal.OptionalDependency.BATIK;
import static io.github.finitentk.internal.OptionalDependency.JACKSON;
import static io.github.finitentk.internal.OptionalDependency.PDFBOX;
import static io.github.finitentk.internal.OptionalDependency.SNAKEYAML;
import static io.github.finitentk.internal.OptionalDependency.SQLITE;

import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.internal.OptionalDependency;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.files.FileProblem;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A figure of the paper that is to be reproduced: computed, drawn and written into a folder. The runs behind it are kept there
 * as run files; what they have already is not computed again, so drawing anew goes on where it was cancelled or killed. Not
 * for use by several threads, but {@link #draw} uses all of the engine's.
 */
public final class PaperFigure {

    /** How fine a figure's grid is. */
    public enum Scale {
        /** About a minute on two cores. */
        QUICK,
        /** The paper's widths and draws on a grid at least as fine as the paper's. */
        PAPER;

        /** As it appears in names of files. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What has become of it.
     *
     * @param picture the figure as a PNG; empty if its last run was cancelled or all cells of that run have failed
     * @param runs the runs behind it, as far as they were begun
     * @param replaced files of the figure's name that were there before, though none of its runs was
     */
    public record Result(Optional<Path> picture, List<RunResult> runs, List<Path> replaced) {

        public Result {
            runs = List.copyOf(runs);
            replaced = List.copyOf(replaced);
        }
    }

    /** The width of its pictures in millimetres if not told otherwise: two columns of a journal. */
    public static final double WIDTH = 170;

    private FigureRecipe recipe;
    private final Engine engine;
    private Scale scale = Scale.QUICK;
    private FigureStyle style = FigureStyle.STANDARD;
    private double width = WIDTH;
    private long seed;
    private String command;
    private Progress listener = Progress.NONE;
    private BooleanSupplier cancel = () -> false;

    /**
     * The figure of a number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public PaperFigure(int number, Engine engine) {
        this.recipe = FigureRecipes.of(number);
        this.engine = engine;
    }

    /** The numbers of all figures: up to 11 the paper's, 13 and 14 its sequel's, the others ours. */
    public static List<Integer> numbers() {
        return FigureRecipes.ALL.stream().map(FigureRecipe::number).toList();
    }

    /** Its number. */
    public int number() {
        return recipe.number();
    }

    /** What it shows, in one line. */
    public String title() {
        return recipe.title();
    }

    /** Whether the style changes anything: maps have styles, lines have not. */
    public boolean hasStyles() {
        return recipe.hasStyles();
    }

    /** Whether {@link #data} means anything to it. */
    public boolean takesData() {
        return recipe.takesData();
    }

    /**
     * The folder of the IDX files, of whose images it is to be made, instead of the embedded 1,024.
     *
     * @throws IllegalArgumentException if it is not about them
     */
    public PaperFigure data(Path folder) {
        recipe = recipe.withData(folder);
        return this;
    }

    /** How fine its grid is; {@link Scale#QUICK} if not told otherwise. */
    public PaperFigure scale(Scale fineness) {
        scale = fineness;
        return this;
    }

    /** The colours of its maps; {@link FigureStyle#STANDARD} if not told otherwise. */
    public PaperFigure style(FigureStyle colours) {
        style = recipe.hasStyles() ? colours : FigureStyle.STANDARD;
        return this;
    }

    /**
     * The width at which its pictures are to be printed; {@link #WIDTH} if not told otherwise. Type is 8 pt at any width.
     *
     * @throws IllegalArgumentException unless it is positive
     */
    public PaperFigure width(double millimetres) {
        if (!(millimetres > 0) || Double.isInfinite(millimetres)) {
            throw new IllegalArgumentException("A figure's width must be positive, not " + millimetres + " mm.");
        }
        width = millimetres;
        return this;
    }

    /** The seed of all random numbers; 0 if not told otherwise. */
    public PaperFigure seed(long number) {
        seed = number;
        return this;
    }

    /** What its caption names as the command that draws it again; nothing if not told otherwise. */
    public PaperFigure command(String line) {
        command = line;
        return this;
    }

    /** Is told of the progress of each of its runs. */
    public PaperFigure listener(Progress progress) {
        listener = progress;
        return this;
    }

    /** Ends its runs early: {@link Sweep#cancel}. */
    public PaperFigure cancel(BooleanSupplier flag) {
        cancel = flag;
        return this;
    }

    /**
     * Computes what is missing and draws the figure {@code N} as {@code N.pdf}, {@code N.svg} and {@code N.png}, beside them its
     * numbers, {@code N.csv} and {@code N.json}, and its caption, {@code N.md} and {@code N.tex}; further pictures carry a suffix,
     * other scales, styles and widths names of their own.
     *
     * @param folder made if it is not there
     * @throws IllegalArgumentException if the folder cannot be written to
     * @throws io.github.finitentk.store.RunFileException if a run file in it holds another run or cannot be used
     * @throws UnsupportedOperationException if an optional library is missing that run files, PDF, SVG or JSON need
     * @throws IOException if a file cannot be written
     */
    public Result draw(Path folder) throws IOException {
        // What is missing at the end is said before hours of work, not after them.
        List.of(SQLITE, SNAKEYAML, BATIK, PDFBOX, JACKSON).forEach(OptionalDependency::require);
        FileProblem.requireFolder(folder);
        List<FigureRun> needed = recipe.runs(scale, seed);
        boolean ours = needed.stream().anyMatch(run -> RunFile.isThere(file(folder, run)));
        List<RunResult> results = new ArrayList<>();
        Map<String, FinishedRun> finished = new LinkedHashMap<>();
        for (FigureRun run : needed) {
            RunResult result = new Sweep(run.spec(), engine)
                    .to(file(folder, run))
                    .resume()
                    .listener(part(results.size() + 1, needed.size()))
                    .cancel(cancel)
                    .run();
            results.add(result);
            if (!result.isComplete() || result.hasFailed()) {
                return new Result(Optional.empty(), results, List.of());
            }
            finished.put(run.name(), read(file(folder, run)));
        }
        FigureContext context = new FigureContext(scale, style, width, seed, Optional.ofNullable(command), finished);
        String name = context.fileName(recipe.number());
        List<Path> replaced = ours ? List.of() : namesakes(folder, name);
        Path picture = recipe.draw(context).write(folder, name, width / 25.4 * 72);
        return new Result(Optional.of(picture), results, replaced);
    }

    // Runs do not depend on the style.
    private Path file(Path folder, FigureRun run) {
        return folder.resolve(run.name() + "-" + scale.label() + ".db");
    }

    private Progress part(int part, int parts) {
        return new Progress() {
            @Override
            public void started(Start start) {
                listener.started(new Start(
                        start.file(), part, parts, start.cells(), start.before(), start.reused(), start.begunBy()));
            }

            @Override
            public void update(State state) {
                listener.update(state);
            }
        };
    }

    private static FinishedRun read(Path file) {
        try (RunReader run = RunReader.open(file)) {
            List<SweepRow> rows = new ArrayList<>();
            run.rows().forEach(rows::add);
            return new FinishedRun(run.manifest(), rows);
        }
    }

    // What is there under the figure's name though none of its runs is: nothing that was written here.
    private static List<Path> namesakes(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(Pattern.quote(name) + "\\.\\w+"))
                    .sorted()
                    .toList();
        }
    }
}
