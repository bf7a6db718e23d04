package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * A sign drawn in a cell of a heat map, and what it means: the key below the panels says so.
 *
 * @param sign its shape; marks of one figure should differ in it
 * @param meaning markup, as the key shows it
 */
public record CellMark(Sign sign, String meaning) {

    /** Shapes that can be told apart in a cell two millimetres wide. */
    public enum Sign {
        DOT,
        RING,
        TRIANGLE,
        BAR
    }

    /** @throws IllegalArgumentException if the meaning is empty or cannot be parsed */
    public CellMark {
        if (meaning.isBlank()) {
            throw new IllegalArgumentException("The mark " + sign + " of a cell needs a meaning for the key.");
        }
        MathText.parse(meaning);
    }

    /**
     * The sign as a shape to be filled: in the middle of its cell, or beside a border that runs through there.
     *
     * @param border where a border crosses the cell, NaN if none does
     */
    Shape in(Rectangle2D cell, double border) {
        double r = 0.24 * Math.min(Math.min(cell.getWidth(), cell.getHeight()), 5.5);
        double x = cell.getCenterX();
        double y = cell.getCenterY();
        double apart = r + 1.4;
        if (Math.abs(x - border) < apart) {
            x = x < border ? border - apart : border + apart;
        }
        return switch (sign) {
            case DOT -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
            case RING ->
                new BasicStroke((float) (0.5 * r)).createStrokedShape(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
            case TRIANGLE -> triangle(x, y, 1.3 * r);
            case BAR ->
                new BasicStroke((float) (0.7 * r), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER)
                        .createStrokedShape(new Line2D.Double(x - 1.3 * r, y, x + 1.3 * r, y));
        };
    }

    private static Path2D triangle(double x, double y, double r) {
        Path2D path = new Path2D.Double();
        path.moveTo(x, y - r);
        path.lineTo(x + 0.87 * r, y + 0.5 * r);
        path.lineTo(x - 0.87 * r, y + 0.5 * r);
        path.closePath();
        return path;
    }
}
