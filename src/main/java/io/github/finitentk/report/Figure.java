package io.github.finitentk.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** A drawing of known size. Lengths are in points (1/72 inch); y grows downwards. */
public interface Figure {

    /** The width of a page with two columns, 170 mm, in points. */
    double TWO_COLUMNS = 17 / 2.54 * 72;

    /** The width of one column, 85 mm, in points. */
    double ONE_COLUMN = 8.5 / 2.54 * 72;

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

    /**
     * The same figure at another width: type and lines keep their sizes, panels become smaller, and where they would be too
     * small to read, fewer stand side by side.
     *
     * @param points the width of the page
     * @throws IllegalArgumentException if not even one panel fits
     */
    Figure atWidth(double points);

    /** What is to stand beside the picture, in markup: the settings behind it; may be empty. */
    String caption();

    /** What the picture shows, in plain words for those who cannot see it. */
    String description();

    /** Draws on a white page whose upper left corner is the origin; leaves the graphics' clip and transform as they were. */
    void draw(Graphics2D g);
}
