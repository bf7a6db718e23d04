package io.github.finitentk.report;

import io.github.finitentk.experiment.VarianceCell;
import io.github.finitentk.experiment.VarianceRow;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and depth, in {@link PhasePanels}; dots mark heavy tails. Figures 1
 * and 7.
 */
public final class VarianceHeatMap {

    /** The ratio as axis label, in {@link MathText} markup. */
    public static final String RATIO = "$\\mathbb{E}[\\Theta(x, x)^2]$ / $\\mathbb{E}[\\Theta(x, x)]^2$";

    private VarianceHeatMap() {}

    private static final CellMark HEAVY_TAIL =
            new CellMark(CellMark.Sign.DOT, "heavy tail: too low more often than not, interval not to be trusted");

    /**
     * @param rows finished cells; panels appear in the order in which their first cells do
     * @param columns panels in a row
     * @param caption set below the panels, in markup
     */
    public static HeatMapFigure of(List<VarianceRow> rows, int columns, FigureStyle style, String caption) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(columns)
                .aspect(columns <= 2 ? 0.7 : 0.95)
                .scale(style.ratio(), RATIO)
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .divergedLabel("exceeds double precision")
                .caption(caption);
        PhasePanels.of(rows.stream().map(VarianceHeatMap::point).toList()).forEach(figure::panel);
        return figure.build();
    }

    private static PhasePanels.Point point(VarianceRow row) {
        VarianceCell cell = row.cell();
        double ratio = row.estimate().ratio();
        return new PhasePanels.Point(
                cell.activation(),
                cell.sigmaW2(),
                cell.sigmaB2(),
                cell.depth(),
                cell.width(),
                Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : Math.min(ratio, Double.MAX_VALUE),
                row.estimate().heavyTailed() ? HEAVY_TAIL : null);
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
            "heavy_tailed",
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
                    row.estimate().method().label(),
                    row.estimate().draws(),
                    row.estimate().mean().doubleValue(),
                    row.estimate().secondMoment().doubleValue(),
                    row.estimate().ratio(),
                    row.estimate().interval().lower(),
                    row.estimate().interval().upper(),
                    row.estimate().heavyTailed(),
                    row.estimate().tailShare(),
                    row.seconds()));
        }
        return table;
    }
}
