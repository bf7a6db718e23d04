package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Strokes and shapes of series, in points, and how a series looks in the key. */
final class SeriesStyle {

    private static final float WIDTH = 1.1f;
    private static final double RADIUS = 1.5;

    /** Around markers, which it makes half a point larger. */
    static final BasicStroke OUTLINE = new BasicStroke(1);

    static final BasicStroke ERROR_BAR = new BasicStroke(0.7f);
    static final double CAP = 3;
    private static final int BAND_ALPHA = 56;

    private SeriesStyle() {}

    static BasicStroke stroke(Series.Line line) {
        return switch (line) {
            case NONE, SOLID -> new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
            case DASHED -> dashed(4f, 2.2f);
            case DOTTED -> dashed(1.1f, 1.6f);
        };
    }

    private static BasicStroke dashed(float... dash) {
        return new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /** Centred on the origin. */
    static Shape marker(Series.Marker marker) {
        double r = RADIUS;
        return switch (marker) {
            case NONE -> new Path2D.Double();
            case CIRCLE -> new Ellipse2D.Double(-r, -r, 2 * r, 2 * r);
            case SQUARE -> new Rectangle2D.Double(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r);
            case TRIANGLE -> polygon(0, -1.25 * r, 1.2 * r, 0.9 * r, -1.2 * r, 0.9 * r);
            case DIAMOND -> polygon(0, -1.35 * r, 1.35 * r, 0, 0, 1.35 * r, -1.35 * r, 0);
        };
    }

    private static Shape polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int k = 2; k < xy.length; k += 2) {
            path.lineTo(xy[k], xy[k + 1]);
        }
        path.closePath();
        return path;
    }

    static Color band(Color color) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA);
    }

    /** Draws a sample of a series into a box of the key. */
    static void swatch(Graphics2D g, Rectangle2D box, Series series, Color color) {
        boolean joined = series.line() != Series.Line.NONE;
        boolean marked = series.marker() != Series.Marker.NONE;
        if (series.hasInterval() && !marked) {
            g.setPaint(band(color));
            g.fill(box);
        }
        g.setPaint(color);
        if (joined) {
            g.setStroke(stroke(series.line()));
            g.draw(new Line2D.Double(box.getX(), box.getCenterY(), box.getMaxX(), box.getCenterY()));
        }
        if (series.hasInterval() && marked) {
            g.setStroke(ERROR_BAR);
            g.draw(new Line2D.Double(box.getCenterX(), box.getY() - 0.5, box.getCenterX(), box.getMaxY() + 0.5));
        }
        if (marked) {
            g.fill(AffineTransform.getTranslateInstance(box.getCenterX(), box.getCenterY())
                    .createTransformedShape(marker(series.marker())));
        }
    }
}
