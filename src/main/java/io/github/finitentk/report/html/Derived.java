package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.TheoryQuantity;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A number that pages draw though no table holds it: what a quantity is about, from two of its columns.
 *
 * @param column how pictures name it
 * @param value of a row; null if it is missing
 */
record Derived(Column<?> column, Function<SweepRow, Object> value) {

    /** {@code kappa_1 / kappa_2}, by initial covariance: near 1 all inputs look alike to the kernel. */
    static final Column<double[]> KAPPA_RATIO = Column.reals(
                    "kappa1_over_kappa2", "kappa_1 / kappa_2 of Lemma 2, by c0")
            .withSymbol("$\\kappa_1 / \\kappa_2$")
            .withIndex(
                    TheoryQuantity.KAPPA2.index().orElseThrow(),
                    TheoryQuantity.KAPPA2.indexValues().orElseThrow());

    private static final Column<Double> VARIANCE_LOW =
            Column.real("trained_over_exact_low", "lower end of its interval");
    private static final Column<Double> VARIANCE_HIGH = Column.real("trained_over_exact_high", "its upper end");

    /** The output variance of trained networks in units of that of the theory. */
    static final Column<Double> VARIANCE_RATIO = Column.real(
                    "trained_over_exact",
                    "output variance of the trained networks over the one of infinite width at the training time")
            .withSymbol("variance, trained / infinite width")
            .withInterval(VARIANCE_LOW, VARIANCE_HIGH);

    /** Those that a run has the columns for. */
    static List<Derived> of(FinishedCells table) {
        List<Column<?>> columns = table.columns();
        if (columns.contains(TheoryQuantity.KAPPA1) && columns.contains(TheoryQuantity.KAPPA2)) {
            return List.of(new Derived(KAPPA_RATIO, Derived::kappaRatio));
        }
        if (columns.contains(EnsembleQuantity.TRAINED_VARIANCE) && columns.contains(EnsembleQuantity.EXACT_VARIANCE)) {
            return List.of(
                    overExact(VARIANCE_RATIO, EnsembleQuantity.TRAINED_VARIANCE),
                    overExact(VARIANCE_LOW, EnsembleQuantity.TRAINED_LOW),
                    overExact(VARIANCE_HIGH, EnsembleQuantity.TRAINED_HIGH));
        }
        return List.of();
    }

    private static double[] kappaRatio(SweepRow row) {
        double first = row.get(TheoryQuantity.KAPPA1);
        double[] second = row.get(TheoryQuantity.KAPPA2);
        return second == null
                ? null
                : IntStream.range(0, second.length)
                        .mapToDouble(k -> first / second[k])
                        .toArray();
    }

    private static Derived overExact(Column<Double> name, Column<Double> variance) {
        return new Derived(name, row -> row.get(variance) / row.get(EnsembleQuantity.EXACT_VARIANCE));
    }
}
