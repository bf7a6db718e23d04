package io.github.finitentk.report;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * Values on a rectangular grid, which need not be evenly spaced. NaN is a missing value; {@code +infinity} one that
 * diverged. Immutable.
 */
public final class CellGrid {

    private final double[] x;
    private final double[] y;
    private final double[][] values;

    /**
     * @param x centres of the columns, increasing; copied
     * @param y centres of the rows, increasing; copied
     * @param values {@code values[j][i]} belongs to {@code (x[i], y[j])}; copied
     * @throws IllegalArgumentException if a coordinate is not finite, they do not increase, or the shape of the values does
     *     not match
     */
    public CellGrid(double[] x, double[] y, double[][] values) {
        this.x = increasing(x, "x");
        this.y = increasing(y, "y");
        if (values.length != y.length) {
            throw new IllegalArgumentException("The grid has " + y.length + " rows of cells, but " + values.length
                    + " rows of values were given.");
        }
        this.values = new double[y.length][];
        for (int j = 0; j < y.length; j++) {
            if (values[j].length != x.length) {
                throw new IllegalArgumentException("The grid has " + x.length + " columns, but its row " + j + " holds "
                        + values[j].length + " values.");
            }
            this.values[j] = values[j].clone();
        }
    }

    private static double[] increasing(double[] centres, String name) {
        if (centres.length == 0) {
            throw new IllegalArgumentException("A grid needs at least one cell along " + name + ".");
        }
        for (int k = 0; k < centres.length; k++) {
            if (!Double.isFinite(centres[k]) || k > 0 && centres[k] <= centres[k - 1]) {
                throw new IllegalArgumentException(
                        "The " + name + " coordinates of a grid must be finite and increase, but " + centres[k]
                                + (k > 0 ? " follows " + centres[k - 1] + "." : " is among them."));
            }
        }
        return centres.clone();
    }

    /** The number of cells along x. */
    public int columns() {
        return x.length;
    }

    /** The number of cells along y. */
    public int rows() {
        return y.length;
    }

    /** Where the centre of column i lies. */
    public double x(int i) {
        return x[i];
    }

    /** Where the centre of row j lies. */
    public double y(int j) {
        return y[j];
    }

    /** The value in column i and row j. */
    public double value(int i, int j) {
        return values[j][i];
    }

    double[] xEdges(boolean log) {
        return edges(x, log);
    }

    double[] yEdges(boolean log) {
        return edges(y, log);
    }

    /** Cells meet half way between their centres (on a logarithmic axis: as seen there); outer ones are symmetric. */
    private static double[] edges(double[] centres, boolean log) {
        int n = centres.length;
        double[] c = new double[n];
        for (int k = 0; k < n; k++) {
            c[k] = log ? StrictMath.log(centres[k]) : centres[k];
        }
        double[] edges = new double[n + 1];
        for (int k = 1; k < n; k++) {
            edges[k] = (c[k - 1] + c[k]) / 2;
        }
        edges[0] = n == 1 ? c[0] - 0.5 : 2 * c[0] - edges[1];
        edges[n] = n == 1 ? c[0] + 0.5 : 2 * c[n - 1] - edges[n - 1];
        for (int k = 0; log && k <= n; k++) {
            edges[k] = StrictMath.exp(edges[k]);
        }
        return edges;
    }

    /** Whether axes go on beyond the cells. */
    boolean leavesRoom(Axis x, Axis y) {
        double[] xs = xEdges(x.log());
        double[] ys = yEdges(y.log());
        return within(x, xs[0]) || within(x, xs[xs.length - 1]) || within(y, ys[0]) || within(y, ys[ys.length - 1]);
    }

    private static boolean within(Axis axis, double edge) {
        double at = Ticks.position(axis, edge);
        return at > 1e-6 && at < 1 - 1e-6;
    }

    /**
     * A sign drawn in a cell of a heat map, and what it means: the key below the panels says so.
     *
     * @param sign its shape; marks of one figure should differ in it
     * @param meaning markup, as the key shows it
     */
    public record Mark(Sign sign, String meaning) {

        /** Shapes that can be told apart in a cell two millimetres wide. */
        public enum Sign {
            DOT,
            RING,
            TRIANGLE,
            BAR
        }

        /** @throws IllegalArgumentException if the meaning is empty or cannot be parsed */
        public Mark {
            if (meaning.isBlank()) {
                throw new IllegalArgumentException("The mark " + sign + " of a cell needs a meaning for the key.");
            }
            MathText.parse(meaning);
        }

        /**
         * The sign as a shape to be filled: in the middle of its cell, or beside a border that runs through there.
         *
         * @param border where a border crosses the cell, NaN if none does
         */
        Shape in(Rectangle2D cell, double border) {
            double r = 0.24 * Math.min(Math.min(cell.getWidth(), cell.getHeight()), 5.5);
            double x = cell.getCenterX();
            double y = cell.getCenterY();
            double apart = r + 1.4;
            if (Math.abs(x - border) < apart) {
                x = x < border ? border - apart : border + apart;
            }
            return switch (sign) {
                case DOT -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
                case RING ->
                    new BasicStroke((float) (0.5 * r))
                            .createStrokedShape(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
                case TRIANGLE -> triangle(x, y, 1.3 * r);
                case BAR ->
                    new BasicStroke((float) (0.7 * r), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER)
                            .createStrokedShape(new Line2D.Double(x - 1.3 * r, y, x + 1.3 * r, y));
            };
        }

        private static Path2D triangle(double x, double y, double r) {
            Path2D path = new Path2D.Double();
            path.moveTo(x, y - r);
            path.lineTo(x + 0.87 * r, y + 0.5 * r);
            path.lineTo(x - 0.87 * r, y + 0.5 * r);
            path.closePath();
            return path;
        }
    }
}
