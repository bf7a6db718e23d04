package io.github.finitentk.report.paper;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.ClassBlocksQuantity;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Columns;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the kernel takes on the structure of the classes while ten-class MNIST is learnt: the mean of its entries within a class
 * and between classes in units of its diagonal, its heat map, and the loss; as in figure 4 of the sequel of the paper (Seleznova and
 * Kutyniok, ICML 2022). Full-batch Adam on one-hot targets, ReLU, 20 hidden layers, {@code sigma_b^2 = 0}.
 */
final class Figure14 implements FigureRecipe {

    private static final String RUN = "14";
    private static final int DEPTH = 21;
    private static final int IMAGES_PER_CLASS = 10;
    private static final int CLASSES = 10;
    private static final List<Double> SIGMA_W2 = List.of(1.0, 2.0, 2.2);
    private static final List<Long> STEPS = List.of(100L, 500L, 1000L, 2000L, 3000L);

    /** Places of the steps whose kernels are drawn: at the start, on the way, at the end. */
    private static final List<Integer> DRAWN = List.of(0, 2, 5);

    private static final Columns<Point> COLUMNS = Cell.AXES
            .of((Point point) -> point.row.cell())
            .with(Column.integer("step", "t"), Point::step)
            .with(Column.real("same_over_diagonal", "Theta_c/Theta_d"), p -> p.of(ClassBlocksQuantity.SAME_CLASS))
            .with(
                    Column.real("different_over_diagonal", "Theta_n/Theta_d"),
                    p -> p.of(ClassBlocksQuantity.DIFFERENT_CLASS))
            .with(Column.real("mean_diagonal", "Theta_d"), p -> p.of(ClassBlocksQuantity.DIAGONAL))
            .with(Column.real("kernel_change", "from step 0"), p -> p.of(ClassBlocksQuantity.CHANGE))
            .with(Column.real("centred_alignment", "with the targets"), p -> p.of(ClassBlocksQuantity.ALIGNMENT))
            .with(Column.real("loss", "at this step"), Point::loss);

    /** A cell at one of its steps. */
    private record Point(SweepRow row, int place) {

        double of(Column<double[]> column) {
            double[] values = row.get(column);
            return place < values.length ? values[place] : Double.NaN;
        }

        long step() {
            return (long) of(ClassBlocksQuantity.STEPS);
        }

        double loss() {
            int place = Arrays.binarySearch(row.get(ClassBlocksQuantity.LOSS_STEPS), step());
            return place < 0 ? Double.NaN : row.get(ClassBlocksQuantity.LOSSES)[place];
        }
    }

    /** Null for the embedded images. */
    private final Path data;

    Figure14() {
        this(null);
    }

    private Figure14(Path data) {
        this.data = data;
    }

    @Override
    public int number() {
        return 14;
    }

    @Override
    public String title() {
        return "class structure of the NTK during training";
    }

    @Override
    public boolean takesData() {
        return true;
    }

    @Override
    public FigureRecipe withData(Path folder) {
        return new Figure14(folder);
    }

    private static int width(Scale scale) {
        return scale == Scale.QUICK ? 100 : 300;
    }

    private int samples() {
        return data == null
                ? Mnist.embedded().size()
                : Math.min(60_000, Mnist.load(data).size());
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("samples", samples());
        settings.put("images_per_class", IMAGES_PER_CLASS);
        settings.put("snapshots", STEPS);
        if (data != null) {
            settings.put("data", data.toString());
        }
        Grid grid = new Grid(List.of(Activations.RELU), List.of(0.0), List.of(width(scale)), SIGMA_W2, List.of(DEPTH));
        return List.of(new FigureRun(
                data == null ? RUN : RUN + "-data", SweepSpec.of(Quantity.of("class_blocks", settings), grid, seed)));
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> rows = context.rows(context.runs().keySet().iterator().next());
        List<Point> points = new ArrayList<>();
        for (SweepRow row : rows) {
            for (int k = 0; k <= STEPS.size(); k++) {
                points.add(new Point(row, k));
            }
        }
        Caption caption = context.caption(number(), title())
                .text(
                        "ReLU networks with 20 hidden layers and ten outputs, trained on MNIST's one-hot labels by Adam that sees all images"
                                + " in each step, one network for each $\\sigma_w^2$. Above: mean entries of the trace kernel between different images of one class"
                                + " ($\\Theta_c$) and of different classes ($\\Theta_n$) in units of its mean diagonal ($\\Theta_d$), on 10 images"
                                + " of each class; below: training loss. With the suffix -kernel: the kernel itself in units of $\\Theta_d$, images in the order of their classes.")
                .parameter("$M$", width(context.scale()))
                .parameter("$\\sigma_b^2$", "0, biases trained")
                .parameter("images", samples())
                .parameter("inputs", "pixels / 255")
                .parameter("loss", "1/(2S) sum of squares")
                .parameter("learning rate", "$10^{-4}$")
                .parameter("precision", "f32 weights, f64 kernels")
                .parameter("backend", context.backend())
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        pictures.put("", curves(rows, caption));
        pictures.put("-kernel", kernels(rows, context, caption));
        return new FigureResult(number(), caption, pictures, FigureTable.of(points, COLUMNS), context.backendLine());
    }

