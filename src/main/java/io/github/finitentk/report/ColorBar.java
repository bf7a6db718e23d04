package io.github.finitentk.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * An upright colour bar: the gradient, ticks and labels on its right, a label that reads upwards, and an arrow with "≥" or
 * "≤" at an end where values go on.
 *
 * @param label markup
 */
record ColorBar(ColorScale scale, String label) {

    private static final double BAR = 8;
    private static final double ARROW = 6;
    private static final double LABEL_GAP = 4;

    /** The width in points that a bar of this height takes, with its labels. */
    double width(double height) {
        double label = label().isEmpty() ? 0 : LABEL_GAP + Pen.TEXT;
        return BAR + Pen.TICK + Pen.TICK_GAP + ticks(height).widest(Pen.TEXT) + label + 1;
    }

    /** Draws the bar with its left edge at x, between two heights; arrows stick out above and below. */
    void draw(Graphics2D g, double x, double top, double height) {
        Ticks ticks = ticks(height);
        gradient(g, x, top, height);
        g.setPaint(Pen.INK);
        g.setStroke(Pen.FRAME);
        g.draw(outline(x, top, height));
        Axis axis = axis();
        double textX = x + BAR + Pen.TICK + Pen.TICK_GAP;
        for (double t : ticks.minor()) {
            double y = top + height * (1 - Ticks.position(axis, t));
            g.draw(new Line2D.Double(x + BAR, y, x + BAR + Pen.MINOR_TICK, y));
        }
        for (int k = 0; k < ticks.major().size(); k++) {
            double y = top + height * (1 - Ticks.position(axis, ticks.major().get(k)));
            g.draw(new Line2D.Double(x + BAR, y, x + BAR + Pen.TICK, y));
            MathText text = MathText.parse(ticks.labels().get(k));
            Pen.text(g, text, Pen.Align.LEFT, textX, y + Pen.CAP_HEIGHT * Pen.TEXT / 2);
        }
        if (!label.isEmpty()) {
            double baseline = textX + ticks.widest(Pen.TEXT) + LABEL_GAP + 0.8 * Pen.TEXT;
            Pen.upwards(g, MathText.parse(label), baseline, top + height / 2);
        }
    }

    private void gradient(Graphics2D g, double x, double top, double height) {
        Object before = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        int levels = scale.levels();
        for (int k = 0; k < levels; k++) {
            double y = top + height * (1 - (k + 1.0) / levels);
            // Each slice reaches under the one drawn after it, so no seam shows at any zoom.
            double reach = height / levels + (k == 0 ? 0 : 0.3);
            g.setPaint(scale.level(k));
            g.fill(new Rectangle2D.Double(x, y, BAR, reach));
        }
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, before);
        if (scale.isOpenAbove()) {
            g.setPaint(scale.level(levels - 1));
            g.fill(triangle(x, top, -ARROW));
        }
        if (scale.isOpenBelow()) {
            g.setPaint(scale.level(0));
            g.fill(triangle(x, top + height, ARROW));
        }
    }

    private static Path2D triangle(double x, double y, double height) {
        Path2D path = new Path2D.Double();
        // Starts a little inside the bar: no seam may show between them.
        double inside = y - Math.signum(height);
        path.moveTo(x, inside);
        path.lineTo(x, y);
        path.lineTo(x + BAR / 2, y + height);
        path.lineTo(x + BAR, y);
        path.lineTo(x + BAR, inside);
        path.closePath();
        return path;
    }

    private Path2D outline(double x, double top, double height) {
        Path2D path = new Path2D.Double();
        path.moveTo(x, top);
        if (scale.isOpenAbove()) {
            path.lineTo(x + BAR / 2, top - ARROW);
        }
        path.lineTo(x + BAR, top);
        path.lineTo(x + BAR, top + height);
        if (scale.isOpenBelow()) {
            path.lineTo(x + BAR / 2, top + height + ARROW);
        }
        path.lineTo(x, top + height);
        path.closePath();
        return path;
    }

    private Axis axis() {
        return new Axis("", scale.isLogarithmic(), scale.low(), scale.high());
    }

    private Ticks ticks(double height) {
        // Wider apart than on an axis: a bar is tall and needs few numbers.
        Ticks ticks = Ticks.fitting(axis(), Math.min(height, 110), Pen.TEXT, false);
        // 1, 1.5, 2 rather than 1.0, 1.5, 2.0: with room between them labels need not line up.
        List<String> labels = new ArrayList<>();
        ticks.labels()
                .forEach(label ->
                        labels.add(label.matches("[−0-9]*\\.[0-9]*0+") ? label.replaceAll("\\.?0+$", "") : label));
        int last = labels.size() - 1;
        if (scale.isOpenAbove() && last >= 0 && scale.position(ticks.major().get(last)) > 1 - 1e-9) {
            labels.set(last, "≥ " + labels.get(last));
        }
        if (scale.isOpenBelow() && last >= 0 && scale.position(ticks.major().get(0)) < 1e-9) {
            labels.set(0, "≤ " + labels.get(0));
        }
        return new Ticks(ticks.major(), labels, ticks.minor());
    }
}
