package io.github.finitentk.experiment;

import io.github.finitentk.kernel.BiasVariance;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.sampling.OutputVariance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The row of an {@link EnsembleComparison}. */
final class EnsembleColumns {

    static final List<Column> COLUMNS = List.of(
            Column.integer("networks", "trained networks that are compared"),
            Column.integer("diverged", "networks that diverged and are left out"),
            Column.real("trained_variance", "output variance of the trained networks, mean over test inputs"),
            Column.real("trained_ci_low", "lower end of its 95 % interval"),
            Column.real("trained_ci_high", "its upper end"),
            Column.real("own_variance", "the same by eq. (10) with each network's own kernel, at its training time"),
            Column.real("own_ci_low", "lower end of its 95 % interval"),
            Column.real("own_ci_high", "its upper end"),
            Column.real("own_converged_variance", "the same for infinite training time"),
            Column.real("exact_variance", "infinite width, at the training time"),
            Column.real("exact_converged_variance", "infinite width, infinite training time"),
            Column.real("theorem3_variance", "Theorem 3"),
            Column.real("theorem3_a", "A of Theorem 3"),
            Column.real("initial_variance", "infinite-width output variance before training"),
            Column.real("gap", "rms of trained less eq. (10) with own kernels, in standard deviations"),
            Column.real("trained_squared_bias", "of the trained networks, sampling error removed"),
            Column.real("exact_squared_bias", "infinite width, at the training time"),
            Column.real("kernel_change", "|Theta^t - Theta^0|_F / |Theta^0|_F, mean over networks"),
            Column.real("initial_loss", "mean over networks"),
            Column.real("final_loss", "mean over networks"),
            Column.real("condition_number", "of Theta* on the training inputs"),
            Column.real("own_condition_number", "of the networks' kernels: median"),
            Column.real("time", "training time t on 1/(2S), learning rate x steps"));

    private EnsembleColumns() {}

    static CellResult result(EnsembleComparison comparison, InfiniteWidthRegression theory, double seconds) {
        List<Object> values = new ArrayList<>();
        values.add((long) comparison.networks());
        values.add((long) comparison.diverged());
        addWithInterval(values, comparison.trained());
        addWithInterval(values, comparison.predicted());
        values.add(comparison.converged().map(OutputVariance::value).orElse(null));
        values.addAll(Arrays.asList(
                comparison.exact(),
                comparison.exactConverged(),
                comparison.theorem3(),
                theory.theorem3().a(),
                Arrays.stream(theory.nngp().diagonal()).average().orElseThrow(),
                comparison.gap(),
                comparison.trainedSplit().map(BiasVariance::squaredBias).orElse(null),
                comparison.exactSplit().map(BiasVariance::squaredBias).orElse(null),
                comparison.kernelChange(),
                comparison.initialLoss(),
                comparison.finalLoss(),
                theory.regression().conditionNumber(),
                comparison.ownCondition(),
                comparison.time()));
        boolean compared = comparison.networks() >= 2;
        return new CellResult(
                compared ? CellResult.Status.OK : CellResult.Status.DIVERGED,
                comparison.diverged() == 0
                        ? null
                        : comparison.diverged() + " of " + (comparison.networks() + comparison.diverged())
                                + " networks diverged",
                values,
                seconds);
    }

    private static void addWithInterval(List<Object> values, Optional<OutputVariance> variance) {
        values.add(variance.map(OutputVariance::value).orElse(null));
        values.add(variance.map(v -> v.interval().lower()).orElse(null));
        values.add(variance.map(v -> v.interval().upper()).orElse(null));
    }
}
