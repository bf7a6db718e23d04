package io.github.finitentk.report.paper;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Targets;
import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.KernelChangeHeatMap;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.LinePanel;
import io.github.finitentk.report.PhasePanels;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.Sharing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Change of the kernel in training and the smallest loss reached: figure 3 (tanh) and figure 4 (ReLU). */
record KernelChangeFigure(int number, Activation activation) implements PaperFigure {

    private static final int SAMPLES = 128;

    @Override
    public String title() {
        return "change of the NTK during training, " + PhasePanels.displayName(activation);
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return List.of(KernelChangeRuns.run(activation, KernelChangeRuns.WIDTH, scale, seed));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(KernelChangeRuns.name(activation, KernelChangeRuns.WIDTH));
        double constant = lossOfBestConstant();
        int count = KernelChangeRuns.initializations(context.scale(), KernelChangeRuns.WIDTH);
        Caption caption = KernelChangeRuns.caption(
                        context,
                        number,
                        activation,
                        title(),
                        "a) Relative change of the NTK between initialisation and the end of training. White: a tenth;"
                                + " red: less, NTK theory may be used; blue: more. b) The smallest loss of all steps. White:"
                                + " the loss of the best constant prediction; red: worse than that. Cells show the"
                                + " median of " + count
                                + " initialisation(s); the picture with the suffix -by-depth has"
                                + " their range.")
                .parameter("$M$", KernelChangeRuns.WIDTH)
                .parameter("initialisations per cell", count)
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        String foot = PhasePanels.displayName(activation) + " networks of constant width trained by full-batch gradient"
                + " descent; " + caption.parameterLine();
        HeatMapFigure.Builder figure =
                KernelChangeHeatMap.figure(foot).columns(2).aspect(0.8);
        ColorScale losses = KernelChangeHeatMap.losses(context.style(), constant);
        for (HeatMapPanel panel : KernelChangeHeatMap.panels(rows, "kernel_change")) {
            figure.panel(panel.withTitle("kernel change, " + panel.title())
                    .withScale(KernelChangeHeatMap.changes(context.style()), KernelChangeHeatMap.CHANGE));
        }
        for (HeatMapPanel panel : KernelChangeHeatMap.panels(rows, "min_loss")) {
            figure.panel(panel.withTitle("minimal loss, " + panel.title()).withScale(losses, KernelChangeHeatMap.LOSS));
        }
        pictures.put("", figure.build());
        pictures.put("-by-depth", byDepth(rows, foot, count));
        return new FigureResult(
                number,
                caption,
                pictures,
                KernelChangeRuns.columns(rows),
                KernelChangeRuns.table(rows),
                context.backendLine());
    }

    private static double lossOfBestConstant() {
        Mnist images = Mnist.embedded().first(SAMPLES);
        double sum = 0;
        double squares = 0;
        for (int s = 0; s < SAMPLES; s++) {
            double y = Targets.DIGIT.of(images.label(s));
            sum += y;
            squares += y * y;
        }
        return (squares - sum * sum / SAMPLES) / (2 * SAMPLES);
    }

    private Figure byDepth(List<SweepRow> rows, String foot, int count) {
        double[] settings = rows.stream()
                .mapToDouble(row -> row.cell().sigmaW2())
                .distinct()
                .sorted()
                .toArray();
        int lines = activation == Activations.RELU ? 2 : 1;
        List<Series> changes = new ArrayList<>();
        List<Series> losses = new ArrayList<>();
        for (double sigmaW2 : settings) {
            // A dozen lines could not be told apart.
            if (sigmaW2 * lines == Math.rint(sigmaW2 * lines)) {
                List<SweepRow> line = rows.stream()
                        .filter(row ->
                                row.cell().sigmaW2() == sigmaW2 && Double.isFinite(row.real("kernel_change_high")))
                        .toList();
                if (!line.isEmpty()) {
                    changes.add(series(line, "kernel_change", sigmaW2));
                    losses.add(series(line, "min_loss", sigmaW2));
                }
            }
        }
        return LineFigure.builder()
                .columns(2)
                .aspect(0.8)
                .xAxis(Axis.linear("depth $L$"), Sharing.ALL)
                .yAxis(Axis.log(KernelChangeHeatMap.CHANGE), Sharing.NONE)
                .scale(
                        ColorScale.viridis(settings[0], settings[settings.length - 1])
                                .darkest(0.9),
                        "$\\sigma_w^2$")
                .caption("Medians of " + count + " initialisation(s), bands from the least to the largest; cells that"
                        + " diverged are left out. " + foot)
                .panel(LinePanel.of("kernel change", changes))
                .panel(LinePanel.of("minimal loss", losses).withY(Axis.log(KernelChangeHeatMap.LOSS)))
                .build();
    }

    private static Series series(List<SweepRow> line, String column, double sigmaW2) {
        return Series.line("", depths(line), reals(line, column))
                .withInterval(reals(line, column + "_low"), reals(line, column + "_high"))
                .withParameter(sigmaW2);
    }

    private static double[] depths(List<SweepRow> rows) {
        return rows.stream().mapToDouble(row -> row.cell().depth()).toArray();
    }

    private static double[] reals(List<SweepRow> rows, String column) {
        return rows.stream().mapToDouble(row -> row.real(column)).toArray();
    }
}
