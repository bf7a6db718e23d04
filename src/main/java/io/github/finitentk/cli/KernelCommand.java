package io.github.finitentk.cli;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk kernel}. */
@Command(
        name = "kernel",
        description =
                "The empirical NTK of a given network, for example one trained in PyTorch (--network), or the infinite-width"
                        + " kernels of an initialisation (--infinite).")
final class KernelCommand implements Callable<Integer> {

    private static final int MAX_PRINTED = 8;

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--network",
            paramLabel = "NET.npz",
            description = "Parameters: arrays W1, b1, ..., WL, bL, where Wl is M_l x M_{l-1}.")
    private Path network;

    @Option(
            names = "--infinite",
            description =
                    "The NNGP and NTK in the infinite-width limit; takes --sigma-w2, --sigma-b2, --depth, --width.")
    private boolean infinite;

    @Option(
            names = "--inputs",
            required = true,
            paramLabel = "X.npy",
            description = "Inputs: S x M_0, as .npy, .npz (one array) or .csv.")
    private Path inputs;

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Option(
            names = "--precision",
            completionCandidates = OptionTypes.Precisions.class,
            paramLabel = "f32|f64",
            defaultValue = "f64",
            description = "With --network: number type of its states (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(
            names = "--output",
            paramLabel = "THETA.npy|.csv|.npz",
            description =
                    "Write the NTK, S x S, to this file; with --infinite the NNGP, too: in the same .npz, or beside it"
                            + " as THETA-nngp.npy or .csv. - is standard output.")
    private Path output;

    @Option(names = "--sigma-w2", paramLabel = "X", description = "With --infinite: weight variance sigma_w^2.")
    private Double sigmaW2;

    @Option(names = "--sigma-b2", paramLabel = "Y", description = "With --infinite: bias variance sigma_b^2.")
    private Double sigmaB2;

    @Option(names = "--depth", paramLabel = "L", description = "With --infinite: number of weight layers.")
    private Integer depth;

    @Option(names = "--width", paramLabel = "M", description = "With --infinite: hidden width.")
    private Integer width;

    @Option(
            names = "--parametrization",
            paramLabel = "standard|ntk",
            defaultValue = "standard",
            description = "With --infinite: standard or NTK parametrisation (default: ${DEFAULT-VALUE}).")
    private InfiniteWidth.Parametrization parametrization;

    @Override
    public Integer call() {
        if (infinite == (network != null)) {
            throw new ParameterException(spec.commandLine(), "Give either --network NET.npz or --infinite.");
        }
        GlobalOptions.refuseWithoutEffect(
                spec,
                infinite ? "with --infinite" : "with --network, which gives the weights",
                infinite
                        ? List.of("--precision")
                        : List.of("--sigma-w2", "--sigma-b2", "--depth", "--width", "--parametrization"));
        if (infinite) {
            infiniteWidth();
        } else {
            empirical();
        }
        return 0;
    }

    private void empirical() {
        GlobalOptions options = root.options;
        KernelFile file = file("theta");
        Network net = Network.read(network).with(activation);
        Inputs x = Inputs.read(inputs, net.architecture().inputDim());
        EmpiricalNtk ntk = options.ntk().empirical(net, x).precision(precision).evaluate();
        requireFinite(ntk.theta());
        Map<String, Kernel> kernels = Map.of("theta", ntk.theta());
        if (file != null) {
            file.write(kernels);
        }
        if (options.json) {
            options.print(new Empirical(rows(ntk.theta()), ntk.output(0)));
        } else if (file == null || !file.isStandardOutput()) {
            print("Theta", ntk.theta(), options.out());
            if (ntk.theta().rows() <= MAX_PRINTED) {
                options.out().println("outputs " + line(ntk.output(0)));
            }
        }
    }

    private void infiniteWidth() {
        if (sigmaW2 == null || sigmaB2 == null || depth == null || width == null) {
            throw new ParameterException(
                    spec.commandLine(), "--infinite needs --sigma-w2, --sigma-b2, --depth and --width.");
        }
        GlobalOptions options = root.options;
        KernelFile file = file("ntk", "nngp");
        Inputs x = Inputs.read(inputs);
        RandomNetwork network = new RandomNetwork(
                Architecture.constant(x.dimension(), width, depth), activation, new Initialization(sigmaW2, sigmaB2));
        InfiniteWidth kernel = options.ntk().infiniteWidth(network, x, parametrization);
        Map<String, Kernel> kernels = new LinkedHashMap<>();
        kernels.put("ntk", kernel.ntk());
        kernels.put("nngp", kernel.nngp());
        if (file != null) {
            file.write(kernels);
        }
        if (!kernel.nngp().isFinite()) {
            options.message(
                    "Entries of the NNGP kernel are not 0 but lie below the smallest double (4.9e-324); they are "
                            + (options.json ? "null." : "printed as -."));
        }
        if (options.json) {
            options.print(new Infinite(kernel, parametrization == InfiniteWidth.Parametrization.STANDARD));
        } else if (file == null || !file.isStandardOutput()) {
            print("NTK", kernel.ntk(), options.out());
            print("NNGP", kernel.nngp(), options.out());
        }
    }

    private KernelFile file(String... kernels) {
        return output == null ? null : new KernelFile(output, root.options, List.of(kernels), network, inputs);
    }

    private record Empirical(Iterable<double[]> theta, double[] outputs) {}

    private record Infinite(
            Iterable<double[]> ntk,
            Iterable<double[]> nngp,
            Optional<double[]> kappa1,
            Optional<Iterable<double[]>> kappa2,
            Optional<Double> alpha) {

        /** @param split whether the NTK is split into kappa_1 and kappa_2, which other parametrisations do not do */
        Infinite(InfiniteWidth kernel, boolean split) {
            this(
                    rows(kernel.ntk()),
                    rows(kernel.nngp()),
                    split ? Optional.of(kernel.kappa1()) : Optional.empty(),
                    split ? Optional.of(rows(kernel.kappa2())) : Optional.empty(),
                    split ? Optional.of(kernel.alpha()) : Optional.empty());
        }
    }

    // Numbers that have left the range of a double say nothing about the network.
    private static void requireFinite(Kernel theta) {
        if (!theta.isFinite()) {
            double entry = Arrays.stream(theta.toArray())
                    .filter(each -> !Double.isFinite(each))
                    .findFirst()
                    .orElseThrow();
            throw new ArithmeticException("The kernel of this network leaves the range of a double (an entry is "
                    + entry + "): its weights, its depth or its inputs are too large.");
        }
    }

    private static Iterable<double[]> rows(Kernel kernel) {
        return () -> IntStream.range(0, kernel.rows()).mapToObj(kernel::row).iterator();
    }

    private static void print(String name, Kernel kernel, PrintWriter out) {
        out.printf(Locale.ROOT, "%s is %d x %d%n", name, kernel.rows(), kernel.columns());
        if (kernel.rows() > MAX_PRINTED) {
            out.printf(
                    Locale.ROOT,
                    "mean of the diagonal %.6g; --json or --output give all entries%n",
                    kernel.statistics().meanDiagonal());
            return;
        }
        rows(kernel).forEach(row -> out.println(line(row)));
    }

    private static String line(double[] values) {
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            line.append(Double.isNaN(value) ? " ".repeat(13) + "-" : String.format(Locale.ROOT, "%14.6g", value));
        }
        return line.toString();
    }
}
