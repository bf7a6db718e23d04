package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One point of a grid: a kind of network of constant hidden width. What is computed there is a {@link Quantity}'s business.
 *
 * @param activation the activation
 * @param sigmaW2 weight variance
 * @param sigmaB2 bias variance
 * @param depth {@code L}, the number of weight layers
 * @param width {@code M}, the hidden width
 */
public record Cell(Activation activation, double sigmaW2, double sigmaB2, int depth, int width) {

    public static final Column<String> ACTIVATION = Column.text("activation", "the activation");
    public static final Column<Double> SIGMA_W2 =
            Column.real("sigma_w2", "weight variance").withSymbol("$\\sigma_w^2$");
    public static final Column<Double> SIGMA_B2 =
            Column.real("sigma_b2", "bias variance").withSymbol("$\\sigma_b^2$");
    public static final Column<Long> DEPTH =
            Column.integer("depth", "number of weight layers").withSymbol("$L$");
    public static final Column<Long> WIDTH =
            Column.integer("width", "hidden width").withSymbol("$M$");

    /** Its parameters as columns: the axes of a grid. */
    public static final Columns<Cell> AXES = new Columns<Cell>()
            .with(ACTIVATION, cell -> cell.activation().label())
            .with(SIGMA_W2, Cell::sigmaW2)
            .with(SIGMA_B2, Cell::sigmaB2)
            .with(DEPTH, cell -> (long) cell.depth())
            .with(WIDTH, cell -> (long) cell.width());

    /** The deepest network that a cell may ask for. */
    public static final int MAX_DEPTH = 65_535;

    /** @throws IllegalArgumentException if a parameter is out of its range */
    public Cell {
        initialization(sigmaW2, sigmaB2);
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("The depth must be 1 to " + MAX_DEPTH + ", not " + depth + ".");
        }
        if (width < 1) {
            throw new IllegalArgumentException("The width must be at least 1, not " + width + ".");
        }
    }

    /** The variances of its weights and biases. */
    public Initialization initialization() {
        return initialization(sigmaW2, sigmaB2);
    }

    private static Initialization initialization(double sigmaW2, double sigmaB2) {
        return new Initialization(sigmaW2, sigmaB2);
    }

    /** Its random network for inputs of dimension {@code inputDim}. */
    public RandomNetwork network(int inputDim) {
        return new RandomNetwork(Architecture.constant(inputDim, width, depth), activation, initialization());
    }

    /** The same network at another depth. */
    public Cell withDepth(int otherDepth) {
        return new Cell(activation, sigmaW2, sigmaB2, otherDepth, width);
    }

    /** Its parameters in the words of a specification. */
    @Override
    public String toString() {
        List<Object> values = AXES.values(this);
        return IntStream.range(0, values.size())
                .mapToObj(k -> AXES.get(k).name() + "=" + values.get(k))
                .collect(Collectors.joining(" "));
    }
}
