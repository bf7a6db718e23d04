package io.github.finitentk.report;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where everything goes on a page of panels. All panels have the same size. A panel repeats neither tick labels nor axis
 * labels that its neighbour on the left or below already shows; colour bars likewise. A bar that is not all panels' ends what its
 * panels share: the next one has its own axis. Lengths in points.
 */
final class PanelLayout {

    private static final double COLUMN_GAP = 8;
    private static final double ROW_GAP = 7;
    private static final double TITLE_GAP = 3.5;
    private static final double NOTE_HEIGHT = 9.5;
    private static final double TICK_LABEL_HEIGHT = Pen.TICK + Pen.TICK_GAP + Pen.CAP_HEIGHT * Pen.TEXT;
    private static final double AXIS_LABEL_HEIGHT = 13.5;
    private static final double Y_LABEL_WIDTH = 12;
    private static final double BAR_GAP = 7;
    /** Between what belongs to one panel, with a bar of its own, and the next. */
    private static final double BLOCK_GAP = 18;

    private static final double EDGE = 2;

    /** Panels side by side are no narrower, 21 mm; a single one is no narrower than 14 mm. */
    private static final double READABLE = 60;

    private static final double NARROWEST = 40;

    private final List<PanelFrame> panels;
    private final int columns;
    private final int rows;
    private final double pageWidth;
    private final double aspect;
    private final boolean oneBar;
    private final double panelWidth;

    private final List<Rectangle2D> areas = new ArrayList<>();
    private final List<Ticks> xTicks = new ArrayList<>();
    private final List<Ticks> yTicks = new ArrayList<>();
    private final List<List<MathText>> titles = new ArrayList<>();
    private double bottom;

    /**
     * The layout with as many columns as wanted, or as many as leave panels that can be read.
     *
     * @param aspect height of a panel divided by its width
     * @throws IllegalArgumentException if not even one panel can be read
     */
    static PanelLayout fitting(List<PanelFrame> panels, int columns, double pageWidth, double aspect) {
        for (int fewer = Math.min(columns, panels.size()); fewer > 1; fewer--) {
            PanelLayout layout = new PanelLayout(panels, fewer, pageWidth, aspect);
            if (layout.panelWidth >= READABLE) {
                layout.place();
                return layout;
            }
        }
        PanelLayout layout = new PanelLayout(panels, 1, pageWidth, aspect);
        if (layout.panelWidth < NARROWEST) {
            throw new IllegalArgumentException("A figure "
                    + String.format(Locale.ROOT, "%.0f", pageWidth / 72 * 25.4)
                    + " mm wide has no room for a panel beside its labels.");
        }
        layout.place();
        return layout;
    }

    private PanelLayout(List<PanelFrame> panels, int columns, double pageWidth, double aspect) {
        this.panels = panels;
        this.columns = columns;
        this.rows = (panels.size() + columns - 1) / columns;
        this.pageWidth = pageWidth;
        this.aspect = aspect;
        this.oneBar = panels.stream().allMatch(p -> p.sharesBar(panels.get(0)));
        // Label widths depend on the ticks, ticks on the size of a panel, and this on the label widths: a few rounds
        // settle it.
        double width = Math.floor((pageWidth - 70) / columns - COLUMN_GAP);
        for (int round = 0; round < 4 && width > 0; round++) {
            chooseTicks(width);
            width = Math.floor((pageWidth - sum(lefts()) - sum(rights(width))) / columns);
        }
        this.panelWidth = width;
    }

    private void chooseTicks(double width) {
        xTicks.clear();
        yTicks.clear();
        for (PanelFrame panel : panels) {
            xTicks.add(Ticks.fitting(panel.x(), width, Pen.TEXT, true));
            yTicks.add(Ticks.fitting(panel.y(), height(width), Pen.TEXT, false));
        }
    }

    private double height(double width) {
        return Math.round(width * aspect);
    }

