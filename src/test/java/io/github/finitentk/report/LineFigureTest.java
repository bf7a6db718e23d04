package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.util.List;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.IntervalXYDataset;
import org.junit.jupiter.api.Test;

class LineFigureTest {

    private static final double[] X = {1, 2, 3, 4};
    private static final double[] Y = {1, 10, 100, 1000};

    @Test
    void limitsAreSharedAsAskedFor() {
        LineFigure figure = DemoFigures.ratioCurves();
        assertThat(figure.xAxis(0)).isEqualTo(figure.xAxis(3)).isNotEqualTo(figure.xAxis(4));
        assertThat(figure.yAxis(0)).isEqualTo(figure.yAxis(4)).isNotEqualTo(figure.yAxis(1));
        assertThat(figure.plot(0).getRangeAxis()).isInstanceOf(LogAxis.class);
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
        LinePanel first = LinePanel.of("", List.of(Series.line("a", X, Y), Series.line("b", X, Y)));
        LinePanel second = LinePanel.of("", List.of(Series.line("b", X, Y)));
        LineFigure figure = LineFigure.builder().panel(first).panel(second).build();
        Color b = (Color) figure.plot(0).getRenderer(1).getItemPaint(0, 0);
        assertThat(b).isEqualTo(Palette.color(1));
        assertThat(figure.plot(1).getRenderer(0).getItemPaint(0, 0)).isEqualTo(b);
    }

    @Test
    void aParameterDecidesTheColour() {
        LineFigure figure = DemoFigures.covariances();
        XYPlot plot = figure.plot(0);
        assertThat(plot.getDatasetCount()).isEqualTo(11);
        ColorScale scale = ColorScale.viridis(0, 1).darkest(0.9);
        assertThat(plot.getRenderer(10).getItemPaint(0, 0)).isEqualTo(scale.color(1));
        assertThat(plot.getRenderer(3).getItemPaint(0, 0)).isEqualTo(scale.color(0.3));
    }

    @Test
    void intervalsReachFromEndToEndAndStayDrawableOnALogarithmicAxis() {
        double[] lower = {0, 5, 50, 500};
        double[] upper = {2, 20, 200, Double.POSITIVE_INFINITY};
        LineFigure figure = LineFigure.builder()
                .yAxis(Axis.log("y"), Sharing.ALL)
                .panel(LinePanel.of("", List.of(Series.points("p", X, Y).withInterval(lower, upper))))
                .build();
        IntervalXYDataset bars = (IntervalXYDataset) figure.plot(0).getDataset(0);
        assertThat(bars.getStartYValue(0, 1)).isEqualTo(5);
        assertThat(bars.getEndYValue(0, 1)).isEqualTo(20);
        assertThat(bars.getStartYValue(0, 0))
                .isBetween(Double.MIN_NORMAL, figure.yAxis(0).low());
        assertThat(bars.getEndYValue(0, 3))
                .isGreaterThan(figure.yAxis(0).high())
                .isFinite();
    }

    @Test
    void aMissingValueSplitsABand() {
        XYPlot plot = DemoFigures.bands().plot(0);
        assertThat(plot.getDatasetCount()).isEqualTo(4);
        assertThat(plot.getDataset(1).getSeriesCount()).isEqualTo(2);
        assertThat(plot.getDataset(1).getItemCount(0)).isEqualTo(8);
        assertThat(plot.getDataset(1).getItemCount(1)).isEqualTo(11);
    }

    @Test
    void valuesThatAreNotFiniteNeverReachTheLimits() {
        double[] y = {1, Double.NaN, Double.POSITIVE_INFINITY, 2};
        LineFigure figure = LineFigure.builder()
                .panel(LinePanel.of("", List.of(Series.line("", X, y))))
                .build();
        assertThat(figure.yAxis(0).high()).isBetween(2.0, 2.1);
        FigureWriter.render(figure, 72);
        double[] nothing = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        FigureWriter.render(
                LineFigure.builder()
                        .yAxis(Axis.log("empty"), Sharing.ALL)
                        .panel(LinePanel.of("", List.of(Series.line("", X, nothing))))
                        .build(),
                72);
        double[] constant = {5, 5, 5, 5};
        FigureWriter.render(
                LineFigure.builder()
                        .panel(LinePanel.of("", List.of(Series.line("", X, constant))))
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
        assertThatIllegalArgumentException().isThrownBy(() -> LinePanel.of("", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Axis.log("y").between(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Axis.linear("y").between(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineFigure.builder()
                        .panel(LinePanel.of("", List.of(Series.line("", X, Y).withParameter(1))))
                        .build())
                .withMessageContaining("no colour scale");
    }
}
