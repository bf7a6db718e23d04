package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A grid of {@link VarianceCell}s with normalised input: every combination of the axes.
 *
 * @param activations one row of panels each
 * @param sigmaB2 bias variances
 * @param widths hidden widths
 * @param sigmaW2 weight variances, the horizontal axis of heat maps
 * @param depths the vertical axis
 */
public record VarianceGrid(
        List<Activation> activations, double[] sigmaB2, int[] widths, double[] sigmaW2, int[] depths) {

    /** {@code from, from + step, ...} up to and including {@code to}. */
    public static double[] range(double from, double to, double step) {
        long count = Math.round((to - from) / step) + 1;
        return DoubleStream.iterate(0, k -> k < count, k -> k + 1)
                .map(k -> from + k * step)
                .toArray();
    }

    /** {@code from, from + step, ...} up to and including {@code to}. */
    public static int[] range(int from, int to, int step) {
        return IntStream.iterate(from, l -> l <= to, l -> l + step).toArray();
    }

    /** All cells: by activation, bias variance, width, weight variance, depth; the last varies fastest. */
    public List<VarianceCell> cells() {
        List<VarianceCell> cells = new ArrayList<>();
        for (Activation activation : activations) {
            for (double b : sigmaB2) {
                for (int width : widths) {
                    for (double w : sigmaW2) {
                        for (int depth : depths) {
                            cells.add(VarianceCell.normalized(activation, w, b, depth, width));
                        }
                    }
                }
            }
        }
        return cells;
    }
}
