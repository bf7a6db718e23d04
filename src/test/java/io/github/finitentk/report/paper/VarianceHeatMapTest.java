package io.github.finitentk.report.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.FigureWriter;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.store.Sweep;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class VarianceHeatMapTest {

    private static final Grid GRID = new Grid(
            List.of(Activations.RELU), List.of(1.0), List.of(50, 100), Grid.range(1, 6, 0.5), Grid.range(5, 50, 5));

    private final List<SweepRow> rows = new Sweep(
                    SweepSpec.of(new VarianceQuantity(Method.AUTO, 200), GRID, 0), Engine.single(Backend.fastest()))
            .run()
            .rows();

    @Test
    void panelsAxesAndColoursOfKnownCells() {
        for (FigureStyle style : FigureStyle.values()) {
            HeatMapFigure figure = VarianceHeatMap.of(rows, 2, style, "caption");
            assertThat(figure.panelCount()).isEqualTo(2);
            assertThat(figure.description()).contains("ReLU, M = 50").contains("ReLU, M = 100");
            assertThat(figure.xAxis(0)).isEqualTo(figure.xAxis(1));
            // Ordered and shallow: nearly deterministic. Chaotic and deep: beyond 3. One between.
            assertThat(ratio(100, 1, 5)).isLessThan(1.1);
            assertThat(ratio(50, 5, 45)).isGreaterThan(3);
            assertThat(colorAt(figure, 1, 1, 5)).isEqualTo(color(style, ratio(100, 1, 5)));
            assertThat(colorAt(figure, 0, 5, 45)).isEqualTo(color(style, ratio(50, 5, 45)));
            assertThat(colorAt(figure, 0, 3, 10)).isEqualTo(color(style, ratio(50, 3, 10)));
        }
    }

    /** The paper's colours end at 3; ours show the ratio less 1 over four decades, white at 1 as well. */
    private static Color color(FigureStyle style, double ratio) {
        return style == FigureStyle.PAPER
                ? style.ratio().color(ratio)
                : style.aroundLog(1, 1e-2, 1e2).color(ratio - 1);
    }

    private double ratio(int width, double sigmaW2, int depth) {
        return rows.stream()
                .filter(row -> row.cell().width() == width
                        && row.cell().sigmaW2() == sigmaW2
                        && row.cell().depth() == depth)
                .findFirst()
                .orElseThrow()
                .get(VarianceQuantity.RATIO);
    }

    private static Color colorAt(HeatMapFigure figure, int panel, double x, double y) {
        int dpi = 100;
        BufferedImage image = FigureWriter.render(figure, dpi);
        Rectangle2D area = figure.dataArea(panel);
        Axis across = figure.xAxis(panel);
        Axis up = figure.yAxis(panel);
        // A little off the centre, where no mark is drawn.
        double px = area.getX() + area.getWidth() * (x + 0.15 - across.low()) / (across.high() - across.low());
        double py = area.getMaxY() - area.getHeight() * (y + 1.5 - up.low()) / (up.high() - up.low());
        return new Color(image.getRGB((int) (px * dpi / 72), (int) (py * dpi / 72)));
    }
}
