package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.util.List;
import java.util.Map;

/** Change of the kernel at the end of training for several widths: figure 10 (tanh) and figure 11 (ReLU). */
record KernelChangeWidthsFigure(int number, Activation activation) implements FigureRecipe {

    @Override
    public String title() {
        return "change of the NTK during training for several widths, " + Activations.displayName(activation);
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return KernelChangeRuns.WIDTHS.stream()
                .map(width -> KernelChangeRuns.run(activation, width, scale, seed))
                .toList();
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = KernelChangeRuns.WIDTHS.stream()
                .flatMap(width -> context.rows(KernelChangeRuns.name(activation, width)).stream())
                .toList();
        Caption caption = KernelChangeRuns.caption(
                        context,
                        number,
                        activation,
                        title(),
                        "Relative change of the NTK between initialisation and the end of training. White: a tenth;"
                                + " red: less; blue: more. Triangles: a learning rate above the largest stable one;"
                                + " crosses: diverged; hatched: not computed. Cells show medians over initialisations; the"
                                + " picture with the suffix -by-depth has their range.")
                .parameter("widths $M$", KernelChangeRuns.widths(context.scale()))
                .build();
        HeatMapFigure.Builder figure = KernelChangeHeatMap.figure(KernelChangeRuns.foot(activation, caption))
                .columns(3)
                .aspect(0.85)
                .scale(KernelChangeHeatMap.changes(context.style()), KernelChangeQuantity.CHANGE.symbol());
        KernelChangeHeatMap.panels(rows, KernelChangeQuantity.CHANGE).forEach(figure::panel);
        return new FigureResult(
                number,
                caption,
                Map.of("", figure.build(), "-by-depth", byDepth(rows, caption)),
                FigureTable.of(rows),
                context.backendLine());
    }

    private Figure byDepth(List<SweepRow> rows, Caption caption) {
        KernelChangeByDepth lines = new KernelChangeByDepth(activation, rows, caption, Axis.Sharing.ALL);
        for (int width : KernelChangeRuns.WIDTHS) {
            lines.panel("$M = " + width + "$", KernelChangeQuantity.CHANGE, width);
        }
        return lines.build();
    }
}
