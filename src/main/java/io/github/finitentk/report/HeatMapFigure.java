package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Heat maps in a grid of panels with equal limits: one cell per value, a colour bar, and over them a dashed border such as
 * {@code χ₁ = 1}. A key below the panels explains hatched (missing), crossed (diverged) and marked cells where there
 * are any. Immutable.
 */
public final class HeatMapFigure extends PanelFigure {

    // White dashes within a black line can be seen on every colour of every scale, and hide little.
    private static final BasicStroke LINE = new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
    private static final BasicStroke DASHES =
            new BasicStroke(0.9f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {3.5f, 3f}, 0);
    private static final double ASPECT = 0.95;

    private final List<HeatMapPanel> panels;
    private final List<ColorScale> scales;

    private HeatMapFigure(Builder builder, List<PanelFrame> frames) {
        super(frames, builder.columns, builder.width, builder.aspect, key(builder, frames), builder.caption);
        this.panels = List.copyOf(builder.panels);
        this.scales = frames.stream().map(frame -> frame.bar().scale()).toList();
    }

    private HeatMapFigure(HeatMapFigure other, double width) {
        super(other, width);
        this.panels = other.panels;
        this.scales = other.scales;
    }

    @Override
    public HeatMapFigure atWidth(double points) {
        return new HeatMapFigure(this, Checks.positive("The width of a figure", points));
    }

    /** Starts a figure. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void drawData(Graphics2D g, int index) {
        CellRenderer.draw(g, plot(index), panel(index), scales.get(index));
        if (panel(index).hasBorder()) {
            drawBorder(g, border(index));
        }
    }

    HeatMapPanel panel(int index) {
        return panels.get(index);
    }

    /** A panel's border on the page. */
    Path2D border(int index) {
        double[] xs = panel(index).borderX();
        double[] ys = panel(index).borderY();
        Axis y = yAxis(index);
        // A line that has no ends runs from frame to frame; dashing one of astronomic length would take forever.
        return plot(index).path(xs.length, k -> xs[k], k -> Math.max(y.low(), Math.min(y.high(), ys[k])));
    }

    private static void drawBorder(Graphics2D g, Shape line) {
        g.setPaint(Pen.INK);
        g.setStroke(LINE);
        g.draw(line);
        g.setPaint(Color.WHITE);
        g.setStroke(DASHES);
        g.draw(line);
    }

    private static List<Key.Entry> key(Builder builder, List<PanelFrame> frames) {
        boolean missing = false;
        boolean diverged = false;
        Set<CellGrid.Mark> marks = new LinkedHashSet<>();
        for (int i = 0; i < frames.size(); i++) {
            HeatMapPanel panel = builder.panels.get(i);
            marks.addAll(panel.marks());
            CellGrid cells = panel.cells();
            missing |= cells.leavesRoom(frames.get(i).x(), frames.get(i).y());
            for (int k = 0; k < cells.columns() * cells.rows(); k++) {
                double value = cells.value(k % cells.columns(), k / cells.columns());
                missing |= Double.isNaN(value);
                diverged |= value == Double.POSITIVE_INFINITY;
            }
        }
        List<Key.Entry> entries = new ArrayList<>();
        if (!builder.borderMeaning.isEmpty() && builder.panels.stream().anyMatch(HeatMapPanel::hasBorder)) {
            entries.add(new Key.Entry(
                    MathText.parse(builder.borderMeaning),
                    20,
                    (g, box) -> drawBorder(
                            g, new Line2D.Double(box.getX(), box.getCenterY(), box.getMaxX(), box.getCenterY()))));
        }
        if (missing) {
            entries.add(new Key.Entry(MathText.parse(builder.missingLabel), 10, (g, box) -> {
                CellRenderer.hatch(g, List.of(box));
                frame(g, box);
            }));
        }
        if (diverged) {
            ColorScale scale = builder.panels.get(0).barOr(builder.bar).scale();
            Color color = scale.color(Double.POSITIVE_INFINITY);
            entries.add(new Key.Entry(MathText.parse(builder.divergedLabel), 10, (g, box) -> {
                g.setPaint(color);
                g.fill(box);
                g.setPaint(Pen.contrasting(color));
                g.setStroke(new BasicStroke(0.7f));
                g.draw(CellRenderer.cross(box));
                frame(g, box);
            }));
        }
        for (CellGrid.Mark mark : marks) {
            entries.add(new Key.Entry(MathText.parse(mark.meaning()), 10, (g, box) -> {
                g.setPaint(Pen.INK);
                g.fill(mark.in(box, Double.NaN));
                frame(g, box);
            }));
        }
        return entries;
    }

    private static void frame(Graphics2D g, Rectangle2D box) {
        g.setPaint(Pen.INK);
        g.setStroke(Pen.FRAME);
        g.draw(box);
    }

    /** Collects panels and settings. */
    public static final class Builder {

