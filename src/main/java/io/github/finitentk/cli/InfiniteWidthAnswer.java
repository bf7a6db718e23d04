package io.github.finitentk.cli;

import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.EnsembleComparison;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.sampling.OutputVariance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What {@code ntk regress} says of an initialisation: eq. (10) in the limit of infinite width, its variance, and Theorem 3. */
final class InfiniteWidthAnswer {

    private InfiniteWidthAnswer() {}

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
            double conditionNumber,
            double conditionNumberDataIndependent,
            double lambdaMin,
            double lambdaMax,
            String method,
            int dropped,
            double droppedTargetShare,
            double etaMax,
            Object mean,
            double[] variance,
            double meanVariance,
            Optional<Double> squaredBias,
            Optional<double[]> squaredBiases,
            Optional<Double> risk,
            Optional<Double> accuracy,
            Theorem3 theorem3,
            Optional<Ensemble> ensemble) {

        /** The mean, {@code T x K}. */
        double[][] predictions() {
            return mean instanceof double[] column
                    ? Arrays.stream(column)
                            .mapToObj(value -> new double[] {value})
                            .toArray(double[][]::new)
                    : (double[][]) mean;
        }
    }

    private record Theorem3(double variance, double a, double q, double qSr, double kappaRatio) {}

    /**
     * @param theory of the data
     * @param ridge that of the theory
     * @param ensemble networks that were trained beside it
     */
    static Document of(
            TrainTestData data,
            InfiniteWidthRegression theory,
            double time,
            double ridge,
            Optional<EnsembleComparison> ensemble) {
        Targets targets = data.train().targets();
        Smoother smoother = theory.smoother(time);
        double[][] mean = smoother.mean(targets);
        double[] variance = smoother.variance(theory.nngp());
        Optional<double[]> biases = data.testTargets().map(y -> y.meanSquaredErrors(mean));
        // plain sums, as the split of an error has them
        Optional<Smoother.BiasVariance> split = biases.map(each -> new Smoother.BiasVariance(
                Arrays.stream(variance).reduce(0, Double::sum) / variance.length, average(each)));
        double[] eigenvalues = theory.regression().eigenvalues();
        double largest = eigenvalues[eigenvalues.length - 1];
        InfiniteWidth.DataIndependent means = theory.kernel().dataIndependent();
        InfiniteWidthRegression.Theorem3 theorem3 = theory.theorem3();
        boolean several = targets.outputs() > 1;
        return new Document(
                data.train().samples(),
                data.tests(),
                data.train().inputDim(),
                targets.outputs(),
                data.train().source(),
                data.train().normalization(),
                data.train().targetChoice(),
                LossConvention.HALF_MSE.label(),
                time,
                ridge,
                theory.regression().conditionNumber(),
                new InfiniteWidth.DataIndependent(means.leading(), means.kappa1(), means.kappa2(), targets.count())
                        .conditionNumber(),
                eigenvalues[0],
                largest,
                smoother.method().label(),
                smoother.dropped(),
                theory.regression().droppedShare(targets),
                LearningRate.ofEigenvalue(largest / targets.count(), LossConvention.HALF_MSE),
                several ? mean : column(mean),
                variance,
                average(variance),
                split.map(Smoother.BiasVariance::squaredBias),
                several ? biases : Optional.empty(),
                split.map(Smoother.BiasVariance::risk),
                data.testTargets().map(y -> y.accuracy(mean)).filter(share -> !Double.isNaN(share)),
                new Theorem3(
                        theorem3.variance(),
                        theorem3.a(),
                        theorem3.q(),
                        theorem3.qsr(),
                        theorem3.kappa1() / theorem3.kappa2()),
                ensemble.map(Ensemble::of));
    }

    private static double[] column(double[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
    }

    /** What has no number, for want of two networks that did not diverge, is null. */
    record Ensemble(
            int networks,
            int diverged,
            double time,
            Double trainedVariance,
            List<Double> trainedCi,
            double[] trainedMean,
            Double ownKernelsVariance,
            List<Double> ownKernelsCi,
            double[] ownKernelsMean,
            double infiniteWidthVariance,
            double theorem3Variance,
            double gap,
            double kernelChange,
            double initialLoss,
            double finalLoss,
            double ownConditionNumber,
            Optional<Double> squaredBias,
            Optional<Double> risk) {

        static Ensemble of(EnsembleComparison comparison) {
            Optional<OutputVariance> trained = comparison.trained();
            Optional<OutputVariance> own = comparison.predicted();
            return new Ensemble(
                    comparison.networks(),
                    comparison.diverged(),
                    comparison.time(),
                    trained.map(OutputVariance::value).orElse(null),
                    trained.map(Ensemble::interval).orElse(null),
                    trained.map(OutputVariance::mean).orElse(null),
                    own.map(OutputVariance::value).orElse(null),
                    own.map(Ensemble::interval).orElse(null),
                    own.map(OutputVariance::mean).orElse(null),
                    comparison.exact(),
                    comparison.theorem3(),
                    comparison.gap(),
                    comparison.kernelChange(),
                    comparison.initialLoss(),
                    comparison.finalLoss(),
                    comparison.ownCondition(),
                    comparison.trainedSplit().map(Smoother.BiasVariance::squaredBias),
                    comparison.trainedSplit().map(Smoother.BiasVariance::risk));
        }

        private static List<Double> interval(OutputVariance variance) {
            return List.of(variance.interval().lower(), variance.interval().upper());
        }
    }

    private static double average(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
