package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.sampling.Method;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code E[Theta^2]/E[Theta]^2} of ReLU networks against L and against L/M: exact curves as lines, 200 networks as points with
 * intervals, and the law {@code e^{5 lambda}} of Hanin and Nica in its precise form.
 */
final class Figure2 implements FigureRecipe {

    private static final String EXACT = "2-exact";
    private static final String SAMPLED = "2-200-draws";

    private static final String TRUSTED = "200 networks, 95 % interval";
    private static final String HEAVY = "200 networks, heavy tail: no interval";

    private static final double[][] SETTINGS = {{1, 1}, {1.5, 1}, {2, 0}, {3, 1}};
    private static final int MAX_DEPTH = 100;

    @Override
    public int number() {
        return 2;
    }

    @Override
    public boolean hasStyles() {
        return false;
    }

    @Override
    public String title() {
        return "randomness of the NTK against $L$ and $L / M$";
    }

    private static List<Integer> widths(Scale scale) {
        return scale == Scale.QUICK ? List.of(50, 100, 200, 500, 1000) : List.of(50, 100, 200, 500, 1000, 2000, 5000);
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return List.of(
                new FigureRun(EXACT, sweep(scale, Grid.range(1, MAX_DEPTH, 1), Method.EXACT, seed)),
                new FigureRun(SAMPLED, sweep(scale, Grid.range(10, MAX_DEPTH, 10), Method.CHAIN, seed)));
    }

    private static SweepSpec sweep(Scale scale, List<Integer> depths, Method method, long seed) {
        List<Grid> grids = Arrays.stream(SETTINGS)
                .map(setting -> new Grid(
                        List.of(Activations.RELU), List.of(setting[1]), widths(scale), List.of(setting[0]), depths))
                .toList();
        return new SweepSpec(new VarianceQuantity(method, Figure1.PAPER_DRAWS), grids, seed);
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> exact = context.rows(EXACT);
        List<SweepRow> sampled = context.rows(SAMPLED);
        List<Integer> widths = widths(context.scale());
        Caption caption = context.caption(number(), title())
                .text("ReLU networks of constant width. Lines: exact moments of the finite network. Points: 200"
                        + " networks with 95 % intervals where these can be trusted. Dashed: the limit of wide"
                        + " networks at fixed $\\lambda = L / M$, exponential as $e^{5 \\lambda}$, for"
                        + " $\\sigma_w^2 = 2$, $\\sigma_b^2 = 0$.")
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter("widths $M$", Numbers.list(widths))
                .parameter("draws", Figure1.PAPER_DRAWS)
                .parameter("precision", "f64")
                .parameter("backend", context.backend())
                .build();
        List<SweepRow> rows = new ArrayList<>(exact);
        rows.addAll(sampled);
        return new FigureResult(
                number(),
                caption,
                Map.of("", figure(exact, sampled, widths, caption)),
                FigureTable.ofVariance(rows),
                context.backendLine());
    }

    private static Figure figure(List<SweepRow> exact, List<SweepRow> sampled, List<Integer> widths, Caption caption) {
        ColorScale colors = ColorScale.viridis(widths.get(0), widths.get(widths.size() - 1))
                .logarithmic()
                .darkest(0.85);
        LineFigure.Builder figure = LineFigure.builder()
                .columns(4)
                .aspect(0.95)
                .xAxis(Axis.linear("depth $L$").between(0, 1.04 * MAX_DEPTH), Axis.Sharing.ROWS)
                .yAxis(Axis.log(VarianceQuantity.RATIO.symbol()), Axis.Sharing.COLUMNS)
                .caption("ReLU; lines exact, points 200 networks with 95 % intervals where these can be trusted"
                        + " (triangles: heavy tail, no trusted interval); dashed: limit at fixed $L / M$ for"
                        + " $\\sigma_w^2 = 2$, $\\sigma_b^2 = 0$; " + caption.parameterLine());
        for (boolean perWidth : new boolean[] {false, true}) {
            for (double[] setting : SETTINGS) {
                List<Series> series = new ArrayList<>();
                double[] unit = widths.stream()
                        .mapToDouble(width -> perWidth ? 1.0 / width : 1)
                        .toArray();
                // All lines before all points: so the key has them, and no line hides a point.
                for (int k = 0; k < unit.length; k++) {
                    int width = widths.get(k);
                    List<SweepRow> line = select(exact, setting, width);
                    series.add(Series.line(
                                    "$M = " + width + "$", xs(line, unit[k]), Rows.values(line, VarianceQuantity.RATIO))
                            .withColor(colors.color(width)));
                }
                for (int k = 0; k < unit.length; k++) {
                    int width = widths.get(k);
                    addPoints(series, select(sampled, setting, width), unit[k], colors.color(width));
                }
                if (perWidth && setting[1] == 0) {
                    series.add(limit());
                }
                LineFigure.Panel panel = LineFigure.Panel.of(
                        "$\\sigma_w^2 = " + Numbers.plain(setting[0]) + "$, $\\sigma_b^2 = " + Numbers.plain(setting[1])
                                + "$",
                        series);
                figure.panel(perWidth ? panel.withX(Axis.linear("$L / M$").between(0, 2.08)) : panel);
            }
        }
        return figure.build();
    }

    private static void addPoints(List<Series> series, List<SweepRow> sampled, double unit, Color color) {
        for (boolean heavy : new boolean[] {false, true}) {
            List<SweepRow> points = sampled.stream()
                    .filter(row -> row.flag(VarianceQuantity.HEAVY_TAILED) == heavy)
                    .toList();
            if (!points.isEmpty()) {
                Series marks = Series.points(
                        heavy ? HEAVY : TRUSTED, xs(points, unit), Rows.values(points, VarianceQuantity.RATIO));
                series.add((heavy
                                ? marks.withMarker(Series.Marker.TRIANGLE)
                                : Rows.withInterval(marks, points, VarianceQuantity.RATIO))
                        .withColor(color));
            }
        }
    }

    private static List<SweepRow> select(List<SweepRow> rows, double[] setting, int width) {
        return rows.stream()
                .filter(row -> row.cell().sigmaW2() == setting[0]
                        && row.cell().sigmaB2() == setting[1]
                        && row.cell().width() == width)
                .toList();
    }

    private static double[] xs(List<SweepRow> rows, double unit) {
        return rows.stream().mapToDouble(row -> row.cell().depth() * unit).toArray();
    }

    private static Series limit() {
        double[] lambda = Grid.range(0.02, 2, 0.02).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        return Series.line(
                        "limit at fixed $L / M$",
                        lambda,
                        Arrays.stream(lambda).map(ExactMoments::limitRatio).toArray())
                .withLine(Series.Line.DASHED)
                .withColor(Color.BLACK);
    }
}
