package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Targets;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.meanfield.LossConvention;
import java.util.Optional;

/** What {@code ntk regress} says of a problem with many inputs: predictions at convergence, and how good they are. */
final class SolvedAnswer {

    private SolvedAnswer() {}

    /**
     * @param kernel which one: {@code ntk}, {@code nngp}, the form of an empirical one, or {@code given}
     * @param converged whether the residual is as small as was asked for
     * @param residual {@code |Y - (K + ridge I) a| / |Y|}, the largest of all outputs
     * @param conditionNumber null where it is not known
     */
    record Document(
            int samples,
            int tests,
            Optional<Integer> inputDim,
            int outputs,
            Optional<String> data,
            Optional<String> normalization,
            Optional<String> targets,
            String loss,
            String kernel,
            double ridge,
            String solver,
            boolean converged,
            int iterations,
            double residual,
            double[] residuals,
            Double conditionNumber,
            LinearizedAnswer.Quality quality,
            Seconds seconds) {}

    /**
     * How long it took.
     *
     * @param kernel to compute or read it for a factorisation; of conjugate gradients it is part of the solution
     * @param solution the factorisation or the iterations
     */
    record Seconds(double kernel, double solution, double prediction) {}

    /**
     * @param data what was trained on, if it is known
     * @param targets {@code S x K}
     * @param predictions {@code T x K}
     * @param testTargets {@code T x K}, if they are known
     */
    static Document of(
            Optional<Dataset> data,
            Targets targets,
            String kernel,
            double ridge,
            KernelSolution solution,
            double[][] predictions,
            Optional<Targets> testTargets,
            Seconds seconds) {
        double condition = 1 / solution.reciprocalCondition();
        return new Document(
                targets.count(),
                predictions.length,
                data.map(Dataset::inputDim),
                targets.outputs(),
                data.map(Dataset::source),
                data.map(Dataset::normalization),
                data.map(Dataset::targetChoice),
                LossConvention.HALF_MSE.label(),
                kernel,
                ridge,
                solution.method().label(),
                solution.converged(),
                solution.iterations(),
                solution.largestResidual(),
                solution.residuals(),
                Double.isNaN(condition) ? null : condition,
                LinearizedAnswer.Quality.of(predictions, testTargets),
                seconds);
    }
}
