package io.github.finitentk.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** A page of panels with titles, axes, colour bars and a key; subclasses say what is inside a panel. */
abstract class PanelFigure implements Figure {

    private static final double MARGIN = 3;

    private final List<PanelFrame> frames;
    private final int columns;
    private final double aspect;
    private final List<Key.Entry> entries;
    private final String caption;
    private final PanelLayout layout;
    private final Key key;

    /**
     * @param columns of panels, or fewer if so many would be too small to read
     * @param aspect height of a panel divided by its width
     * @param caption markup that belongs beside the figure; may be empty
     */
    PanelFigure(
            List<PanelFrame> frames,
            int columns,
            double pageWidth,
            double aspect,
            List<Key.Entry> entries,
            String caption) {
        this.frames = frames;
        this.columns = columns;
        this.aspect = aspect;
        this.entries = entries;
        this.caption = caption;
        this.layout = PanelLayout.fitting(frames, columns, pageWidth, aspect);
        this.key = new Key(entries, pageWidth - 2 * MARGIN);
    }

    /** The same at another width. */
    PanelFigure(PanelFigure other, double pageWidth) {
        this(other.frames, other.columns, pageWidth, other.aspect, other.entries, other.caption);
    }

    /** Draws what is inside a panel; what lies beyond its frame is cut off. */
    abstract void drawData(Graphics2D g, int panel);

    final PanelPlot plot(int panel) {
        return new PanelPlot(xAxis(panel), yAxis(panel), layout.area(panel));
    }

    final PanelLayout layout() {
        return layout;
    }

    @Override
    public final double width() {
        return layout.pageWidth();
    }

    @Override
    public final double height() {
        return Math.ceil(layout.bottom() + key.height() + MARGIN);
    }

    @Override
    public final int panelCount() {
        return frames.size();
    }

    @Override
    public final Rectangle2D dataArea(int panel) {
        return (Rectangle2D) layout.area(panel).clone();
    }

    @Override
    public final Axis xAxis(int panel) {
        return frames.get(panel).x();
    }

    @Override
    public final Axis yAxis(int panel) {
        return frames.get(panel).y();
    }

    @Override
    public final String caption() {
        return caption;
    }

    @Override
    public final String description() {
        StringBuilder out = new StringBuilder();
        String before = null;
        for (PanelFrame frame : frames) {
            String content = content(frame);
            String name = MathText.parse(frame.title()).plain();
            // What neighbours have in common is said once.
            out.append(name);
            if (!content.equals(before)) {
                out.append(name.isEmpty() ? "" : ": ").append(content);
            }
            out.append(". ");
            before = content;
        }
        out.append(MathText.parse(caption).plain());
        return out.toString().strip();
    }

    private static String content(PanelFrame frame) {
        String x = MathText.parse(frame.x().label()).plain();
        String y = MathText.parse(frame.y().label()).plain();
        String color =
                frame.bar() == null ? "" : MathText.parse(frame.bar().label()).plain();
        return y + " over " + x + (color.isEmpty() ? "" : ", colour: " + color);
    }

    @Override
    public final void draw(Graphics2D g) {
        Pen.prepare(g);
        g.setPaint(Color.WHITE);
        // A little beyond the page: its height in pixels may round up.
        g.fill(new Rectangle2D.Double(-1, -1, width() + 2, height() + 2));
        for (int i = 0; i < frames.size(); i++) {
            PanelPlot plot = plot(i);
            plot.drawTicks(g, layout.xTicks(i), layout.yTicks(i));
            Shape clip = g.getClip();
            g.clip(plot.area());
            drawData(g, i);
            g.setClip(clip);
            plot.drawFrame(g);
            texts(g, i);
            if (layout.showsBar(i)) {
                Rectangle2D bar = layout.barArea(i);
                frames.get(i).bar().draw(g, bar.getX(), bar.getY(), bar.getHeight());
            }
        }
        key.draw(g, MARGIN, layout.bottom(), width() - 2 * MARGIN);
    }

    private void texts(Graphics2D g, int i) {
        PanelFrame frame = frames.get(i);
        Rectangle2D area = layout.area(i);
        List<MathText> title = layout.title(i);
        double baseline = layout.titleBaseline(i) - (title.size() - 1) * Pen.LEADING;
        for (MathText line : title) {
            Pen.text(g, line, Pen.Align.LEFT, area.getX(), baseline);
            baseline += Pen.LEADING;
        }
        if (frame.note() != null) {
            note(g, i);
        }
        if (layout.showsXTicks(i)) {
            xLabels(g, i);
        }
        if (layout.showsYTicks(i)) {
            yLabels(g, i);
        }
        if (layout.showsXLabel(i)) {
            Pen.text(
                    g,
                    MathText.parse(frame.x().label()),
                    Pen.Align.CENTER,
                    area.getCenterX(),
                    layout.xLabelBaseline(i));
        }
        if (layout.drawsYLabel(i)) {
            Pen.upwards(g, MathText.parse(frame.y().label()), layout.yLabelBaseline(i), layout.yLabelCentre(i));
        }
    }

    private void note(Graphics2D g, int i) {
        PanelFrame frame = frames.get(i);
        Rectangle2D area = layout.area(i);
        MathText text = MathText.parse(frame.note().text());
        double half = text.width(Pen.TEXT) / 2;
        double at = plot(i).x(frame.note().at());
        double inside = Math.max(area.getX() + half, Math.min(area.getMaxX() - half, at));
        Pen.text(g, text, Pen.Align.CENTER, inside, layout.noteBaseline(i));
    }

    private void xLabels(Graphics2D g, int i) {
        Ticks ticks = layout.xTicks(i);
        for (int k = 0; k < ticks.major().size(); k++) {
            double x = plot(i).x(ticks.major().get(k));
            Pen.text(g, MathText.parse(ticks.labels().get(k)), Pen.Align.CENTER, x, layout.xTickBaseline(i));
        }
    }

    private void yLabels(Graphics2D g, int i) {
        Ticks ticks = layout.yTicks(i);
        double x = layout.area(i).getX() - Pen.TICK - Pen.TICK_GAP;
        for (int k = 0; k < ticks.major().size(); k++) {
            double y = plot(i).y(ticks.major().get(k));
            MathText label = MathText.parse(ticks.labels().get(k));
            Pen.text(g, label, Pen.Align.RIGHT, x, y + Pen.CAP_HEIGHT * Pen.TEXT / 2);
        }
    }
}
