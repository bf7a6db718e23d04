package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.VarianceCell;
import io.github.finitentk.experiment.VarianceExperiment;
import io.github.finitentk.experiment.VarianceGrid;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.LinePanel;
import io.github.finitentk.report.Palette;
import io.github.finitentk.report.PhasePanels;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.Sharing;
import io.github.finitentk.report.VarianceHeatMap;
import io.github.finitentk.sampling.FiniteSampleStudy;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How far the estimate from 200 networks falls from the truth: its median and its 5-95 % band over many experiments. */
final class SamplingErrorFigure {

    private static final int WIDTH = 50;

    private record Setting(Activation activation, double sigmaW2, String phase) {}

    private SamplingErrorFigure() {}

    static Figure of(FigureContext context, Progress progress) {
        List<Setting> settings = List.of(
                new Setting(Activations.TANH, 2, "ordered"),
                new Setting(Activations.TANH, 3.5, "near the edge"),
                new Setting(Activations.TANH, 6, "chaotic"),
                new Setting(Activations.RELU, 1.5, "ordered"),
                new Setting(Activations.RELU, 2, "edge"),
                new Setting(Activations.RELU, 3, "chaotic"));
        boolean quick = context.scale() == Scale.QUICK;
        int experiments = quick ? 40 : 200;
        int[] depths = VarianceGrid.range(5, 50, 5);
        LineFigure.Builder figure = LineFigure.builder()
                .columns(3)
                .aspect(0.8)
                .xAxis(Axis.linear("depth $L$").between(0, 52), Sharing.ALL)
                .yAxis(Axis.log(VarianceHeatMap.RATIO), Sharing.NONE)
                .caption("What 200 networks per cell see, $M = M_0 = |x|^2 = " + WIDTH
                        + "$, $\\sigma_b^2 = 1$. Points: median"
                        + " of " + experiments + " experiments of 200 networks each; bars: from their 5 % to their 95 %"
                        + " quantile. Line: the truth (ReLU exact; tanh by Rao-Blackwell or sequential Monte Carlo, shaded:"
                        + " 95 % interval).");
        for (int k = 0; k < settings.size(); k++) {
            Setting setting = settings.get(k);
            figure.panel(panel(context, setting, depths, experiments));
            progress.update(k + 1, settings.size(), "sampling error, " + setting.phase);
        }
        return figure.build();
    }

    private static LinePanel panel(FigureContext context, Setting setting, int[] depths, int experiments) {
        int n = depths.length;
        double[] x = Arrays.stream(depths).asDoubleStream().toArray();
        double[][] truth = new double[3][n];
        double[][] seen = new double[3][n];
        List<VarianceCell> cells = new ArrayList<>();
        for (int depth : depths) {
            cells.add(VarianceCell.normalized(setting.activation, setting.sigmaW2, 1, depth, WIDTH));
        }
        VarianceExperiment best =
                new VarianceExperiment(context.backend(), context.workers(), context.seed(), Method.AUTO, 4000);
        for (int i = 0; i < n; i++) {
            RatioEstimate estimate = best.run(cells.get(i)).estimate();
            truth[0][i] = estimate.ratio();
            truth[1][i] = estimate.interval().lower();
            truth[2][i] = estimate.interval().upper();
            FiniteSampleStudy study = FiniteSampleStudy.of(
                    cells.get(i).ensemble(),
                    Figure1.PAPER_DRAWS,
                    experiments,
                    context.backend(),
                    context.workers(),
                    cells.get(i).streamKey(context.seed() + 1));
            seen[0][i] = study.median();
            seen[1][i] = study.lower();
            seen[2][i] = study.upper();
        }
        String title = PhasePanels.displayName(setting.activation) + ", " + setting.phase + ", $\\sigma_w^2 = "
                + Numbers.plain(setting.sigmaW2) + "$";
        return LinePanel.of(
                title,
                List.of(
                        Series.line("truth", x, truth[0])
                                .withInterval(truth[1], truth[2])
                                .withColor(Palette.color(0)),
                        Series.points("200 networks", x, seen[0])
                                .withInterval(seen[1], seen[2])
                                .withColor(Palette.color(1))));
    }
}
