package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Columns;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.sampling.Method;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;

/**
 * The first-order law {@code E[Theta^2]/E[Theta]^2 = 1 + C/M} for four activations, the width it asks for, and where it
 * stops: the true ratio's excess over 1, and its logarithm, in units of C/M.
 */
final class Figure15 implements FigureRecipe {

    private static final String RUN = "15";
    private static final double SIGMA_B2 = 1;
    private static final double TOLERANCE = 1.1;
    private static final int LARGEST = 100_000_000;
    private static final List<Integer> WIDTHS = List.of(50, 200, 1000);
    private static final List<Activation> ACTIVATIONS =
            List.of(Activations.TANH, Activations.ERF, Activations.GELU, Activations.RELU);

    private static final CellGrid.Mark WITHIN = new CellGrid.Mark(
            CellGrid.Mark.Sign.DOT, "the law lies in the sampled 95 % interval: no difference to be seen");

    private static final Columns<Point> COLUMNS = Cell.AXES
            .of(Point::cell)
            .with(Column.real("constant", "C"), point -> point.law.constant())
            .with(Column.real("law_ratio", "1 + C/M"), point -> point.law.ratio())
            .with(Column.real("lognormal_ratio", "exp(C/M)"), point -> point.law.lognormalRatio())
            .with(Column.integer("smallest_width", "at which exp(C/M) is under 1.1"), Point::smallestWidth)
            .with(VarianceQuantity.METHOD, point -> point.row.get(VarianceQuantity.METHOD))
            .with(VarianceQuantity.DRAWS, point -> point.row.get(VarianceQuantity.DRAWS))
            .with(VarianceQuantity.RATIO, point -> point.row.get(VarianceQuantity.RATIO))
            .with(VarianceQuantity.RATIO_LOW, point -> point.row.get(VarianceQuantity.RATIO_LOW))
            .with(VarianceQuantity.RATIO_HIGH, point -> point.row.get(VarianceQuantity.RATIO_HIGH))
            .with(VarianceQuantity.HEAVY_TAILED, point -> point.row.get(VarianceQuantity.HEAVY_TAILED))
            .with(Column.real("excess_in_units_of_law", "(ratio - 1) / (C/M)"), Point::excess)
            .with(
                    Column.real("log_in_units_of_law", "log(ratio) / (C/M)"),
                    point -> point.inUnits(VarianceQuantity.RATIO, StrictMath::log));

    /** A cell and what the law says of it; no smallest width where none that is tried is enough. */
    private record Point(SweepRow row, LeadingOrder.Moments law, Long smallestWidth) {

        Cell cell() {
            return row.cell();
        }

        /** A measure of a ratio divided by C/M. */
        double inUnits(Column<Double> ratio, DoubleUnaryOperator measure) {
            return measure.applyAsDouble(row.get(ratio)) / law.relativeVariance();
        }

        /** Of the true ratio over 1, in units of C/M: 1 where the law holds. */
        double excess() {
            return inUnits(VarianceQuantity.RATIO, ratio -> ratio - 1);
        }

        boolean sampledAsTheLaw() {
            double low = row.get(VarianceQuantity.RATIO_LOW);
            double high = row.get(VarianceQuantity.RATIO_HIGH);
            return low < high && low <= law.ratio() && law.ratio() <= high;
        }

        boolean trusted() {
            return Double.isFinite(row.get(VarianceQuantity.RATIO)) && !row.flag(VarianceQuantity.HEAVY_TAILED);
        }
    }

    @Override
    public int number() {
        return 15;
    }

    @Override
    public String title() {
        return "the law $1 + C / M$ and where it stops";
    }

    private static Grid grid(Scale scale) {
        boolean quick = scale == Scale.QUICK;
        return new Grid(
                ACTIVATIONS,
                List.of(SIGMA_B2),
                WIDTHS,
                Grid.range(1, 6, quick ? 0.5 : 0.25),
                Grid.range(2, quick ? 30 : 50, 4));
    }

    private static int draws(Scale scale) {
        return scale == Scale.QUICK ? 1000 : 5000;
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return List.of(
                new FigureRun(RUN, SweepSpec.of(new VarianceQuantity(Method.AUTO, draws(scale)), grid(scale), seed)));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<Point> points = points(context);
        Caption caption = context.caption(number(), title())
                .text("To first order in 1/width, $\\mathbb{E}[\\Theta(x, x)^2] / \\mathbb{E}[\\Theta(x, x)]^2 = 1 +"
                        + " C / M$ for every activation. The constant C and the smallest width M with $e^{C / M}$"
                        + " under 1.1. With the suffix -error: the excess of the true ratio over 1 in units of C /"
                        + " M (white: the law holds). With the suffix -collapse: the same and the ratio's"
                        + " logarithm against C / M, for all cells.")
                .parameter("$\\sigma_b^2$", "1")
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter("widths $M$", Numbers.list(WIDTHS))
                .parameter(
                        "true ratio",
                        "ReLU exact; others Rao-Blackwell with " + draws(context.scale())
                                + " forward passes, sequential Monte Carlo where the tail is heavy")
                .parameter("precision", "f64")
                .parameter("backend", context.backend())
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        pictures.put("", law(points, context));
        pictures.put("-error", error(points, context, caption));
        pictures.put("-collapse", collapse(points, caption));
        return new FigureResult(number(), caption, pictures, FigureTable.of(points, COLUMNS), context.backendLine());
    }

