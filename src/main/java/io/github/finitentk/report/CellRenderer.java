package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYDataset;

/**
 * Draws the cells of a heat map as touching rectangles, one path per colour (which keeps SVG files small and free of
 * seams). Missing cells are hatched, diverged ones crossed, marked ones bear their sign.
 */
final class CellRenderer extends AbstractXYItemRenderer {

    static final Color MISSING = new Color(0xe8e8e8);
    private static final Color HATCH = new Color(0x8c8c8c);
    private static final BasicStroke THIN = new BasicStroke(0.5f);
    private static final double HATCH_SPACING = 3;

    /**
     * Below the cells lie slightly larger ones in a similar colour, so that viewers which blur edges whatever the file says
     * (as most do with PDF made from it) show no white line between cells.
     */
    private static final double UNDERLAY = 0.4;

    private final transient HeatMapPanel panel;
    private final transient ColorScale scale;
    private final transient boolean logY;
    private final transient double[] xEdges;
    private final transient double[] yEdges;

    CellRenderer(HeatMapPanel panel, ColorScale scale, boolean logX, boolean logY) {
        this.panel = panel;
        this.scale = scale;
        this.logY = logY;
        this.xEdges = panel.cells().xEdges(logX);
        this.yEdges = panel.cells().yEdges(logY);
    }

    @Override
    public XYItemRendererState initialise(
            Graphics2D g, Rectangle2D area, XYPlot plot, XYDataset data, PlotRenderingInfo info) {
        State state = new State(g);
        // JFreeChart would leave out cells whose centre is outside the axis though a part of them is inside.
        state.setProcessVisibleItemsOnly(false);
        return state;
    }

    @Override
    public void drawItem(
            Graphics2D g,
            XYItemRendererState state,
            Rectangle2D area,
            PlotRenderingInfo info,
            XYPlot plot,
            ValueAxis xAxis,
            ValueAxis yAxis,
            XYDataset dataset,
            int series,
            int item,
            CrosshairState crosshair,
            int pass) {
        int column = item % panel.cells().columns();
        int row = item / panel.cells().columns();
        double left = xAxis.valueToJava2D(xEdges[column], area, RectangleEdge.BOTTOM);
        double right = xAxis.valueToJava2D(xEdges[column + 1], area, RectangleEdge.BOTTOM);
        double bottom = yAxis.valueToJava2D(yEdges[row], area, RectangleEdge.LEFT);
        double top = yAxis.valueToJava2D(yEdges[row + 1], area, RectangleEdge.LEFT);
        Rectangle2D cell = new Rectangle2D.Double(left, top, right - left, bottom - top);
        Shape mark = null;
        CellMark sign = panel.mark(column, row);
        if (sign != null) {
            double border = panel.borderAt(panel.cells().y(row), logY);
            mark = sign.in(
                    cell, Double.isNaN(border) ? border : xAxis.valueToJava2D(border, area, RectangleEdge.BOTTOM));
        }
        ((State) state).add(cell, panel.cells().value(column, row), mark, scale);
    }

    /** Fills a shape with the sign for "missing". */
    static void hatch(Graphics2D g, Shape cells) {
        g.setPaint(MISSING);
        g.fill(cells);
        Shape clip = g.getClip();
        g.clip(cells);
        g.setPaint(HATCH);
        g.setStroke(THIN);
        Rectangle2D box = cells.getBounds2D();
        Path2D lines = new Path2D.Double();
        // Lines x + y = k on a lattice fixed to the page, so that neighbouring cells join up.
        double end = box.getMaxX() + box.getMaxY();
        double start = Math.floor((box.getX() + box.getY()) / HATCH_SPACING) * HATCH_SPACING;
        for (double k = start; k < end; k += HATCH_SPACING) {
            lines.moveTo(k - box.getMinY(), box.getMinY());
            lines.lineTo(k - box.getMaxY(), box.getMaxY());
        }
        g.draw(lines);
        g.setClip(clip);
    }

    /** The sign for "diverged": two crossing lines within a cell. */
    static Path2D cross(Rectangle2D cell) {
        double r = 0.28 * Math.min(Math.min(cell.getWidth(), cell.getHeight()), 7);
        Path2D path = new Path2D.Double();
        path.append(
                new Line2D.Double(
                        cell.getCenterX() - r, cell.getCenterY() - r, cell.getCenterX() + r, cell.getCenterY() + r),
                false);
        path.append(
                new Line2D.Double(
                        cell.getCenterX() - r, cell.getCenterY() + r, cell.getCenterX() + r, cell.getCenterY() - r),
                false);
        return path;
    }

    /** Collects the cells of one drawing and paints them at its end. */
    private static final class State extends XYItemRendererState {

        private final Graphics2D g;
        private final CellRuns fills = new CellRuns(0);
        private final CellRuns underlays = new CellRuns(UNDERLAY);
        private final Map<Color, Path2D> crosses = new LinkedHashMap<>();
        private final Map<Color, Path2D> marks = new LinkedHashMap<>();
        private final Path2D missing = new Path2D.Double();

        State(Graphics2D g) {
            super(null);
            this.g = g;
        }

        void add(Rectangle2D cell, double value, Shape mark, ColorScale scale) {
            Color color = Double.isNaN(value) ? MISSING : scale.color(value);
            if (Double.isNaN(value)) {
                missing.append(cell, false);
            } else {
                fills.add(cell, color);
                underlays.add(cell, scale.coarseColor(value));
            }
            Color ink = Pen.contrasting(color);
            if (value == Double.POSITIVE_INFINITY) {
                path(crosses, ink).append(cross(cell), false);
            }
            if (mark != null) {
                path(marks, ink).append(mark, false);
            }
        }

        private static Path2D path(Map<Color, Path2D> paths, Color color) {
            return paths.computeIfAbsent(color, c -> new Path2D.Double(Path2D.WIND_NON_ZERO));
        }

        @Override
        public void endSeriesPass(XYDataset dataset, int series, int first, int last, int pass, int passes) {
            // Without antialiasing neighbours share an edge exactly: each pixel belongs to one of them.
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
            underlays.fill(g);
            fills.fill(g);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            if (missing.getCurrentPoint() != null) {
                hatch(g, missing);
            }
            g.setStroke(THIN);
            crosses.forEach((color, path) -> {
                g.setPaint(color);
                g.draw(path);
            });
            marks.forEach((color, path) -> {
                g.setPaint(color);
                g.fill(path);
            });
        }
    }
}
