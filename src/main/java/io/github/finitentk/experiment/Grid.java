package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.RandomAccess;

/**
 * Every combination of five axes.
 *
 * @param activations one row of panels each, in heat maps
 * @param sigmaB2 bias variances
 * @param widths hidden widths
 * @param sigmaW2 weight variances, the horizontal axis of heat maps
 * @param depths numbers of weight layers, the vertical axis
 */
public record Grid(
        List<Activation> activations,
        List<Double> sigmaB2,
        List<Integer> widths,
        List<Double> sigmaW2,
        List<Integer> depths) {

    private static final int MAX_STEPS = 1_000_000;

    /** How far, in steps, the last value of a range may be from its end and still be meant to be it. */
    private static final BigDecimal ROUNDING = new BigDecimal("1e-9");

    /** @throws IllegalArgumentException if an axis is empty or has a value twice */
    public Grid {
        activations = axis(Cell.ACTIVATION, activations);
        sigmaB2 = axis(Cell.SIGMA_B2, sigmaB2);
        widths = axis(Cell.WIDTH, widths);
        sigmaW2 = axis(Cell.SIGMA_W2, sigmaW2);
        depths = axis(Cell.DEPTH, depths);
    }

    private static <T> List<T> axis(Column<?> axis, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("The axis " + axis.name() + " has no values.");
        }
        if (new HashSet<>(values).size() < values.size()) {
            throw new IllegalArgumentException("The axis " + axis.name() + " has a value twice.");
        }
        return List.copyOf(values);
    }

    /** One cell. */
    public static Grid of(Cell cell) {
        return new Grid(
                List.of(cell.activation()),
                List.of(cell.sigmaB2()),
                List.of(cell.width()),
                List.of(cell.sigmaW2()),
                List.of(cell.depth()));
    }

    /**
     * {@code from, from + step, ...} up to and including {@code to}, in decimal arithmetic: the range from 0.1 to 0.7 in
     * steps of 0.1 holds 0.3 and 0.7 themselves. The last value is the largest that does not exceed {@code to}; one that
     * misses {@code to} by rounding (less than 1e-9 steps) is {@code to}.
     *
     * @throws IllegalArgumentException unless the numbers are finite, the step is positive, {@code from <= to}, and there
     *     are at most 1,000,000 steps
     */
    public static List<Double> range(double from, double to, double step) {
        for (double number : new double[] {from, to, step}) {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("A range needs finite numbers, not " + number + ".");
            }
        }
        return decimalRange(BigDecimal.valueOf(from), BigDecimal.valueOf(to), BigDecimal.valueOf(step)).stream()
                .map(BigDecimal::doubleValue)
                .toList();
    }

    /**
     * {@code from, from + step, ...} up to and including {@code to}, if it is hit.
     *
     * @throws IllegalArgumentException as above
     */
    public static List<Integer> range(int from, int to, int step) {
        return decimalRange(BigDecimal.valueOf(from), BigDecimal.valueOf(to), BigDecimal.valueOf(step)).stream()
                .map(BigDecimal::intValueExact)
                .toList();
    }

    /** The same for exact decimals in the range of a double. */
    static List<BigDecimal> decimalRange(BigDecimal from, BigDecimal to, BigDecimal step) {
        String range = "The range from " + from + " to " + to + " in steps of " + step;
        if (step.signum() <= 0) {
            throw new IllegalArgumentException(range + " is empty, for its step must be above 0.");
        }
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException(range + " is empty, for it goes up.");
        }
        BigDecimal steps = to.subtract(from).divide(step, MathContext.DECIMAL128);
        if (steps.compareTo(BigDecimal.valueOf(MAX_STEPS)) > 0) {
            throw new IllegalArgumentException(range + " has more than " + MAX_STEPS + " steps.");
        }
        int last = steps.add(ROUNDING).intValue();
        List<BigDecimal> values = new ArrayList<>(last + 1);
        for (int k = 0; k <= last; k++) {
            values.add(from.add(step.multiply(BigDecimal.valueOf(k))));
        }
        BigDecimal miss = to.subtract(values.get(last)).abs();
        if (miss.compareTo(step.multiply(ROUNDING)) <= 0) {
            values.set(last, to);
        }
        return values;
    }

    /** The number of cells; {@code Long.MAX_VALUE} if there are more. */
    public long size() {
        double size = (double) activations.size() * sigmaB2.size() * widths.size() * sigmaW2.size() * depths.size();
        return size > 1e18
                ? Long.MAX_VALUE
                : (long) activations.size() * sigmaB2.size() * widths.size() * sigmaW2.size() * depths.size();
    }

    /**
     * All cells: by activation, bias variance, width, weight variance, depth; the last varies fastest. A view that makes
     * each cell when it is asked for.
     *
     * @throws ArithmeticException if there are more cells than an int counts
     */
    public List<Cell> cells() {
        return new Cells(this, Math.toIntExact(size()));
    }

    private static final class Cells extends AbstractList<Cell> implements RandomAccess {
        private final Grid grid;
        private final int size;

        Cells(Grid grid, int size) {
            this.grid = grid;
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Cell get(int index) {
            if (index < 0 || index >= size) {
                throw new IndexOutOfBoundsException(index);
            }
            int rest = index;
            int depth = grid.depths.get(rest % grid.depths.size());
            rest /= grid.depths.size();
            double sigmaW2 = grid.sigmaW2.get(rest % grid.sigmaW2.size());
            rest /= grid.sigmaW2.size();
            int width = grid.widths.get(rest % grid.widths.size());
            rest /= grid.widths.size();
            double sigmaB2 = grid.sigmaB2.get(rest % grid.sigmaB2.size());
            Activation activation = grid.activations.get(rest / grid.sigmaB2.size());
            return new Cell(activation, sigmaW2, sigmaB2, depth, width);
        }
    }
}