        private final List<HeatMapPanel> panels = new ArrayList<>();
        private int columns = 4;
        private double width = TWO_COLUMNS;
        private double aspect = ASPECT;
        private boolean lettered = true;
        private Axis x = Axis.linear("$\\sigma_w^2$");
        private Axis y = Axis.linear("depth $L$");
        private ColorBar bar;
        private String borderLabel = "$\\chi_1 = 1$";
        private String borderMeaning = "";
        private String missingLabel = "not computed";
        private String divergedLabel = "diverged";
        private String caption = "";

        private Builder() {}

        /** Adds a panel; panels are placed row by row. */
        public Builder panel(HeatMapPanel panel) {
            panels.add(panel);
            return this;
        }

        /** The number of panels in a row; 4 if not given. */
        public Builder columns(int columns) {
            if (columns < 1) {
                throw new IllegalArgumentException(
                        "A figure needs at least one column of panels, not " + columns + ".");
            }
            this.columns = columns;
            return this;
        }

        /** The width of the page in points; two columns of a journal if not given. */
        public Builder width(double points) {
            this.width = Checks.positive("The width of a figure", points);
            return this;
        }

        /** Height of a panel divided by its width; 0.95 if not given. */
        public Builder aspect(double aspect) {
            this.aspect = Checks.positive("The aspect of a panel", aspect);
            return this;
        }

        /** Whether titles start with a), b), ...; they do if not given. */
        public Builder lettered(boolean lettered) {
            this.lettered = lettered;
            return this;
        }

        /** The horizontal axis of all panels; {@code σ_w²} with limits from the cells if not given. */
        public Builder xAxis(Axis axis) {
            this.x = axis;
            return this;
        }

        /** The vertical axis of all panels; depth with limits from the cells if not given. */
        public Builder yAxis(Axis axis) {
            this.y = axis;
            return this;
        }

        /** The colour scale of all panels that have none of their own, and the label of its bar in markup. */
        public Builder scale(ColorScale scale, String label) {
            MathText.parse(label);
            this.bar = new ColorBar(scale, label);
            return this;
        }

        /** What stands above the dashed border where the key does not explain it; {@code χ₁ = 1} if not given, nothing if empty. */
        public Builder borderLabel(String label) {
            MathText.parse(label);
            this.borderLabel = label;
            return this;
        }

        /** What the key says of the dashed border; if not given, a label stands above each instead. */
        public Builder borderMeaning(String meaning) {
            MathText.parse(meaning);
            this.borderMeaning = meaning;
            return this;
        }

        /** What the key says of missing cells. */
        public Builder missingLabel(String label) {
            MathText.parse(label);
            this.missingLabel = label;
            return this;
        }

        /** What the key says of diverged cells. */
        public Builder divergedLabel(String label) {
            MathText.parse(label);
            this.divergedLabel = label;
            return this;
        }

        /** What belongs beside the picture, in markup; name every hyper-parameter. It is not drawn. */
        public Builder caption(String caption) {
            MathText.parse(caption);
            this.caption = caption;
            return this;
        }

        /**
         * @throws IllegalArgumentException if there is no panel, a panel has no colour scale, a logarithmic axis has cells
         *     at or below zero, or the page is too narrow
         * @throws IllegalStateException if Java cannot draw text on this machine
         */
        public HeatMapFigure build() {
            if (panels.isEmpty()) {
                throw new IllegalArgumentException("A figure needs at least one panel.");
            }
            return new HeatMapFigure(this, frames());
        }

        private List<PanelFrame> frames() {
            Limits xs = new Limits();
            Limits ys = new Limits();
            for (HeatMapPanel panel : panels) {
                Checks.positiveOnLog(x, panel.cells().x(0));
                Checks.positiveOnLog(y, panel.cells().y(0));
                xs.add(panel.cells().xEdges(x.log()));
                ys.add(panel.cells().yEdges(y.log()));
            }
            Axis xAxis = xs.fill(x, 0);
            Axis yAxis = ys.fill(y, 0);
            List<PanelFrame> frames = new ArrayList<>();
            for (HeatMapPanel panel : panels) {
                ColorBar ownBar = panel.barOr(bar);
                if (ownBar == null) {
                    throw new IllegalArgumentException("The panel \"" + panel.title() + "\" has no colour scale.");
                }
                String title = Checks.lettered(panel.title(), frames.size(), lettered);
                frames.add(new PanelFrame(title, xAxis, yAxis, ownBar, note(panel, xAxis)));
            }
            return frames;
        }

        private PanelFrame.Note note(HeatMapPanel panel, Axis xAxis) {
            // Where the key says what the border is, it need not stand above every panel.
            if (!panel.hasBorder() || borderLabel.isEmpty() || !borderMeaning.isEmpty()) {
                return null;
            }
            double[] along = panel.borderX();
            double top = along[along.length - 1];
            return top < xAxis.low() || top > xAxis.high() ? null : new PanelFrame.Note(top, borderLabel);
        }
    }
}
