package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;

/** Sizes and strokes shared by all figures, in points, and the drawing of text: as text where the format has any, as outlines elsewhere. */
final class Pen {

    static final double TEXT = 8;
    static final double LEADING = 10.5;
    static final double TICK = 2.5;
    static final double MINOR_TICK = 1.5;
    static final double TICK_GAP = 2;
    static final Color INK = Color.BLACK;
    static final BasicStroke FRAME = new BasicStroke(0.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

    /** Height of capital letters and digits in DejaVu Sans, as a part of the font size. */
    static final double CAP_HEIGHT = 0.73;

    /** Which part of a text lies at the given x. */
    enum Align {
        LEFT(0),
        CENTER(0.5),
        RIGHT(1);

        private final double part;

        Align(double part) {
            this.part = part;
        }

        /** How much of a text lies left of the given x. */
        double part() {
            return part;
        }
    }

    private Pen() {}

    static void prepare(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
    }

    /** Draws a text whose baseline is at y. */
    static void text(Graphics2D g, MathText text, Align align, double x, double y) {
        place(g, text, align, AffineTransform.getTranslateInstance(x, y));
    }

    /** Draws a text centred on (x, y) that reads upwards; x is where its baseline is. */
    static void upwards(Graphics2D g, MathText text, double x, double y) {
        AffineTransform placed = AffineTransform.getTranslateInstance(x, y);
        placed.quadrantRotate(-1);
        place(g, text, Align.CENTER, placed);
    }

    private static void place(Graphics2D g, MathText text, Align align, AffineTransform place) {
        MathText.Laid laid = text.lay(TEXT);
        g.setPaint(INK);
        if (g instanceof TextPage page) {
            page.text(laid, align, place);
        } else {
            AffineTransform start = new AffineTransform(place);
            start.translate(-align.part * laid.width(), 0);
            g.fill(start.createTransformedShape(laid.shape()));
        }
    }

    /** Black or white, whichever is seen better on a colour. */
    static Color contrasting(Color background) {
        double luminance = 0.2126 * linear(background.getRed())
                + 0.7152 * linear(background.getGreen())
                + 0.0722 * linear(background.getBlue());
        // Equal WCAG contrast with black and with white.
        return luminance > 0.179 ? Color.BLACK : Color.WHITE;
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : StrictMath.pow((c + 0.055) / 1.055, 2.4);
    }
}
