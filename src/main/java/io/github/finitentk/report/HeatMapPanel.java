package io.github.finitentk.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One panel of a {@link HeatMapFigure}: a grid of values and what is drawn over it. Immutable; the {@code with} methods
 * return changed copies.
 */
public final class HeatMapPanel {

    private final String title;
    private final CellGrid cells;
    private final double[] borderX;
    private final double[] borderY;
    private final Map<Integer, CellGrid.Mark> marks;
    private final ColorBar bar;

    private HeatMapPanel(
            String title,
            CellGrid cells,
            double[] borderX,
            double[] borderY,
            Map<Integer, CellGrid.Mark> marks,
            ColorBar bar) {
        this.title = title;
        this.cells = cells;
        this.borderX = borderX;
        this.borderY = borderY;
        this.marks = marks;
        this.bar = bar;
    }

    /**
     * @param title markup, without a letter: {@code "tanh, $M = 50$"}
     * @throws IllegalArgumentException if the title cannot be parsed
     */
    public static HeatMapPanel of(String title, CellGrid cells) {
        MathText.parse(title);
        return new HeatMapPanel(title, cells, new double[0], new double[0], Map.of(), null);
    }

    /**
     * With a dashed vertical line, such as the border between the phases.
     *
     * @throws IllegalArgumentException if the position is not finite
     */
    public HeatMapPanel withBorder(double x) {
        return withBorder(new double[] {x, x}, new double[] {-Double.MAX_VALUE, Double.MAX_VALUE});
    }

    /**
     * With a dashed line through points, given from the bottom to the top.
     *
     * @throws IllegalArgumentException if there are fewer than two points, the lengths differ or a coordinate is not
     *     finite
     */
    public HeatMapPanel withBorder(double[] x, double[] y) {
        if (x.length != y.length || x.length < 2) {
            throw new IllegalArgumentException("A border needs at least two points with an x and a y each, but "
                    + x.length + " and " + y.length + " coordinates were given.");
        }
        for (int k = 0; k < x.length; k++) {
            if (!Double.isFinite(x[k]) || !Double.isFinite(y[k])) {
                throw new IllegalArgumentException(
                        "The border of the panel \"" + title + "\" has a point that is not finite.");
            }
        }
        return new HeatMapPanel(title, cells, x.clone(), y.clone(), marks, bar);
    }

    /**
     * With a sign in one more cell; it replaces a sign that the cell already has.
     *
     * @throws IllegalArgumentException if there is no such cell
     */
    public HeatMapPanel withMark(int column, int row, CellGrid.Mark mark) {
        if (column < 0 || column >= cells.columns() || row < 0 || row >= cells.rows()) {
            throw new IllegalArgumentException(
                    "The panel \"" + title + "\" has no cell in column " + column + ", row " + row + ".");
        }
        Map<Integer, CellGrid.Mark> more = new TreeMap<>(marks);
        more.put(row * cells.columns() + column, mark);
        return new HeatMapPanel(title, cells, borderX, borderY, more, bar);
    }

    /**
     * With another title.
     *
     * @param newTitle markup, without a letter
     * @throws IllegalArgumentException if the title cannot be parsed
     */
    public HeatMapPanel withTitle(String newTitle) {
        MathText.parse(newTitle);
        return new HeatMapPanel(newTitle, cells, borderX, borderY, marks, bar);
    }

    /**
     * With its own colour scale instead of the figure's.
     *
     * @param label markup for the colour bar
     */
    public HeatMapPanel withScale(ColorScale scale, String label) {
        MathText.parse(label);
        return new HeatMapPanel(title, cells, borderX, borderY, marks, new ColorBar(scale, label));
    }

    /** The title without its letter. */
    public String title() {
        return title;
    }

    /** The values. */
    public CellGrid cells() {
        return cells;
    }

    boolean hasBorder() {
        return borderX.length > 0;
    }

    /** The horizontal positions of the border's points, from below; empty without one. */
    public double[] borderX() {
        return borderX.clone();
    }

    double[] borderY() {
        return borderY.clone();
    }

    /**
     * Where the border crosses a height, NaN if it does not; the first place if there are several.
     *
     * @param logY whether the border is straight between its points on a logarithmic vertical axis
     */
    double borderAt(double y, boolean logY) {
        for (int k = 1; k < borderX.length; k++) {
            double low = Math.min(borderY[k - 1], borderY[k]);
            double high = Math.max(borderY[k - 1], borderY[k]);
            if (y >= low && y <= high) {
                // Not for level stretches, nor for endless ones, whose length is infinite.
                boolean upright = borderX[k] == borderX[k - 1] || low == high;
                double part = upright
                        ? 0
                        : logY
                                ? StrictMath.log(y / borderY[k - 1]) / StrictMath.log(borderY[k] / borderY[k - 1])
                                : (y - borderY[k - 1]) / (borderY[k] - borderY[k - 1]);
                return borderX[k - 1] + part * (borderX[k] - borderX[k - 1]);
            }
        }
        return Double.NaN;
    }

    /** The sign in a cell, null if there is none. */
    public CellGrid.Mark mark(int column, int row) {
        return marks.get(row * cells.columns() + column);
    }

    /** All signs in cells. */
    public Collection<CellGrid.Mark> marks() {
        return List.copyOf(marks.values());
    }

    ColorBar barOr(ColorBar shared) {
        return bar == null ? shared : bar;
    }
}
