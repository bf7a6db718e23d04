package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.EnsembleComparison;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.LinearizedNetwork;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk regress}. */
@Command(
        name = "regress",
        description =
                "What NTK theory says about trained networks: kernel regression, eq. (10). Of an initialisation with its exact"
                        + " variance and Theorem 3, and networks that are trained beside it (--networks); of a given network with its own"
                        + " kernel, beside the real one (--network); or with any kernel (--kernel).",
        footer = {
            "",
            "Examples:",
            "  ntk regress --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 5 --width 300 --samples 100 --tests 100",
            "  ntk regress --network trained.npz --initial start.npz --activation relu --inputs x.npy --targets y.npy"
                    + " --test-inputs x_test.npy --test-targets y_test.npy",
            "  ntk regress --kernel theta.npy --targets y.npy --test-targets y_test.npy --ridge 1e-3"
        })
final class RegressCommand implements Callable<Integer> {

    private static final List<String> INITIALIZATION = List.of("--sigma-w2", "--sigma-b2", "--depth", "--width");

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--activation",
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Option(names = "--sigma-w2", paramLabel = "X", description = "Weight variance sigma_w^2.")
    private Double sigmaW2;

    @Option(names = "--sigma-b2", paramLabel = "Y", description = "Bias variance sigma_b^2.")
    private Double sigmaB2;

    @Option(names = "--depth", paramLabel = "L", description = "Number of weight layers.")
    private Integer depth;

    @Option(names = "--width", paramLabel = "M", description = "Hidden width.")
    private Integer width;

    @Option(
            names = "--network",
            paramLabel = "NET.npz|.safetensors",
            description =
                    "Instead of an initialisation: linearise this network and compare it with itself, on test data. Takes --activation.")
    private Path network;

    @Option(
            names = "--initial",
            paramLabel = "NET0.npz|.safetensors",
            description =
                    "With --network: linearise this one, from which training started, and compare with the network that it became.")
    private Path initial;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

    @Option(
            names = "--kernel",
            paramLabel = "THETA.npy",
            description =
                    "Instead of an initialisation: the kernel of training inputs followed by test inputs, as .npy, .npz (one"
                            + " array) or .csv. Takes --targets or --data for the targets.")
    private Path kernel;

