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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        InfiniteWidthRegression theory = InfiniteWidthRegression.of(
                random, data.jointInputs(), data.train().samples(), ridge, options.engine());
        Map<String, Object> document = document(data, theory);
        if (networks > 0) {
            document.put("ensemble", ensemble(random, data, theory));
        }
        if (options.json) {
            options.print(document);
        } else {
            print(document, options.out());
        }
        return 0;
    }

    private Map<String, Object> document(TrainTestData data, InfiniteWidthRegression theory) {
        double[] targets = data.train().targets();
        Smoother smoother = theory.smoother(time);
        double[] mean = smoother.mean(targets);
        double[] variance = smoother.variance(theory.nngp());
        InfiniteWidthRegression.Theorem3 theorem3 = theory.theorem3();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("samples", data.train().samples());
        document.put("tests", data.tests());
        document.put("input_dim", data.train().inputDim());
        document.put("data", data.train().source());
        document.put("normalization", data.train().normalization());
        document.put("targets", data.train().targetChoice());
        document.put("loss", "half-mse");
        document.put("time", time);
        document.put("ridge", ridge);
        document.putAll(conditioning(theory, targets, smoother));
        document.put("mean", mean);
        document.put("variance", variance);
        document.put("mean_variance", average(variance));
        data.testTargets().ifPresent(y -> {
            Smoother.BiasVariance split = Smoother.BiasVariance.of(mean, variance, y);
            document.put("squared_bias", split.squaredBias());
            document.put("risk", split.risk());
        });
        Map<String, Object> theorem = new LinkedHashMap<>();
        theorem.put("variance", theorem3.variance());
        theorem.put("a", theorem3.a());
        theorem.put("q", theorem3.q());
        theorem.put("q_sr", theorem3.qsr());
        theorem.put("kappa_ratio", theorem3.kappa1() / theorem3.kappa2());
        document.put("theorem3", theorem);
        return document;
    }

    private Map<String, Object> conditioning(InfiniteWidthRegression theory, double[] targets, Smoother smoother) {
        double[] eigenvalues = theory.regression().eigenvalues();
        InfiniteWidth.DataIndependent means = theory.kernel().dataIndependent();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("condition_number", theory.regression().conditionNumber());
        document.put(
                "condition_number_data_independent",
                new InfiniteWidth.DataIndependent(means.leading(), means.kappa1(), means.kappa2(), targets.length)
                        .conditionNumber());
        document.put("lambda_min", eigenvalues[0]);
        document.put("lambda_max", eigenvalues[eigenvalues.length - 1]);
        document.put("method", smoother.method().label());
        document.put("dropped", smoother.dropped());
        document.put("dropped_target_share", theory.regression().droppedShare(targets));
        document.put(
                "eta_max",
                LearningRate.ofEigenvalue(
                        eigenvalues[eigenvalues.length - 1] / targets.length, LossConvention.HALF_MSE));
        return document;
    }

    private Map<String, Object> ensemble(RandomNetwork random, TrainTestData data, InfiniteWidthRegression theory) {
        GlobalOptions options = root.options;
        if (time == 0) {
            throw new IllegalArgumentException("Networks take a training time above 0.");
        }
        return document(EnsembleComparison.train(
                random,
                data,
                theory,
                networks,
                time,
                EnsembleQuantity.seed(options.seed(), network.cell()),
                options.engine()));
    }

    private static Map<String, Object> document(EnsembleComparison comparison) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("networks", comparison.networks());
        document.put("diverged", comparison.diverged());
        document.put("time", comparison.time());
        put(document, "trained", comparison.trained());
        put(document, "own_kernels", comparison.predicted());
        document.put("infinite_width_variance", comparison.exact());
        document.put("theorem3_variance", comparison.theorem3());
        document.put("gap", comparison.gap());
        document.put("kernel_change", comparison.kernelChange());
        document.put("initial_loss", comparison.initialLoss());
        document.put("final_loss", comparison.finalLoss());
        document.put("own_condition_number", comparison.ownCondition());
        comparison.trainedSplit().ifPresent(split -> {
            document.put("squared_bias", split.squaredBias());
            document.put("risk", split.risk());
        });
        return document;
    }

    private static void put(Map<String, Object> document, String name, Optional<OutputVariance> variance) {
        document.put(name + "_variance", variance.map(OutputVariance::value).orElse(null));
        document.put(
                name + "_ci",
                variance.map(v -> List.of(v.interval().lower(), v.interval().upper()))
                        .orElse(null));
        document.put(name + "_mean", variance.map(OutputVariance::mean).orElse(null));
    }

    private static double average(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static void print(Map<String, Object> document, PrintWriter out) {
        document.forEach((key, value) -> {
            if (value instanceof Map<?, ?> section) {
                section.forEach((inner, number) -> {
                    if (!(number instanceof double[])) {
                        line(out, key + "." + inner, number);
                    }
                });
            } else if (!(value instanceof double[])) {
                line(out, key, value);
            }
        });
        out.println("(mean and variance at each test input: --json)");
        if (document.get("ensemble") instanceof Map<?, ?> ensemble && (int) ensemble.get("diverged") > 0) {
            out.println("DIVERGED: the training of " + ensemble.get("diverged") + " of " + ensemble.get("networks")
                    + " networks; what stands above is that of the others.");
        }
    }

    private static void line(PrintWriter out, String key, Object value) {
        out.printf(
                Locale.ROOT,
                "%-34s %s%n",
                key,
                value instanceof Double d && Double.isFinite(d) ? String.format(Locale.ROOT, "%.8g", d) : value);
    }
}
