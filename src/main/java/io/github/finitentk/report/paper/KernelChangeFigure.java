package io.github.finitentk.report.paper;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Change of the kernel in training and the smallest loss reached: figure 3 (tanh) and figure 4 (ReLU). */
record KernelChangeFigure(int number, Activation activation) implements FigureRecipe {

    private static final int SAMPLES = 128;

    @Override
    public String title() {
        return "change of the NTK during training, " + Activations.displayName(activation);
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return List.of(KernelChangeRuns.run(activation, KernelChangeRuns.WIDTH, scale, seed));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(KernelChangeRuns.name(activation, KernelChangeRuns.WIDTH));
        double constant = lossOfBestConstant();
        Caption caption = KernelChangeRuns.caption(
                        context,
                        number,
                        activation,
                        title(),
                        "a) Relative change of the NTK between initialisation and the end of training. White: a tenth;"
                                + " red: less, NTK theory may be used; blue: more. b) The smallest loss of all steps."
                                + " White: the loss of the best constant prediction; red: worse than that. Triangles: a"
                                + " learning rate above the largest stable one; crosses: diverged. Cells show medians over"
                                + " initialisations; the picture with the suffix -by-depth has their range.")
                .parameter("$M$", KernelChangeRuns.WIDTH)
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        HeatMapFigure.Builder figure = KernelChangeHeatMap.figure(KernelChangeRuns.foot(activation, caption))
                .columns(2)
                .aspect(0.8);
        ColorScale losses = KernelChangeHeatMap.losses(context.style(), constant);
        for (HeatMapPanel panel : KernelChangeHeatMap.panels(rows, KernelChangeQuantity.CHANGE)) {
            figure.panel(panel.withTitle("kernel change, " + panel.title())
                    .withScale(KernelChangeHeatMap.changes(context.style()), KernelChangeQuantity.CHANGE.symbol()));
        }
        for (HeatMapPanel panel : KernelChangeHeatMap.panels(rows, KernelChangeQuantity.MIN_LOSS)) {
            figure.panel(panel.withTitle("minimal loss, " + panel.title())
                    .withScale(losses, KernelChangeQuantity.MIN_LOSS.symbol()));
        }
        pictures.put("", figure.build());
        pictures.put(
                "-by-depth",
                new KernelChangeByDepth(activation, rows, caption, Axis.Sharing.NONE)
                        .panel("kernel change", KernelChangeQuantity.CHANGE, KernelChangeRuns.WIDTH)
                        .panel("minimal loss", KernelChangeQuantity.MIN_LOSS, KernelChangeRuns.WIDTH)
                        .build());
        return new FigureResult(number, caption, pictures, FigureTable.of(rows), context.backendLine());
    }

    private static double lossOfBestConstant() {
        Mnist images = Mnist.embedded().first(SAMPLES);
        double sum = 0;
        double squares = 0;
        for (int s = 0; s < SAMPLES; s++) {
            double y = Mnist.TargetChoice.DIGIT.of(images.label(s));
            sum += y;
            squares += y * y;
        }
        return (squares - sum * sum / SAMPLES) / (2 * SAMPLES);
    }
}
