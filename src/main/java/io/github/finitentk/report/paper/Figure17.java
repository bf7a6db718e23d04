package io.github.finitentk.report.paper;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.RegressionQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The phases of signal propagation seen through accuracy: the test error of exact regression of ten-class MNIST with the NTK and
 * with the NNGP kernel of infinite width, over {@code sigma_w^2} and depth. As figure 3 of Lee et al., Deep neural networks as Gaussian
 * processes (ICLR 2018), has it of the NNGP kernel over {@code sigma_w^2} and {@code sigma_b^2}.
 */
final class Figure17 implements FigureRecipe {

    private static final String RUN = "17";
    private static final double SIGMA_B2 = 0.1;
    private static final int WIDTH = 1000;
    private static final List<Integer> DEPTHS = List.of(2, 10, 20, 30, 40, 50);

    private static final double CHANCE = 0.9;

    /** Null for the embedded images. */
    private final Path data;

    Figure17() {
        this(null);
    }

    private Figure17(Path data) {
        this.data = data;
    }

    @Override
    public int number() {
        return 17;
    }

    @Override
    public String title() {
        return "phases seen through the accuracy of exact kernels on MNIST";
    }

    @Override
    public boolean takesData() {
        return true;
    }

    @Override
    public FigureRecipe withData(Path folder) {
        return new Figure17(folder);
    }

    /** Images to train on and as many to test on. */
    private int images(Scale scale) {
        return data == null ? Mnist.embedded().size() / 2 : scale == Scale.QUICK ? 1000 : 4000;
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("samples", images(scale));
        settings.put("tests", images(scale));
        if (data != null) {
            settings.put("data", data.toString());
            settings.put("test_data", data.toString());
        }
        Grid grid = new Grid(
                List.of(Activations.TANH, Activations.RELU),
                List.of(SIGMA_B2),
                List.of(WIDTH),
                Grid.range(0.5, 4, 0.5),
                DEPTHS);
        return List.of(new FigureRun(
                data == null ? RUN : RUN + "-data", SweepSpec.of(Quantity.of("regression", settings), grid, seed)));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(context.runs().keySet().iterator().next());
        Caption caption = context.caption(number(), title())
                .text(
                        "Share of MNIST's test images in a wrong class, by exact regression on ten classes with kernels of infinite width:"
                                + " the NTK (all layers trained until convergence) and the NNGP kernel (the last layer trained). Dark: the"
                                + " network generalises. Yellow: it guesses. Left of the border, deep in the ordered phase, all images look"
                                + " alike to the kernel; right of it, deep in the chaotic phase, no two do.")
                .parameter("$\\sigma_b^2$", "0.1, biases trained")
                .parameter("$M$", WIDTH + " (weighs the layers of the NTK)")
                .parameter("images", images(context.scale()) + " to train on, as many to test on")
                .parameter("inputs", "$|x|^2 = M_0$")
                .parameter("targets", "0.9 and -0.1")
                .parameter("ridge", "$10^{-10}$ of the mean diagonal")
                .parameter("backend", context.backend())
                .build();
        return new FigureResult(
                number(),
                caption,
                Map.of("", picture(context, rows, caption)),
                FigureTable.of(rows),
                context.backendLine());
    }

    private static Figure picture(FigureContext context, List<SweepRow> rows, Caption caption) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(2)
                .aspect(0.7)
                .scale(
                        context.style().sequential(lowest(rows), CHANCE).logarithmic(),
                        "share of test images in a wrong class")
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .missingLabel("not positive definite")
                .caption("Exact kernel regression of ten-class MNIST; " + caption.parameterLine());
        Map<String, Column<Double>> kernels = new LinkedHashMap<>();
        kernels.put("NTK", RegressionQuantity.NTK_ACCURACY);
        kernels.put("NNGP", RegressionQuantity.NNGP_ACCURACY);
        kernels.forEach((name, accuracy) -> {
            for (HeatMapPanel panel : PhasePanels.of(rows, SweepRow::cell, row -> 1 - row.get(accuracy), row -> null)) {
                figure.panel(panel.withTitle(name + ", " + panel.title().replaceAll(", .*", "")));
            }
        });
        return figure.build();
    }

    /** The least error that is not 0, one that a colour bar can begin with. */
    private static double lowest(List<SweepRow> rows) {
        double least = rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(
                        1 - row.get(RegressionQuantity.NTK_ACCURACY), 1 - row.get(RegressionQuantity.NNGP_ACCURACY)))
                .filter(error -> error > 0)
                .min()
                .orElse(0.1);
        return DoubleStream.of(0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
                .filter(bound -> bound <= least)
                .findFirst()
                .orElse(0.005);
    }
}
