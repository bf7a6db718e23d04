package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Columns;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.sampling.Method;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The kernel's entries off its diagonal: dispersion and mean of {@code Theta(x,x')} over the correlation of the two inputs, for
 * ReLU networks of {@code M = n_0 = 100}, unit-norm inputs and {@code sigma_b^2 = 0} with trained biases, as in the sequel of
 * the paper (Seleznova and Kutyniok, ICML 2022).
 */
final class Figure13 implements FigureRecipe {

    private static final String RUN = "13";
    private static final int WIDTH = 100;
    private static final double NORM2 = 1;

    /** Panels of the lines, in all phases, and their lines. */
    private static final List<Double> SHOWN = List.of(1.0, 2.0, 2.5, 3.5);

    private static final List<Integer> DEPTHS = List.of(10, 20, 30, 40, 50);

    private static final String RATIO = VarianceQuantity.PAIR_RATIO.symbol();
    private static final CellGrid.Mark HEAVY_TAIL =
            new CellGrid.Mark(CellGrid.Mark.Sign.DOT, "heavy tail: the interval is not to be trusted");

    private static final Columns<Point> COLUMNS = Cell.AXES
            .of((Point point) -> point.row.cell())
            .with(Column.integer("input_dim", "M_0"), point -> (long) WIDTH)
            .with(Column.real("input_norm2", "|x|^2"), point -> NORM2)
            .with(Column.real("correlation", "x.x'/|x|^2"), Point::correlation)
            .with(Column.text("method", "the method that was used"), Point::method)
            .with(VarianceQuantity.DRAWS, Point::draws)
            .with(Column.real("mean", "E[Theta(x,x')]"), point -> point.of(VarianceQuantity.PAIR_MEAN))
            .with(Column.real("mean_ci_low", "its 95 % interval"), point -> point.of(VarianceQuantity.PAIR_MEAN_LOW))
            .with(Column.real("mean_ci_high", "its upper end"), point -> point.of(VarianceQuantity.PAIR_MEAN_HIGH))
            .with(
                    Column.real("infinite_width", "Theta*(x,x')"),
                    point -> point.of(VarianceQuantity.PAIR_INFINITE_WIDTH))
            .with(
                    Column.real("second_moment", "E[Theta(x,x')^2]"),
                    point -> point.of(VarianceQuantity.PAIR_SECOND_MOMENT))
            .with(VarianceQuantity.RATIO, point -> point.of(VarianceQuantity.PAIR_RATIO))
            .with(VarianceQuantity.RATIO_LOW, point -> point.of(VarianceQuantity.PAIR_RATIO_LOW))
            .with(VarianceQuantity.RATIO_HIGH, point -> point.of(VarianceQuantity.PAIR_RATIO_HIGH))
            .with(VarianceQuantity.HEAVY_TAILED, point -> point.heavyTailed() ? 1L : 0L);

    /** A cell at one of its correlations. */
    private record Point(SweepRow row, int place, double correlation, int sampled) {

        double of(Column<double[]> column) {
            return row.get(column)[place];
        }

        boolean heavyTailed() {
            return of(VarianceQuantity.PAIR_HEAVY_TAILED) != 0;
        }

        String method() {
            return correlation == 1 ? row.get(VarianceQuantity.METHOD) : Method.CONDITIONAL.label();
        }

        long draws() {
            return correlation == 1 ? row.get(VarianceQuantity.DRAWS) : sampled;
        }

        /** A value in units of that of infinitely wide networks. */
        double inUnits(Column<double[]> column) {
            return of(column) / of(VarianceQuantity.PAIR_INFINITE_WIDTH);
        }
    }

    @Override
    public int number() {
        return 13;
    }

    @Override
    public String title() {
        return "dispersion of $\\Theta(x, x')$ over the correlation of the inputs";
    }

    private static int draws(Scale scale) {
        return scale == Scale.QUICK ? 4000 : 20_000;
    }

    private static List<Double> correlations(Scale scale) {
        return scale == Scale.QUICK ? List.of(0.0, 0.25, 0.5, 0.75, 0.9, 1.0) : Grid.range(0, 1, 0.1);
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        boolean quick = scale == Scale.QUICK;
        Grid grid = new Grid(
                List.of(Activations.RELU),
                List.of(0.0),
                List.of(WIDTH),
                Grid.range(0.5, 3.5, quick ? 0.5 : 0.25),
                quick ? Grid.range(5, 50, 5) : Grid.range(2, 50, 2));
        return List.of(new FigureRun(
                RUN,
                SweepSpec.of(new VarianceQuantity(Method.AUTO, draws(scale), correlations(scale), NORM2), grid, seed)));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<Double> correlations = correlations(context.scale());
        List<Point> points = new ArrayList<>();
        for (SweepRow row : context.rows(RUN)) {
            for (int k = 0; k < correlations.size(); k++) {
                points.add(new Point(row, k, correlations.get(k), draws(context.scale())));
            }
        }
        Caption caption = context.caption(number(), title())
                .text(
                        "Second moment of the neural tangent kernel $\\Theta(x, x')$ over its squared mean, for random ReLU networks"
                                + " and two inputs of norm 1, against their correlation $x \\cdot x'$: exact at 1, elsewhere from kernels drawn without"
                                + " weights, with 95 % intervals where these can be trusted. With the suffix -mean: the mean in units of"
                                + " the infinite-width value $\\Theta^*(x, x')$. With the suffix -map: the dispersion over $\\sigma_w^2$ and depth.")
                .parameter("$M = M_0$", WIDTH)
                .parameter("$\\sigma_b^2$", "0, biases trained")
                .parameter("$|x|^2$", "1")
                .parameter("draws", draws(context.scale()))
                .parameter("precision", "f64")
                .parameter("backend", context.backend())
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        pictures.put("", dispersion(points, caption));
        pictures.put("-mean", mean(points, caption));
        pictures.put("-map", map(points, context, caption));
        return new FigureResult(number(), caption, pictures, FigureTable.of(points, COLUMNS), context.backendLine());
    }

