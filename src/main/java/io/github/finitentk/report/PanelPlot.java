package io.github.finitentk.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** The data area of one panel on the page: where values lie in it, its tick marks and its frame. */
record PanelPlot(Axis xAxis, Axis yAxis, Rectangle2D area) {

    /** Where a value of the horizontal axis lies; not finite if it has no place, as zero on a logarithmic axis. */
    double x(double value) {
        return area.getX() + area.getWidth() * Ticks.position(xAxis, value);
    }

    /** Where a value of the vertical axis lies; not finite if it has no place, as zero on a logarithmic axis. */
    double y(double value) {
        return area.getMaxY() - area.getHeight() * Ticks.position(yAxis, value);
    }

    /** A line through points of the data; those that have no place leave a gap. */
    Path2D path(int size, IntToDoubleFunction xs, IntToDoubleFunction ys) {
        Path2D.Float path = new Path2D.Float();
        boolean joins = false;
        for (int k = 0; k < size; k++) {
            float x = (float) x(xs.applyAsDouble(k));
            float y = (float) y(ys.applyAsDouble(k));
            boolean placed = Float.isFinite(x) && Float.isFinite(y);
            if (placed && joins) {
                path.lineTo(x, y);
            } else if (placed) {
                path.moveTo(x, y);
            }
            joins = placed;
        }
        return path;
    }

    void drawTicks(Graphics2D g, Ticks xTicks, Ticks yTicks) {
        marks(g, xTicks.minor(), yTicks.minor(), Pen.MINOR_TICK);
        marks(g, xTicks.major(), yTicks.major(), Pen.TICK);
    }

    private void marks(Graphics2D g, List<Double> xs, List<Double> ys, double length) {
        double left = area.getX();
        double bottom = area.getMaxY();
        xs.forEach(value -> crisp(g, new Line2D.Double(x(value), bottom + length, x(value), bottom)));
        ys.forEach(value -> crisp(g, new Line2D.Double(left - length, y(value), left, y(value))));
    }

    void drawFrame(Graphics2D g) {
        crisp(g, area);
    }

    /** Thin lines are moved to whole pixels, so that all of them look equally thick. */
    private static void crisp(Graphics2D g, Shape shape) {
        g.setPaint(Pen.INK);
        g.setStroke(Pen.FRAME);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_NORMALIZE);
        g.draw(shape);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }
}
