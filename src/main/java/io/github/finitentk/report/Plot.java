package io.github.finitentk.report;

import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.files.CsvWriter;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A figure of any run: heat maps and lines of any columns over any axes, in panels, with the border between the phases and exact
 * moments where there are any. Whatever is not said follows from the run:
 *
 * <pre>
 * try (RunReader run = RunReader.open(path)) {
 *     Plot.Drawing drawing = Plot.of(run).value("ratio").panels("activation", "width").width(170).draw();
 *     FigureWriter.write(drawing.figure(), Path.of("ratio.pdf"));
 *     drawing.caption().write(Path.of("ratio.tex"));
 * }
 * </pre>
 *
 * Columns are named as in tables; {@code kappa2[3]} is the third entry of a column of lists, {@code depth/width} one column in units
 * of another. Not for use by several threads.
 */
public final class Plot {

    /** What may be logarithmic. */
    public enum Scale {
        /** The horizontal axis. */
        X,
        /** The vertical axis of maps. */
        Y,
        /** The colours of maps, and the vertical axis of lines. */
        VALUE
    }

    /**
     * A finished plot.
     *
     * @param figure to be written by {@link FigureWriter}
     * @param caption what belongs beside it
     * @param isMap whether it consists of heat maps, and not of lines
     * @param headings of the table of what is drawn
     * @param table a value for each of them, null where it is missing; one row for each number
     */
    public record Drawing(
            Figure figure, Caption caption, boolean isMap, List<String> headings, List<List<Object>> table) {

        /** Writes the numbers that are drawn, one line for each; the stream is left open. */
        public void writeCsv(OutputStream out) throws IOException {
            CsvWriter.write(out, headings, table);
        }
    }

    /** Narrower than this, a figure is a column of a journal. */
    private static final double ONE_COLUMN = 85;

    private static final double TWO_COLUMNS = 170;

    private final RunReader run;
    private final Optional<SweepSpec> spec;
    private final PlotColumns columns;
    private PlotColumn x;
    private PlotColumn y;
    private final List<PlotColumn> values = new ArrayList<>();
    private final List<PlotColumn> lines = new ArrayList<>();
    private final List<PlotColumn> panels = new ArrayList<>();
    private final Map<PlotColumn, Set<String>> where = new LinkedHashMap<>();
    private Set<Scale> logarithmic;
    private double low = Double.NaN;
    private double high = Double.NaN;
    private FigureStyle style = FigureStyle.STANDARD;
    private double millimetres = Double.NaN;
    private String title;
    private String command;

    private Plot(RunReader run) {
        this.run = run;
        this.spec = spec(run);
        this.columns = new PlotColumns(run, spec.map(SweepSpec::quantity));
    }

    /**
     * A plot of a run.
     *
     * @param run read by {@link #draw}; not closed
     */
    public static Plot of(RunReader run) {
        return new Plot(run);
    }

