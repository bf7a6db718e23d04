package io.github.finitentk.report;

import java.util.List;

/**
 * One panel of a {@link LineFigure}. Immutable; the {@code with} methods return changed copies.
 *
 * @param title markup, without a letter
 * @param series drawn in order, later ones on top
 * @param x the horizontal axis, or null for the figure's
 * @param y the vertical axis, or null for the figure's
 */
public record LinePanel(String title, List<Series> series, Axis x, Axis y) {

    /**
     * @throws IllegalArgumentException if the title cannot be parsed or there is no series
     */
    public LinePanel {
        MathText.parse(title);
        if (series.isEmpty()) {
            throw new IllegalArgumentException("The panel \"" + title + "\" needs at least one series.");
        }
        series = List.copyOf(series);
    }

    /** A panel with the figure's axes. */
    public static LinePanel of(String title, List<Series> series) {
        return new LinePanel(title, series, null, null);
    }

    /** With its own horizontal axis. */
    public LinePanel withX(Axis axis) {
        return new LinePanel(title, series, axis, y);
    }

    /** With its own vertical axis. */
    public LinePanel withY(Axis axis) {
        return new LinePanel(title, series, x, axis);
    }
}
