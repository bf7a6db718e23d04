package io.github.finitentk.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers coloured cells, row by row, into one path per colour; neighbours of one colour become one rectangle. */
final class CellRuns {

    private final double reach;
    private final Map<Color, Path2D> paths = new LinkedHashMap<>();
    private final List<Rectangle2D> rectangles = new ArrayList<>();
    private Rectangle2D run;
    private Color color;

    /**
     * @param reach by how much each rectangle is enlarged on every side
     */
    CellRuns(double reach) {
        this.reach = reach;
    }

    void add(Rectangle2D cell, Color cellColor) {
        boolean joins = run != null
                && cellColor.equals(color)
                && run.getY() == cell.getY()
                && Math.abs(run.getMaxX() - cell.getX()) < 1e-6;
        if (joins) {
            run.setFrameFromDiagonal(run.getX(), run.getY(), cell.getMaxX(), cell.getMaxY());
        } else {
            end();
            run = (Rectangle2D) cell.clone();
            color = cellColor;
        }
    }

    private void end() {
        if (run != null) {
            Rectangle2D reached = new Rectangle2D.Double(
                    run.getX() - reach, run.getY() - reach, run.getWidth() + 2 * reach, run.getHeight() + 2 * reach);
            paths.computeIfAbsent(color, c -> new Path2D.Double(Path2D.WIND_NON_ZERO))
                    .append(reached, false);
            rectangles.add(reached);
            run = null;
        }
    }

    /** The rectangles so far, whatever their colours. */
    List<Rectangle2D> rectangles() {
        end();
        return rectangles;
    }

    void fill(Graphics2D g) {
        end();
        paths.forEach((paint, path) -> {
            g.setPaint(paint);
            g.fill(path);
        });
    }
}
