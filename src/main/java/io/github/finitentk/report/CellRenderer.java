package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws the cells of a heat map as touching rectangles, one path per colour (which keeps SVG files small and free of
 * seams). Missing cells are hatched, diverged ones crossed, marked ones bear their sign.
 */
final class CellRenderer {

    static final Color MISSING = new Color(0xe8e8e8);
    private static final Color HATCH = new Color(0x8c8c8c);
    private static final BasicStroke THIN = new BasicStroke(0.5f);
    private static final double HATCH_SPACING = 3;

    /**
     * Below the cells lie slightly larger ones in a similar colour, so that viewers which blur edges whatever the file says
     * (as most do with PDF made from it) show no white line between cells.
     */
    private static final double UNDERLAY = 0.4;

    private final CellRuns fills = new CellRuns(0);
    private final CellRuns underlays = new CellRuns(UNDERLAY);
    private final Map<Color, Path2D> crosses = new LinkedHashMap<>();
    private final Map<Color, Path2D> marks = new LinkedHashMap<>();
    private final CellRuns missing = new CellRuns(0);

    private CellRenderer() {}

    static void draw(Graphics2D g, PanelPlot plot, HeatMapPanel panel, ColorScale scale) {
        CellGrid cells = panel.cells();
        boolean logY = plot.yAxis().log();
        double[] xs =
                Arrays.stream(cells.xEdges(plot.xAxis().log())).map(plot::x).toArray();
        double[] ys = Arrays.stream(cells.yEdges(logY)).map(plot::y).toArray();
        CellRenderer renderer = new CellRenderer();
        if (cells.leavesRoom(plot.xAxis(), plot.yAxis())) {
            renderer.missing.add(plot.area(), MISSING);
        }
        for (int row = 0; row < cells.rows(); row++) {
            for (int column = 0; column < cells.columns(); column++) {
                Rectangle2D cell = new Rectangle2D.Double(
                        xs[column], ys[row + 1], xs[column + 1] - xs[column], ys[row] - ys[row + 1]);
                CellGrid.Mark sign = panel.mark(column, row);
                Shape mark = sign == null ? null : sign.in(cell, plot.x(panel.borderAt(cells.y(row), logY)));
                renderer.add(cell, cells.value(column, row), mark, scale);
            }
        }
        renderer.paint(g);
    }

    private void add(Rectangle2D cell, double value, Shape mark, ColorScale scale) {
        Color color = Double.isNaN(value) ? MISSING : scale.color(value);
        if (Double.isNaN(value)) {
            missing.add(cell, MISSING);
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

    private void paint(Graphics2D g) {
        // Without antialiasing neighbours share an edge exactly: each pixel belongs to one of them.
        // First what is missing: it may reach below the cells.
        hatch(g, missing.rectangles());
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        underlays.fill(g);
        fills.fill(g);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
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

    /** Fills rectangles with the sign for "missing". */
    static void hatch(Graphics2D g, List<Rectangle2D> boxes) {
        Path2D ground = new Path2D.Double(Path2D.WIND_NON_ZERO);
        Path2D lines = new Path2D.Double();
        for (Rectangle2D box : boxes) {
            ground.append(box, false);
            // Lines x + y = k on a lattice fixed to the page, so that neighbouring cells join up. They are cut by
            // arithmetic:
            // clips of thousands of cells take minutes.
            double end = box.getMaxX() + box.getMaxY();
            double first = (Math.floor((box.getX() + box.getY()) / HATCH_SPACING) + 1) * HATCH_SPACING;
            for (double k = first; k < end; k += HATCH_SPACING) {
                double left = Math.max(box.getMinX(), k - box.getMaxY());
                double right = Math.min(box.getMaxX(), k - box.getMinY());
                lines.moveTo(left, k - left);
                lines.lineTo(right, k - right);
            }
        }
        if (!boxes.isEmpty()) {
            g.setPaint(MISSING);
            g.fill(ground);
        }
        if (lines.getCurrentPoint() != null) {
            g.setPaint(HATCH);
            g.setStroke(THIN);
            g.draw(lines);
        }
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
}
