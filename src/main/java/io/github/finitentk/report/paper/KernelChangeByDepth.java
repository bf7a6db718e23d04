package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import java.util.ArrayList;
import java.util.List;

/** The numbers of kernel change maps as lines over the depth, with the ranges over initialisations that maps cannot show. */
final class KernelChangeByDepth {

    private final List<SweepRow> rows;
    private final double[] settings;
    private final int linesPerUnit;
    private final LineFigure.Builder figure;
    private int panels;

    /** @param limits which panels share the limits of their vertical axes */
    KernelChangeByDepth(Activation activation, List<SweepRow> rows, Caption caption, Axis.Sharing limits) {
        this.rows = rows;
        // A dozen lines could not be told apart.
        linesPerUnit = Activations.isRelu(activation) ? 2 : 1;
        settings = rows.stream()
                .mapToDouble(row -> row.cell().sigmaW2())
                .distinct()
                .sorted()
                .toArray();
        figure = LineFigure.builder()
                .aspect(0.8)
                .xAxis(Axis.linear("depth $L$"), Axis.Sharing.ALL)
                .yAxis(Axis.log(KernelChangeQuantity.CHANGE.symbol()), limits)
                .scale(
                        ColorScale.viridis(settings[0], settings[settings.length - 1])
                                .darkest(0.9),
                        "$\\sigma_w^2$")
                .caption("Medians of " + KernelChangeRuns.INITIALIZATIONS
                        + " initialisations, bands from the least to the largest; cells that diverged are left out. "
                        + KernelChangeRuns.foot(activation, caption));
    }

    /** A panel with one line for each {@code sigma_w^2} of networks of this width. */
    KernelChangeByDepth panel(String title, Column<Double> column, int width) {
        List<Series> lines = new ArrayList<>();
        for (double sigmaW2 : settings) {
            List<SweepRow> line = rows.stream()
                    .filter(row -> row.cell().width() == width && row.cell().sigmaW2() == sigmaW2)
                    .filter(row -> Double.isFinite(row.get(KernelChangeQuantity.CHANGE_HIGH)))
                    .toList();
            if (sigmaW2 * linesPerUnit == Math.rint(sigmaW2 * linesPerUnit) && !line.isEmpty()) {
                double[] depths =
                        line.stream().mapToDouble(row -> row.cell().depth()).toArray();
                Series values =
                        Series.line("", depths, Rows.values(line, column)).withParameter(sigmaW2);
                lines.add(Rows.withInterval(values, line, column));
            }
        }
        figure.panel(LineFigure.Panel.of(title, lines).withY(Axis.log(column.symbol())));
        panels++;
        return this;
    }

    Figure build() {
        return figure.columns(panels).build();
    }
}
