package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import java.util.AbstractList;
import java.util.HashSet;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

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

    /** @throws IllegalArgumentException if an axis is empty or has a value twice */
    public Grid {
        activations = axis("activation", activations);
        sigmaB2 = axis("sigma_b2", sigmaB2);
        widths = axis("width", widths);
        sigmaW2 = axis("sigma_w2", sigmaW2);
        depths = axis("depth", depths);
    }

    private static <T> List<T> axis(String name, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("The axis " + name + " has no values.");
        }
        if (new HashSet<>(values).size() < values.size()) {
            throw new IllegalArgumentException("The axis " + name + " has a value twice.");
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

    /** {@code from, from + step, ...} up to and including {@code to}; a last value that misses it by rounding counts. */
    public static List<Double> range(double from, double to, double step) {
        return LongStream.rangeClosed(0, Math.round(Math.floor((to - from) / step + 1e-9)))
                .mapToObj(k -> from + k * step)
                .toList();
    }

    /** {@code from, from + step, ...} up to and including {@code to}. */
    public static List<Integer> range(int from, int to, int step) {
        return IntStream.iterate(from, value -> value <= to, value -> value + step)
                .boxed()
                .toList();
    }

    /** The number of cells. */
    public long size() {
        return (long) activations.size() * sigmaB2.size() * widths.size() * sigmaW2.size() * depths.size();
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
