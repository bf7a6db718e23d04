package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.sampling.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a sweep computes: one quantity over every combination of its axes.
 *
 * @param activations at least one
 * @param sigmaW2 weight variances
 * @param sigmaB2 bias variances
 * @param depths numbers of weight layers
 * @param widths hidden widths; the input is normalised, {@code |x|^2 = M_0 = M}
 * @param method how each cell is computed
 * @param draws networks or forward passes per cell
 * @param seed of all random numbers
 */
public record SweepSpec(
        List<Activation> activations,
        List<Double> sigmaW2,
        List<Double> sigmaB2,
        List<Integer> depths,
        List<Integer> widths,
        Method method,
        int draws,
        long seed) {

    /** More cells than this are taken for a slip of the pen. */
    public static final long MAX_CELLS = 10_000_000;

    /** @throws IllegalArgumentException if an axis is empty, a value is out of range, or there are too many cells */
    public SweepSpec {
        requireValues("activation", activations);
        requireValues("sigma_w2", sigmaW2);
        requireValues("sigma_b2", sigmaB2);
        requireValues("depth", depths);
        requireValues("width", widths);
        if (draws < 2) {
            throw new IllegalArgumentException("A sweep needs at least 2 draws per cell, not " + draws + ".");
        }
        double cells = (double) activations.size() * sigmaW2.size() * sigmaB2.size() * depths.size() * widths.size();
        if (cells > MAX_CELLS) {
            throw new IllegalArgumentException(
                    "This sweep has " + cells + " cells; at most " + MAX_CELLS + " are allowed.");
        }
        // Every value once, so that a bad one is named before anything runs.
        for (double w : sigmaW2) {
            VarianceCell.normalized(activations.get(0), w, sigmaB2.get(0), depths.get(0), widths.get(0));
        }
        for (double b : sigmaB2) {
            VarianceCell.normalized(activations.get(0), sigmaW2.get(0), b, depths.get(0), widths.get(0));
        }
        for (int depth : depths) {
            VarianceCell.normalized(activations.get(0), sigmaW2.get(0), sigmaB2.get(0), depth, widths.get(0));
        }
        for (int width : widths) {
            VarianceCell.normalized(activations.get(0), sigmaW2.get(0), sigmaB2.get(0), depths.get(0), width);
        }
        for (Activation activation : activations) {
            if (method == Method.EXACT && activation != Activations.RELU) {
                throw new IllegalArgumentException("Method exact knows ReLU only, not " + activation.label() + ".");
            }
        }
        activations = List.copyOf(activations);
        sigmaW2 = List.copyOf(sigmaW2);
        sigmaB2 = List.copyOf(sigmaB2);
        depths = List.copyOf(depths);
        widths = List.copyOf(widths);
    }

    private static void requireValues(String axis, List<?> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("The axis " + axis + " has no values.");
        }
        if (values.stream().distinct().count() < values.size()) {
            throw new IllegalArgumentException("The axis " + axis + " has a value twice.");
        }
    }

    /** All cells in grid order: activation, sigma_b2, width, sigma_w2, depth; the last varies fastest. */
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

    /** One line per key, in a fixed order: equal exactly for equal sweeps. */
    public String canonical() {
        return "quantity: variance\nactivation: "
                + activations.stream().map(a -> "\"" + a.label() + "\"").collect(Collectors.toList())
                + "\nsigma_w2: " + sigmaW2 + "\nsigma_b2: " + sigmaB2 + "\ndepth: " + depths + "\nwidth: " + widths
                + "\nmethod: " + method.label() + "\ndraws: " + draws + "\nseed: " + seed + "\n";
    }
}
