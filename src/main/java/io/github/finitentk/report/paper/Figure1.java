package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Figure1Grid;
import io.github.finitentk.experiment.VarianceExperiment;
import io.github.finitentk.experiment.VarianceRow;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.VarianceHeatMap;
import io.github.finitentk.sampling.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and depth for tanh and ReLU. */
final class Figure1 implements PaperFigure {

    @Override
    public int number() {
        return 1;
    }

    @Override
    public String title() {
        return "randomness of the NTK at initialisation";
    }

    @Override
    public FigureResult reproduce(FigureContext context) {
        Figure1Grid grid = Figure1Grid.preset(context.scale());
        List<VarianceRow> rows = new VarianceExperiment(
                        context.backend(), context.workers(), context.seed(), grid.draws(), Method.WEIGHTS)
                .run(grid.cells(), context.progress());
        Caption caption = context.caption(number(), title())
                .text("Second moment of the neural tangent kernel $\\Theta(x,x)$ over its squared mean for random"
                        + " fully-connected networks of constant width $M$ and depth $L$. Black: the kernel is close to"
                        + " deterministic. Red: its standard deviation is a fraction of its mean. White: they are equal."
                        + " Blue: the standard deviation exceeds the mean.")
                .parameter("$\\sigma_b^2$", "1")
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter("widths $M$", Arrays.toString(grid.widths()))
                .parameter("method", "whole networks drawn, " + grid.draws() + " per cell")
                .parameter("precision", "f64")
                .parameter("backend", context.backend().name())
                .build();
        return new FigureResult(
                number(),
                caption,
                Map.of(
                        "",
                        VarianceHeatMap.of(
                                rows,
                                "Fully-connected networks of constant width at initialisation; "
                                        + caption.parameterLine())),
                VarianceHeatMap.COLUMNS,
                VarianceHeatMap.table(rows),
                context.backend().name() + ": " + context.backend().description());
    }
}
