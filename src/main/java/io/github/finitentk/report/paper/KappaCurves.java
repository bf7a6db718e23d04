package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Columns;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.TheoryQuantity;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code kappa_1} and {@code kappa_2} of Lemma 2 by depth, for erf and ReLU in the ordered phase, at the edge of chaos and in
 * the chaotic phase: the numbers of figures 5 and 6. Normalised inputs ({@code q^0 = 1}), constant width.
 */
final class KappaCurves {

    static final int MAX_DEPTH = 50;

    /** Initial covariances of the lines. */
    static final List<Double> COVARIANCES =
            IntStream.rangeClosed(0, 20).mapToObj(c -> c / 20.0).toList();

    private static final String CORRECTED = "kappa";
    private static final String PRINTED = "kappa-as-printed";
    private static final double SIGMA_B2 = 1;
    private static final List<String> PHASES = List.of("ordered", "edge of chaos", "chaotic");

    private static final Columns<Point> COLUMNS = new Columns<Point>()
            .with(Column.text("recursion", "corrected or as printed"), point -> point.panel.recursion)
            .with(Cell.ACTIVATION, point -> point.panel.activation.label())
            .with(TheoryQuantity.PHASE, point -> point.panel.phase)
            .with(Cell.SIGMA_W2, point -> point.panel.sigmaW2)
            .with(Cell.SIGMA_B2, point -> SIGMA_B2)
            .with(Column.real("c0", "initial covariance"), point -> COVARIANCES.get(point.covariance))
            .with(Cell.DEPTH, point -> (long) point.depth)
            .with(TheoryQuantity.KAPPA1, Point::kappa1)
            .with(Column.real("kappa2", "kappa_2 of Lemma 2"), Point::kappa2)
            .with(Column.real("ratio", "kappa_1 / kappa_2"), point -> point.kappa1() / point.kappa2());

    /**
     * One panel of lines.
     *
     * @param recursion {@code corrected} or {@code as printed}
     * @param phase name of the column
     * @param kappa1 by depth 2 ... 50
     * @param kappa2 by covariance, then by depth
     */
    record Panel(
            String recursion, Activation activation, String phase, double sigmaW2, double[] kappa1, double[][] kappa2) {

        String title() {
            String name = Activations.isRelu(activation) ? "ReLU" : activation.label();
            return name + ", " + phase.replace(" of chaos", "") + ", $\\sigma_w^2 = " + Numbers.plain(sigmaW2) + "$";
        }
    }

    /** A point of a line. */
    private record Point(Panel panel, int covariance, int depth) {

        double kappa1() {
            return panel.kappa1[depth - 2];
        }

        double kappa2() {
            return panel.kappa2[covariance][depth - 2];
        }
    }

    private KappaCurves() {}

    static List<FigureRun> runs(long seed) {
        return List.of(
                new FigureRun(
                        CORRECTED,
                        sweep(
                                TheoryQuantity.Recursion.CORRECTED,
                                List.of(grid(Activations.ERF), grid(Activations.RELU)),
                                seed)),
                new FigureRun(
                        PRINTED, sweep(TheoryQuantity.Recursion.AS_PRINTED, List.of(grid(Activations.ERF)), seed)));
    }

    private static SweepSpec sweep(TheoryQuantity.Recursion recursion, List<Grid> grids, long seed) {
        return new SweepSpec(new TheoryQuantity(COVARIANCES, recursion, 128), grids, seed);
    }

    // kappa does not depend on the width of a constant-width network.
    private static Grid grid(Activation activation) {
        return new Grid(
                List.of(activation), List.of(SIGMA_B2), List.of(100), sigmaW2(activation), Grid.range(2, MAX_DEPTH, 1));
    }

    /** By phase. */
    private static List<Double> sigmaW2(Activation activation) {
        double edge = new PhaseBoundary(activation).at(SIGMA_B2).sigmaW2();
        return Activations.isRelu(activation) ? List.of(1.0, edge, 3.0) : List.of(1.5, edge, 5.0);
    }

    /** Three phases of an activation. */
    static List<Panel> corrected(FigureContext context, Activation activation) {
        return panels(context.rows(CORRECTED), "corrected", activation);
    }

    /** The same for erf by the recursion that the paper prints in Appendix E.2. */
    static List<Panel> asPrinted(FigureContext context) {
        return panels(context.rows(PRINTED), "as printed", Activations.ERF);
    }

    private static List<Panel> panels(List<SweepRow> rows, String recursion, Activation activation) {
        List<Panel> panels = new ArrayList<>();
        List<Double> sigmaW2 = sigmaW2(activation);
        for (int k = 0; k < PHASES.size(); k++) {
            double w = sigmaW2.get(k);
            List<SweepRow> line = rows.stream()
                    .filter(row ->
                            row.cell().activation() == activation && row.cell().sigmaW2() == w)
                    .toList();
            double[][] kappa2 = new double[COVARIANCES.size()][];
            for (int c = 0; c < kappa2.length; c++) {
                int covariance = c;
                kappa2[c] = line.stream()
                        .mapToDouble(row -> row.get(TheoryQuantity.KAPPA2)[covariance])
                        .toArray();
            }
            double[] kappa1 = Rows.values(line, TheoryQuantity.KAPPA1);
            panels.add(new Panel(recursion, activation, PHASES.get(k), w, kappa1, kappa2));
        }
        return panels;
    }

    static FigureTable table(List<Panel> panels) {
        List<Point> points = new ArrayList<>();
        for (Panel panel : panels) {
            for (int c = 0; c < COVARIANCES.size(); c++) {
                for (int depth = 2; depth <= MAX_DEPTH; depth++) {
                    points.add(new Point(panel, c, depth));
                }
            }
        }
        return FigureTable.of(points, COLUMNS);
    }

    static double[] depths() {
        return IntStream.rangeClosed(2, MAX_DEPTH).asDoubleStream().toArray();
    }
}
