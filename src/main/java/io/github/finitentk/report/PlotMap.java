package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.FiniteSampleQuantity;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.VarianceQuantity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The heat maps of a {@link Plot}. */
final class PlotMap {

    /** A grid of more places than this is none: the columns are not those of one. */
    private static final int MAX_PLACES = 4_000_000;

    private static final int BORDER_POINTS = 48;
    private static final CellGrid.Mark HEAVY_TAIL =
            new CellGrid.Mark(CellGrid.Mark.Sign.DOT, "heavy tail: interval not to be trusted");
    private static final CellGrid.Mark MISSES =
            new CellGrid.Mark(CellGrid.Mark.Sign.RING, "exact value outside of the interval");

    private final PlotData data;
    private final PlotRoles roles;
    private final PlotSettings settings;
    private final PlotTheory theory;
    private boolean borders;
    private boolean marks;

    PlotMap(PlotData data, PlotRoles roles, PlotSettings settings, PlotTheory theory) {
        this.data = data;
        this.roles = roles;
        this.settings = settings;
        this.theory = theory;
    }

    Figure of(List<PlotData.Panel> panels, int across, double width, PlotCaption caption) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(across)
                .width(width)
                .aspect(panels.size() == 1 ? 0.75 : 0.9)
                .lettered(panels.size() > 1)
                .xAxis(axis(Plot.Scale.X, roles.x(), panels))
                .yAxis(axis(Plot.Scale.Y, roles.y(), panels))
                .borderLabel("")
                .borderMeaning("$\\chi_1 = 1$, between the ordered and the chaotic phase")
                .divergedLabel("diverged");
        Map<PlotColumn, ColorScale> scales = new HashMap<>();
        for (PlotData.Panel panel : panels) {
            ColorScale scale = scales.computeIfAbsent(panel.value(), value -> scale(value, panels));
            figure.panel(panel(panel).withScale(scale, panel.value().label()));
        }
        caption.map(borders, marks);
        return figure.caption(caption.build().parameterLine()).build();
    }

    private Axis axis(Plot.Scale scale, PlotColumn column, List<PlotData.Panel> panels) {
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (PlotData.Panel panel : panels) {
            for (PlotPoint point : panel.points()) {
                double place = scale == Plot.Scale.X ? point.x() : point.y();
                least = Math.min(least, place);
                largest = Math.max(largest, place);
            }
        }
        return settings.isLog(scale, least, largest) ? Axis.log(column.label()) : Axis.linear(column.label());
    }

    private ColorScale scale(PlotColumn value, List<PlotData.Panel> panels) {
        Limits all = new Limits();
        for (PlotData.Panel panel : panels) {
            if (panel.value().equals(value)) {
                panel.points().forEach(point -> all.add(point.value()));
            }
        }
        Limits.Range found = all.range();
        boolean log = settings.isLog(Plot.Scale.VALUE, found.low(), found.high());
        if (log) {
            found = all.positive(value.name());
        }
        Column<?> column = value.column();
        boolean free = settings.logarithmic() == null && Double.isNaN(settings.low()) && Double.isNaN(settings.high());
        if (free && value.unit() == null && column.equals(VarianceQuantity.RATIO) && found.high() > 1.5) {
            return settings.style().ratio();
        }
        double low = Double.isNaN(settings.low()) ? found.low() : settings.low();
        double high = Double.isNaN(settings.high()) ? found.high() : settings.high();
        if (log && low <= 0) {
            throw new IllegalArgumentException("The colours of " + value.name()
                    + " are logarithmic, so they cannot begin at " + PlotText.number(low) + ".");
        }
        // One number for all cells, or limits beyond all of them, still need colours.
        Axis range = (log ? Axis.log("") : Axis.linear(""))
                .between(settings.low(), settings.high())
                .orElse(low, high);
        low = range.low();
        high = range.high();
        double white = white(column);
        ColorScale scale = settings.style().sequential(low, high);
        if (value.unit() == null && low < white && white < high) {
            scale = log
                    ? settings.style().aroundLog(white, low, high)
                    : settings.style().around(white, low, high);
        } else if (log) {
            scale = scale.logarithmic();
        }
        return scale.open(all.range().low() < low, all.range().high() > high);
    }

    /** What stands out and is white: the ratio at which the standard deviation is the mean, a change of a tenth. */
    private static double white(Column<?> column) {
        if (column.equals(VarianceQuantity.RATIO) || column.equals(FiniteSampleQuantity.MEDIAN)) {
            return 2;
        }
        return column.symbol().equals(KernelChangeQuantity.CHANGE.symbol()) ? 0.1 : Double.NaN;
    }

    private HeatMapPanel panel(PlotData.Panel panel) {
        double[] xs = places(roles.x(), panel, true);
        double[] ys = places(roles.y(), panel, false);
        if ((long) xs.length * ys.length > MAX_PLACES) {
            throw new IllegalArgumentException(
                    roles.x().name() + " and " + roles.y().name() + " have " + xs.length + " and " + ys.length
                            + " values, which are no grid; draw lines, or some of the cells only.");
        }
        double[][] values = new double[ys.length][xs.length];
        PlotPoint[][] points = new PlotPoint[ys.length][xs.length];
        for (double[] row : values) {
            Arrays.fill(row, Double.NaN);
        }
        for (PlotPoint point : panel.points()) {
            int i = Arrays.binarySearch(xs, point.x());
            int j = Arrays.binarySearch(ys, point.y());
            if (i < 0 || j < 0) {
                continue; // a place that is no number
            }
            if (points[j][i] != null) {
                throw new IllegalArgumentException(
                        "Several cells lie at " + roles.x().name() + " " + PlotText.number(point.x())
                                + ", " + roles.y().name() + " " + PlotText.number(point.y())
                                + "; choose columns that tell cells apart, or some of the cells only.");
            }
            points[j][i] = point;
            values[j][i] = point.diverged() ? Double.POSITIVE_INFINITY : point.value();
        }
        HeatMapPanel drawn = HeatMapPanel.of(PlotData.title(panel, roles), new CellGrid(xs, ys, values));
        for (int j = 0; j < ys.length; j++) {
            for (int i = 0; i < xs.length; i++) {
                CellGrid.Mark mark = points[j][i] == null ? null : mark(points[j][i]);
                if (mark != null) {
                    drawn = drawn.withMark(i, j, mark);
                    marks |= mark == MISSES;
                }
            }
        }
        return withBorder(drawn, panel, xs, ys);
    }

    private static CellGrid.Mark mark(PlotPoint point) {
        return point.heavy() && Double.isFinite(point.value()) && !Double.isNaN(point.low())
                ? HEAVY_TAIL
                : point.missesExact() ? MISSES : null;
    }

    private double[] places(PlotColumn column, PlotData.Panel panel, boolean across) {
        TreeSet<Double> places = new TreeSet<>();
        if (column.unit() == null) {
            data.places(column).forEach(place -> places.add(((Number) place).doubleValue()));
        }
        for (PlotPoint point : panel.points()) {
            double place = across ? point.x() : point.y();
            if (Double.isFinite(place)) {
                places.add(place);
            }
        }
        if (places.isEmpty()) {
            throw new IllegalArgumentException("The column " + column.name() + " has no finite number"
                    + (panel.key().isEmpty() ? "" : " in one of the panels") + ", so nothing has a place along it.");
        }
        return places.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private HeatMapPanel withBorder(HeatMapPanel drawn, PlotData.Panel panel, double[] xs, double[] ys) {
        boolean across = is(roles.x(), Cell.SIGMA_W2);
        if (!across && !is(roles.y(), Cell.SIGMA_W2)) {
            return drawn;
        }
        Cell first = panel.points().get(0).cell();
        boolean oneActivation = panel.points().stream()
                .allMatch(point -> point.cell().activation().equals(first.activation()));
        if (!oneActivation) {
            return drawn;
        }
        PlotColumn other = across ? roles.y() : roles.x();
        double[] places = across ? ys : xs;
        double[] edges = across ? drawn.cells().yEdges(false) : drawn.cells().xEdges(false);
        double[] along;
        double[] border;
        if (is(other, Cell.SIGMA_B2)) {
            double from = Math.max(0, edges[0]);
            double to = edges[places.length];
            along = new double[BORDER_POINTS];
            border = new double[BORDER_POINTS];
            for (int k = 0; k < BORDER_POINTS; k++) {
                along[k] = from + (to - from) * k / (BORDER_POINTS - 1);
                border[k] = theory.border(first.activation(), along[k]);
            }
        } else {
            boolean oneBias =
                    panel.points().stream().allMatch(point -> point.cell().sigmaB2() == first.sigmaB2());
            double at = oneBias ? theory.border(first.activation(), first.sigmaB2()) : Double.NaN;
            along = new double[] {-Double.MAX_VALUE, Double.MAX_VALUE};
            if (!across) {
                double room = edges[places.length] - edges[0];
                along = new double[] {edges[0] - room, edges[places.length] + room};
            }
            border = new double[] {at, at};
        }
        int size = 0;
        for (int k = 0; k < along.length; k++) {
            if (Double.isFinite(border[k])) {
                along[size] = along[k];
                border[size++] = border[k];
            }
        }
        if (size < 2) {
            return drawn;
        }
        borders = true;
        double[] a = Arrays.copyOf(along, size);
        double[] b = Arrays.copyOf(border, size);
        return across ? drawn.withBorder(b, a) : drawn.withBorder(a, b);
    }

    private static boolean is(PlotColumn column, Column<?> axis) {
        return column.unit() == null && column.column().equals(axis);
    }
}
