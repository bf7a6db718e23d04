package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.trust.TrustThresholds;
import java.util.Optional;

/**
 * What a quantity's numbers mean for the use of Neural Tangent Kernel theory.
 *
 * @param column the number that is judged
 * @param small the largest number at which the theory's statement may be used
 * @param large the number beyond which it fails altogether, by the rules of {@code trust}
 * @param holds in one word, what the kernel may then be treated as
 * @param fails what may be said where the number is large
 */
record Criterion(Column<Double> column, double small, double large, String holds, String fails) {

    /**
     * For the randomness at initialisation and the change in training; other quantities are not judged.
     *
     * @param percent the tolerance: the standard deviation of the kernel in percent of its mean, or its change in percent
     *     of its norm
     */
    static Optional<Criterion> of(String quantity, int percent) {
        double share = percent / 100.0;
        return switch (quantity) {
            case "variance" ->
                Optional.of(new Criterion(
                        VarianceQuantity.RATIO,
                        1 + share * share,
                        TrustThresholds.RATIO_LIMITED,
                        "deterministic",
                        "the standard deviation exceeds " + percent(Math.sqrt(TrustThresholds.RATIO_LIMITED - 1))
                                + " of the mean"));
            case "kernel_change" ->
                Optional.of(new Criterion(
                        KernelChangeQuantity.CHANGE,
                        share,
                        TrustThresholds.CHANGE_LIMITED,
                        "constant in training",
                        "the change exceeds " + percent(TrustThresholds.CHANGE_LIMITED) + " of the norm"));
            default -> Optional.empty();
        };
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