    private static List<Point> points(FigureContext context) {
        List<Integer> depths = grid(context.scale()).depths();
        int deepest = depths.get(depths.size() - 1);
        // one instance serves all depths and widths
        Map<List<Object>, LeadingOrder> laws = new HashMap<>();
        List<Point> points = new ArrayList<>();
        for (SweepRow row : context.rows(RUN)) {
            Cell cell = row.cell();
            LeadingOrder law = laws.computeIfAbsent(
                    List.of(cell.activation(), cell.sigmaW2()),
                    key -> LeadingOrder.of(new MeanField(cell.activation(), cell.initialization()), 1, deepest));
            OptionalInt smallest = law.smallestWidth(width -> network(cell, width), TOLERANCE, LARGEST);
            points.add(new Point(
                    row,
                    law.moments(network(cell, cell.width())),
                    smallest.isPresent() ? (long) smallest.getAsInt() : null));
        }
        return points;
    }

    private static Architecture network(Cell cell, int width) {
        return Architecture.constant(width, width, cell.depth());
    }

    private static HeatMapFigure.Builder maps(int columns) {
        return HeatMapFigure.builder()
                .columns(columns)
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$");
    }

    private static HeatMapFigure law(List<Point> points, FigureContext context) {
        int widest = WIDTHS.get(WIDTHS.size() - 1);
        List<Point> wide =
                points.stream().filter(point -> point.cell().width() == widest).toList();
        HeatMapFigure.Builder figure = maps(ACTIVATIONS.size())
                .divergedLabel("more than 100,000,000")
                .caption("Random networks of constant width to first order in 1/width, without sampling: $C$ (above)"
                        + " and the smallest width with $e^{C / M}$ under 1.1 (below); $\\sigma_b^2 = 1$; $|x|^2 ="
                        + " M_0 = M$.");
        ColorScale constants = context.style().sequential(1, 1000).logarithmic().open(true, true);
        ColorScale widths = context.style().sequential(10, 10_000).logarithmic().open(true, true);
        PhasePanels.of(wide, Point::cell, point -> point.law.constant(), point -> null)
                .forEach(panel -> figure.panel(named(panel).withScale(constants, "$C$")));
        PhasePanels.of(
                        wide,
                        Point::cell,
                        point -> point.smallestWidth == null ? Double.POSITIVE_INFINITY : point.smallestWidth,
                        point -> null)
                .forEach(panel -> figure.panel(named(panel).withScale(widths, "smallest width")));
        return figure.build();
    }

    /** What is one for all widths has none in its title. */
    private static HeatMapPanel named(HeatMapPanel panel) {
        return panel.withTitle(panel.title().replaceAll(",.*", ""));
    }

    private static HeatMapFigure error(List<Point> points, FigureContext context, Caption caption) {
        HeatMapFigure.Builder figure = maps(WIDTHS.size())
                .aspect(0.7)
                .scale(context.style().aroundLog(1, 0.5, 10).open(true, true), "true ratio $- 1$, in units of $C / M$")
                .divergedLabel("no number: the ratio exceeds a double, or cannot be estimated")
                .caption("Excess of the true ratio over 1 divided by that of the first-order law; "
                        + caption.parameterLine());
        PhasePanels.of(
                        points,
                        Point::cell,
                        point -> Double.isFinite(point.row.get(VarianceQuantity.RATIO))
                                ? point.excess()
                                : Double.POSITIVE_INFINITY,
                        point -> point.sampledAsTheLaw() ? WITHIN : null)
                .forEach(figure::panel);
        return figure.build();
    }

    private static LineFigure collapse(List<Point> points, Caption caption) {
        return LineFigure.builder()
                .columns(2)
                .aspect(0.8)
                .xAxis(Axis.log("$C / M$").between(0.008, 8), Axis.Sharing.ALL)
                .yAxis(Axis.log("in units of $C / M$").between(0.5, 20), Axis.Sharing.ALL)
                .caption("Every cell of the map at every width. a) The true ratio's excess over 1, b) its logarithm,"
                        + " both in units of $C / M$; bars: sampled 95 % intervals. " + caption.parameterLine())
                .panel(LineFigure.Panel.of("ratio $- 1$", series(points, ratio -> ratio - 1)))
                .panel(LineFigure.Panel.of("log(ratio)", series(points, StrictMath::log)))
                .build();
    }

    private static List<Series> series(List<Point> points, DoubleUnaryOperator measure) {
        List<Series> series = new ArrayList<>();
        for (Activation activation : ACTIVATIONS) {
            Point[] own = points.stream()
                    .filter(point -> point.cell().activation().equals(activation) && point.trusted())
                    .toArray(Point[]::new);
            series.add(Series.points(
                            Activations.displayName(activation),
                            Arrays.stream(own)
                                    .mapToDouble(point -> point.law.relativeVariance())
                                    .toArray(),
                            inUnits(own, VarianceQuantity.RATIO, measure))
                    .withInterval(
                            inUnits(own, VarianceQuantity.RATIO_LOW, measure),
                            inUnits(own, VarianceQuantity.RATIO_HIGH, measure))
                    .withColor(series.size()));
        }
        series.add(
                line("$1 + C / M$", excess -> measure.applyAsDouble(1 + excess)).withLine(Series.Line.DASHED));
        series.add(line("$e^{C / M}$", excess -> measure.applyAsDouble(StrictMath.exp(excess))));
        return series;
    }

    private static Series line(String label, DoubleUnaryOperator measure) {
        double[] x = new double[61];
        Arrays.setAll(x, k -> StrictMath.pow(10, -2.1 + k / 20.0));
        return Series.line(
                        label,
                        x,
                        Arrays.stream(x).map(t -> measure.applyAsDouble(t) / t).toArray())
                .withColor(Color.BLACK);
    }

    private static double[] inUnits(Point[] points, Column<Double> ratio, DoubleUnaryOperator measure) {
        return Arrays.stream(points)
                .mapToDouble(point -> point.inUnits(ratio, measure))
                .toArray();
    }
}
