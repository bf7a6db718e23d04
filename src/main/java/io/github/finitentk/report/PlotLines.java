package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The lines of a {@link Plot}. */
final class PlotLines {

    /** So many lines have a key; more have a colour bar. */
    private static final int NAMED = 7;

    private static final int MAX_LINES = 400;
    /** Lines of more points have no markers: they would hide each other. */
    private static final int MARKED = 30;

    private static final String EXACT = "exact";
    private static final String HEAVY = "heavy tail: no interval to be trusted";
    private static final String DIVERGED = "diverged";
    private static final String BORDER = "$\\chi_1 = 1$, between the ordered and the chaotic phase";

    private final PlotRoles roles;
    private final PlotSettings settings;
    private final PlotTheory theory;
    private final Map<List<Object>, Integer> order = new LinkedHashMap<>();
    private ColorScale scale;
    private boolean intervals;
    private boolean exact;

    PlotLines(PlotRoles roles, PlotSettings settings, PlotTheory theory) {
        this.roles = roles;
        this.settings = settings;
        this.theory = theory;
    }

    Figure of(List<PlotData.Panel> panels, int across, double width, PlotCaption caption) {
        if (settings.style() != FigureStyle.STANDARD) {
            throw new IllegalArgumentException(
                    "The plot consists of lines, whose colours no style changes; leave out the style,"
                            + " or draw maps with two axes.");
        }
        for (PlotData.Panel panel : panels) {
            panel.points().forEach(point -> order.putIfAbsent(point.line(), order.size()));
        }
        if (order.size() > MAX_LINES) {
            throw new IllegalArgumentException("The plot would have " + order.size() + " lines, one for each "
                    + String.join(
                            " and ",
                            roles.lines().stream().map(PlotColumn::name).toList())
                    + "; choose some of them (where).");
        }
        boolean oneValue = panels.stream().map(PlotData.Panel::value).distinct().count() == 1;
        LineFigure.Builder figure = LineFigure.builder()
                .columns(across)
                .width(width)
                .aspect(panels.size() == 1 ? 0.7 : 0.85)
                .lettered(panels.size() > 1)
                .xAxis(xAxis(panels), Axis.Sharing.ALL)
                .yAxis(Axis.linear(""), oneValue ? Axis.Sharing.ALL : Axis.Sharing.NONE);
        colours(figure);
        for (PlotData.Panel panel : panels) {
            Heights heights = heights(panel.value(), oneValue ? panels : List.of(panel));
            figure.panel(LineFigure.Panel.of(PlotData.title(panel, roles), series(panel, heights))
                    .withY(heights.axis()));
        }
        caption.lines(intervals, exact);
        return figure.caption(caption.build().parameterLine()).build();
    }

    private Axis xAxis(List<PlotData.Panel> panels) {
        Limits limits = new Limits();
        panels.forEach(panel -> panel.points().forEach(point -> limits.add(point.x())));
        Limits.Range range = limits.range();
        String label = roles.x().label();
        return settings.isLog(Plot.Scale.X, range.low(), range.high()) ? Axis.log(label) : Axis.linear(label);
    }

    /** The vertical axis of a panel, and the range of what is drawn in those that share it. */
    private record Heights(Axis axis, double bottom, double top) {}

    private Heights heights(PlotColumn value, List<PlotData.Panel> sharing) {
        Limits limits = new Limits();
        for (PlotData.Panel each : sharing) {
            for (PlotPoint point : each.points()) {
                limits.add(point.value(), point.exact());
                if (point.hasInterval()) {
                    limits.add(point.low(), point.high());
                }
            }
        }
        Limits.Range range = limits.range();
        boolean log = settings.isLog(Plot.Scale.VALUE, range.low(), range.high()) || settings.chosen(Plot.Scale.Y);
        if (log) {
            range = limits.positive(value.name());
        }
        Axis axis = log ? Axis.log(value.label()) : Axis.linear(value.label());
        return new Heights(
                axis.between(settings.low(), settings.high()),
                Double.isNaN(settings.low()) ? range.low() : settings.low(),
                // At the upper end of the axis, where numbers leave it.
                Double.isNaN(settings.high()) ? range.high() : settings.high());
    }

    private void colours(LineFigure.Builder figure) {
        if (order.size() <= NAMED
                || roles.lines().size() != 1
                || roles.lines().get(0).isText()) {
            return;
        }
        double[] values = order.keySet().stream()
                .mapToDouble(key -> ((Number) key.get(0)).doubleValue())
                .sorted()
                .toArray();
        double low = values[0];
        double high = values[values.length - 1];
        scale = ColorScale.viridis(low, high).darkest(0.9);
        if (low > 0 && high > 30 * low) {
            scale = scale.logarithmic();
        }
        figure.scale(scale, roles.lines().get(0).label());
    }

