package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is known without sampling about the cells of a run. */
final class Theory {

    private static final int LIMIT_POINTS = 100;

    /** The border {@code chi_1 = 1} at one bias variance. */
    record Border(String activation, double sigmaB2, double sigmaW2) {}

    private final FinishedCells table;
    private final Map<Activation, PhaseBoundary> boundaries = new HashMap<>();
    private final Map<Activation, Map<Double, Double>> borders = new HashMap<>();

    Theory(FinishedCells table) {
        this.table = table;
    }

    /** The weight variance at the border between the phases; NaN if there is none. */
    double border(Activation activation, double sigmaB2) {
        return borders.computeIfAbsent(activation, a -> new HashMap<>())
                .computeIfAbsent(
                        sigmaB2,
                        b -> boundaries
                                .computeIfAbsent(activation, PhaseBoundary::new)
                                .at(b)
                                .sigmaW2());
    }

    /** The borders of all activations and bias variances of the run that have one. */
    List<Border> borders() {
        List<Border> all = new ArrayList<>();
        table.rows().stream()
                .map(row -> List.<Object>of(row.cell().activation(), row.cell().sigmaB2()))
                .distinct()
                .forEach(pair -> {
                    Activation activation = (Activation) pair.get(0);
                    double sigmaB2 = (Double) pair.get(1);
                    double sigmaW2 = border(activation, sigmaB2);
                    if (!Double.isNaN(sigmaW2)) {
                        all.add(new Border(activation.label(), sigmaB2, sigmaW2));
                    }
                });
        return all;
    }

    /** The exact {@code E[Theta^2]/E[Theta]^2} of a cell; NaN where there is no closed form. */
    double exactRatio(Cell cell) {
        if (!table.quantity().equals("variance") || !ExactMoments.known(cell.activation(), cell.initialization())) {
            return Double.NaN;
        }
        int width = cell.width();
        return ExactMoments.of(cell.network(width), width, true).ratio();
    }

    /**
     * Points {@code (L/M, limit of the ratio)} of wide ReLU networks at {@code sigma_w^2 = 2, sigma_b^2 = 0}; empty if the
     * run has no such cells.
     */
    List<double[]> limit() {
        Stream<Cell> cells = table.rows().stream().map(SweepRow::cell);
        double largest = !table.quantity().equals("variance")
                ? 0
                : cells.filter(cell ->
                                Activations.isRelu(cell.activation()) && cell.sigmaW2() == 2 && cell.sigmaB2() == 0)
                        .mapToDouble(cell -> (double) cell.depth() / cell.width())
                        .max()
                        .orElse(0);
        return largest == 0
                ? List.of()
                : IntStream.rangeClosed(0, LIMIT_POINTS)
                        .mapToDouble(k -> largest * k / LIMIT_POINTS)
                        .mapToObj(lambda -> new double[] {lambda, ExactMoments.limitRatio(lambda)})
                        .toList();
    }
}