    private void place() {
        double width = panelWidth;
        double height = height(width);
        double[] left = lefts();
        double[] right = rights(width);
        for (PanelFrame panel : panels) {
            titles.add(panel.title().isEmpty() ? List.of() : MathText.wrap(panel.title(), width, Pen.TEXT));
        }
        double y = EDGE;
        for (int row = 0; row < rows; row++) {
            // Whole points: short numbers in SVG files.
            y = Math.ceil(y + titleHeight(row) + noteHeight(row));
            double x = 0;
            for (int column = 0; column < columns && row * columns + column < panels.size(); column++) {
                x = x + left[column];
                areas.add(new Rectangle2D.Double(Math.ceil(x), y, width, height));
                x = x + width + right[column];
            }
            y += height + bottomHeight(row) + (row + 1 < rows ? ROW_GAP : 0);
        }
        bottom = y;
    }

    private double[] lefts() {
        double[] left = new double[columns];
        for (int i = 0; i < panels.size(); i++) {
            double labels =
                    showsYTicks(i) ? Pen.TICK + Pen.TICK_GAP + yTicks.get(i).widest(Pen.TEXT) : 0;
            double label = showsYLabel(i) ? Y_LABEL_WIDTH : 0;
            int column = i % columns;
            double gap = column == 0 ? EDGE : showsBar(i - 1) ? BLOCK_GAP : COLUMN_GAP;
            left[column] = Math.max(left[column], labels + label + gap);
        }
        return ceiled(left);
    }

    private double[] rights(double width) {
        double[] right = new double[columns];
        // The last tick label may stand half outside its panel.
        right[columns - 1] = EDGE + 6;
        for (int i = 0; i < panels.size(); i++) {
            int column = i % columns;
            if (showsBar(i)) {
                double height = oneBar ? rows * height(width) : height(width);
                right[column] =
                        Math.max(right[column], BAR_GAP + panels.get(i).bar().width(height) + EDGE);
            }
        }
        return ceiled(right);
    }

    private static double[] ceiled(double[] lengths) {
        for (int k = 0; k < lengths.length; k++) {
            lengths[k] = Math.ceil(lengths[k]);
        }
        return lengths;
    }

    private static double sum(double[] lengths) {
        double sum = 0;
        for (double length : lengths) {
            sum += length;
        }
        return sum;
    }

    private int titleLines(int row) {
        int lines = 0;
        for (int i = row * columns; i < Math.min(panels.size(), (row + 1) * columns); i++) {
            lines = Math.max(lines, titles.get(i).size());
        }
        return lines;
    }

    private double titleHeight(int row) {
        int lines = titleLines(row);
        return lines == 0 ? TITLE_GAP : lines * Pen.LEADING + TITLE_GAP - 1.5;
    }

    private double noteHeight(int row) {
        for (int i = row * columns; i < Math.min(panels.size(), (row + 1) * columns); i++) {
            if (panels.get(i).note() != null) {
                return NOTE_HEIGHT;
            }
        }
        return 0;
    }

    private double bottomHeight(int row) {
        double height = Pen.TICK;
        for (int i = row * columns; i < Math.min(panels.size(), (row + 1) * columns); i++) {
            double labels = showsXTicks(i) ? TICK_LABEL_HEIGHT : Pen.TICK;
            height = Math.max(height, labels + (showsXLabel(i) ? AXIS_LABEL_HEIGHT : 0));
        }
        return height;
    }

    private int below(int i) {
        return i + columns < panels.size() ? i + columns : -1;
    }

    boolean showsXTicks(int i) {
        return below(i) < 0 || !panels.get(i).x().equals(panels.get(below(i)).x());
    }

    boolean showsXLabel(int i) {
        String label = panels.get(i).x().label();
        return !label.isEmpty()
                && (below(i) < 0 || !label.equals(panels.get(below(i)).x().label()));
    }

