package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.HeatMapFigure;
import java.util.List;

/**
 * {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and depth, in {@link PhasePanels}; dots mark heavy tails. Figures 1
 * and 7.
 */
final class VarianceHeatMap {

    private VarianceHeatMap() {}

    private static final CellGrid.Mark HEAVY_TAIL = new CellGrid.Mark(
            CellGrid.Mark.Sign.DOT, "heavy tail: too low more often than not, interval not to be trusted");

    /**
     * @param rows finished cells; panels appear in the order in which their first cells do
     * @param columns panels in a row
     * @param caption set below the panels, in markup
     */
    static HeatMapFigure of(List<SweepRow> rows, int columns, FigureStyle style, String caption) {
        HeatMapFigure.Builder figure = HeatMapFigure.builder()
                .columns(columns)
                .aspect(columns <= 2 ? 0.7 : 0.95)
                .scale(style.ratio(), VarianceQuantity.RATIO.symbol())
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .divergedLabel("exceeds double precision")
                .caption(caption);
        PhasePanels.of(
                        rows,
                        SweepRow::cell,
                        VarianceHeatMap::ratio,
                        row -> row.flag(VarianceQuantity.HEAVY_TAILED) ? HEAVY_TAIL : null)
                .forEach(figure::panel);
        return figure.build();
    }

    private static double ratio(SweepRow row) {
        return row.status() == SweepRow.Status.DIVERGED
                ? Double.POSITIVE_INFINITY
                : Math.min(row.get(VarianceQuantity.RATIO), Double.MAX_VALUE);
    }
}
