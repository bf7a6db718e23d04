package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.FiniteSampleQuantity;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.sampling.Method;
import java.util.List;

/** How far the estimate from 200 networks falls from the truth: its median and its 5-95 % band over many experiments. */
final class SamplingErrorFigure {

    private static final String SEEN = "1-error";
    private static final String TRUTH = "1-error-truth";
    private static final int WIDTH = 50;
    private static final int TRUTH_DRAWS = 4000;

    private record Setting(Activation activation, double sigmaW2, String phase) {}

    private static final List<Setting> SETTINGS = List.of(
            new Setting(Activations.TANH, 2, "ordered"),
            new Setting(Activations.TANH, 3.5, "near the edge"),
            new Setting(Activations.TANH, 6, "chaotic"),
            new Setting(Activations.RELU, 1.5, "ordered"),
            new Setting(Activations.RELU, 2, "edge"),
            new Setting(Activations.RELU, 3, "chaotic"));

    private SamplingErrorFigure() {}

    private static int experiments(Scale scale) {
        return scale == Scale.QUICK ? 40 : 200;
    }

    static List<FigureRun> runs(Scale scale, long seed) {
        List<Grid> grids = List.of(grid(Activations.TANH), grid(Activations.RELU));
        return List.of(
                new FigureRun(
                        SEEN,
                        new SweepSpec(new FiniteSampleQuantity(Figure1.PAPER_DRAWS, experiments(scale)), grids, seed)),
                new FigureRun(TRUTH, new SweepSpec(new VarianceQuantity(Method.AUTO, TRUTH_DRAWS), grids, seed)));
    }

    private static Grid grid(Activation activation) {
        return new Grid(
                List.of(activation),
                List.of(1.0),
                List.of(WIDTH),
                SETTINGS.stream()
                        .filter(setting -> setting.activation == activation)
                        .map(Setting::sigmaW2)
                        .toList(),
                Grid.range(5, 50, 5));
    }

    static Figure of(FigureContext context) {
        LineFigure.Builder figure = LineFigure.builder()
                .columns(3)
                .aspect(0.8)
                .xAxis(Axis.linear("depth $L$").between(0, 52), Axis.Sharing.ALL)
                .yAxis(Axis.log(VarianceQuantity.RATIO.symbol()), Axis.Sharing.NONE)
                .caption("What 200 networks per cell see, $M = M_0 = |x|^2 = " + WIDTH
                        + "$, $\\sigma_b^2 = 1$. Points: median"
                        + " of " + experiments(context.scale())
                        + " experiments of 200 networks each; bars: from their 5 % to their 95 %"
                        + " quantile. Line: the truth (ReLU exact; tanh by Rao-Blackwell or sequential Monte Carlo, shaded:"
                        + " 95 % interval).");
        for (Setting setting : SETTINGS) {
            figure.panel(panel(select(context.rows(TRUTH), setting), select(context.rows(SEEN), setting), setting));
        }
        return figure.build();
    }

    private static List<SweepRow> select(List<SweepRow> rows, Setting setting) {
        return rows.stream()
                .filter(row -> row.cell().activation() == setting.activation
                        && row.cell().sigmaW2() == setting.sigmaW2)
                .toList();
    }

    private static LineFigure.Panel panel(List<SweepRow> truth, List<SweepRow> seen, Setting setting) {
        double[] x = truth.stream().mapToDouble(row -> row.cell().depth()).toArray();
        String title = Activations.displayName(setting.activation) + ", " + setting.phase + ", $\\sigma_w^2 = "
                + Numbers.plain(setting.sigmaW2) + "$";
        return LineFigure.Panel.of(
                title,
                List.of(
                        Rows.withInterval(
                                        Series.line("truth", x, Rows.values(truth, VarianceQuantity.RATIO)),
                                        truth,
                                        VarianceQuantity.RATIO)
                                .withColor(0),
                        Rows.withInterval(
                                        Series.points(
                                                "200 networks", x, Rows.values(seen, FiniteSampleQuantity.MEDIAN)),
                                        seen,
                                        FiniteSampleQuantity.MEDIAN)
                                .withColor(1)));
    }
}
