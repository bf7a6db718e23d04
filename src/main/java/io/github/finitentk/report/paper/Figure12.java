package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Section 5 of the paper put to the test, which shows no experiment of it: the variance of trained networks' outputs against
 * depth in the three phases, with eq. (10) for each network's own kernel, the exact infinite-width formula, and Theorem 3.
 */
final class Figure12 implements FigureRecipe {

    private static final String RUN = "12";

    /** Points of one depth stand beside each other. */
    private static final double ASIDE = 0.18;

    private record Setting(Activation activation, String phase, double sigmaW2) {}

    private record Size(int width, int samples, int tests, int networks, List<Integer> depths) {

        Quantity quantity() {
            return EnsembleRuns.quantity(samples, tests, networks);
        }
    }

    @Override
    public int number() {
        return 12;
    }

    @Override
    public boolean hasStyles() {
        return false;
    }

    @Override
    public String title() {
        return "output variance of trained networks against NTK theory";
    }

    private static Size size(Scale scale) {
        return scale == Scale.QUICK
                ? new Size(100, 32, 32, 16, List.of(1, 2, 3, 5, 8, 12))
                : new Size(200, 64, 128, 24, List.of(1, 2, 3, 4, 6, 8, 10, 12));
    }

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Activation activation : List.of(Activations.TANH, Activations.RELU)) {
            boolean relu = Activations.isRelu(activation);
            double edge =
                    new PhaseBoundary(activation).at(EnsembleRuns.SIGMA_B2).sigmaW2();
            settings.add(new Setting(activation, "ordered", relu ? 1 : 1.5));
            settings.add(new Setting(activation, "edge", edge));
            settings.add(new Setting(activation, "chaotic", relu ? 3 : 6));
        }
        return settings;
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        Size size = size(scale);
        List<Grid> grids = settings().stream()
                .map(setting -> new Grid(
                        List.of(setting.activation),
                        List.of(EnsembleRuns.SIGMA_B2),
                        List.of(size.width),
                        List.of(setting.sigmaW2),
                        size.depths))
                .toList();
        return List.of(new FigureRun(RUN, new SweepSpec(size.quantity(), grids, seed)));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(RUN);
        Size size = size(context.scale());
        Caption caption = EnsembleRuns.caption(context, this, size.width, size.quantity())
                .text(
                        "Variance over initialisations of the outputs of trained networks, mean over test inputs, and three"
                                + " predictions of it. Circles: trained networks. Squares: eq. (10) for"
                                + " the same networks, each with its own kernel at initialisation; the kernel is then"
                                + " taken to be constant in training. Solid: the infinite-width kernel, exactly; the"
                                + " kernel is then taken to be deterministic besides. Dashed: the same for infinite"
                                + " training time. Dotted: Theorem 3; the kernel is then taken to be data-independent"
                                + " besides. Bars: 95 % intervals (jackknife over networks).")
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        pictures.put("", variances(rows, size, caption));
        pictures.put("-kernels", kernels(rows, size, caption));
        return new FigureResult(number(), caption, pictures, FigureTable.of(rows), context.backendLine());
    }

    private static Figure variances(List<SweepRow> rows, Size size, Caption caption) {
        LineFigure.Builder figure = builder(size)
                .yAxis(Axis.log("variance of $f(x)$"), Axis.Sharing.NONE)
                .caption("Networks trained on MNIST; bars are 95 % intervals; " + caption.parameterLine());
        for (Setting setting : settings()) {
            List<SweepRow> line = select(rows, setting);
            double[] depths = depths(line, 0);
            figure.panel(LineFigure.Panel.of(
                    name(setting),
                    List.of(
                            Series.line("Theorem 3", depths, Rows.values(line, EnsembleQuantity.THEOREM3_VARIANCE))
                                    .withLine(Series.Line.DOTTED)
                                    .withColor(2),
                            Series.line(
                                            "infinite width, $t = \\infty$",
                                            depths,
                                            Rows.values(line, EnsembleQuantity.EXACT_CONVERGED_VARIANCE))
                                    .withLine(Series.Line.DASHED)
                                    .withColor(0),
                            Series.line(
                                            "infinite width, same $t$",
                                            depths,
                                            Rows.values(line, EnsembleQuantity.EXACT_VARIANCE))
                                    .withColor(0),
                            points("eq. (10) with own kernels", line, ASIDE, EnsembleQuantity.OWN_VARIANCE)
                                    .withMarker(Series.Marker.SQUARE)
                                    .withColor(1),
                            points("trained networks", line, -ASIDE, EnsembleQuantity.TRAINED_VARIANCE)
                                    .withColor(6))));
        }
        return figure.build();
    }

    private static Series points(String label, List<SweepRow> line, double aside, Column<Double> variance) {
        Series points = Series.points(label, depths(line, aside), Rows.values(line, variance));
        return Rows.withInterval(points, line, variance);
    }

    /** Why: how far the kernel moves, and how far that takes single networks from their own eq. (10). */
    private static Figure kernels(List<SweepRow> rows, Size size, Caption caption) {
        LineFigure.Builder figure = builder(size)
                .yAxis(Axis.log("relative size"), Axis.Sharing.ALL)
                .caption(
                        "Kernel change: $|\\Theta^t - \\Theta^0|_F / |\\Theta^0|_F$, mean over networks. Distance: root mean"
                                + " square difference of a trained network's output and eq. (10) with its own kernel, in standard"
                                + " deviations of the trained outputs. " + caption.parameterLine());
        for (Setting setting : settings()) {
            List<SweepRow> line = select(rows, setting).stream()
                    .filter(row -> row.cell().depth() > 1)
                    .toList();
            double[] depths = depths(line, 0);
            figure.panel(LineFigure.Panel.of(
                    name(setting),
                    List.of(
                            Series.line("kernel change", depths, Rows.values(line, EnsembleQuantity.KERNEL_CHANGE))
                                    .withMarker(Series.Marker.CIRCLE)
                                    .withColor(6),
                            Series.line("distance from eq. (10)", depths, Rows.values(line, EnsembleQuantity.GAP))
                                    .withMarker(Series.Marker.SQUARE)
                                    .withColor(1))));
        }
        return figure.build();
    }

    private static LineFigure.Builder builder(Size size) {
        return LineFigure.builder()
                .columns(3)
                .aspect(0.85)
                .xAxis(
                        Axis.linear("depth $L$").between(0, size.depths.get(size.depths.size() - 1) + 1),
                        Axis.Sharing.ALL);
    }

    private static String name(Setting setting) {
        return Activations.displayName(setting.activation) + ", " + setting.phase + ", $\\sigma_w^2 = "
                + Numbers.plain(setting.sigmaW2) + "$";
    }

    private static List<SweepRow> select(List<SweepRow> rows, Setting setting) {
        return rows.stream()
                .filter(row -> row.cell().activation().equals(setting.activation)
                        && row.cell().sigmaW2() == setting.sigmaW2)
                .toList();
    }

    private static double[] depths(List<SweepRow> rows, double aside) {
        return rows.stream().mapToDouble(row -> row.cell().depth() + aside).toArray();
    }
}
