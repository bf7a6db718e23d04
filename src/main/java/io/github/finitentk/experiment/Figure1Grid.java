package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The grid of figure 1: {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and {@code L} for tanh and ReLU networks of
 * constant width at {@code sigma_b^2 = 1} and normalised input.
 *
 * @param widths one panel per activation and width
 * @param depths the vertical axis
 * @param draws networks per cell
 * @param step the step of the horizontal axis
 */
public record Figure1Grid(int[] widths, int[] depths, int draws, double step) {

    public static final double SIGMA_B2 = 1;

    /** The paper's order of rows: a) tanh, b) ReLU. */
    public static final List<Activation> ACTIVATIONS = List.of(Activations.TANH, Activations.RELU);

    /** The preset of a scale. */
    public static Figure1Grid preset(Scale scale) {
        return switch (scale) {
            case QUICK -> new Figure1Grid(new int[] {50, 100}, depths(5, 5), 200, 0.5);
            case PAPER -> new Figure1Grid(new int[] {50, 100, 200, 500}, depths(2, 2), 200, 0.25);
        };
    }

    private static int[] depths(int from, int step) {
        return IntStream.iterate(from, l -> l <= 50, l -> l + step).toArray();
    }

    /** The horizontal axis: both sides of the border, which for tanh lies at 3.44 and for ReLU at 2. */
    public double[] sigmaW2() {
        return DoubleStream.iterate(Math.round(1 / step), k -> k * step <= 6, k -> k + 1)
                .map(k -> k * step)
                .toArray();
    }

    /** All cells, panel by panel. */
    public List<VarianceCell> cells() {
        List<VarianceCell> cells = new ArrayList<>();
        for (Activation activation : ACTIVATIONS) {
            for (int width : widths) {
                for (double sigmaW2 : sigmaW2()) {
                    for (int depth : depths) {
                        cells.add(VarianceCell.normalized(activation, sigmaW2, SIGMA_B2, depth, width));
                    }
                }
            }
        }
        return cells;
    }
}
