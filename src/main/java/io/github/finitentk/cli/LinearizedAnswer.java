package io.github.finitentk.cli;

import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.LinearizedNetwork;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import java.util.Arrays;
import java.util.Optional;

/** What {@code ntk regress} says of a given network: its linearisation beside itself, on test data. */
final class LinearizedAnswer {

    private LinearizedAnswer() {}

    /**
     * @param linearized how well the linearised network does on the test data
     * @param network how well the real one does
     * @param initial how well the one did that was linearised, if that is another
     * @param gap the root mean square of linearised less real outputs
     * @param relativeGap the same in units of what training really changed; with {@code initial} only
     */
    record Document(
            int samples,
            int tests,
            int inputDim,
            int outputs,
            String data,
            String normalization,
            String targets,
            String loss,
            double time,
            double ridge,
            String kernel,
            double conditionNumber,
            double lambdaMin,
            double lambdaMax,
            String method,
            int dropped,
            double droppedTargetShare,
            double etaMax,
            Quality linearized,
            Quality network,
            Optional<Quality> initial,
            double gap,
            Optional<Double> relativeGap,
            double[][] prediction,
            double[][] networkOutputs) {}

    /**
     * Outputs beside targets.
     *
     * @param meanSquaredError of all outputs
     * @param meanSquaredErrors of each output, if there are several
     * @param accuracy the share of inputs in the right class, if targets are classes
     */
    record Quality(Optional<Double> meanSquaredError, Optional<double[]> meanSquaredErrors, Optional<Double> accuracy) {

        static Quality of(double[][] outputs, Optional<Targets> targets) {
            Optional<double[]> errors = targets.map(y -> y.meanSquaredErrors(outputs));
            return new Quality(
                    errors.map(each -> Arrays.stream(each).average().orElseThrow()),
                    errors.filter(each -> each.length > 1),
                    targets.map(y -> y.accuracy(outputs)).filter(share -> !Double.isNaN(share)));
        }
    }

    /**
     * @param linear the network that is linearised
     * @param real the real network's outputs at the test inputs, {@code T x K}
     * @param trained whether the real network is another than the linearised one
     */
    static Document of(
            LinearizedNetwork linear, KernelForm form, double[][] real, boolean trained, double time, double ridge) {
        TrainTestData data = linear.data();
        Targets targets = data.train().targets();
        Smoother smoother = linear.smoother(time);
        double[][] predicted = linear.predict(time);
        double[] eigenvalues = linear.regression().eigenvalues();
        double largest = eigenvalues[eigenvalues.length - 1];
        double gap = distance(predicted, real);
        return new Document(
                targets.count(),
                data.tests(),
                data.train().inputDim(),
                targets.outputs(),
                data.train().source(),
                data.train().normalization(),
                data.train().targetChoice(),
                LossConvention.HALF_MSE.label(),
                time,
                ridge,
                form.label(),
                linear.regression().conditionNumber(),
                eigenvalues[0],
                largest,
                smoother.method().label(),
                smoother.dropped(),
                linear.regression().droppedShare(residual(targets, linear.initialTrain())),
                LearningRate.ofEigenvalue(largest / targets.count(), LossConvention.HALF_MSE),
                Quality.of(predicted, data.testTargets()),
                Quality.of(real, data.testTargets()),
                trained ? Optional.of(Quality.of(linear.initialTest(), data.testTargets())) : Optional.empty(),
                gap,
                trained ? Optional.of(gap / distance(real, linear.initialTest())) : Optional.empty(),
                predicted,
                real);
    }

    /** Targets less outputs. */
    static Targets residual(Targets targets, double[][] outputs) {
        double[][] residual = new double[outputs.length][targets.outputs()];
        for (int s = 0; s < residual.length; s++) {
            for (int k = 0; k < residual[s].length; k++) {
                residual[s][k] = targets.get(s, k) - outputs[s][k];
            }
        }
        return Targets.of(residual);
    }

    private static double distance(double[][] a, double[][] b) {
        double sum = 0;
        for (int s = 0; s < a.length; s++) {
            for (int k = 0; k < a[s].length; k++) {
                sum += (a[s][k] - b[s][k]) * (a[s][k] - b[s][k]);
            }
        }
        return Math.sqrt(sum / a.length / a[0].length);
    }
}
