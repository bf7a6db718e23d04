package io.github.finitentk.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** A drawing of known size. Lengths are in points (1/72 inch); y grows downwards. */
public interface Figure {

    /** The width of a page with two columns, 17 cm, in points. */
    double TWO_COLUMNS = 17 / 2.54 * 72;

    /** The width of one column, 8.3 cm, in points. */
    double ONE_COLUMN = 8.3 / 2.54 * 72;

    /** The width in points. */
    double width();

    /** The height in points, which follows from the content. */
    double height();

    /** The number of panels, counted row by row. */
    int panelCount();

    /**
     * Where a panel's data are drawn, inside its frame; in points.
     *
     * @throws IndexOutOfBoundsException if there is no such panel
     */
    Rectangle2D dataArea(int panel);

    /** The axis below a panel with its final limits. */
    Axis xAxis(int panel);

    /** The axis left of a panel with its final limits. */
    Axis yAxis(int panel);

    /** What the picture shows, in plain words for those who cannot see it. */
    String description();

    /** Draws on a white page whose upper left corner is the origin; leaves the graphics' clip and transform as they were. */
    void draw(Graphics2D g);
}