    // Of a quantity that this version does not know a file still has names and numbers.
    private static Optional<SweepSpec> spec(RunReader run) {
        try {
            return Optional.of(run.spec());
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    /**
     * What is drawn from left to right.
     *
     * @throws IllegalArgumentException if the run has no such column of numbers; the sentence names the nearest and all others
     */
    public Plot x(String column) {
        x = columns.numbers(column);
        return this;
    }

    /**
     * What is drawn upwards in heat maps; with it, a plot is one.
     *
     * @throws IllegalArgumentException as {@link #x}
     */
    public Plot y(String column) {
        y = columns.numbers(column);
        return this;
    }

    /**
     * What is drawn: colours of maps, heights of lines. Each of several columns has its own panels. The column that the run is
     * about, if none is given.
     *
     * @throws IllegalArgumentException as {@link #x}
     */
    public Plot value(String... names) {
        Arrays.stream(names).map(columns::numbers).forEach(values::add);
        return this;
    }

    /**
     * The axes that have panels, such as activation and width; those of a run that vary and are given no other place have them,
     * too.
     *
     * @throws IllegalArgumentException if the run has no such axis
     */
    public Plot panels(String... names) {
        Arrays.stream(names).map(columns::axis).forEach(panels::add);
        return this;
    }

    /**
     * The axes that have lines of their own in each panel; with any, a plot consists of lines.
     *
     * @throws IllegalArgumentException if the run has no such axis
     */
    public Plot lines(String... names) {
        Arrays.stream(names).map(columns::axis).forEach(lines::add);
        return this;
    }

    /**
     * Only cells with these values of an axis.
     *
     * @throws IllegalArgumentException if the run has no such axis
     */
    public Plot where(String axis, String... among) {
        where.put(columns.axis(axis), Set.of(among));
        return this;
    }

    /** What is logarithmic, and nothing else; without it, values that span more than three decades. */
    public Plot logarithmic(Scale... scales) {
        logarithmic = EnumSet.noneOf(Scale.class);
        logarithmic.addAll(List.of(scales));
        return this;
    }

    /**
     * The limits of the value; numbers beyond have the colour of the nearer end, or are cut off. NaN is taken from the numbers.
     *
     * @throws IllegalArgumentException if they are not in order or infinite
     */
    public Plot limits(double lowest, double highest) {
        if (Double.isInfinite(lowest) || Double.isInfinite(highest) || lowest >= highest) {
            throw new IllegalArgumentException("The limits of the value must be finite and in order, not "
                    + PlotText.number(lowest) + " and " + PlotText.number(highest) + ".");
        }
        low = lowest;
        high = highest;
        return this;
    }

    /** The colours of maps; {@link FigureStyle#STANDARD} if not told otherwise. Lines have no styles. */
    public Plot style(FigureStyle colours) {
        style = colours;
        return this;
    }

    /** The width at which it is printed; without it, 85 mm for one panel and 170 mm for several. Type is 8 pt at any. */
    public Plot width(double widthInMillimetres) {
        millimetres = Checks.positive("The width of a figure", widthInMillimetres);
        return this;
    }

    /** The caption's first words, in place of the column's description; in the markup of figures. */
    public Plot title(String words) {
        MathText.parse(words);
        title = words;
        return this;
    }

    /** What the caption names as the command that draws it again; nothing if not told otherwise. */
    public Plot command(String line) {
        command = line;
        return this;
    }

    /**
     * Draws it.
     *
     * @throws IllegalArgumentException with one sentence if there is nothing to draw, or it cannot be drawn as asked
     * @throws io.github.finitentk.store.RunFileException if the run's file is damaged
     * @throws IllegalStateException if Java cannot draw text on this machine
     */
    public Drawing draw() {
        if (values.isEmpty()) {
            values.add(columns.main());
        }
        requirePlaces();
        PlotData data = new PlotData(run, spec, columns, where);
        PlotRoles roles =
                PlotRoles.of(x, y, lines, panels, data.counts(), run.along().map(column -> column.name()));
        PlotSettings settings = new PlotSettings(logarithmic, low, high, style);
        PlotTheory theory = new PlotTheory(spec.map(SweepSpec::quantity));
        List<PlotData.Panel> drawn = data.panels(roles, values, theory);
        double width = !Double.isNaN(millimetres) ? millimetres : drawn.size() == 1 ? ONE_COLUMN : TWO_COLUMNS;
        int across = PlotData.across(drawn, roles);
        PlotCaption caption = new PlotCaption(run, spec, data, roles, values, title, command);
        Figure figure = roles.isMap()
                ? new PlotMap(data, roles, settings, theory).of(drawn, across, width / 25.4 * 72, caption)
                : new PlotLines(roles, settings, theory).of(drawn, across, width / 25.4 * 72, caption);
        PlotTable table = new PlotTable(columns.axes(), roles);
        return new Drawing(figure, caption.build(), roles.isMap(), table.headings(), table.rows(drawn));
    }

    private void requirePlaces() {
        List<PlotColumn> places = new ArrayList<>(lines);
        places.addAll(panels);
        if (x != null) {
            places.add(x);
        }
        if (y != null) {
            places.add(y);
        }
        for (PlotColumn place : places) {
            if (places.indexOf(place) != places.lastIndexOf(place)) {
                throw new IllegalArgumentException(
                        "The column " + place.name() + " has two places in the plot; it can have one.");
            }
        }
        if (y != null && !lines.isEmpty()) {
            throw new IllegalArgumentException("A plot with y = " + y.name()
                    + " is a map, which has no lines; give the lines' axis as a panel's, or leave out y.");
        }
        for (PlotColumn value : values) {
            boolean alongList = x != null && x.isList() && y == null;
            if (value.isList() && !alongList) {
                throw new IllegalArgumentException("The column " + value.name() + " holds lists ("
                        + value.column().description() + "); name an entry, such as " + value.name()
                        + "[1], or draw all over another column of lists.");
            }
        }
        if (y != null && (x != null && x.isList() || y.isList())) {
            throw new IllegalArgumentException("A map has no lists along its axes; name an entry, such as "
                    + (y.isList() ? y : x).name() + "[1].");
        }
    }
}
