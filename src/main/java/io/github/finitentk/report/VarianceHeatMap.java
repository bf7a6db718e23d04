package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.SweepRow;
import java.util.ArrayList;
import java.util.Arrays;
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
    public static HeatMapFigure of(List<SweepRow> rows, int columns, FigureStyle style, String caption) {
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

    private static PhasePanels.Point point(SweepRow row) {
        Cell cell = row.cell();
        boolean diverged = row.result().status() == CellResult.Status.DIVERGED;
        return new PhasePanels.Point(
                cell.activation(),
                cell.sigmaW2(),
                cell.sigmaB2(),
                cell.depth(),
                cell.width(),
                diverged ? Double.POSITIVE_INFINITY : Math.min(row.real("ratio"), Double.MAX_VALUE),
                row.flag("heavy_tailed") ? HEAVY_TAIL : null);
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
            "tail_share");

    /** One line per cell, in the order of the rows. */
    public static List<List<?>> table(List<SweepRow> rows) {
        List<List<?>> table = new ArrayList<>();
        for (SweepRow row : rows) {
            Cell cell = row.cell();
            table.add(Arrays.asList(
                    cell.activation().label(),
                    cell.sigmaW2(),
                    cell.sigmaB2(),
                    cell.depth(),
                    cell.width(),
                    cell.width(),
                    (double) cell.width(),
                    row.text("method"),
                    row.integer("draws"),
                    row.real("mean"),
                    row.real("second_moment"),
                    row.real("ratio"),
                    row.real("ratio_ci_low"),
                    row.real("ratio_ci_high"),
                    row.flag("heavy_tailed"),
                    row.real("tail_share")));
        }
        return table;
    }
}