    private static Figure dispersion(List<Point> points, Caption caption) {
        return lines(
                points,
                Axis.log(RATIO),
                point -> point.of(VarianceQuantity.PAIR_RATIO),
                point -> point.of(VarianceQuantity.PAIR_RATIO_LOW),
                point -> point.of(VarianceQuantity.PAIR_RATIO_HIGH),
                Point::heavyTailed,
                "ReLU; dispersion over initialisations, 95 % intervals where these can be trusted; "
                        + caption.parameterLine());
    }

    private static Figure mean(List<Point> points, Caption caption) {
        return lines(
                points,
                Axis.linear("$\\mathbb{E}[\\Theta(x, x')]$ / $\\Theta^*(x, x')$"),
                point -> point.inUnits(VarianceQuantity.PAIR_MEAN),
                point -> point.inUnits(VarianceQuantity.PAIR_MEAN_LOW),
                point -> point.inUnits(VarianceQuantity.PAIR_MEAN_HIGH),
                point -> false,
                "ReLU; mean over initialisations beside the infinite-width value, with 95 % intervals; "
                        + caption.parameterLine());
    }

    private static Figure lines(
            List<Point> points,
            Axis y,
            ToDoubleFunction<Point> value,
            ToDoubleFunction<Point> low,
            ToDoubleFunction<Point> high,
            Predicate<Point> untrusted,
            String caption) {
        ColorScale colors =
                ColorScale.viridis(DEPTHS.get(0), DEPTHS.get(DEPTHS.size() - 1)).darkest(0.85);
        LineFigure.Builder figure = LineFigure.builder()
                .columns(SHOWN.size())
                .aspect(0.95)
                .xAxis(Axis.linear("correlation $x \\cdot x'$").between(-0.05, 1.05), Axis.Sharing.ALL)
                .yAxis(y, Axis.Sharing.NONE)
                .caption(caption);
        for (double sigmaW2 : SHOWN) {
            List<Series> series = new ArrayList<>();
            for (int depth : DEPTHS) {
                List<Point> own = points.stream()
                        .filter(point -> point.row.cell().sigmaW2() == sigmaW2
                                && point.row.cell().depth() == depth)
                        .toList();
                Color color = colors.color(depth);
                series.add(Series.line("$L = " + depth + "$", xs(own), values(own, value))
                        .withColor(color));
                for (boolean heavy : new boolean[] {false, true}) {
                    List<Point> marked = own.stream()
                            .filter(point -> untrusted.test(point) == heavy)
                            .toList();
                    if (!marked.isEmpty()) {
                        Series marks = Series.points("", xs(marked), values(marked, value))
                                .withColor(color);
                        series.add(
                                heavy
                                        ? marks.withMarker(Series.Marker.TRIANGLE)
                                        : marks.withInterval(values(marked, low), values(marked, high)));
                    }
                }
            }
            if (points.stream().anyMatch(untrusted)) {
                series.add(Series.points("heavy tail, no trusted interval", new double[] {0}, new double[] {Double.NaN})
                        .withMarker(Series.Marker.TRIANGLE)
                        .withColor(Color.GRAY));
            }
            figure.panel(
                    LineFigure.Panel.of("$\\sigma_w^2 = " + Numbers.plain(sigmaW2) + "$, " + phase(sigmaW2), series));
        }
        return figure.build();
    }

    private static String phase(double sigmaW2) {
        return sigmaW2 == 2 ? "edge" : sigmaW2 < 2 ? "ordered" : "chaotic";
    }

    private static double[] xs(List<Point> points) {
        return values(points, Point::correlation);
    }

    private static double[] values(List<Point> points, ToDoubleFunction<Point> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    private static Figure map(List<Point> points, FigureContext context, Caption caption) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(3)
                .aspect(0.85)
                .scale(context.style().ratio(), RATIO)
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .divergedLabel("exceeds double precision")
                .caption("ReLU; dispersion over initialisations; " + caption.parameterLine());
        for (double correlation : new double[] {1, 0.5, 0}) {
            List<Point> own = points.stream()
                    .filter(point -> point.correlation == correlation)
                    .toList();
            PhasePanels.of(
                            own,
                            point -> point.row.cell(),
                            point -> point.of(VarianceQuantity.PAIR_RATIO),
                            point -> point.heavyTailed() ? HEAVY_TAIL : null)
                    .forEach(
                            panel -> figure.panel(panel.withTitle("correlation $" + Numbers.plain(correlation) + "$")));
        }
        return figure.build();
    }
}
