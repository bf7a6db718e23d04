package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.HeatMapFigure;
import java.util.List;

/**
 * {@code E[Theta^2]/E[Theta]^2}, less 1 on a logarithmic scale or in the paper's style as it is, over {@code sigma_w^2} and depth, in {@link PhasePanels}; dots mark heavy tails. Figures 1
 * and 7.
 */
final class VarianceHeatMap {

    private VarianceHeatMap() {}

    private static final String RELATIVE_VARIANCE = VarianceQuantity.RATIO.symbol() + " $- 1$";

    private static final CellGrid.Mark HEAVY_TAIL =
            new CellGrid.Mark(CellGrid.Mark.Sign.DOT, "heavy tail: too low more often than not");

    /**
     * @param rows finished cells; panels appear in the order in which their first cells do
     * @param columns panels in a row
     * @param caption set below the panels, in markup
     */
    static HeatMapFigure of(List<SweepRow> rows, int columns, FigureStyle style, String caption) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(columns)
                .aspect(columns <= 2 ? 0.7 : 0.95)
                .scale(scale(style), isPaper(style) ? VarianceQuantity.RATIO.symbol() : RELATIVE_VARIANCE)
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .divergedLabel("exceeds double precision")
                .caption(caption);
        PhasePanels.of(
                        rows,
                        SweepRow::cell,
                        row -> isPaper(style) ? ratio(row) : ratio(row) - 1,
                        row -> row.flag(VarianceQuantity.HEAVY_TAILED) && row.status() == SweepRow.Status.OK
                                ? HEAVY_TAIL
                                : null)
                .forEach(figure::panel);
        return figure.build();
    }

    private static boolean isPaper(FigureStyle style) {
        return style == FigureStyle.PAPER;
    }

    /** The paper's own scale ends at 3, beyond which most of the chaotic phase lies: ours shows the squared deviation over decades. */
    private static ColorScale scale(FigureStyle style) {
        return isPaper(style) ? style.ratio() : style.aroundLog(1, 1e-2, 1e2).open(true, true);
    }

    private static double ratio(SweepRow row) {
        return row.status() == SweepRow.Status.DIVERGED
                ? Double.POSITIVE_INFINITY
                : Math.min(row.get(VarianceQuantity.RATIO), Double.MAX_VALUE);
    }
}
