package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.sampling.Method;
import java.util.List;
import java.util.Map;

/** Figure 1 at width 100 for several bias variances. */
final class Figure7 implements FigureRecipe {

    private static final String RUN = "7";
    private static final List<Double> SIGMA_B2 = List.of(0.05, 0.5, 1.0);

    @Override
    public int number() {
        return 7;
    }

    @Override
    public String title() {
        return "randomness of the NTK at initialisation for several bias variances";
    }

    private static int draws(Scale scale) {
        return scale == Scale.QUICK ? 1000 : 2000;
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        Grid figure1 = Figure1.grid(scale);
        Grid grid = new Grid(figure1.activations(), SIGMA_B2, List.of(100), figure1.sigmaW2(), figure1.depths());
        return List.of(new FigureRun(RUN, SweepSpec.of(new VarianceQuantity(Method.AUTO, draws(scale)), grid, seed)));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(RUN);
        Caption caption = context.caption(number(), title())
                .text("As figure 1, for networks of width 100. The border between the phases moves with"
                        + " $\\sigma_b^2$ for tanh and stays at $\\sigma_w^2 = 2$ for ReLU.")
                .parameter("$M$", "100")
                .parameter("$\\sigma_b^2$", Numbers.list(SIGMA_B2))
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter(
                        "method",
                        "ReLU exact; tanh Rao-Blackwell with " + draws(context.scale())
                                + " forward passes, sequential Monte Carlo where the tail is heavy")
                .parameter("precision", "f64")
                .parameter("backend", context.backend())
                .build();
        return new FigureResult(
                number(),
                caption,
                Map.of(
                        "",
                        VarianceHeatMap.of(
                                rows,
                                SIGMA_B2.size(),
                                context.style(),
                                "Fully-connected networks of constant width at initialisation; "
                                        + caption.parameterLine())),
                FigureTable.ofVariance(rows),
                context.backendLine());
    }
}
