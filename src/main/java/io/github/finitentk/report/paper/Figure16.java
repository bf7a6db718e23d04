package io.github.finitentk.report.paper;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * "Networks initialized close to EOC generalize better than networks in the chaotic phase" (section 5 of the paper) put to the
 * test: risk and squared bias on test images over {@code sigma_w^2} and depth, of trained networks and by eq. (10) in infinite
 * width, in units of what the best constant prediction achieves.
 */
final class Figure16 implements FigureRecipe {

    private static final String RUN = "16";

    private record Size(
            int width,
            int samples,
            int tests,
            int networks,
            List<Double> tanh,
            List<Double> relu,
            List<Integer> depths) {

        Quantity quantity() {
            return EnsembleRuns.quantity(samples, tests, networks);
        }
    }

    /** A row of numbers and what its panels are called. */
    private record Measure(String title, ToDoubleFunction<SweepRow> value) {}

    private static final List<Measure> MEASURES = List.of(
            new Measure(
                    "risk, trained",
                    row -> row.get(EnsembleQuantity.TRAINED_VARIANCE) + row.get(EnsembleQuantity.TRAINED_SQUARED_BIAS)),
            new Measure(
                    "risk, theory",
                    row -> row.get(EnsembleQuantity.EXACT_VARIANCE) + row.get(EnsembleQuantity.EXACT_SQUARED_BIAS)),
            new Measure("bias$^2$, trained", Figure16::trainedBias),
            new Measure("bias$^2$, theory", row -> row.get(EnsembleQuantity.EXACT_SQUARED_BIAS)));

    @Override
    public int number() {
        return 16;
    }

    @Override
    public String title() {
        return "risk and squared bias of trained networks and of NTK theory";
    }

    private static Size size(Scale scale) {
        return scale == Scale.QUICK
                ? new Size(100, 32, 128, 12, Grid.range(1, 6, 1.0), Grid.range(1, 3.5, 0.5), List.of(2, 3, 5, 8, 12))
                : new Size(
                        200,
                        128,
                        512,
                        24,
                        Grid.range(1, 6, 0.5),
                        Grid.range(1, 3.5, 0.25),
                        List.of(2, 3, 4, 6, 8, 10, 12));
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        Size size = size(scale);
        List<Grid> grids = List.of(grid(Activations.TANH, size.tanh, size), grid(Activations.RELU, size.relu, size));
        return List.of(new FigureRun(RUN, new SweepSpec(size.quantity(), grids, seed)));
    }

    private static Grid grid(Activation activation, List<Double> sigmaW2, Size size) {
        return new Grid(List.of(activation), List.of(EnsembleRuns.SIGMA_B2), List.of(size.width), sigmaW2, size.depths);
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(RUN);
        Size size = size(context.scale());
        double constant = riskOfTheMean(size.samples, size.tests);
        Caption caption = EnsembleRuns.caption(context, this, size.width, size.quantity())
                .text("Risk $E (f(x) - y)^2$ over initialisations and test images, and its part that no average over"
                        + " initialisations removes, the squared bias; both divided by the risk of predicting"
                        + " the mean of the training targets (white). Blue: better, red: worse. Trained:"
                        + " networks trained to the same $t$, sampling error removed from the bias. Theory: eq."
                        + " (10) with the deterministic infinite-width kernel at that $t$, exactly.")
                .build();
        return new FigureResult(
                number(),
                caption,
                Map.of(
                        "", picture(context, rows, Activations.TANH, constant, caption),
                        "-relu", picture(context, rows, Activations.RELU, constant, caption)),
                FigureTable.of(rows),
                context.backendLine());
    }

    private static HeatMapFigure picture(
            FigureContext context, List<SweepRow> rows, Activation activation, double constant, Caption caption) {
        List<SweepRow> own = rows.stream()
                .filter(row -> row.cell().activation().equals(activation))
                .toList();
        ColorScale colors =
                context.style().aroundLog(1, 1.0 / 30, 30).reversed().open(true, true);
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(MEASURES.size())
                .scale(colors, "relative to the best constant")
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .missingLabel("smaller than its sampling error")
                .divergedLabel("diverged")
                .caption(Activations.displayName(activation) + " networks of constant width trained on MNIST; "
                        + caption.parameterLine());
        for (Measure measure : MEASURES) {
            List<HeatMapPanel> panels = PhasePanels.of(
                    own, SweepRow::cell, row -> measure.value.applyAsDouble(row) / constant, row -> null);
            figure.panel(panels.get(0).withTitle(measure.title));
        }
        return figure.build();
    }

    /** NaN where the correction for the sampling error of the mean output is all there is. */
    private static double trainedBias(SweepRow row) {
        double bias = row.get(EnsembleQuantity.TRAINED_SQUARED_BIAS);
        return bias > row.get(EnsembleQuantity.TRAINED_VARIANCE) / row.get(EnsembleQuantity.NETWORKS)
                ? bias
                : Double.NaN;
    }

    /** The mean over test images of the squared error of the training targets' mean. */
    static double riskOfTheMean(int samples, int tests) {
        Mnist images = Mnist.embedded().first(samples + tests);
        double mean = 0;
        for (int s = 0; s < samples; s++) {
            mean += Mnist.TargetChoice.DIGIT.of(images.label(s)) / samples;
        }
        double risk = 0;
        for (int s = samples; s < samples + tests; s++) {
            double error = Mnist.TargetChoice.DIGIT.of(images.label(s)) - mean;
            risk += error * error / tests;
        }
        return risk;
    }
}
