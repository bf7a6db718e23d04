package io.github.finitentk.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Figures with made-up but plausible numbers, for the tests and for looking at. */
final class DemoFigures {

    static final String RATIO = "$\\mathbb{E}[\\Theta(x, x)^2]$ / $\\mathbb{E}[\\Theta(x, x)]^2$";

    static final CellGrid.Mark HEAVY_TAIL =
            new CellGrid.Mark(CellGrid.Mark.Sign.DOT, "interval not reliable (heavy tail)");
    private static final CellGrid.Mark UNSTABLE =
            new CellGrid.Mark(CellGrid.Mark.Sign.RING, "learning rate above the stable limit");
    private static final CellGrid.Mark STOPPED = new CellGrid.Mark(CellGrid.Mark.Sign.TRIANGLE, "stopped early");
    private static final CellGrid.Mark LIMIT = new CellGrid.Mark(CellGrid.Mark.Sign.BAR, "step limit reached");

    private DemoFigures() {}

    /** Like figure 1: two rows of four panels, 16 x 25 cells, with a missing, a diverged and marked cells. */
    static HeatMapFigure heatMap(ColorScale scale) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(4)
                .scale(scale, RATIO)
                .missingLabel("not computed")
                .divergedLabel("diverged (no finite mean)")
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .caption(
                        "Ratio of the second moment of the neural tangent kernel to its squared mean at initialisation for"
                                + " fully-connected networks of constant width $M$; $\\sigma_b^2 = 1$, $|x|^2 = M_0 = M$, 200"
                                + " draws of all weights and biases per cell, seed 0, f64. Synthetic numbers for a test of the"
                                + " layout.");
        for (String activation : new String[] {"tanh", "ReLU"}) {
            double edge = activation.equals("tanh") ? 1.76 : 2;
            for (int width : new int[] {50, 100, 200, 500}) {
                HeatMapPanel panel = HeatMapPanel.of(activation + ", $M = " + width + "$", ratios(edge, width))
                        .withBorder(edge);
                if (width == 50 && edge < 2) {
                    panel = panel.withMark(15, 24, HEAVY_TAIL)
                            .withMark(14, 24, HEAVY_TAIL)
                            .withMark(4, 3, HEAVY_TAIL);
                }
                figure.panel(panel);
            }
        }
        return figure.build();
    }

    static CellGrid ratios(double edge, int width) {
        double[] x = new double[16];
        double[] y = new double[25];
        double[][] values = new double[25][16];
        SplittableRandom random = new SplittableRandom(width);
        for (int j = 0; j < 25; j++) {
            y[j] = 2 * (j + 1);
            for (int i = 0; i < 16; i++) {
                x[i] = 0.25 + 0.25 * i;
                double lambda = y[j] / width;
                double chaos = 5 / (1 + Math.exp(-(x[i] - edge) * Math.sqrt(width) / 2));
                double noise = 1 + 0.08 * (random.nextDouble() - 0.5);
                values[j][i] = 1 + Math.expm1(chaos * lambda) * noise;
            }
        }
        if (width == 50) {
            values[24][15] = Double.POSITIVE_INFINITY;
            values[23][15] = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 6; i++) {
                values[24][i] = Double.NaN;
                values[23][i] = Double.NaN;
            }
        }
        return new CellGrid(x, y, values);
    }

    /** Like figure 2: four initialisations against depth and against L/M; lines are exact, points are sampled. */
    static LineFigure ratioCurves() {
        double[][] settings = {{1, 1}, {1.5, 1}, {2, 0}, {3, 1}};
        double[] growth = {0.25, 0.6, 5, 8};
        int[] widths = {50, 100, 200, 500, 1000};
        ColorScale scale = ColorScale.viridis(50, 1000).logarithmic().darkest(0.85);
        LineFigure.Builder figure = LineFigure.builder()
                .columns(4)
                .aspect(0.9)
                .xAxis(Axis.linear("depth $L$"), Axis.Sharing.ROWS)
                .yAxis(Axis.log(RATIO), Axis.Sharing.COLUMNS)
                .caption("Lines: exact. Points: 200 draws of the weights with 95 % intervals. ReLU, $|x|^2 = M_0 = M$,"
                        + " seed 0. Synthetic numbers for a test of the layout.");
        for (int row = 0; row < 2; row++) {
            for (int s = 0; s < settings.length; s++) {
                List<Series> series = new ArrayList<>();
                for (int width : widths) {
                    add(series, growth[s], s < 2, width, row == 1, scale.color(width));
                }
                String title =
                        "$\\sigma_w^2 = " + plain(settings[s][0]) + "$, $\\sigma_b^2 = " + plain(settings[s][1]) + "$";
                LineFigure.Panel panel = LineFigure.Panel.of(title, series);
                figure.panel(row == 1 ? panel.withX(Axis.linear("$L / M$")) : panel);
            }
        }
        return figure.build();
    }

    private static void add(
            List<Series> series, double growth, boolean ordered, int width, boolean perWidth, Color color) {
        int n = 50;
        double[] x = new double[n];
        double[] y = new double[n];
        double[] px = new double[n / 5];
        double[] py = new double[n / 5];
        double[] lower = new double[n / 5];
        double[] upper = new double[n / 5];
        SplittableRandom random = new SplittableRandom(width);
        for (int k = 0; k < n; k++) {
            double depth = 2 * (k + 1);
            double lambda = ordered ? (1 - Math.exp(-depth / 8)) * 5 / width : depth / width;
            x[k] = perWidth ? depth / width : depth;
            y[k] = Math.exp(growth * lambda);
            if (k % 5 == 4) {
                double spread = 0.3 * (y[k] - 1);
                px[k / 5] = x[k];
                py[k / 5] = y[k] + spread * (random.nextDouble() - 0.7);
                lower[k / 5] = Math.max(1, py[k / 5] - spread);
                upper[k / 5] = py[k / 5] + 1.6 * spread;
            }
        }
        series.add(Series.line("$M = " + width + "$", x, y).withColor(color));
        series.add(Series.points("", px, py).withInterval(lower, upper).withColor(color));
    }

    /** Like figures 5 and 6: one line per initial covariance, explained by a colour bar. */
    static LineFigure covariances() {
        String[] phases = {"ordered", "edge of chaos", "chaotic"};
        double[][] variances = {{1, 1.5, 2.5}, {1, 2, 3}};
        LineFigure.Builder figure = LineFigure.builder()
                .columns(3)
                .xAxis(Axis.linear("depth $L$").between(0, 50), Axis.Sharing.ALL)
                .yAxis(Axis.linear("$\\kappa_2$"), Axis.Sharing.NONE)
                .scale(ColorScale.viridis(0, 1).darkest(0.9), "initial covariance $x_s \\cdot x_r$")
                .caption(
                        "$\\sigma_b^2 = 1$ for erf and 0 for ReLU at the edge of chaos; constant width. Synthetic numbers"
                                + " for a test of the layout.");
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 3; column++) {
                List<Series> lines = new ArrayList<>();
                for (int c = 0; c <= 10; c++) {
                    double[] x = new double[50];
                    double[] y = new double[50];
                    for (int k = 0; k < 50; k++) {
                        x[k] = k + 1;
                        double limit = column == 0 ? 1.4 : column == 1 ? 0.08 * x[k] : Math.exp(0.12 * x[k]);
                        y[k] = limit * (1 - 0.8 * (1 - c / 10.0) * Math.exp(-x[k] / (6 + 10 * row)));
                    }
                    lines.add(Series.line("", x, y).withParameter(c / 10.0));
                }
                String title = (row == 0 ? "erf" : "ReLU") + ", " + phases[column] + ", $\\sigma_w^2 = "
                        + plain(variances[row][column]) + "$";
                LineFigure.Panel panel = LineFigure.Panel.of(title, lines);
                figure.panel(column == 2 ? panel.withY(Axis.log("$\\kappa_2$")) : panel);
            }
        }
        return figure.build();
    }

    /** Like figure 3: an irregular grid, a curved border, two quantities with a colour scale each. */
    static HeatMapFigure change() {
        double[] x = {0.5, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4};
        double[] y = {1, 2, 3, 5, 8, 13, 20, 30, 50};
        double[][] change = new double[y.length][x.length];
        double[][] loss = new double[y.length][x.length];
        for (int j = 0; j < y.length; j++) {
            for (int i = 0; i < x.length; i++) {
                change[j][i] = 1e-3 * Math.exp(0.05 * y[j] * x[i]);
                loss[j][i] = 1e-5 + 0.08 / (1 + Math.exp(-(y[j] / 8 - 2 * x[i])));
            }
        }
        double[] borderX = {1.6, 1.8, 2.2, 2.6};
        double[] borderY = {0.8, 5, 20, 60};
        return HeatMapFigure.builder()
                .columns(2)
                .aspect(0.7)
                .yAxis(Axis.log("depth $L$"))
                .scale(ColorScale.viridis(1e-3, 10).logarithmic().open(false, true), DemoFigures.CHANGE)
                .panel(HeatMapPanel.of("tanh, $M = 256$", new CellGrid(x, y, change))
                        .withMark(4, 4, UNSTABLE)
                        .withMark(5, 5, UNSTABLE)
                        .withMark(5, 4, HEAVY_TAIL)
                        .withMark(6, 6, STOPPED)
                        .withMark(7, 7, LIMIT)
                        .withBorder(borderX, borderY))
                .panel(HeatMapPanel.of("tanh, $M = 256$", new CellGrid(x, y, loss))
                        .withBorder(borderX, borderY)
                        .withScale(ColorScale.viridis(0, 0.1).reversed(), "smallest training loss"))
                .caption("Synthetic numbers for a test of the layout.")
                .build();
    }

    static final String CHANGE = "$\\Vert\\Theta^t - \\Theta^0\\Vert_F$ / $\\Vert\\Theta^0\\Vert_F$";

    /** Categories, bands with a gap, markers, dashes. */
    static LineFigure bands() {
        double[] x = new double[20];
        double[][] y = new double[3][20];
        for (int k = 0; k < 20; k++) {
            x[k] = Math.pow(10, k / 5.0);
            for (int s = 0; s < 3; s++) {
                y[s][k] = (s + 1) * 0.02 * Math.pow(x[k], 0.3 + 0.2 * s);
            }
        }
        y[1][8] = Double.NaN;
        double[] low = new double[20];
        double[] high = new double[20];
        for (int k = 0; k < 20; k++) {
            low[k] = y[1][k] * 0.7;
            high[k] = y[1][k] * 1.4;
        }
        return LineFigure.builder()
                .columns(1)
                .width(Figure.ONE_COLUMN)
                .lettered(false)
                .xAxis(Axis.log("gradient descent steps"), Axis.Sharing.ALL)
                .yAxis(Axis.log(CHANGE), Axis.Sharing.ALL)
                .panel(LineFigure.Panel.of(
                        "",
                        List.of(
                                Series.line("ordered", x, y[0]),
                                Series.line("edge of chaos", x, y[1]).withInterval(low, high),
                                Series.line("chaotic", x, y[2])
                                        .withLine(Series.Line.DASHED)
                                        .withMarker(Series.Marker.SQUARE))))
                .build();
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Integer.toString((int) value) : Double.toString(value);
    }
}
