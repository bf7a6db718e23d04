package io.github.finitentk.report;

import java.awt.Color;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Adds a {@link Series} to a JFreeChart plot: first its interval, then its line and markers, each as one dataset. */
final class SeriesPlot {

    private SeriesPlot() {}

    static void add(Series series, Color color, Axis y, XYPlot plot) {
        if (series.hasInterval()) {
            if (series.marker() == Series.Marker.NONE) {
                band(series, color, y, plot);
            } else {
                bars(series, color, y, plot);
            }
        }
        line(series, color, plot);
    }

    private static void line(Series series, Color color, XYPlot plot) {
        boolean joined = series.line() != Series.Line.NONE;
        boolean marked = series.marker() != Series.Marker.NONE;
        XYSeries data = new XYSeries(series.label(), false, true);
        for (int k = 0; k < series.size(); k++) {
            data.add(series.x(k), Double.isFinite(series.y(k)) ? series.y(k) : Double.NaN);
        }
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(joined, marked);
        // As one path, or dashes would start anew at every point.
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setSeriesPaint(0, color);
        renderer.setSeriesStroke(0, SeriesStyle.stroke(series.line()));
        renderer.setSeriesShape(0, SeriesStyle.marker(series.marker()));
        add(plot, new XYSeriesCollection(data), renderer);
    }

    private static void bars(Series series, Color color, Axis y, XYPlot plot) {
        YIntervalSeries data = new YIntervalSeries("interval of " + series.label(), false, true);
        for (int k = 0; k < series.size(); k++) {
            if (hasInterval(series, k)) {
                addPoint(data, series, k, y);
            }
        }
        YIntervalSeriesCollection dataset = new YIntervalSeriesCollection();
        dataset.addSeries(data);
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setCapLength(3);
        renderer.setErrorStroke(SeriesStyle.ERROR_BAR);
        renderer.setDefaultShapesVisible(false);
        renderer.setSeriesPaint(0, color);
        add(plot, dataset, renderer);
    }

    /** A band is a polygon, which a missing value would send astray, so each stretch without gaps becomes one. */
    private static void band(Series series, Color color, Axis y, XYPlot plot) {
        YIntervalSeriesCollection dataset = new YIntervalSeriesCollection();
        DeviationRenderer renderer = new DeviationRenderer(false, false);
        renderer.setAlpha(SeriesStyle.BAND_ALPHA / 255f);
        YIntervalSeries stretch = null;
        for (int k = 0; k < series.size(); k++) {
            if (!hasInterval(series, k)) {
                stretch = null;
                continue;
            }
            if (stretch == null) {
                int index = dataset.getSeriesCount();
                stretch = new YIntervalSeries("band " + index + " of " + series.label(), false, true);
                dataset.addSeries(stretch);
                renderer.setSeriesFillPaint(index, color);
                renderer.setSeriesPaint(index, color);
            }
            addPoint(stretch, series, k, y);
        }
        add(plot, dataset, renderer);
    }

    private static boolean hasInterval(Series series, int k) {
        return !Double.isNaN(series.lower(k)) && !Double.isNaN(series.upper(k)) && Double.isFinite(series.y(k));
    }

    /** Ends beyond the axis (zero on a logarithmic one, infinity) are moved to just outside of it. */
    private static void addPoint(YIntervalSeries data, Series series, int k, Axis y) {
        double room = y.high() - y.low();
        double lowest = y.log() ? y.low() / 10 : y.low() - room;
        double highest = y.log() ? y.high() * 10 : y.high() + room;
        double lower = Math.min(highest, Math.max(lowest, series.lower(k)));
        double upper = Math.min(highest, Math.max(lowest, series.upper(k)));
        data.add(series.x(k), series.y(k), lower, upper);
    }

    private static void add(XYPlot plot, org.jfree.data.xy.XYDataset dataset, XYLineAndShapeRenderer renderer) {
        int index = plot.getDatasetCount();
        // A new plot counts one dataset although it has none.
        if (index == 1 && plot.getDataset(0) == null) {
            index = 0;
        }
        plot.setDataset(index, dataset);
        plot.setRenderer(index, renderer);
    }
}
