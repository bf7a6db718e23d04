package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.VarianceExperiment;
import io.github.finitentk.experiment.VarianceGrid;
import io.github.finitentk.experiment.VarianceRow;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.VarianceHeatMap;
import io.github.finitentk.sampling.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and depth for tanh and ReLU: by the best method for each cell, by the
 * paper's 200 networks, and the error of the latter.
 */
final class Figure1 implements PaperFigure {

    static final int PAPER_DRAWS = 200;

    @Override
    public int number() {
        return 1;
    }

    @Override
    public String title() {
        return "randomness of the NTK at initialisation";
    }

    static VarianceGrid grid(Scale scale) {
        boolean quick = scale == Scale.QUICK;
        return new VarianceGrid(
                List.of(Activations.TANH, Activations.RELU),
                new double[] {1},
                quick ? new int[] {50, 100} : new int[] {50, 100, 200, 500},
                VarianceGrid.range(1, 6, quick ? 0.5 : 0.25),
                quick ? VarianceGrid.range(5, 50, 5) : VarianceGrid.range(2, 50, 2));
    }

    @Override
    public FigureResult reproduce(FigureContext context) {
        VarianceGrid grid = grid(context.scale());
        int draws = context.scale() == Scale.QUICK ? 1000 : 2000;
        List<VarianceRow> best =
                run(context, grid, Method.AUTO, draws, context.progress().part(0, 0.75));
        List<VarianceRow> sampled =
                run(context, grid, Method.CHAIN, PAPER_DRAWS, context.progress().part(0.75, 0.9));
        Caption caption = context.caption(number(), title())
                .text("Second moment of the neural tangent kernel $\\Theta(x, x)$ over its squared mean for random"
                        + " fully-connected networks of constant width $M$ and depth $L$. Dark red (in the paper's style"
                        + " black): the kernel is close to deterministic. Red: its standard deviation is a fraction of"
                        + " its mean. White: they are equal. Blue: the standard deviation exceeds the mean. The picture with the suffix -200-draws is what"
                        + " the paper's 200 networks per cell show; the one with the suffix -error says how far they are"
                        + " from the truth.")
                .parameter("$\\sigma_b^2$", "1")
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter("widths $M$", Arrays.toString(grid.widths()))
                .parameter(
                        "method",
                        "ReLU exact; tanh Rao-Blackwell with " + draws
                                + " forward passes, sequential Monte Carlo where the tail is heavy")
                .parameter("precision", "f64")
                .parameter("backend", context.backend().name())
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        String networks = "Fully-connected networks of constant width at initialisation; ";
        pictures.put(
                "",
                VarianceHeatMap.of(best, grid.widths().length, context.style(), networks + caption.parameterLine()));
        pictures.put(
                "-200-draws",
                VarianceHeatMap.of(
                        sampled,
                        grid.widths().length,
                        context.style(),
                        networks
                                + "$\\sigma_b^2 = 1$; $|x|^2 = M_0 = M$; the ratio of moments of 200 networks per cell,"
                                + " as in the paper; seed = " + context.seed() + "."));
        pictures.put(
                "-error", SamplingErrorFigure.of(context, context.progress().part(0.9, 1)));
        List<VarianceRow> rows = new ArrayList<>(best);
        rows.addAll(sampled);
        return new FigureResult(
                number(),
                caption,
                pictures,
                VarianceHeatMap.COLUMNS,
                VarianceHeatMap.table(rows),
                context.backend().name() + ": " + context.backend().description());
    }

    private static List<VarianceRow> run(
            FigureContext context, VarianceGrid grid, Method method, int draws, Progress progress) {
        return new VarianceExperiment(context.backend(), context.workers(), context.seed(), method, draws)
                .run(grid.cells(), progress);
    }
}
