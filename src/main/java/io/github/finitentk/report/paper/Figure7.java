package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.VarianceExperiment;
import io.github.finitentk.experiment.VarianceGrid;
import io.github.finitentk.experiment.VarianceRow;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.VarianceHeatMap;
import io.github.finitentk.sampling.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Figure 1 at width 100 for several bias variances. */
final class Figure7 implements PaperFigure {

    @Override
    public int number() {
        return 7;
    }

    @Override
    public String title() {
        return "randomness of the NTK at initialisation for several bias variances";
    }

    @Override
    public FigureResult reproduce(FigureContext context) {
        boolean quick = context.scale() == Scale.QUICK;
        int draws = quick ? 1000 : 2000;
        VarianceGrid grid = new VarianceGrid(
                List.of(Activations.TANH, Activations.RELU),
                new double[] {0.05, 0.5, 1},
                new int[] {100},
                VarianceGrid.range(1, 6, quick ? 0.5 : 0.25),
                quick ? VarianceGrid.range(5, 50, 5) : VarianceGrid.range(2, 50, 2));
        List<VarianceRow> rows = new VarianceExperiment(
                        context.backend(), context.workers(), context.seed(), Method.AUTO, draws)
                .run(grid.cells(), context.progress());
        Caption caption = context.caption(number(), title())
                .text(
                        "As figure 1, for networks of width 100. The border between the phases moves with $\\sigma_b^2$ for"
                                + " tanh and stays at $\\sigma_w^2 = 2$ for ReLU.")
                .parameter("$M$", "100")
                .parameter("$\\sigma_b^2$", Arrays.toString(grid.sigmaB2()))
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter(
                        "method",
                        "ReLU exact; tanh Rao-Blackwell with " + draws
                                + " forward passes, sequential Monte Carlo where the tail is heavy")
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
                                grid.sigmaB2().length,
                                context.style(),
                                "Fully-connected networks of constant width at initialisation; "
                                        + caption.parameterLine())),
                VarianceHeatMap.COLUMNS,
                VarianceHeatMap.table(rows),
                context.backend().name() + ": " + context.backend().description());
    }
}
