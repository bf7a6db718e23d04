package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import java.util.List;

/**
 * What training does to kernels and losses, over {@code sigma_w^2} and depth, in {@link PhasePanels}. Triangles mark cells
 * where the learning rate exceeds the largest stable one, crosses those that diverged. Figures 3, 4 and 8 to 11.
 */
final class KernelChangeHeatMap {

    private static final CellGrid.Mark UNSTABLE = new CellGrid.Mark(
            CellGrid.Mark.Sign.TRIANGLE, "unstable: $\\eta \\lambda_{\\mathrm{max}}(\\Theta) / S > 2$ at some step");

    private KernelChangeHeatMap() {}

    /** A figure without panels yet, in the style of all of these. */
    static HeatMapFigure.Builder figure(String caption) {
        return HeatMapFigure.builder()
                .borderMeaning("border between ordered and chaotic phase, $\\chi_1 = 1$")
                .divergedLabel("diverged: loss or kernel exceeds double precision")
                .caption(caption);
    }

    /** Colours of the change at the end: white at a tenth, dark where the kernel is nearly constant, blue up to 1. */
    static ColorScale changes(FigureStyle style) {
        return style.aroundLog(0.1, 1e-2, 1).open(true, true);
    }

    /** The same on the way there, where changes are smaller. */
    static ColorScale earlyChanges(FigureStyle style) {
        return style.aroundLog(0.1, 1e-3, 1).open(true, true);
    }

    /**
     * Colours of the loss: red where it stays above that of the best constant prediction, blue where the network learns.
     *
     * @param constant the loss of the best constant prediction
     */
    static ColorScale losses(FigureStyle style, double constant) {
        return style.diverging(1e-7, 0.1)
                .reversed()
                .logarithmic()
                .centredAt(constant)
                .open(true, true);
    }

    /**
     * Panels of one column of the run.
     *
     * @param column for example {@link KernelChangeQuantity#CHANGE} or that {@link KernelChangeQuantity#changeAt after} some
     *     steps
     */
    static List<HeatMapPanel> panels(List<SweepRow> rows, Column<Double> column) {
        return PhasePanels.of(
                rows,
                SweepRow::cell,
                row -> shown(row, column),
                // A cross says as much already, and both in one cell would look like a star.
                row -> row.get(KernelChangeQuantity.A_MAX) > 2 && shown(row, column) < Double.POSITIVE_INFINITY
                        ? UNSTABLE
                        : null);
    }

    /** A loss that was reached before a training diverged is none that it ends with. */
    private static double shown(SweepRow row, Column<Double> column) {
        boolean lost = row.status() == SweepRow.Status.DIVERGED && column.equals(KernelChangeQuantity.MIN_LOSS);
        return row.status() == SweepRow.Status.FAILED ? Double.NaN : lost ? Double.POSITIVE_INFINITY : row.get(column);
    }
}