    @Option(
            names = "--outputs",
            paramLabel = "full|trace|pseudo",
            description =
                    "With several outputs: all of them together with the kernel of all pairs (full, what --network takes by"
                            + " default), or each by itself with the trace or pseudo kernel. --kernel is for each by itself unless full.")
    private KernelForm outputs;

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
        if (!(time >= 0)) {
            throw new IllegalArgumentException("The training time must be a number >= 0, not " + time + ".");
        }
        if (network != null && kernel != null) {
            throw new ParameterException(spec.commandLine(), "Give either --network or --kernel.");
        }
        if (network != null) {
            ofNetwork();
        } else if (kernel != null) {
            ofKernel();
        } else {
            ofInitialization();
        }
        return 0;
    }

    private void ofInitialization() {
        GlobalOptions.refuseWithoutEffect(spec, "without --network", List.of("--initial"));
        GlobalOptions.refuseWithoutEffect(spec, "without --network or --kernel", List.of("--outputs"));
        NetworkFileOptions.refuse(spec, "without --network");
        requireInitialization();
        if (networks < 0 || networks == 1) {
            throw new IllegalArgumentException(
                    "A variance over networks needs at least 2 of them, not " + networks + ".");
        }
        if (networks > 0 && ridge > 0) {
            throw new IllegalArgumentException(
                    "Networks are trained without a ridge; give either --networks or --ridge.");
        }
        TrainTestData data = selection.data();
        RandomNetwork random = new RandomNetwork(
                Architecture.constant(data.train().inputDim(), width, depth),
                activation,
                new Initialization(sigmaW2, sigmaB2));
        Ntk ntk = root.options.ntk();
        InfiniteWidthRegression theory = ntk.regression(random, data, ridge);
        Optional<EnsembleComparison> ensemble =
                networks == 0 ? Optional.empty() : Optional.of(ensemble(random, data, theory));
        print(InfiniteWidthAnswer.of(data, theory, time, ridge, ensemble), "mean and variance at each test input");
        ensemble.filter(comparison -> comparison.diverged() > 0 && !root.options.json)
                .ifPresent(comparison -> root.options
                        .out()
                        .println("DIVERGED: the training of " + comparison.diverged() + " of "
                                + (comparison.networks() + comparison.diverged())
                                + " networks; what stands above is that of the others."));
    }

    private void requireInitialization() {
        List<String> missing = new ArrayList<>();
        Object[] given = {activation, sigmaW2, sigmaB2, depth, width};
        List<String> names = List.of("--activation", "--sigma-w2", "--sigma-b2", "--depth", "--width");
        for (int i = 0; i < given.length; i++) {
            if (given[i] == null) {
                missing.add(names.get(i));
            }
        }
        if (!missing.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "An initialisation needs " + String.join(", ", missing)
                            + ", too; --network asks about a given network, --kernel about any kernel.");
        }
    }

    private EnsembleComparison ensemble(RandomNetwork random, TrainTestData data, InfiniteWidthRegression theory) {
        if (time == 0) {
            throw new IllegalArgumentException("Networks take a training time above 0.");
        }
        Cell cell = new Cell(activation, sigmaW2, sigmaB2, depth, width);
        GlobalOptions options = root.options;
        return options.ntk()
                .ensemble(random, data, theory, networks, time, EnsembleQuantity.seed(options.seed(), cell));
    }

    private void ofNetwork() {
        GlobalOptions.refuseWithoutEffect(spec, "with --network, which gives the weights", INITIALIZATION);
        GlobalOptions.refuseWithoutEffect(
                spec, "with --network, which is the one to compare with", List.of("--networks"));
        if (activation == null) {
            throw new ParameterException(
                    spec.commandLine(), "--network needs --activation: a file of weights does not say which it is.");
        }
        GlobalOptions options = root.options;
        Network real = networkFile.read(network, activation, options);
        Network start = initial == null ? real : networkFile.read(initial, activation, options);
        if (!start.architecture().equals(real.architecture())) {
            throw new IllegalArgumentException("The widths of " + initial + ", " + start.architecture()
                    + ", are not those of " + network + ", " + real.architecture() + ".");
        }
        TrainTestData data = selection.data();
        KernelForm form = outputs == null ? KernelForm.FULL : outputs;
        Ntk ntk = options.ntk();
        LinearizedNetwork linear = ntk.linearized(start, data, form, ridge);
        double[][] f = initial == null ? linear.initialTest() : ntk.outputs(real, data.testInputs());
        print(
                LinearizedAnswer.of(linear, form, f, initial != null, time, ridge),
                "outputs of the linearised and of the real network at each test input");
    }

    private void ofKernel() {
        GlobalOptions.refuseWithoutEffect(
                spec,
                "with --kernel, which is all that is asked of a network",
                List.of("--activation", "--sigma-w2", "--sigma-b2", "--depth", "--width", "--networks", "--initial"));
        NetworkFileOptions.refuse(spec, "with --kernel");
        GlobalOptions.refuseWithoutEffect(spec, "with --kernel, which is of the inputs", List.of("--normalize"));
        boolean full = outputs != null && outputs.equals(KernelForm.FULL);
        if (outputs != null && !full) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--outputs " + outputs
                            + " has no effect with --kernel, whose form is given; full says that it has rows for"
                            + " all outputs.");
        }
        TrainTestOptions.TrainTestTargets given = selection.targets();
        Targets targets = given.train();
        int together = full ? targets.outputs() : 1;
        Kernel theta = Kernel.read(kernel);
        TrainTestKernel blocks = TrainTestKernel.split(theta, Math.multiplyExact(targets.count(), together));
        given.test().ifPresent(y -> {
            if (y.count() * together != blocks.tests() || y.outputs() != targets.outputs()) {
                throw new IllegalArgumentException("Beside " + targets + " for training a " + theta.rows() + " x "
                        + theta.columns() + " kernel takes " + blocks.tests() / together + " test targets of "
                        + targets.outputs() + " output(s), not " + y + ".");
            }
        });
        print(
                KernelAnswer.of(
                        root.options.ntk().regression(blocks, together, ridge), targets, given.test(), time, ridge),
                "predictions at each test input");
    }

    /** @param arrays what only JSON has */
    private void print(Record document, String arrays) {
        GlobalOptions options = root.options;
        if (options.json) {
            options.print(document);
        } else {
            RecordText.print(document, options.out());
            options.out().println("(" + arrays + ": --json)");
        }
    }
}
