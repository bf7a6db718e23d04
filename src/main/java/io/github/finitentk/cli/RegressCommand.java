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
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.LinearizedNetwork;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk regress}. */
@Example(
        does = "of an initialisation, with its variance",
        line = "ntk regress --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 5 --width 300 --samples 100 --tests"
                + " 100")
@Example(
        does = "of a network of yours, beside the network itself",
        line = "ntk regress --network net.npz --initial start.npz --activation relu --inputs x.npy --targets y.npy"
                + " --test-inputs x_test.npy --test-targets y_test.npy")
@Example(
        does = "with any kernel",
        line = "ntk regress --kernel theta.npy --test-kernel cross.npy --targets y.npy --test-targets y_test.npy"
                + " --ridge 1e-3")
@Example(
        does = "thousands of inputs, within so much memory",
        line = "ntk regress --kernel nngp --samples 512 --tests 512 --targets zero-mean-one-hot --activation relu"
                + " --sigma-w2 2 --sigma-b2 0.1 --depth 5 --width 1000 --solver cholesky --memory 2g")
@Command(
        name = "regress",
        description =
                "What NTK theory says about trained networks: kernel regression, eq. (10). Of an initialisation with"
                        + " its exact variance and Theorem 3, and networks that are trained beside it (--networks); of a"
                        + " given network with its own kernel, beside the real one (--network); or with any kernel"
                        + " (--kernel). With tens of thousands of inputs: predictions at convergence (--solver).")
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
                    "Instead of an initialisation: linearise this network and compare it with itself, on test data."
                            + " Takes --activation.")
    private Path network;

    @Option(
            names = "--initial",
            paramLabel = "NET0.npz|.safetensors",
            description =
                    "With --network: linearise this one, from which training started, and compare with the network"
                            + " that it became.")
    private Path initial;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

    @Option(
            names = "--kernel",
            paramLabel = "ntk|nngp|THETA.npy",
            description =
                    "Of an initialisation: all layers trained (ntk, the default) or the last one, which is the mean of"
                            + " the Gaussian process (nngp). Or, instead of one, the kernel of training inputs followed by"
                            + " test inputs, as .npy, .npz (one array) or .csv; takes --targets or --data for the"
                            + " targets.")
    private String kernel;

    @Option(
            names = "--test-kernel",
            paramLabel = "CROSS.npy",
            description =
                    "With --kernel THETA.npy of the training inputs alone: that of test inputs (rows) with training"
                            + " inputs (columns).")
    private Path testKernel;

    @Option(
            names = "--outputs",
            paramLabel = "full|trace|pseudo",
            description =
                    "With several outputs: all of them together with the kernel of all pairs (full, what --network"
                            + " takes by default), or each by itself with the trace or pseudo kernel. --kernel is for each"
                            + " by itself unless full.")
    private KernelForm outputs;

    @Mixin
    private TrainTestOptions selection = new TrainTestOptions();

    @Mixin
    private SolverOptions solvers = new SolverOptions();

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
                    "Train N networks for that time, or to t lambda_max/S = 1000 where it is infinite, and compare"
                            + " (default: ${DEFAULT-VALUE}).")
    private int networks;

    @Override
    public Integer call() throws IOException {
        if (!(time >= 0)) {
            throw new IllegalArgumentException("The training time must be a number >= 0, not " + time + ".");
        }
        boolean file = kernel != null && !isLimit();
        if (network != null && kernel != null) {
            throw new ParameterException(spec.commandLine(), "Give either --network or --kernel.");
        }
        if (!file) {
            GlobalOptions.refuseWithoutEffect(
                    spec, "without --kernel and the file of a kernel", List.of("--test-kernel"));
        }
        return network != null ? ofNetwork() : file ? ofKernel() : ofInitialization();
    }

    private boolean isLimit() {
        return kernel.equals("ntk") || kernel.equals("nngp");
    }

    /** What was asked for that takes the eigenvalues of the training kernel. */
    private List<String> takingEigenvalues() {
        List<String> names = new ArrayList<>();
        if (time < Double.POSITIVE_INFINITY) {
            names.add("--time " + time);
        }
        if (networks > 0) {
            names.add("--networks");
        }
        return names;
    }

    private int ofInitialization() {
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
        boolean nngp = "nngp".equals(kernel);
        if (nngp && !takingEigenvalues().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    takingEigenvalues().get(0) + " is about training all layers, and --kernel nngp about the last one"
                            + " alone, at convergence.");
        }
        TrainTestData data = selection.data();
        RandomNetwork random = new RandomNetwork(
                Architecture.constant(data.train().inputDim(), width, depth),
                activation,
                new Initialization(sigmaW2, sigmaB2));
        int samples = data.train().samples();
        SolverOptions.Solver solver = solvers.of((long) samples + data.tests(), takingEigenvalues());
        Optional<PredictionFile> output = solvers.output(root.options, selection.files());
        if (solver != SolverOptions.Solver.EIGEN) {
            return new SolvedRegression(root.options, solvers, solver)
                    .run(
                            new LimitKernels(random, data, nngp ? InfiniteWidth.Limit.NNGP : InfiniteWidth.Limit.NTK),
                            nngp ? "nngp" : "ntk",
                            Optional.of(data.train()),
                            data.train().targets(),
                            data.testTargets(),
                            ridge,
                            output);
        }
        Ntk ntk = root.options.ntk();
        if (nngp) {
            KernelRegression regression = ntk.regression(
                    TrainTestKernel.split(
                            ntk.infiniteWidth(random, data.jointInputs()).nngp(), samples),
                    ridge);
            print(
                    KernelAnswer.of(regression, data.train().targets(), data.testTargets(), time, ridge),
                    KernelAnswer.Document::prediction,
                    output,
                    "predictions at each test input");
            return 0;
        }
        InfiniteWidthRegression theory = ntk.regression(random, data, ridge);
        Optional<EnsembleComparison> ensemble =
                networks == 0 ? Optional.empty() : Optional.of(ensemble(random, data, theory));
        print(
                InfiniteWidthAnswer.of(data, theory, time, ridge, ensemble),
                InfiniteWidthAnswer.Document::predictions,
                output,
                "mean and variance at each test input");
        ensemble.filter(comparison -> comparison.diverged() > 0 && !root.options.json)
                .ifPresent(comparison -> root.options
                        .out()
                        .println("DIVERGED: the training of " + comparison.diverged() + " of "
                                + (comparison.networks() + comparison.diverged())
                                + " networks; what stands above is that of the others."));
        return 0;
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

    private int ofNetwork() throws IOException {
        GlobalOptions.refuseWithoutEffect(spec, "with --network, which gives the weights", INITIALIZATION);
        GlobalOptions.refuseWithoutEffect(
                spec, "with --network, which is the one to compare with", List.of("--networks"));
        solvers.refuseKernelFile("with --network; ntk kernel --memory writes its kernel into a file");
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
        int together = form.equals(KernelForm.FULL) ? start.architecture().outputs() : 1;
        SolverOptions.Solver solver =
                solvers.of(((long) data.train().samples() + data.tests()) * together, takingEigenvalues());
        Optional<PredictionFile> output = solvers.output(options, files(network, initial));
        if (solver != SolverOptions.Solver.EIGEN) {
            TrainTestData fitting = data.forOutputs(start.architecture().outputs());
            NetworkKernels kernels = new NetworkKernels(options.ntk(), start, fitting, form);
            return new SolvedRegression(options, solvers, solver)
                    .run(
                            kernels,
                            form.label(),
                            Optional.of(fitting.train()),
                            kernels.residual(),
                            fitting.testTargets(),
                            ridge,
                            output);
        }
        Ntk ntk = options.ntk();
        LinearizedNetwork linear = ntk.linearized(start, data, form, ridge);
        double[][] f = initial == null ? linear.initialTest() : ntk.outputs(real, data.testInputs());
        print(
                LinearizedAnswer.of(linear, form, f, initial != null, time, ridge),
                LinearizedAnswer.Document::prediction,
                output,
                "outputs of the linearised and of the real network at each test input");
        return 0;
    }

    private Path[] files(Path... more) {
        return Destination.and(selection.files(), more);
    }

    private int ofKernel() throws IOException {
        GlobalOptions.refuseWithoutEffect(
                spec,
                "with --kernel, which is all that is asked of a network",
                List.of("--activation", "--sigma-w2", "--sigma-b2", "--depth", "--width", "--networks", "--initial"));
        NetworkFileOptions.refuse(spec, "with --kernel");
        solvers.refuseKernelFile("with --kernel, which is in a file already");
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
        int samples = Math.multiplyExact(targets.count(), together);
        long tests = given.test().map(Targets::count).orElse(0);
        SolverOptions.Solver solver = solvers.of(samples + tests * together, takingEigenvalues());
        Path file = Path.of(kernel);
        Optional<PredictionFile> output = solvers.output(root.options, files(file, testKernel));
        if (solver != SolverOptions.Solver.EIGEN) {
            try (FileKernels kernels = new FileKernels(file, testKernel, samples)) {
                requireTests(given, kernels.size(), kernels.tests(), together);
                return new SolvedRegression(root.options, solvers, solver)
                        .run(kernels, "given", Optional.empty(), targets, given.test(), ridge, output);
            }
        }
        Kernel theta = Kernel.read(file);
        TrainTestKernel blocks = testKernel == null
                ? TrainTestKernel.split(theta, samples)
                : new TrainTestKernel(theta, Kernel.read(testKernel));
        requireTests(given, theta.rows() + " x " + theta.columns(), blocks.tests(), together);
        print(
                KernelAnswer.of(
                        root.options.ntk().regression(blocks, together, ridge), targets, given.test(), time, ridge),
                KernelAnswer.Document::prediction,
                output,
                "predictions at each test input");
        return 0;
    }

    private static void requireTests(TrainTestOptions.TrainTestTargets given, String size, int tests, int together) {
        Targets targets = given.train();
        given.test().ifPresent(y -> {
            if ((long) y.count() * together != tests || y.outputs() != targets.outputs()) {
                throw new IllegalArgumentException("Beside " + targets + " for training a " + size + " kernel takes "
                        + tests / together + " test targets of " + targets.outputs() + " output(s), not " + y + ".");
            }
        });
    }

    /** @param arrays what only JSON has */
    private <D extends Record> void print(
            D document, Function<D, double[][]> predictions, Optional<PredictionFile> output, String arrays) {
        output.ifPresent(file -> file.write(predictions.apply(document)));
        GlobalOptions options = root.options;
        if (options.json) {
            options.print(document);
        } else if (output.stream().noneMatch(PredictionFile::isStandardOutput)) {
            RecordText.print(document, options.out());
            options.out().println("(" + arrays + ": --json)");
        }
    }
}
