package io.github.finitentk.cli;

import io.github.finitentk.data.Targets;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import java.util.Optional;

/** What {@code ntk regress} says of a kernel that was computed before: regression from outputs 0. */
final class KernelAnswer {

    private KernelAnswer() {}

    record Document(
            int samples,
            int tests,
            int outputs,
            String loss,
            double time,
            double ridge,
            double conditionNumber,
            double lambdaMin,
            double lambdaMax,
            String method,
            int dropped,
            double droppedTargetShare,
            double etaMax,
            LinearizedAnswer.Quality quality,
            double[][] prediction) {}

    /** @param testTargets T x K, if they are known */
    static Document of(
            KernelRegression regression, Targets targets, Optional<Targets> testTargets, double time, double ridge) {
        Smoother smoother = regression.smoother(time);
        double[][] predicted = smoother.mean(targets);
        double[] eigenvalues = regression.eigenvalues();
        double largest = eigenvalues[eigenvalues.length - 1];
        return new Document(
                targets.count(),
                predicted.length,
                targets.outputs(),
                LossConvention.HALF_MSE.label(),
                time,
                ridge,
                regression.conditionNumber(),
                eigenvalues[0],
                largest,
                smoother.method().label(),
                smoother.dropped(),
                regression.droppedShare(targets),
                LearningRate.ofEigenvalue(largest / targets.count(), LossConvention.HALF_MSE),
                LinearizedAnswer.Quality.of(predicted, testTargets),
                predicted);
    }
}
