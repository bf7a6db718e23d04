package io.github.finitentk.report;

import io.github.finitentk.experiment.VarianceCell;
import io.github.finitentk.experiment.VarianceRow;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and depth: one panel per activation and width, the dashed border
 * {@code chi_1 = 1} over each, in the colours of the paper. Figure 1.
 */
public final class VarianceHeatMap {

    /** The ratio as axis label, in {@link MathText} markup. */
    public static final String RATIO = "$\\mathbb{E}[\\Theta(x, x)^2]$ / $\\mathbb{E}[\\Theta(x, x)]^2$";

    private VarianceHeatMap() {}

    /**
     * @param rows finished cells; panels appear in the order in which their first cells do
     * @param caption set below the panels, in markup
     */
    public static HeatMapFigure of(List<VarianceRow> rows, String caption) {
        Map<PanelKey, List<VarianceRow>> panels = new LinkedHashMap<>();
        for (VarianceRow row : rows) {
            PanelKey key = new PanelKey(
                    row.cell().activation(), row.cell().width(), row.cell().sigmaB2());
            panels.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
        }
        int widths =
                (int) panels.keySet().stream().map(PanelKey::width).distinct().count();
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(Math.max(2, widths))
                .aspect(widths <= 2 ? 0.7 : 0.95)
                .scale(ColorScale.paper(), RATIO)
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .divergedLabel("exceeds double precision")
                .markLabel("heavy tail: too few draws carry the second moment for an interval")
                .caption(caption);
        panels.forEach((key, cells) -> figure.panel(panel(key, cells)));
        return figure.build();
    }

    private record PanelKey(Activation activation, int width, double sigmaB2) {}

    private static HeatMapPanel panel(PanelKey key, List<VarianceRow> rows) {
        double[] x = rows.stream()
                .mapToDouble(row -> row.cell().sigmaW2())
                .distinct()
                .sorted()
                .toArray();
        double[] y = rows.stream()
                .mapToDouble(row -> row.cell().depth())
                .distinct()
                .sorted()
                .toArray();
        double[][] values = new double[y.length][x.length];
        for (double[] line : values) {
            Arrays.fill(line, Double.NaN);
        }
        List<int[]> marks = new ArrayList<>();
        for (VarianceRow row : rows) {
            VarianceCell cell = row.cell();
            int i = Arrays.binarySearch(x, cell.sigmaW2());
            int j = Arrays.binarySearch(y, cell.depth());
            double ratio = row.estimate().ratio();
            values[j][i] = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
            if (row.estimate().heavyTailed()) {
                marks.add(new int[] {i, j});
            }
        }
        HeatMapPanel panel = HeatMapPanel.of(
                displayName(key.activation()) + ", $M = " + key.width() + "$", new CellGrid(x, y, values));
        PhaseBoundary.Point border = new PhaseBoundary(key.activation()).at(key.sigmaB2());
        if (border.exists()) {
            panel = panel.withBorder(border.sigmaW2());
        }
        for (int[] mark : marks) {
            panel = panel.withMark(mark[0], mark[1]);
        }
        return panel;
    }

    private static String displayName(Activation activation) {
        return activation.label().equals("relu") ? "ReLU" : activation.label();
    }

    /** The headings of {@link #table}. */
    public static final List<String> COLUMNS = List.of(
            "activation",
            "sigma_w2",
            "sigma_b2",
            "depth",
            "width",
            "input_dim",
            "input_norm2",
            "method",
            "draws",
            "mean",
            "second_moment",
            "ratio",
            "ratio_ci_low",
            "ratio_ci_high",
            "tail_share",
            "seconds");

    /** One line per cell, in the order of the rows. */
    public static List<List<?>> table(List<VarianceRow> rows) {
        List<List<?>> table = new ArrayList<>();
        for (VarianceRow row : rows) {
            VarianceCell cell = row.cell();
            table.add(List.of(
                    cell.activation().label(),
                    cell.sigmaW2(),
                    cell.sigmaB2(),
                    cell.depth(),
                    cell.width(),
                    cell.inputDim(),
                    cell.inputNorm2(),
                    row.method(),
                    row.estimate().draws(),
                    row.estimate().mean().doubleValue(),
                    row.estimate().secondMoment().doubleValue(),
                    row.estimate().ratio(),
                    row.estimate().lower(),
                    row.estimate().upper(),
                    row.estimate().tailShare(),
                    row.seconds()));
        }
        return table;
    }
}
