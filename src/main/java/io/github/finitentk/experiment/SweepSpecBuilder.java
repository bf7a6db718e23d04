package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a {@link SweepSpec} in the words of a specification:
 *
 * <pre>
 * SweepSpec spec = SweepSpec.builder("variance")
 *         .activations(Activations.RELU, Activations.TANH)
 *         .sigmaW2(Grid.range(1, 4, 0.25))
 *         .sigmaB2(1)
 *         .depths(5, 10, 20)
 *         .widths(100)
 *         .set("draws", 500)
 *         .seed(7)
 *         .build();
 * </pre>
 */
public final class SweepSpecBuilder {

    private final String quantity;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Grid> grids = new ArrayList<>();
    private List<Activation> activations = List.of();
    private List<Double> sigmaW2 = List.of();
    private List<Double> sigmaB2 = List.of();
    private List<Integer> depths = List.of();
    private List<Integer> widths = List.of();
    private long seed;

    SweepSpecBuilder(String quantity) {
        this.quantity = quantity;
    }

    public SweepSpecBuilder activations(Activation... values) {
        activations = List.of(values);
        return this;
    }

    public SweepSpecBuilder sigmaW2(double... values) {
        return sigmaW2(Arrays.stream(values).boxed().toList());
    }

    public SweepSpecBuilder sigmaW2(List<Double> values) {
        sigmaW2 = values;
        return this;
    }

    public SweepSpecBuilder sigmaB2(double... values) {
        return sigmaB2(Arrays.stream(values).boxed().toList());
    }

    public SweepSpecBuilder sigmaB2(List<Double> values) {
        sigmaB2 = values;
        return this;
    }

    public SweepSpecBuilder depths(int... values) {
        return depths(Arrays.stream(values).boxed().toList());
    }

    public SweepSpecBuilder depths(List<Integer> values) {
        depths = values;
        return this;
    }

    public SweepSpecBuilder widths(int... values) {
        return widths(Arrays.stream(values).boxed().toList());
    }

    public SweepSpecBuilder widths(List<Integer> values) {
        widths = values;
        return this;
    }

    /**
     * Ends a grid: the axes so far are its axes. Axes that are set afterwards belong to the next one, which keeps the others.
     *
     * @throws IllegalArgumentException if an axis has no value
     */
    public SweepSpecBuilder grid() {
        grids.add(new Grid(activations, sigmaB2, widths, sigmaW2, depths));
        return this;
    }

    /** A setting of the quantity by its key in specifications: a word, number, truth value or list of numbers. */
    public SweepSpecBuilder set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    /** Default 0. */
    public SweepSpecBuilder seed(long value) {
        seed = value;
        return this;
    }

    /**
     * @throws IllegalArgumentException if an axis has no value, a setting is unknown or out of range, or there are too many
     *     cells
     */
    public SweepSpec build() {
        if (grids.isEmpty()) {
            grid();
        }
        return new SweepSpec(Quantities.of(quantity, settings), grids, seed);
    }
}
