package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is known without sampling about the cells of a run: the border between the phases, and exact moments. */
final class PlotTheory {

    private final boolean variance;
    private final Double inputNorm2;
    private final Map<Activation, PhaseBoundary> boundaries = new HashMap<>();
    private final Map<Activation, Map<Double, Double>> borders = new HashMap<>();
    private final Map<Cell, ExactMoments> moments = new HashMap<>();

    PlotTheory(Optional<Quantity> quantity) {
        variance = quantity.isPresent() && quantity.get() instanceof VarianceQuantity;
        inputNorm2 = variance && quantity.get().settings().get("input_norm2") instanceof Double norm ? norm : null;
    }

    /** The weight variance at the border {@code chi_1 = 1} between the phases; NaN if there is none. */
    double border(Activation activation, double sigmaB2) {
        return borders.computeIfAbsent(activation, a -> new HashMap<>())
                .computeIfAbsent(
                        sigmaB2,
                        b -> boundaries
                                .computeIfAbsent(activation, PhaseBoundary::new)
                                .at(b)
                                .sigmaW2());
    }

    /** Whether some of a column's numbers are known in closed form. */
    boolean knows(Column<?> column) {
        return variance
                && (column.equals(VarianceQuantity.RATIO)
                        || column.equals(VarianceQuantity.MEAN)
                        || column.equals(VarianceQuantity.SECOND_MOMENT));
    }

    /** The exact number of a column in a cell; NaN where there is no closed form. */
    double exact(Column<?> column, Cell cell) {
        if (!knows(column) || !ExactMoments.known(cell.activation(), cell.initialization())) {
            return Double.NaN;
        }
        double norm2 = inputNorm2 == null ? cell.width() : inputNorm2;
        ExactMoments known = moments.computeIfAbsent(cell, c -> ExactMoments.of(c.network(c.width()), norm2, true));
        return column.equals(VarianceQuantity.RATIO)
                ? known.ratio()
                : (column.equals(VarianceQuantity.MEAN) ? known.mean() : known.secondMoment()).doubleOrNaN();
    }
}