    // What stands right of a colour bar does not share the axis left of it.
    private boolean startsBlock(int i) {
        return i % columns == 0 || showsBar(i - 1);
    }

    boolean showsYTicks(int i) {
        return startsBlock(i) || !panels.get(i).y().equals(panels.get(i - 1).y());
    }

    boolean showsYLabel(int i) {
        String label = panels.get(i).y().label();
        return !label.isEmpty()
                && (startsBlock(i) || !label.equals(panels.get(i - 1).y().label()));
    }

    /** Whether a column of panels with one label for all has it once: it would not fit beside each of them. */
    private boolean hasTallLabel(int i) {
        String label = panels.get(i).y().label();
        for (int k = i % columns; k < panels.size(); k += columns) {
            if (!panels.get(k).y().label().equals(label)) {
                return false;
            }
        }
        return MathText.parse(label).width(Pen.TEXT) > areas.get(i).getHeight() + ROW_GAP;
    }

    /** Whether the label left of a panel is drawn with this one: of a label for a whole column, with the uppermost. */
    boolean drawsYLabel(int i) {
        return showsYLabel(i) && (i < columns || !hasTallLabel(i));
    }

    /** The middle of a panel's label, which reads upwards. */
    double yLabelCentre(int i) {
        if (!hasTallLabel(i)) {
            return areas.get(i).getCenterY();
        }
        int last = i + (panels.size() - 1 - i) / columns * columns;
        return (areas.get(i).getY() + areas.get(last).getMaxY()) / 2;
    }

    boolean showsBar(int i) {
        if (panels.get(i).bar() == null) {
            return false;
        }
        if (oneBar) {
            return i == columns - 1;
        }
        boolean last = i % columns == columns - 1 || i + 1 == panels.size();
        return last || !panels.get(i).sharesBar(panels.get(i + 1));
    }

    /** Left edge, top and height of the colour bar shown beside a panel. */
    Rectangle2D barArea(int i) {
        Rectangle2D area = areas.get(i);
        double end = oneBar ? areas.get(areas.size() - 1).getMaxY() : area.getMaxY();
        return new Rectangle2D.Double(area.getMaxX() + BAR_GAP, area.getY(), 0, end - area.getY());
    }

    Rectangle2D area(int i) {
        return areas.get(i);
    }

    Ticks xTicks(int i) {
        return xTicks.get(i);
    }

    Ticks yTicks(int i) {
        return yTicks.get(i);
    }

    /** Lines of a panel's title, to be set upwards from {@link #titleBaseline}. */
    List<MathText> title(int i) {
        return titles.get(i);
    }

    /** Baseline of the last line of a panel's title; the titles of a row begin at one height. */
    double titleBaseline(int i) {
        int shorter = titleLines(i / columns) - titles.get(i).size();
        return areas.get(i).getY() - noteHeight(i / columns) - TITLE_GAP - shorter * Pen.LEADING;
    }

    double noteBaseline(int i) {
        return areas.get(i).getY() - TITLE_GAP;
    }

    double xTickBaseline(int i) {
        return areas.get(i).getMaxY() + TICK_LABEL_HEIGHT;
    }

    double xLabelBaseline(int i) {
        double labels = showsXTicks(i) ? TICK_LABEL_HEIGHT : Pen.TICK;
        return areas.get(i).getMaxY() + labels + AXIS_LABEL_HEIGHT - 3;
    }

    double yLabelBaseline(int i) {
        // Aligned over the whole column, also where tick labels differ in width.
        double widest = 0;
        for (int k = i % columns; k < panels.size(); k += columns) {
            if (showsYTicks(k)) {
                widest = Math.max(widest, yTicks.get(k).widest(Pen.TEXT));
            }
        }
        return areas.get(i).getX() - Pen.TICK - Pen.TICK_GAP - widest - 5;
    }

    /** The lower end of the panels with their axes. */
    double bottom() {
        return bottom;
    }

    double pageWidth() {
        return pageWidth;
    }
}
