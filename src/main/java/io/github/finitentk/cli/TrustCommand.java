package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Interval;
import io.github.finitentk.trust.Budget;
import io.github.finitentk.trust.NetworkQuestion;
import io.github.finitentk.trust.NetworkReport;
import io.github.finitentk.trust.Statement;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.TrustQuestion;
import io.github.finitentk.trust.TrustReport;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import io.github.finitentk.trust.TrustReport.Verdict;
import io.github.finitentk.trust.TrustThresholds;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk trust}. */
@Example(
        does = "of an initialisation",
        line = "ntk trust --activation relu --sigma-w2 2 --sigma-b2 0 --depth 5 --width 256")
@Example(
        does = "of a network of yours, after its training",
        line = "ntk trust --network net.npz --initial start.npz --inputs x.npy --targets y.npy --activation relu")
@Command(
        name = "trust",
        description =
                "May NTK theory be trusted for this network? Its phase, the randomness of its kernel, how far training"
                        + " moves it, its condition, the width it would take; a verdict with reasons.")
final class TrustCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Option(
            names = "--network",
            paramLabel = "NET.npz|.safetensors",
            description = "Ask about this network, trained elsewhere: with --inputs and --targets, best those of its"
                    + " training (classes are targets, too).")
    private Path network;

    @Option(
            names = "--initial",
            paramLabel = "NET0",
            description =
                    "With --network: the same network before training; without it nothing is said of lazy or not.")
    private Path initial;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

    @Option(
            names = "--sigma-w2",
            paramLabel = "X",
            description = "Weight variance sigma_w^2 (with --network, default: as its weights show).")
    private Double sigmaW2;

    @Option(
            names = "--sigma-b2",
            paramLabel = "Y",
            description = "Bias variance sigma_b^2 (with --network, default: as its biases show).")
    private Double sigmaB2;

    @Option(names = "--depth", paramLabel = "L", description = "Number of weight layers; takes --width.")
    private Integer depth;

    @Option(names = "--width", paramLabel = "M", description = "Hidden width.")
    private Integer width;

    @Option(
            names = "--widths",
            split = ",",
            paramLabel = "n0,n1,...,1",
            description = "All widths, instead of --depth, --width and --input-dim.")
    private int[] widths;

    @Option(
            names = "--input-dim",
            paramLabel = "D",
            description = "Input dimension (default: the width, or that of --inputs).")
    private Integer inputDim;

    @Option(
            names = "--samples",
            paramLabel = "S",
            description =
                    "Training inputs: the first S images of MNIST, carried to the input dimension with their inner"
                            + " products (default: 128).")
    private Integer samples;

    @Option(
            names = "--inputs",
            paramLabel = "X.npy",
            description = "Train on these inputs, S x M_0, instead; takes --targets.")
    private Path inputs;

    @Option(names = "--targets", paramLabel = "Y.npy", description = "The S targets of --inputs.")
    private Path targets;

    @Option(
            names = "--test-inputs",
            paramLabel = "XT.npy",
            description = "With --initial: compare the theory's prediction with the network at these, T x M_0 (for"
                    + " --learning-rate times --max-steps, else at convergence).")
    private Path testInputs;

    @Option(
            names = "--tolerance",
            paramLabel = "R",
            defaultValue = "" + TrustThresholds.RATIO_HOLDS,
            description = "The largest E[Theta^2]/E[Theta]^2 of a deterministic kernel (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Learning rate of the short training on 1/(2S) (default: 0.4 of each network's largest stable"
                    + " one); with --network that of its training by gradient descent, takes --max-steps.")
    private Double learningRate;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            description = "Largest number of steps of the short training (default: to t lambda_max/S = 1000; with"
                    + " --learning-rate 1000 steps); with --network the steps that it was trained for.")
    private Long maxSteps;

    @Option(
            names = "--budget",
            paramLabel = "T",
            description =
                    "What trainings may cost, as 20s, 5m or 1h: work of about so many seconds, counted, not timed, so"
                            + " that answers do not depend on the machine (default: 20s).")
    private Budget budget;

    @Option(names = "--explain", description = "Say which equation of the paper each number comes from.")
    private boolean explain;

    @Option(
            names = "--exit-code",
            description =
                    "Let the exit code say the verdict, for scripts: 0 trust, 10 caution, 20 do-not-trust, 30 unknown;"
                            + " 1 and 2 stay failures.")
    private boolean exitCode;

    @Override
    public Integer call() {
        GlobalOptions options = root.options;
        if (options.json) {
            GlobalOptions.refuseWithoutEffect(spec, "with --json", List.of("--explain"));
        }
        if (network != null) {
            NetworkReport judged = options.ntk().trust(networkQuestion());
            NetworkTrust answer = new NetworkTrust(judged);
            if (options.json) {
                options.print(answer.document());
            } else {
                options.out().println(answer.text() + (explain ? "\n" + TrustExplanation.OF_NETWORKS : ""));
            }
            return code(judged.verdict());
        }
        GlobalOptions.refuseWithoutEffect(spec, "without --network", List.of("--initial", "--test-inputs"));
        NetworkFileOptions.refuse(spec, "without --network");
        TrustReport report = options.ntk().trust(question());
        if (options.json) {
            options.print(document(report));
        } else {
            options.out().println(TrustText.of(report, options.seed, explain));
            KernelChangeEstimate change = report.kernelChange();
            if (change.diverged() > 0) {
                options.out()
                        .println("DIVERGED: the training of " + change.diverged() + " of " + change.networks()
                                + " networks.");
            }
        }
        return code(report.verdict());
    }

    private int code(Verdict verdict) {
        return exitCode
                ? switch (verdict) {
                    case TRUST -> 0;
                    case CAUTION -> 10;
                    case DO_NOT_TRUST -> 20;
                    case UNKNOWN -> 30;
                }
                : 0;
    }

    private NetworkQuestion networkQuestion() {
        GlobalOptions.refuseWithoutEffect(
                spec,
                "with --network, which is trained and has its widths",
                List.of("--depth", "--width", "--widths", "--input-dim", "--samples", "--budget"));
        if (inputs == null || targets == null) {
            throw new IllegalArgumentException("--network needs --inputs X.npy and --targets Y.npy.");
        }
        if ((sigmaW2 == null) != (sigmaB2 == null)) {
            throw new IllegalArgumentException(
                    "With --network, --sigma-w2 and --sigma-b2 go together; without both they are"
                            + " estimated from the weights.");
        }
        if ((learningRate == null) != (maxSteps == null)) {
            throw new IllegalArgumentException(
                    "With --network, --learning-rate R and --max-steps N go together: how it was trained.");
        }
        NetworkQuestion.Builder question = NetworkQuestion.about(
                        networkFile.read(network, activation, root.options), Dataset.read(inputs, targets))
                .tolerance(tolerance)
                .seed(root.options.seed());
        if (initial != null) {
            question.initial(networkFile.read(initial, activation, root.options));
        }
        if (sigmaW2 != null) {
            question.initialization(new Initialization(sigmaW2, sigmaB2));
        }
        if (testInputs != null) {
            question.testInputs(Inputs.read(testInputs));
        }
        if (learningRate != null) {
            question.trainedBy(learningRate, maxSteps);
        }
        return question.build();
    }

    private TrustQuestion question() {
        if (sigmaW2 == null || sigmaB2 == null) {
            throw new ParameterException(
                    spec.commandLine(), "Give --sigma-w2 X and --sigma-b2 Y, or a trained network with --network.");
        }
        if ((inputs == null) != (targets == null)) {
            throw new IllegalArgumentException("--inputs X.npy and --targets Y.npy go together.");
        }
        if (inputs != null && samples != null) {
            throw new IllegalArgumentException("--samples goes with MNIST, not with --inputs.");
        }
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        Dataset data = inputs == null ? null : Dataset.read(inputs, targets);
        TrustQuestion.Builder question = TrustQuestion.about(
                        new RandomNetwork(architecture(data), activation, initialization))
                .tolerance(tolerance)
                .seed(root.options.seed());
        if (data != null) {
            question.data(data);
        }
        if (samples != null) {
            question.mnist(samples);
        }
        if (learningRate != null) {
            question.learningRate(learningRate);
        }
        if (maxSteps != null) {
            question.maxSteps(maxSteps);
        }
        if (budget != null) {
            question.budget(budget);
        }
        return question.build();
    }

    private Architecture architecture(Dataset data) {
        if (widths != null) {
            GlobalOptions.refuseWithoutEffect(
                    spec, "with --widths, which gives them all", List.of("--depth", "--width", "--input-dim"));
            return Architecture.of(widths);
        }
        if (depth == null || width == null) {
            throw new IllegalArgumentException("Give --depth L and --width M, or all --widths n0,n1,...,1.");
        }
        int dimension = inputDim != null ? inputDim : data != null ? data.inputDim() : width;
        return Architecture.constant(dimension, width, depth);
    }

    private record Document(
            String verdict,
            String phase,
            List<String> reasons,
            String determinism,
            String constancy,
            String regression,
            double chi1,
            double borderSigmaW2,
            double distanceToBorder,
            double xiC,
            double ratio,
            double[] ratioCi,
            String ratioMethod,
            double inputNorm2,
            double tolerance,
            Long smallestWidth,
            Integer smallestWidthLeadingOrder,
            Prediction prediction,
            Change kernelChange,
            double conditionNumber,
            double conditionNumberDataIndependent,
            double kappaRatio,
            double etaMax,
            String budget,
            String loss,
            int samples,
            String data,
            int[] widths) {}

    private record Change(
            double value,
            double[] interval,
            String source,
            double lowest,
            double largest,
            double exponent,
            int networks,
            int diverged,
            int unfinished,
            int width,
            int samples,
            double learningRate,
            long steps,
            double lossShare,
            String sufficientBudget) {}

    private record Prediction(
            double deviation,
            double[] interval,
            double spread,
            int draws,
            int samples,
            int directions,
            int noisyDirections) {}

    private static Document document(TrustReport report) {
        return new Document(
                report.verdict().label(),
                phase(report),
                report.statements().stream().map(Statement::toString).toList(),
                validity(report, Assumption.DETERMINISM),
                validity(report, Assumption.CONSTANCY),
                validity(report, Assumption.REGRESSION),
                report.phase().chi1Star(),
                report.borderSigmaW2(),
                report.distanceToBorder(),
                report.phase().xiC(),
                report.randomness().ratio(),
                interval(report.randomness().interval()),
                report.randomness().method().label(),
                report.inputNorm2(),
                report.question().tolerance(),
                report.smallestWidth().isPresent() ? report.smallestWidth().getAsLong() : null,
                report.leadingOrderWidth().isPresent()
                        ? report.leadingOrderWidth().getAsInt()
                        : null,
                prediction(report.prediction()),
                change(report.kernelChange()),
                report.conditionNumber(),
                report.dataIndependentCondition(),
                report.kappaRatio(),
                report.largestStableRate(),
                report.question().budget().toString(),
                LossConvention.HALF_MSE.label(),
                report.data().samples(),
                report.data().source(),
                report.question().network().architecture().widths());
    }

    private static String validity(TrustReport report, Assumption assumption) {
        return report.statements().stream()
                .filter(statement -> statement.assumption() == assumption)
                .map(statement -> statement.validity().label())
                .findFirst()
                .orElseThrow();
    }

    private static Change change(KernelChangeEstimate change) {
        return new Change(
                change.value(),
                interval(change.interval()),
                change.source().label(),
                change.lowest(),
                change.largest(),
                change.exponent(),
                change.networks(),
                change.diverged(),
                change.unfinished(),
                change.width(),
                change.samples(),
                change.learningRate(),
                change.steps(),
                change.lossShare(),
                change.answered() ? null : change.sufficient().toString());
    }

    private static Prediction prediction(PredictionEstimate prediction) {
        return new Prediction(
                prediction.deviation(),
                interval(prediction.interval()),
                prediction.spread(),
                prediction.draws(),
                prediction.samples(),
                prediction.learnable(),
                prediction.noisy());
    }

    private static double[] interval(Interval interval) {
        return new double[] {interval.lower(), interval.upper()};
    }

    static String phase(TrustReport report) {
        return report.phase().phase().name().toLowerCase(Locale.ROOT);
    }
}