    private List<Series> series(PlotData.Panel panel, Heights y) {
        Map<List<Object>, List<PlotPoint>> lines = new LinkedHashMap<>();
        panel.points().stream()
                .filter(point -> Double.isFinite(point.x()))
                .forEach(point -> lines.computeIfAbsent(point.line(), k -> new ArrayList<>())
                        .add(point));
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("The column " + roles.x().name()
                    + " has no finite number in one of the panels, so nothing has a place along it.");
        }
        List<Series> drawn = new ArrayList<>();
        border(panel, y, drawn);
        lines.forEach((key, points) -> line(key, points, y, drawn));
        return drawn;
    }

    private void line(List<Object> key, List<PlotPoint> unordered, Heights y, List<Series> drawn) {
        List<PlotPoint> points = unordered.stream()
                .sorted(Comparator.comparingDouble(PlotPoint::x))
                .toList();
        Color color = scale != null
                ? scale.color(((Number) key.get(0)).doubleValue())
                : Palette.color(order.get(key) % NAMED);
        double[] xs = all(points, PlotPoint::x);
        Series line = Series.line(scale == null ? label(key) : "", xs, all(points, PlotPoint::value))
                .withColor(color)
                .withLine(Series.Line.values()[1 + order.get(key) / NAMED % 3]);
        boolean interval = points.stream().anyMatch(point -> point.hasInterval() && point.low() < point.high());
        boolean joined =
                points.stream().filter(point -> Double.isFinite(point.value())).count() > 1;
        if (scale != null) {
            line = line.withLine(Series.Line.SOLID);
        }
        if (interval) {
            intervals = true;
            line = line.withInterval(
                    all(points, point -> point.hasInterval() ? point.low() : Double.NaN),
                    all(points, point -> point.hasInterval() ? point.high() : Double.NaN));
        }
        if (!joined || !interval && points.size() <= MARKED) {
            line = line.withMarker(Series.Marker.CIRCLE);
        }
        drawn.add(line);
        if (points.stream().anyMatch(point -> isSampled(point) && Double.isFinite(point.exact()))) {
            exact = true;
            drawn.add(Series.line(EXACT, xs, all(points, PlotPoint::exact))
                    .withColor(scale == null && order.size() > 1 ? color.darker() : Color.BLACK)
                    .withLine(Series.Line.DASHED));
        }
        marks(
                        points,
                        point -> point.heavy() && Double.isFinite(point.value()),
                        PlotPoint::value,
                        HEAVY,
                        Series.Marker.TRIANGLE)
                .forEach(marks -> drawn.add(marks.withColor(color)));
        marks(points, PlotPoint::diverged, point -> y.top(), DIVERGED, Series.Marker.DIAMOND)
                .forEach(marks -> drawn.add(marks.withColor(color)));
    }

    private static boolean isSampled(PlotPoint point) {
        return point.low() < point.high() || point.heavy();
    }

    private static List<Series> marks(
            List<PlotPoint> points,
            Predicate<PlotPoint> which,
            ToDoubleFunction<PlotPoint> height,
            String label,
            Series.Marker marker) {
        List<PlotPoint> marked = points.stream().filter(which).toList();
        return marked.isEmpty()
                ? List.of()
                : List.of(Series.points(label, all(marked, PlotPoint::x), all(marked, height))
                        .withMarker(marker));
    }

    private void border(PlotData.Panel panel, Heights y, List<Series> drawn) {
        if (roles.x().unit() != null || !roles.x().column().equals(Cell.SIGMA_W2)) {
            return;
        }
        Set<Double> places = new LinkedHashSet<>();
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (PlotPoint point : panel.points()) {
            places.add(theory.border(point.cell().activation(), point.cell().sigmaB2()));
            least = Math.min(least, point.x());
            largest = Math.max(largest, point.x());
        }
        for (double place : places) {
            if (place >= least && place <= largest) {
                drawn.add(Series.line(BORDER, new double[] {place, place}, new double[] {y.bottom(), y.top()})
                        .withLine(Series.Line.DOTTED)
                        .withColor(Color.GRAY));
            }
        }
    }

    private String label(List<Object> key) {
        List<String> parts = new ArrayList<>();
        for (int k = 0; k < key.size(); k++) {
            parts.add(roles.lines().get(k).equal(key.get(k)));
        }
        return String.join(", ", parts);
    }

    private static double[] all(List<PlotPoint> points, ToDoubleFunction<PlotPoint> value) {
        return points.stream()
                .mapToDouble(value)
                .map(number -> Double.isInfinite(number) ? Double.NaN : number)
                .toArray();
    }
}
