package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineFigureTest {

    private static final double[] X = {1, 2, 3, 4};
    private static final double[] Y = {1, 10, 100, 1000};

    @Test
    void limitsAreSharedAsAskedFor() {
        LineFigure figure = DemoFigures.ratioCurves();
        assertThat(figure.xAxis(0)).isEqualTo(figure.xAxis(3)).isNotEqualTo(figure.xAxis(4));
        assertThat(figure.yAxis(0)).isEqualTo(figure.yAxis(4)).isNotEqualTo(figure.yAxis(1));
        assertThat(figure.yAxis(0).log()).isTrue();
        LineFigure other = DemoFigures.covariances();
        for (int i = 0; i < 6; i++) {
            assertThat(other.xAxis(i).low()).isZero();
            assertThat(other.xAxis(i).high()).isEqualTo(50);
        }
        assertThat(other.layout().showsXTicks(0)).isFalse();
        assertThat(other.layout().showsXTicks(3)).isTrue();
        assertThat(other.layout().showsBar(2)).isTrue();
        assertThat(other.layout().showsBar(5)).isFalse();
    }

    @Test
    void aSeriesKeepsItsColourInAllPanels() {
        LineFigure.Panel first = LineFigure.Panel.of("", List.of(Series.line("a", X, Y), Series.line("b", X, Y)));
        LineFigure.Panel second = LineFigure.Panel.of("", List.of(Series.line("b", X, Y)));
        LineFigure figure = LineFigure.builder().panel(first).panel(second).build();
        Color b = figure.series(0).get(1).color();
        assertThat(b).isEqualTo(Palette.color(1));
        assertThat(figure.series(1).get(0).color()).isEqualTo(b);
    }

    @Test
    void aParameterDecidesTheColour() {
        LineFigure figure = DemoFigures.covariances();
        List<SeriesPlot> series = figure.series(0);
        assertThat(series).hasSize(11);
        ColorScale scale = ColorScale.viridis(0, 1).darkest(0.9);
        assertThat(series.get(10).color()).isEqualTo(scale.color(1));
        assertThat(series.get(3).color()).isEqualTo(scale.color(0.3));
    }

    @Test
    void intervalsReachFromEndToEndAndStayDrawableOnALogarithmicAxis() {
        double[] lower = {0, 5, 50, 500};
        double[] upper = {2, 20, 200, Double.POSITIVE_INFINITY};
        LineFigure figure = LineFigure.builder()
                .yAxis(Axis.log("y"), Axis.Sharing.ALL)
                .panel(LineFigure.Panel.of("", List.of(Series.points("p", X, Y).withInterval(lower, upper))))
                .build();
        PanelPlot plot = figure.plot(0);
        List<Line2D> lines = figure.series(0).get(0).bars(plot);
        assertThat(lines).hasSize(3 * 4);
        for (int k = 0; k < 4; k++) {
            Line2D bar = lines.get(3 * k);
            assertThat(bar.getX1()).isEqualTo(plot.x(X[k])).isEqualTo(bar.getX2());
            assertThat(lines.get(3 * k + 1).getY1()).isEqualTo(bar.getY1());
            assertThat(lines.get(3 * k + 2).getY1()).isEqualTo(bar.getY2());
        }
        assertThat(lines.get(3).getY1()).isEqualTo(plot.y(5));
        assertThat(lines.get(3).getY2()).isEqualTo(plot.y(20));
        assertThat(lines.get(0).getY1()).isGreaterThan(plot.area().getMaxY()).isFinite();
        assertThat(lines.get(9).getY2()).isLessThan(plot.area().getMinY()).isFinite();
    }

    @Test
    void aMissingValueSplitsABand() {
        LineFigure figure = DemoFigures.bands();
        assertThat(figure.series(0)).hasSize(3);
        SeriesPlot split = figure.series(0).get(1);
        List<Path2D> bands = split.bands(figure.plot(0));
        assertThat(bands).extracting(LineFigureTest::corners).containsExactly(2 * 8, 2 * 11);
        Rectangle2D second = bands.get(1).getBounds2D();
        assertThat(second.getMinX()).isCloseTo(figure.plot(0).x(split.series().x(9)), within(1e-4));
        assertThat(second.getMaxX()).isCloseTo(figure.plot(0).x(split.series().x(19)), within(1e-4));
    }

    @Test
    void whatHasNoPlaceOnTheAxesLeavesAGapInALine() {
        double[] y = {1, 10, 0, 100, Double.NaN, Double.POSITIVE_INFINITY, 10, 1};
        PanelPlot plot = new PanelPlot(
                Axis.linear("").between(0, 7), Axis.log("").between(1, 100), new Rectangle2D.Double(10, 20, 70, 40));
        Path2D path = plot.path(8, k -> k, k -> y[k]);
        List<List<Double>> segments = new ArrayList<>();
        double[] at = new double[6];
        for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
            segments.add(List.of((double) i.currentSegment(at), at[0], at[1]));
        }
        double move = PathIterator.SEG_MOVETO;
        double line = PathIterator.SEG_LINETO;
        assertThat(segments)
                .containsExactly(
                        List.of(move, 10.0, 60.0),
                        List.of(line, 20.0, 40.0),
                        List.of(move, 70.0, 40.0),
                        List.of(line, 80.0, 60.0));
    }

    @Test
    void intervalsWithoutAPlaceOnALogarithmicAxisAreLeftOut() {
        double[] x = {0, 1, 10};
        double[] y = {1, 2, 3};
        PanelPlot plot = new PanelPlot(
                Axis.log("").between(1, 10), Axis.linear("").between(0, 4), new Rectangle2D.Double(10, 20, 70, 40));
        SeriesPlot series = new SeriesPlot(Series.line("", x, y).withInterval(y, new double[] {2, 3, 4}), Color.RED);
        assertThat(series.bars(plot)).hasSize(3 * 2);
        assertThat(series.bands(plot)).extracting(LineFigureTest::corners).containsExactly(2 * 2);
        SeriesPlot nothing = new SeriesPlot(
                Series.line("", new double[] {0}, new double[] {1}).withInterval(new double[] {1}, new double[] {2}),
                Color.RED);
        assertThat(nothing.bands(plot)).isEmpty();
    }

    private static int corners(Path2D path) {
        int corners = 0;
        for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
            corners += i.currentSegment(new double[6]) == PathIterator.SEG_CLOSE ? 0 : 1;
        }
        return corners;
    }

    @Test
    void valuesThatAreNotFiniteNeverReachTheLimits() {
        double[] y = {1, Double.NaN, Double.POSITIVE_INFINITY, 2};
        LineFigure figure = LineFigure.builder()
                .panel(LineFigure.Panel.of("", List.of(Series.line("", X, y))))
                .build();
        assertThat(figure.yAxis(0).high()).isBetween(2.0, 2.1);
        FigureWriter.render(figure, 72);
        double[] nothing = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        FigureWriter.render(
                LineFigure.builder()
                        .yAxis(Axis.log("empty"), Axis.Sharing.ALL)
                        .panel(LineFigure.Panel.of("", List.of(Series.line("", X, nothing))))
                        .build(),
                72);
        double[] constant = {5, 5, 5, 5};
        FigureWriter.render(
                LineFigure.builder()
                        .panel(LineFigure.Panel.of("", List.of(Series.line("", X, constant))))
                        .build(),
                72);
    }

    @Test
    void badInputIsNamed() {
        assertThatIllegalArgumentException().isThrownBy(() -> Series.line("s", X, new double[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> Series.line("s", new double[0], new double[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Series.line("s", X, Y).withInterval(Y, X))
                .withMessageContaining("upside down");
        assertThatIllegalArgumentException().isThrownBy(() -> LineFigure.Panel.of("", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Axis.log("y").between(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Axis.linear("y").between(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineFigure.builder()
                        .panel(LineFigure.Panel.of(
                                "", List.of(Series.line("", X, Y).withParameter(1))))
                        .build())
                .withMessageContaining("no colour scale");
    }
}
