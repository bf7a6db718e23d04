package io.github.finitentk.report;

import java.awt.Color;

/**
 * One line, set of points, or both, in a panel of a {@link LineFigure}. Immutable; the {@code with} methods return changed
 * copies. Values that are not finite leave a gap.
 */
public final class Series {

    /** How points are joined. */
    public enum Line {
        /** Not at all. */
        NONE,
        /** By an unbroken line. */
        SOLID,
        /** By dashes. */
        DASHED,
        /** By dots. */
        DOTTED
    }

    /** What stands at each point. */
    public enum Marker {
        /** Nothing. */
        NONE,
        /** A filled circle. */
        CIRCLE,
        /** A filled square. */
        SQUARE,
        /** A filled triangle. */
        TRIANGLE,
        /** A filled diamond. */
        DIAMOND
    }

    private final String label;
    private final double[] x;
    private final double[] y;
    private final double[] lower;
    private final double[] upper;
    private final Line line;
    private final Marker marker;
    private final Color color;
    private final double parameter;

    private Series(
            String label,
            double[] x,
            double[] y,
            double[] lower,
            double[] upper,
            Line line,
            Marker marker,
            Color color,
            double parameter) {
        this.label = label;
        this.x = x;
        this.y = y;
        this.lower = lower;
        this.upper = upper;
        this.line = line;
        this.marker = marker;
        this.color = color;
        this.parameter = parameter;
    }

    /**
     * A solid line.
     *
     * @param label markup for the key; empty leaves the series out of it
     * @throws IllegalArgumentException if the lengths differ, there is no point, or an x is not finite
     */
    public static Series line(String label, double[] x, double[] y) {
        return of(label, x, y, Line.SOLID, Marker.NONE);
    }

    /**
     * Circles that are not joined.
     *
     * @param label markup for the key; empty leaves the series out of it
     * @throws IllegalArgumentException if the lengths differ, there is no point, or an x is not finite
     */
    public static Series points(String label, double[] x, double[] y) {
        return of(label, x, y, Line.NONE, Marker.CIRCLE);
    }

    private static Series of(String label, double[] x, double[] y, Line line, Marker marker) {
        MathText.parse(label);
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException(
                    "The series \"" + label + "\" needs as many x as y values and at least one, but has " + x.length
                            + " and " + y.length + ".");
        }
        for (double value : x) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("The series \"" + label + "\" has an x value that is not finite.");
            }
        }
        return new Series(label, x.clone(), y.clone(), null, null, line, marker, null, Double.NaN);
    }

    /**
     * With an interval around each y: bars if the series has markers, a band otherwise.
     *
     * @throws IllegalArgumentException if the lengths differ from that of the series or a lower end exceeds its upper end
     */
    public Series withInterval(double[] lower, double[] upper) {
        if (lower.length != x.length || upper.length != x.length) {
            throw new IllegalArgumentException("The series \"" + label + "\" has " + x.length + " points, but "
                    + lower.length + " lower and " + upper.length + " upper ends of intervals were given.");
        }
        for (int k = 0; k < lower.length; k++) {
            if (lower[k] > upper[k]) {
                throw new IllegalArgumentException("The series \"" + label + "\" has an interval from " + lower[k]
                        + " to " + upper[k] + ", which is upside down.");
            }
        }
        return new Series(label, x, y, lower.clone(), upper.clone(), line, marker, color, parameter);
    }

    /** With another line. */
    public Series withLine(Line line) {
        return new Series(label, x, y, lower, upper, line, marker, color, parameter);
    }

    /** With other markers. */
    public Series withMarker(Marker marker) {
        return new Series(label, x, y, lower, upper, line, marker, color, parameter);
    }

    /** In a fixed colour; without this and {@link #withParameter}, the palette's in the order of the labels. */
    public Series withColor(Color color) {
        return new Series(label, x, y, lower, upper, line, marker, color, parameter);
    }

    /**
     * In a colour of the palette for categories: 7 that are told apart with every common colour-vision deficiency, then the same
     * again.
     *
     * @throws IllegalArgumentException if the index is negative
     */
    public Series withColor(int index) {
        return withColor(Palette.color(index));
    }

    /**
     * In the colour that the figure's scale gives to a parameter; the colour bar then explains it, and the key lists the
     * series only if it has a label.
     */
    public Series withParameter(double parameter) {
        if (!Double.isFinite(parameter)) {
            throw new IllegalArgumentException("The parameter of the series \"" + label + "\" must be finite.");
        }
        return new Series(label, x, y, lower, upper, line, marker, color, parameter);
    }

    /** Markup for the key. */
    public String label() {
        return label;
    }

    /** The number of points. */
    public int size() {
        return x.length;
    }

    /** The x of a point. */
    public double x(int k) {
        return x[k];
    }

    /** The y of a point; NaN if it is missing. */
    public double y(int k) {
        return y[k];
    }

    boolean hasInterval() {
        return lower != null;
    }

    double lower(int k) {
        return lower[k];
    }

    double upper(int k) {
        return upper[k];
    }

    Line line() {
        return line;
    }

    Marker marker() {
        return marker;
    }

    Color color() {
        return color;
    }

    boolean hasParameter() {
        return !Double.isNaN(parameter);
    }

    double parameter() {
        return parameter;
    }

    void addTo(Limits xs, Limits ys) {
        xs.add(x);
        ys.add(y);
        if (hasInterval()) {
            ys.add(lower);
            ys.add(upper);
        }
    }
}
