package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.training.Integrator;
import java.util.List;
import java.util.Map;

/**
 * The trainings behind figures 3, 4 and 8 to 11: one run for each activation and width, shared by the figures. Settings are
 * the paper's; what it leaves open is said in each caption.
 */
final class KernelChangeRuns {

    /** The width of figures 3, 4, 8 and 9. */
    static final int WIDTH = 256;

    /** The widths of figures 10 and 11. */
    static final List<Integer> WIDTHS = List.of(128, 256, 512);

    /** The depths of the largest width at quick scale. */
    private static final List<Integer> SHALLOW = List.of(2, 5, 10);

    /** Networks for each cell: the range says whether one is typical. */
    static final int INITIALIZATIONS = 2;

    private static final double SIGMA_B2 = 1;

    /** The steps of figures 8 and 9. */
    static final List<Long> SNAPSHOTS = List.of(10L, 100L, 1_000L, 10_000L);

    private KernelChangeRuns() {}

    /** The name of a run. */
    static String name(Activation activation, int width) {
        return "kernel-change-" + activation.label() + "-" + width;
    }

    /** The widths of figures 10 and 11 in words: hatched areas of a map are depths that were not computed. */
    static String widths(Scale scale) {
        return scale == Scale.PAPER ? "128, 256, 512" : "128, 256, and 512 to depth " + SHALLOW.get(SHALLOW.size() - 1);
    }

    static FigureRun run(Activation activation, int width, Scale scale, long seed) {
        Map<String, Object> settings = Map.of(
                "initializations",
                (long) INITIALIZATIONS,
                "integrator",
                integrator(activation).label());
        return new FigureRun(
                name(activation, width),
                SweepSpec.of(Quantity.of("kernel_change", settings), grid(activation, width, scale), seed));
    }

    // Kinks make ReLU's macro steps short; a map does not need the full accuracy.
    private static Integrator integrator(Activation activation) {
        return Activations.isRelu(activation) ? Integrator.FLOW_COARSE : Integrator.FLOW;
    }

    private static Grid grid(Activation activation, int width, Scale scale) {
        boolean relu = Activations.isRelu(activation);
        if (scale == Scale.PAPER) {
            return grid(activation, width, Grid.range(1, relu ? 4 : 6, 0.25), Grid.range(2, 20, 2));
        }
        // Deep ReLU networks near the border need the most passes, wide ones the longest.
        List<Double> sigmaW2 = relu ? List.of(1.0, 1.5, 2.0, 3.0, 4.0) : Grid.range(1, 6, 1.0);
        List<Integer> depths = relu ? List.of(2, 5, 10, 20) : List.of(2, 5, 10, 15, 20);
        return grid(activation, width, sigmaW2, width <= WIDTH ? depths : SHALLOW);
    }

    private static Grid grid(Activation activation, int width, List<Double> sigmaW2, List<Integer> depths) {
        return new Grid(List.of(activation), List.of(SIGMA_B2), List.of(width), sigmaW2, depths);
    }

    /** A caption with all settings of the trainings, as their quantity has them. */
    static Caption.Builder caption(
            FigureContext context, int number, Activation activation, String title, String text) {
        Quantity quantity =
                run(activation, WIDTH, context.scale(), context.seed()).spec().quantity();
        Map<String, Object> settings = quantity.settings();
        return context.caption(number, title)
                .text(text)
                .parameter("$\\sigma_b^2$", Numbers.plain(SIGMA_B2))
                .parameter("data", quantity.conventions().get("input"))
                .parameter("loss", quantity.conventions().get("loss"))
                .parameter("learning rate", Numbers.power((Double) settings.get("learning_rate")))
                .parameter(
                        "stopping",
                        "no fall of the loss by " + Numbers.power((Double) settings.get("min_decrease")) + " in "
                                + settings.get("patience") + " consecutive steps, or "
                                + Numbers.power((Long) settings.get("max_steps")) + " steps")
                .parameter(
                        "integrator",
                        settings.get("integrator") + ": macro steps of a frozen kernel, with error control")
                .parameter("initialisations per cell", INITIALIZATIONS)
                .parameter("precision", settings.get("precision").toString())
                .parameter("backend", context.backend());
    }

    /** What stands below a picture. */
    static String foot(Activation activation, Caption caption) {
        return Activations.displayName(activation)
                + " networks of constant width trained by full-batch gradient descent; " + caption.parameterLine();
    }
}
