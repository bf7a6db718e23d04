package io.github.finitentk.report;

import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;

/** JFreeChart plots in the house style whose data area is exactly where the layout wants it. */
final class PanelPlot {

    /** Room JFreeChart believes its axes need. Labels are placed by the layout, so this only has to be large enough. */
    private static final double AXIS_ROOM = 20;

    private PanelPlot() {}

    /** A frame with tick marks but without any text, grid or data. */
    static XYPlot create(Axis x, Axis y, Ticks xTicks, Ticks yTicks) {
        XYPlot plot = new XYPlot(null, axis(x, xTicks), axis(y, yTicks), null);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        AxisSpace below = new AxisSpace();
        below.setBottom(AXIS_ROOM);
        plot.setFixedDomainAxisSpace(below);
        AxisSpace left = new AxisSpace();
        left.setLeft(AXIS_ROOM);
        plot.setFixedRangeAxisSpace(left);
        plot.setBackgroundPaint(null);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        plot.setOutlinePaint(Pen.INK);
        plot.setOutlineStroke(Pen.FRAME);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        return plot;
    }

    /**
     * @param dataArea with integer coordinates, because JFreeChart rounds it to them
     */
    static void draw(Graphics2D g, XYPlot plot, Rectangle2D dataArea) {
        Shape clip = g.getClip();
        Rectangle2D area = new Rectangle2D.Double(
                dataArea.getX() - AXIS_ROOM,
                dataArea.getY(),
                dataArea.getWidth() + AXIS_ROOM,
                dataArea.getHeight() + AXIS_ROOM);
        plot.draw(g, area, null, null, null);
        g.setClip(clip);
        Pen.prepare(g);
    }

    private static ValueAxis axis(Axis axis, Ticks ticks) {
        ValueAxis chartAxis = axis.log() ? new FixedLogAxis(ticks) : new FixedLinearAxis(ticks);
        chartAxis.setRange(axis.low(), axis.high());
        chartAxis.setAxisLineVisible(false);
        chartAxis.setTickLabelsVisible(false);
        chartAxis.setTickMarkPaint(Pen.INK);
        chartAxis.setTickMarkStroke(Pen.FRAME);
        chartAxis.setTickMarkInsideLength(0);
        chartAxis.setTickMarkOutsideLength((float) Pen.TICK);
        chartAxis.setMinorTickMarksVisible(true);
        chartAxis.setMinorTickMarkOutsideLength((float) Pen.MINOR_TICK);
        chartAxis.setMinorTickMarkInsideLength(0);
        return chartAxis;
    }

    private static List<NumberTick> numberTicks(Ticks ticks) {
        List<NumberTick> all = new ArrayList<>();
        ticks.minor().forEach(t -> all.add(tick(TickType.MINOR, t)));
        ticks.major().forEach(t -> all.add(tick(TickType.MAJOR, t)));
        return all;
    }

    private static NumberTick tick(TickType type, double at) {
        return new NumberTick(type, at, "", TextAnchor.CENTER, TextAnchor.CENTER, 0);
    }

    private static final class FixedLinearAxis extends NumberAxis {
        private final transient Ticks ticks;

        FixedLinearAxis(Ticks ticks) {
            this.ticks = ticks;
        }

        @Override
        public List<NumberTick> refreshTicks(Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
            return numberTicks(ticks);
        }
    }

    private static final class FixedLogAxis extends LogAxis {
        private final transient Ticks ticks;

        FixedLogAxis(Ticks ticks) {
            this.ticks = ticks;
        }

        @Override
        public List<NumberTick> refreshTicks(Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
            return numberTicks(ticks);
        }
    }
}
