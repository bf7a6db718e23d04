package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Ensemble;
import io.github.finitentk.model.Initialization;

/**
 * One point of the paper's first experiment: the randomness of {@code Theta(x,x)} at initialisation for a constant hidden
 * width. Its random streams depend on the seed and on these parameters only, never on its place in a grid.
 *
 * @param activation the activation
 * @param sigmaW2 weight variance
 * @param sigmaB2 bias variance
 * @param depth {@code L}, the number of weight layers
 * @param width {@code M}, the hidden width
 * @param inputDim {@code M_0}
 * @param inputNorm2 {@code |x|^2}
 */
public record VarianceCell(
        Activation activation, double sigmaW2, double sigmaB2, int depth, int width, int inputDim, double inputNorm2) {

    /** @throws IllegalArgumentException if a parameter is out of its range */
    public VarianceCell {
        ensemble(activation, sigmaW2, sigmaB2, depth, width, inputDim, inputNorm2);
    }

    /** The paper's normalised input, {@code M_0 = M} and {@code |x|^2 = M_0}. */
    public static VarianceCell normalized(Activation activation, double sigmaW2, double sigmaB2, int depth, int width) {
        return new VarianceCell(activation, sigmaW2, sigmaB2, depth, width, width, width);
    }

    /** The same for a cell of a grid. */
    public static VarianceCell normalized(Cell cell) {
        return normalized(cell.activation(), cell.sigmaW2(), cell.sigmaB2(), cell.depth(), cell.width());
    }

    public Ensemble ensemble() {
        return ensemble(activation, sigmaW2, sigmaB2, depth, width, inputDim, inputNorm2);
    }

    private static Ensemble ensemble(
            Activation activation,
            double sigmaW2,
            double sigmaB2,
            int depth,
            int width,
            int inputDim,
            double inputNorm2) {
        return new Ensemble(
                Architecture.constant(inputDim, width, depth),
                activation,
                new Initialization(sigmaW2, sigmaB2),
                inputNorm2);
    }

    /** The seed of the random streams of this cell. */
    public Seed streamSeed(Seed seed) {
        return seed.derive(toString());
    }

    /**
     * The seed for methods that serve all depths from one forward pass: the same for cells that differ in depth only, since
     * a deeper network then continues a shallower one.
     */
    public Seed columnSeed(Seed seed) {
        return seed.derive(column());
    }

    /** Names everything but the depth. */
    String column() {
        return "variance activation=" + activation.label() + " sigma_w2=" + sigmaW2 + " sigma_b2=" + sigmaB2 + " width="
                + width + " input_dim=" + inputDim + " input_norm2=" + inputNorm2;
    }

    @Override
    public String toString() {
        return column() + " depth=" + depth;
    }
}