    private static String title(SweepRow row) {
        double sigmaW2 = row.cell().sigmaW2();
        return "$\\sigma_w^2 = " + Numbers.plain(sigmaW2) + "$, "
                + (sigmaW2 == 2 ? "edge" : sigmaW2 < 2 ? "ordered" : "chaotic");
    }

    private static Figure curves(List<SweepRow> rows, Caption caption) {
        LineFigure.Builder figure = LineFigure.builder()
                .columns(rows.size())
                .aspect(0.7)
                .xAxis(Axis.linear("step $t$"), Axis.Sharing.ALL)
                .yAxis(Axis.linear("mean entry / $\\Theta_d$").between(0, 1.05), Axis.Sharing.ROWS)
                .caption("Full-batch Adam on ten-class MNIST, ReLU, 20 hidden layers; " + caption.parameterLine());
        for (SweepRow row : rows) {
            double[] steps = row.get(ClassBlocksQuantity.STEPS);
            figure.panel(LineFigure.Panel.of(
                    title(row),
                    List.of(
                            marked(ClassBlocksQuantity.SAME_CLASS, "one class, ", row, steps),
                            marked(ClassBlocksQuantity.DIFFERENT_CLASS, "different classes, ", row, steps)
                                    .withMarker(Series.Marker.SQUARE))));
        }
        for (SweepRow row : rows) {
            figure.panel(LineFigure.Panel.of(
                            "training loss",
                            List.of(Series.line(
                                            "training loss",
                                            row.get(ClassBlocksQuantity.LOSS_STEPS),
                                            row.get(ClassBlocksQuantity.LOSSES))
                                    .withColor(2)))
                    .withY(Axis.log("loss")));
        }
        return figure.build();
    }

    private static Series marked(Column<double[]> column, String meaning, SweepRow row, double[] steps) {
        double[] values = Arrays.copyOf(row.get(column), steps.length);
        Arrays.fill(values, row.get(column).length, steps.length, Double.NaN);
        return Series.line(meaning + column.symbol(), steps, values).withMarker(Series.Marker.CIRCLE);
    }

    private static Figure kernels(List<SweepRow> rows, FigureContext context, Caption caption) {
        int images = CLASSES * IMAGES_PER_CLASS;
        double[] places = new double[images];
        Arrays.setAll(places, s -> (s + 0.5) / IMAGES_PER_CLASS - 0.5);
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(DRAWN.size())
                .aspect(1)
                .xAxis(Axis.linear("digit of $x$").between(-0.5, 9.5))
                .yAxis(Axis.linear("digit of $x'$").between(-0.5, 9.5))
                .scale(context.style().sequential(0, 1).open(true, true), "$\\Theta(x, x')$ / $\\Theta_d$")
                .caption("The trace kernel along training; " + caption.parameterLine());
        for (SweepRow row : rows) {
            for (int drawn : DRAWN) {
                Point point = new Point(row, drawn);
                double[][] values = new double[images][images];
                for (int s = 0; s < images; s++) {
                    for (int r = 0; r < images; r++) {
                        int entry = (drawn * images + s) * images + r;
                        double[] theta = row.get(ClassBlocksQuantity.THETA);
                        values[s][r] = entry < theta.length
                                ? theta[entry] / point.of(ClassBlocksQuantity.DIAGONAL)
                                : Double.POSITIVE_INFINITY;
                    }
                }
                figure.panel(HeatMapPanel.of(
                        title(row) + ", $t = " + point.step() + "$", new CellGrid(places, places, values)));
            }
        }
        return figure.build();
    }
}
