package io.github.finitentk.cli;

import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.EnsembleComparison;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.OutputVariance;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk regress}. */
@Command(
        name = "regress",
        description =
                "What NTK theory says about trained networks: kernel regression, eq. (10), its exact variance over"
                        + " initialisations, and Theorem 3; with --networks against networks that are trained.")
final class RegressCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Mixin
    private InitializationOptions network = new InitializationOptions();

    @Mixin
    private TrainTestOptions selection = new TrainTestOptions();

    @Option(
            names = "--time",
            paramLabel = "T",
            defaultValue = "Infinity",
            description =
                    "Training time, learning rate x steps; Infinity is until convergence (default: ${DEFAULT-VALUE}).")
    private double time;

    @Option(
            names = "--ridge",
            paramLabel = "R",
            defaultValue = "0",
            description = "Added to the diagonal of the training kernel (default: ${DEFAULT-VALUE}).")
    private double ridge;

    @Option(
            names = "--networks",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Train N networks for that time, or to t lambda_max/S = 1000 where it is infinite, and compare (default: ${DEFAULT-VALUE}).")
    private int networks;

    @Override
    public Integer call() {
        if (networks < 0 || networks == 1) {
            throw new IllegalArgumentException(
                    "A variance over networks needs at least 2 of them, not " + networks + ".");
        }
        if (networks > 0 && ridge > 0) {
            throw new IllegalArgumentException(
                    "Networks are trained without a ridge; give either --networks or --ridge.");
        }
        if (!(time >= 0)) {
            throw new IllegalArgumentException("The training time must be a number >= 0, not " + time + ".");
        }
        TrainTestData data = selection.data();
        RandomNetwork random = network.network(data.train().inputDim());
        GlobalOptions options = root.options;
        InfiniteWidthRegression theory = options.ntk().regression(random, data, ridge);
        Document document =
                document(data, theory, networks == 0 ? Optional.empty() : Optional.of(ensemble(random, data, theory)));
        if (options.json) {
            options.print(document);
        } else {
            print(document, options.out());
        }
        return 0;
    }

    private record Document(
            int samples,
            int tests,
            int inputDim,
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
            double[] mean,
            double[] variance,
            double meanVariance,
            Optional<Double> squaredBias,
            Optional<Double> risk,
            Theorem3 theorem3,
            Optional<Ensemble> ensemble) {}

    private record Theorem3(double variance, double a, double q, double qSr, double kappaRatio) {}

    private Document document(TrainTestData data, InfiniteWidthRegression theory, Optional<Ensemble> ensemble) {
        double[] targets = data.train().targets().scalars("Regression");
        Smoother smoother = theory.smoother(time);
        double[] mean = smoother.mean(targets);
        double[] variance = smoother.variance(theory.nngp());
        Optional<Smoother.BiasVariance> split =
                data.testTargets().map(y -> Smoother.BiasVariance.of(mean, variance, y.scalars("Regression")));
        double[] eigenvalues = theory.regression().eigenvalues();
        double largest = eigenvalues[eigenvalues.length - 1];
        InfiniteWidth.DataIndependent means = theory.kernel().dataIndependent();
        InfiniteWidthRegression.Theorem3 theorem3 = theory.theorem3();
        return new Document(
                data.train().samples(),
                data.tests(),
                data.train().inputDim(),
                data.train().source(),
                data.train().normalization(),
                data.train().targetChoice(),
                LossConvention.HALF_MSE.label(),
                time,
                ridge,
                theory.regression().conditionNumber(),
                new InfiniteWidth.DataIndependent(means.leading(), means.kappa1(), means.kappa2(), targets.length)
                        .conditionNumber(),
                eigenvalues[0],
                largest,
                smoother.method().label(),
                smoother.dropped(),
                theory.regression().droppedShare(targets),
                LearningRate.ofEigenvalue(largest / targets.length, LossConvention.HALF_MSE),
                mean,
                variance,
                average(variance),
                split.map(Smoother.BiasVariance::squaredBias),
                split.map(Smoother.BiasVariance::risk),
                new Theorem3(
                        theorem3.variance(),
                        theorem3.a(),
                        theorem3.q(),
                        theorem3.qsr(),
                        theorem3.kappa1() / theorem3.kappa2()),
                ensemble);
    }

    private Ensemble ensemble(RandomNetwork random, TrainTestData data, InfiniteWidthRegression theory) {
        GlobalOptions options = root.options;
        if (time == 0) {
            throw new IllegalArgumentException("Networks take a training time above 0.");
        }
        return Ensemble.of(options.ntk()
                .ensemble(random, data, theory, networks, time, EnsembleQuantity.seed(options.seed(), network.cell())));
    }

    /** What has no number, for want of two networks that did not diverge, is null. */
    private record Ensemble(
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

    private static void print(Document document, PrintWriter out) {
        print("", document, out);
        out.println("(mean and variance at each test input: --json)");
        document.ensemble
                .filter(ensemble -> ensemble.diverged > 0)
                .ifPresent(ensemble -> out.println("DIVERGED: the training of " + ensemble.diverged + " of "
                        + ensemble.networks + " networks; what stands above is that of the others."));
    }

    private static void print(String prefix, Record section, PrintWriter out) {
        Documents.entries(section).forEach((key, value) -> {
            if (value instanceof Record inner) {
                print(prefix + key + ".", inner, out);
            } else if (!(value instanceof double[])) {
                line(out, prefix + key, value);
            }
        });
    }

    private static void line(PrintWriter out, String key, Object value) {
        out.printf(
                Locale.ROOT,
                "%-34s %s%n",
                key,
                value instanceof Double d && Double.isFinite(d) ? String.format(Locale.ROOT, "%.8g", d) : value);
    }
}
