package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.util.List;
import java.util.Map;

/** Change of the kernel after 10, 100, 1,000 and 10,000 steps: figure 8 (tanh) and figure 9 (ReLU). */
record KernelChangeStepsFigure(int number, Activation activation) implements FigureRecipe {

    @Override
    public String title() {
        return "change of the NTK after $t$ steps, " + Activations.displayName(activation);
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return List.of(KernelChangeRuns.run(activation, KernelChangeRuns.WIDTH, scale, seed));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(KernelChangeRuns.name(activation, KernelChangeRuns.WIDTH));
        Caption caption = KernelChangeRuns.caption(
                        context,
                        number,
                        activation,
                        title(),
                        "Relative change of the NTK after $t$ steps of gradient descent. White: a tenth; red: less;"
                                + " blue: more. Triangles: a learning rate above the largest stable one; crosses:"
                                + " diverged. A network that stopped earlier keeps its last value. Medians over"
                                + " initialisations.")
                .parameter("$M$", KernelChangeRuns.WIDTH)
                .build();
        HeatMapFigure.Builder figure = KernelChangeHeatMap.figure(Activations.displayName(activation)
                        + " networks of constant width trained by full-batch gradient"
                        + " descent; a network that stopped earlier keeps its last value; "
                        + caption.parameterLine())
                .columns(4)
                .scale(KernelChangeHeatMap.earlyChanges(context.style()), KernelChangeQuantity.CHANGE.symbol());
        for (long step : KernelChangeRuns.SNAPSHOTS) {
            String title = step == 10 ? "$t = 10$" : "$t = 10^" + Math.round(StrictMath.log10(step)) + "$";
            KernelChangeHeatMap.panels(rows, KernelChangeQuantity.changeAt(step))
                    .forEach(panel -> figure.panel(panel.withTitle(title)));
        }
        return new FigureResult(
                number, caption, Map.of("", figure.build()), FigureTable.of(rows), context.backendLine());
    }
}
