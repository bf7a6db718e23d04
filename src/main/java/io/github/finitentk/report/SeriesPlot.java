package io.github.finitentk.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/** A {@link Series} and its colour; draws its interval, then its line, then its markers. */
record SeriesPlot(Series series, Color color) {

    void draw(Graphics2D g, PanelPlot plot) {
        boolean marked = series.marker() != Series.Marker.NONE;
        if (series.hasInterval() && !marked) {
            g.setPaint(SeriesStyle.band(color));
            bands(plot).forEach(g::fill);
        }
        g.setPaint(color);
        if (series.hasInterval() && marked) {
            g.setStroke(SeriesStyle.ERROR_BAR);
            bars(plot).forEach(g::draw);
        }
        if (series.line() != Series.Line.NONE) {
            g.setStroke(SeriesStyle.stroke(series.line()));
            // As one path, or dashes would start anew at every point.
            g.draw(plot.path(series.size(), series::x, series::y));
        }
        if (marked) {
            g.setStroke(SeriesStyle.OUTLINE);
            markers(g, plot);
        }
    }

    private void markers(Graphics2D g, PanelPlot plot) {
        Shape marker = SeriesStyle.marker(series.marker());
        for (int k = 0; k < series.size(); k++) {
            double x = plot.x(series.x(k));
            double y = plot.y(series.y(k));
            Shape placed = AffineTransform.getTranslateInstance(x, y).createTransformedShape(marker);
            // Of one beyond the frame not even its outline is seen.
            if (Double.isFinite(x) && Double.isFinite(y) && placed.intersects(plot.area())) {
                g.fill(placed);
                g.draw(placed);
            }
        }
    }

    /** An upright line and two caps for every interval. */
    List<Line2D> bars(PanelPlot plot) {
        List<Line2D> lines = new ArrayList<>();
        for (int k = 0; k < series.size(); k++) {
            if (hasInterval(k, plot)) {
                double x = plot.x(series.x(k));
                double lower = plot.y(drawable(series.lower(k), plot.yAxis()));
                double upper = plot.y(drawable(series.upper(k), plot.yAxis()));
                lines.add(new Line2D.Double(x, lower, x, upper));
                lines.add(new Line2D.Double(x - SeriesStyle.CAP / 2, lower, x + SeriesStyle.CAP / 2, lower));
                lines.add(new Line2D.Double(x - SeriesStyle.CAP / 2, upper, x + SeriesStyle.CAP / 2, upper));
            }
        }
        return lines;
    }

    /** One polygon for each stretch without gaps. */
    List<Path2D> bands(PanelPlot plot) {
        List<Path2D> bands = new ArrayList<>();
        int start = 0;
        for (int end = 0; end <= series.size(); end++) {
            if (end == series.size() || !hasInterval(end, plot)) {
                if (end > start) {
                    bands.add(band(plot, start, end - 1));
                }
                start = end + 1;
            }
        }
        return bands;
    }

    /** Along the lower ends and back along the upper ones. */
    private Path2D band(PanelPlot plot, int first, int last) {
        int size = last - first + 1;
        Path2D band = plot.path(size, k -> series.x(first + k), k -> drawable(series.lower(first + k), plot.yAxis()));
        Path2D back = plot.path(size, k -> series.x(last - k), k -> drawable(series.upper(last - k), plot.yAxis()));
        band.append(back, true);
        band.closePath();
        return band;
    }

    private boolean hasInterval(int k, PanelPlot plot) {
        return !Double.isNaN(series.lower(k))
                && !Double.isNaN(series.upper(k))
                && Double.isFinite(series.y(k))
                && Double.isFinite(plot.x(series.x(k)));
    }

    /** Ends beyond the axis (zero on a logarithmic one, infinity) are moved to just outside of it. */
    private static double drawable(double end, Axis axis) {
        double room = axis.high() - axis.low();
        double lowest = axis.log() ? axis.low() / 10 : axis.low() - room;
        double highest = axis.log() ? axis.high() * 10 : axis.high() + room;
        return Math.min(highest, Math.max(lowest, end));
    }
}
