package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.trust.TrustThresholds;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What a quantity's numbers mean for the use of Neural Tangent Kernel theory.
 *
 * @param number what is judged of a row
 * @param small the largest number at which the theory's statement may be used
 * @param large the number beyond which it fails altogether, by the rules of {@code trust}
 * @param question what the tolerance is about
 * @param statement what may then be done
 * @param holds the same in a few words
 * @param fails what may be said where the number is large
 */
record Criterion(
        BiFunction<FinishedCells, SweepRow, Estimate> number,
        double small,
        double large,
        String question,
        String statement,
        String holds,
        String fails) {

    /** A number and the ends of its interval, which are the number itself if it has none. */
    record Estimate(double value, double low, double high) {

        static Estimate of(FinishedCells table, SweepRow row, Column<Double> column) {
            return new Estimate(table.number(row, column), table.low(row, column), table.high(row, column));
        }

        /** The factor between this and a known number, whichever is larger, less 1: 0 if they agree, 1 if one is twice the other. */
        Estimate factorTo(double truth) {
            double least = low <= truth && truth <= high ? 0 : Math.min(factor(low, truth), factor(high, truth));
            return new Estimate(factor(value, truth), least, Math.max(factor(low, truth), factor(high, truth)));
        }

        private static double factor(double number, double truth) {
            return Math.max(number / truth, truth / number) - 1;
        }
    }

    /**
     * For the randomness at initialisation, the change in training and the variance after it; other quantities are not judged.
     *
     * @param percent the tolerance: the standard deviation of the kernel in percent of its mean, its change in percent of
     *     its norm, or the error of the variance in percent
     */
    static Optional<Criterion> of(String quantity, int percent) {
        double share = percent / 100.0;
        return switch (quantity) {
            case "variance" ->
                Optional.of(new Criterion(
                        (table, row) -> Estimate.of(table, row, VarianceQuantity.RATIO),
                        1 + share * share,
                        TrustThresholds.RATIO_LIMITED,
                        "deterministic: standard deviation of the kernel at most … of its mean",
                        "the kernel may be treated as deterministic",
                        "deterministic",
                        "the standard deviation exceeds " + percent(Math.sqrt(TrustThresholds.RATIO_LIMITED - 1))
                                + " of the mean"));
            case "kernel_change" ->
                Optional.of(new Criterion(
                        (table, row) -> Estimate.of(table, row, KernelChangeQuantity.CHANGE),
                        share,
                        TrustThresholds.CHANGE_LIMITED,
                        "constant: change of the kernel at most … of its norm",
                        "the kernel may be treated as constant in training",
                        "constant in training",
                        "the change exceeds " + percent(TrustThresholds.CHANGE_LIMITED) + " of the norm"));
            case "ensemble" ->
                Optional.of(new Criterion(
                        (table, row) -> Estimate.of(table, row, EnsembleQuantity.TRAINED_VARIANCE)
                                .factorTo(table.number(row, EnsembleQuantity.EXACT_VARIANCE)),
                        share,
                        // What trust calls failed: as much variance again as the theory knows of.
                        TrustThresholds.DEVIATION_LIMITED * TrustThresholds.DEVIATION_LIMITED,
                        "as in theory: output variance of trained networks within … of the infinite-width one",
                        "the infinite-width theory may be used for the variance of trained networks",
                        "variance as in theory",
                        "the variance is off by a factor above 2"));
            default -> Optional.empty();
        };
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
