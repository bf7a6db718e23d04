package io.github.finitentk.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** The legend below the panels: swatches with labels, in as many lines as the width of the page asks for. */
final class Key {

    private static final double SWATCH_HEIGHT = 7;
    private static final double SWATCH_GAP = 4;
    private static final double ENTRY_GAP = 14;

    /** Draws the sample of an entry into a box. */
    @FunctionalInterface
    interface Swatch {
        void draw(Graphics2D g, Rectangle2D box);
    }

    /**
     * One entry.
     *
     * @param width of the swatch in points
     */
    record Entry(MathText label, double width, Swatch swatch) {
        double total() {
            return width + SWATCH_GAP + label.width(Pen.TEXT);
        }
    }

    private final List<List<Entry>> lines = new ArrayList<>();

    Key(List<Entry> entries, double pageWidth) {
        double used = 0;
        List<Entry> line = new ArrayList<>();
        for (Entry entry : entries) {
            if (!line.isEmpty() && used + entry.total() > pageWidth) {
                lines.add(line);
                line = new ArrayList<>();
                used = 0;
            }
            line.add(entry);
            used += entry.total() + ENTRY_GAP;
        }
        if (!line.isEmpty()) {
            lines.add(line);
        }
    }

    /** In points, 0 without entries. */
    double height() {
        return lines.isEmpty() ? 0 : lines.size() * (Pen.LEADING + 1.5) + 4;
    }

    /** Draws each line centred between x and x + width. */
    void draw(Graphics2D g, double x, double top, double width) {
        double y = top + 4;
        for (List<Entry> line : lines) {
            double total = line.stream().mapToDouble(Entry::total).sum() + ENTRY_GAP * (line.size() - 1);
            double at = x + Math.max(0, (width - total) / 2);
            for (Entry entry : line) {
                Rectangle2D box = new Rectangle2D.Double(at, y, entry.width(), SWATCH_HEIGHT);
                entry.swatch().draw(g, box);
                double baseline = box.getCenterY() + Pen.CAP_HEIGHT * Pen.TEXT / 2;
                Pen.text(g, entry.label(), Pen.Align.LEFT, at + entry.width() + SWATCH_GAP, baseline);
                at += entry.total() + ENTRY_GAP;
            }
            y += Pen.LEADING + 1.5;
        }
    }
}
