package io.github.finitentk.report.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhasePanelsTest {

    private static final CellGrid.Mark UNSTABLE = new CellGrid.Mark(CellGrid.Mark.Sign.RING, "unstable");

    private record Point(Cell cell, double value, CellGrid.Mark mark) {}

    private static Point point(double sigmaW2, double sigmaB2, int depth, int width, double value, CellGrid.Mark mark) {
        return new Point(new Cell(Activations.RELU, sigmaW2, sigmaB2, depth, width), value, mark);
    }

    private static List<HeatMapPanel> panels(Point... points) {
        return PhasePanels.of(List.of(points), Point::cell, Point::value, Point::mark);
    }

    @Test
    void cellsFindTheirPlacesAndWhatIsNotThereIsMissing() {
        List<HeatMapPanel> panels = panels(
                point(3, 1, 20, 50, 7, UNSTABLE),
                point(1, 1, 10, 50, 5, null),
                point(1, 1, 20, 50, Double.POSITIVE_INFINITY, null),
                point(2, 1, 10, 100, 9, null));
        assertThat(panels).extracting(HeatMapPanel::title).containsExactly("ReLU, $M = 50$", "ReLU, $M = 100$");
        HeatMapPanel first = panels.get(0);
        assertThat(first.cells().columns()).isEqualTo(2);
        assertThat(first.cells().value(0, 0)).isEqualTo(5);
        assertThat(first.cells().value(1, 0)).isNaN();
        assertThat(first.cells().value(0, 1)).isInfinite();
        assertThat(first.cells().value(1, 1)).isEqualTo(7);
        assertThat(first.mark(1, 1)).isEqualTo(UNSTABLE);
        assertThat(first.mark(0, 0)).isNull();
        assertThat(first.borderX()).containsExactly(2, 2);
        assertThat(panels.get(1).cells().value(0, 0)).isEqualTo(9);
    }

    /** Heat maps show networks on inputs with q0 = 1: the border is theirs. */
    @Test
    void bordersAreThoseOfTheNetworksShown() {
        HeatMapPanel gelu = panels(new Point(new Cell(Activations.GELU, 2, 0.05, 10, 50), 1, null))
                .get(0);
        assertThat(gelu.borderX()[0]).isBetween(2.105, 2.106);
        HeatMapPanel softplus = panels(new Point(new Cell(Activations.SOFTPLUS, 2, 1, 10, 50), 1, null))
                .get(0);
        assertThat(softplus.borderX()).containsExactly(2, 2);
    }

    @Test
    void titlesNameWhatTellsPanelsApart() {
        assertThat(panels(point(1, 0.5, 10, 50, 1, null), point(1, 2, 10, 50, 1, null)))
                .extracting(HeatMapPanel::title)
                .containsExactly("ReLU, $\\sigma_b^2 = 0.5$", "ReLU, $\\sigma_b^2 = 2$");
        assertThat(panels(point(1, 0.5, 10, 50, 1, null), point(1, 2, 10, 60, 1, null)))
                .extracting(HeatMapPanel::title)
                .containsExactly("ReLU, $\\sigma_b^2 = 0.5$, $M = 50$", "ReLU, $\\sigma_b^2 = 2$, $M = 60$");
        assertThat(panels(point(1, 0.5, 10, 50, 1, null)))
                .extracting(HeatMapPanel::title)
                .containsExactly("ReLU, $M = 50$");
    }

    @Test
    void theKeyExplainsEveryMarkOnce() {
        List<HeatMapPanel> panels = panels(
                point(1, 1, 10, 50, 1, UNSTABLE),
                point(2, 1, 10, 50, 1, UNSTABLE),
                point(3, 1, 10, 50, 2, new CellGrid.Mark(CellGrid.Mark.Sign.DOT, "heavy tail")));
        assertThat(panels.get(0).marks()).hasSize(3);
        HeatMapFigure.Builder figure = HeatMapFigure.builder().scale(FigureStyle.STANDARD.sequential(0, 2), "value");
        double bare = figure.panel(panels(point(1, 1, 10, 50, 1, null)).get(0))
                .build()
                .height();
        HeatMapFigure marked = HeatMapFigure.builder()
                .scale(FigureStyle.STANDARD.sequential(0, 2), "value")
                .panel(panels.get(0))
                .build();
        assertThat(marked.height()).isGreaterThan(bare);
    }
}
