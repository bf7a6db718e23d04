package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HeatMapFigureTest {

    private static final int DPI = 300;

    /** Lines are kept in single precision. */
    private static final Offset<Double> PLACE = Offset.offset(1e-4);

    private static Color pixel(BufferedImage image, double xPoints, double yPoints) {
        double scale = DPI / 72.0;
        return new Color(image.getRGB((int) (xPoints * scale), (int) (yPoints * scale)));
    }

    private static double toX(Figure figure, int panel, double x) {
        Rectangle2D area = figure.dataArea(panel);
        return area.getX() + area.getWidth() * Ticks.position(figure.xAxis(panel), x);
    }

    private static double toY(Figure figure, int panel, double y) {
        Rectangle2D area = figure.dataArea(panel);
        return area.getMaxY() - area.getHeight() * Ticks.position(figure.yAxis(panel), y);
    }

    @Test
    void everyCellOfEveryPanelHasTheColourOfItsValue() {
        HeatMapFigure figure = DemoFigures.heatMap(ColorScale.paper());
        BufferedImage image = FigureWriter.render(figure, DPI);
        int checked = 0;
        for (int panel = 0; panel < figure.panelCount(); panel++) {
            double edge = panel < 4 ? 1.76 : 2;
            CellGrid cells = DemoFigures.ratios(edge, new int[] {50, 100, 200, 500}[panel % 4]);
            for (int j = 0; j < cells.rows(); j++) {
                for (int i = 0; i < cells.columns(); i++) {
                    double value = cells.value(i, j);
                    boolean underBorder = Math.abs(cells.x(i) - edge) < 0.13;
                    if (Double.isFinite(value) && !underBorder) {
                        // Off the centre, where a dot may stand.
                        Color seen = pixel(
                                image, toX(figure, panel, cells.x(i) - 0.09), toY(figure, panel, cells.y(j) + 0.6));
                        assertThat(seen)
                                .as("panel %d, column %d, row %d", panel, i, j)
                                .isEqualTo(ColorScale.paper().color(value));
                        checked++;
                    }
                }
            }
        }
        assertThat(checked).isGreaterThan(2800);
    }

    @Test
    void cellsTouchWithoutGaps() {
        double[] x = {1, 2, 3, 4, 5, 6, 7};
        double[] y = {1, 2, 3, 4, 5};
        double[][] values = new double[5][7];
        for (int j = 0; j < 5; j++) {
            for (int i = 0; i < 7; i++) {
                // Two dark colours in a chequer: any light pixel is a gap.
                values[j][i] = (i + j) % 2 * 0.1;
            }
        }
        HeatMapFigure figure = HeatMapFigure.builder()
                .scale(ColorScale.viridis(0, 1), "value")
                .panel(HeatMapPanel.of("", new CellGrid(x, y, values)))
                .columns(1)
                .width(Figure.ONE_COLUMN)
                .build();
        BufferedImage image = FigureWriter.render(figure, 217);
        Rectangle2D area = figure.dataArea(0);
        double scale = 217 / 72.0;
        for (int py = (int) ((area.getY() + 1) * scale); py < (area.getMaxY() - 1) * scale; py++) {
            for (int px = (int) ((area.getX() + 1) * scale); px < (area.getMaxX() - 1) * scale; px++) {
                Color c = new Color(image.getRGB(px, py));
                assertThat(c.getRed() + c.getGreen() + c.getBlue()).isLessThan(300);
            }
        }
    }

    @Test
    void missingCellsAreHatchedAndDivergedOnesCrossed() {
        double[][] values = {{1, Double.NaN}, {Double.POSITIVE_INFINITY, 2}};
        HeatMapFigure figure = HeatMapFigure.builder()
                .columns(1)
                .scale(ColorScale.paper(), DemoFigures.RATIO)
                .panel(HeatMapPanel.of("", new CellGrid(new double[] {1, 2}, new double[] {1, 2}, values)))
                .build();
        BufferedImage image = FigureWriter.render(figure, DPI);
        int light = 0;
        int dark = 0;
        for (double dx = -0.4; dx < 0.4; dx += 0.002) {
            Color c = pixel(image, toX(figure, 0, 2 + dx), toY(figure, 0, 1.1));
            assertThat(c.getRed()).isEqualTo(c.getGreen());
            light += c.equals(CellRenderer.MISSING) ? 1 : 0;
            dark += c.getRed() < 0xc0 ? 1 : 0;
        }
        assertThat(light).isGreaterThan(dark);
        assertThat(dark).isGreaterThan(5);
        assertThat(pixel(image, toX(figure, 0, 1), toY(figure, 0, 2))).isEqualTo(Color.WHITE);
        assertThat(pixel(image, toX(figure, 0, 1.3), toY(figure, 0, 2)))
                .isEqualTo(ColorScale.paper().color(3));
    }

    /** White is a colour of the scale: what a panel shares axes with, but has no cells for, is hatched like a missing cell. */
    @Test
    void whatHasNoCellsIsHatchedToo() {
        double[][] values = {{1.5, 1.5}, {1.5, 1.5}};
        HeatMapFigure figure = HeatMapFigure.builder()
                .columns(2)
                .scale(ColorScale.paper(), DemoFigures.RATIO)
                .panel(HeatMapPanel.of("", new CellGrid(new double[] {1, 2}, new double[] {1, 2}, values)))
                .panel(HeatMapPanel.of("", new CellGrid(new double[] {1, 2}, new double[] {1, 4}, values)))
                .build();
        BufferedImage image = FigureWriter.render(figure, DPI);
        int grey = 0;
        for (double dx = -0.4; dx < 0.4; dx += 0.01) {
            Color c = pixel(image, toX(figure, 0, 2 + dx), toY(figure, 0, 4));
            assertThat(c).isNotEqualTo(Color.WHITE);
            grey += c.equals(CellRenderer.MISSING) ? 1 : 0;
        }
        assertThat(grey).isGreaterThan(20);
        assertThat(pixel(image, toX(figure, 0, 1.3), toY(figure, 0, 1.3)))
                .isEqualTo(ColorScale.paper().color(1.5));
    }

    @Test
    void theBorderStandsWhereItShouldAndIsSeenOnEveryColour() {
        HeatMapFigure figure = DemoFigures.heatMap(ColorScale.paper());
        Rectangle2D border = figure.border(0).getBounds2D();
        assertThat(border.getMinX()).isCloseTo(toX(figure, 0, 1.76), PLACE);
        assertThat(border.getMaxX()).isCloseTo(toX(figure, 0, 1.76), PLACE);
        assertThat(border.getMaxY()).isCloseTo(toY(figure, 0, figure.yAxis(0).low()), PLACE);
        assertThat(border.getMinY()).isCloseTo(toY(figure, 0, figure.yAxis(0).high()), PLACE);
        BufferedImage image = FigureWriter.render(figure, DPI);
        int black = 0;
        int white = 0;
        for (double depth = 2; depth < 50; depth += 0.1) {
            Color c = pixel(image, toX(figure, 0, 1.76), toY(figure, 0, depth));
            black += c.getRed() + c.getGreen() + c.getBlue() < 60 ? 1 : 0;
            white += c.getRed() + c.getGreen() + c.getBlue() > 700 ? 1 : 0;
        }
        assertThat(black).isGreaterThan(100);
        assertThat(white).isGreaterThan(100);
    }

    @Test
    void signsMoveAsideForTheBorder() {
        Rectangle2D cell = new Rectangle2D.Double(100, 50, 40, 40);
        for (CellGrid.Mark.Sign sign : CellGrid.Mark.Sign.values()) {
            CellGrid.Mark mark = new CellGrid.Mark(sign, "meaning");
            assertThat(mark.in(cell, Double.NaN).getBounds2D().getCenterX()).isCloseTo(120, Offset.offset(1e-6));
            assertThat(mark.in(cell, 110).getBounds2D().getCenterX()).isCloseTo(120, Offset.offset(1e-6));
        }
        CellGrid.Mark dot = new CellGrid.Mark(CellGrid.Mark.Sign.DOT, "meaning");
        assertThat(dot.in(cell, 120).getBounds2D().getMinX()).isGreaterThan(121);
        assertThat(dot.in(cell, 121).getBounds2D().getMaxX()).isLessThan(120);
        HeatMapPanel panel =
                HeatMapPanel.of("", new CellGrid(new double[] {1, 2}, new double[] {1, 2}, new double[2][2]));
        assertThat(panel.borderAt(1, false)).isNaN();
        assertThat(panel.withBorder(1.5).borderAt(1, false)).isEqualTo(1.5);
        HeatMapPanel slanted = panel.withBorder(new double[] {1, 2}, new double[] {1, 3});
        assertThat(slanted.borderAt(2, false)).isEqualTo(1.5);
        assertThat(slanted.borderAt(Math.sqrt(3), true)).isCloseTo(1.5, Offset.offset(1e-12));
        assertThat(slanted.borderAt(4, false)).isNaN();
    }

    @Test
    void panelsHaveEqualLimitsAndSizesAndAreLettered() {
        HeatMapFigure figure = DemoFigures.heatMap(ColorScale.paper());
        assertThat(figure.panelCount()).isEqualTo(8);
        assertThat(figure.width()).isEqualTo(Figure.TWO_COLUMNS);
        for (int i = 0; i < 8; i++) {
            assertThat(figure.xAxis(i)).isEqualTo(figure.xAxis(0));
            assertThat(figure.yAxis(i)).isEqualTo(figure.yAxis(0));
            assertThat(figure.dataArea(i).getWidth())
                    .isEqualTo(figure.dataArea(0).getWidth());
            assertThat(figure.dataArea(i).getHeight())
                    .isEqualTo(figure.dataArea(0).getHeight());
            assertThat(figure.xAxis(i).low()).isEqualTo(0.125);
            assertThat(figure.xAxis(i).high()).isEqualTo(4.125);
            assertThat(figure.panel(i).cells().columns()).isEqualTo(16);
            assertThat(figure.panel(i).cells().rows()).isEqualTo(25);
        }
        assertThat(figure.xAxis(0).label()).isEqualTo("$\\sigma_w^2$");
        assertThat(figure.description()).contains("a) tanh, M = 50", "h) ReLU, M = 500", "σ_b² = 1");
    }

    @Test
    void inkStaysOnThePage() {
        for (Figure figure : List.of(
                DemoFigures.heatMap(ColorScale.paper()),
                DemoFigures.change(),
                DemoFigures.ratioCurves(),
                DemoFigures.covariances(),
                DemoFigures.bands())) {
            BufferedImage image = FigureWriter.render(figure, DPI);
            for (int x = 0; x < image.getWidth(); x++) {
                assertThat(image.getRGB(x, 0)).isEqualTo(Color.WHITE.getRGB());
                assertThat(image.getRGB(x, image.getHeight() - 1)).isEqualTo(Color.WHITE.getRGB());
            }
            for (int y = 0; y < image.getHeight(); y++) {
                assertThat(image.getRGB(0, y)).isEqualTo(Color.WHITE.getRGB());
                assertThat(image.getRGB(image.getWidth() - 1, y)).isEqualTo(Color.WHITE.getRGB());
            }
        }
    }

    @Test
    void unevenGridsMeetHalfWay() {
        CellGrid grid = new CellGrid(new double[] {1, 2, 4}, new double[] {1, 10, 100}, new double[3][3]);
        assertThat(grid.xEdges(false)).containsExactly(0.5, 1.5, 3, 5);
        assertThat(grid.yEdges(true)[1]).isCloseTo(Math.sqrt(10), Offset.offset(1e-12));
        assertThat(new CellGrid(new double[] {3}, new double[] {3}, new double[1][1]).xEdges(false))
                .containsExactly(2.5, 3.5);
    }

    @Test
    void badInputIsNamed() {
        double[] one = {1};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellGrid(new double[] {2, 1}, one, new double[1][2]))
                .withMessageContaining("1.0 follows 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellGrid(one, one, new double[2][1]))
                .withMessageContaining("2 rows of values");
        assertThatIllegalArgumentException().isThrownBy(() -> new CellGrid(new double[0], one, new double[1][0]));
        HeatMapPanel panel = HeatMapPanel.of("p", new CellGrid(one, one, new double[1][1]));
        assertThatIllegalArgumentException().isThrownBy(() -> panel.withMark(1, 0, DemoFigures.HEAVY_TAIL));
        assertThatIllegalArgumentException().isThrownBy(() -> panel.withBorder(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeatMapFigure.builder().panel(panel).build())
                .withMessage("The panel \"p\" has no colour scale.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeatMapFigure.builder().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeatMapFigure.builder()
                        .scale(ColorScale.paper(), "")
                        .panel(panel)
                        .width(60)
                        .build())
                .withMessageContaining("no room");
    }
}
