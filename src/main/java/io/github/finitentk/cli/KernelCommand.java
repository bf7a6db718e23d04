package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/** {@code ntk kernel}. */
@Example(
        does = "a matrix for NumPy",
        line = "ntk kernel --network net.npz --inputs x.npy --activation relu --output theta.npy")
@Example(
        does = "test by training inputs",
        line = "ntk kernel --network net.npz --inputs x_test.npy --versus x.npy --activation relu --output cross.npy")
@Example(
        does = "what each layer contributes",
        line = "ntk kernel --network net.npz --inputs x.npy --activation relu --no-biases --by-layer")
@Example(
        does = "block by block, in so much memory",
        line = "ntk kernel --network net.npz --inputs x.npy --activation relu --precision f32 --memory 1g --output"
                + " large.npy")
@Example(
        does = "of infinite width",
        line = "ntk kernel --infinite --inputs x.npy --activation erf --sigma-w2 2 --sigma-b2 0.1 --depth 5 --width"
                + " 300")
@Command(
        name = "kernel",
        description = "The empirical NTK of a given network, for example one trained in PyTorch (--network), or the"
                + " infinite-width kernels of an initialisation (--infinite).")
final class KernelCommand implements Callable<Integer> {

    private static final int MAX_PRINTED = 8;

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--network",
            paramLabel = "NET.npz|.safetensors",
            description =
                    "Weights and biases, named as by PyTorch, Keras, Flax or scikit-learn, or W1, b1, ..., WL, bL,"
                            + " where Wl is M_l x M_{l-1}; several outputs: --outputs.")
    private Path network;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

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
            names = "--versus",
            paramLabel = "Z.npy",
            description =
                    "With --network, or --infinite --memory: the rectangular kernel Theta(X, Z) with these inputs for"
                            + " its columns.")
    private Path versus;

    @Option(
            names = "--outputs",
            paramLabel = "full|diagonal|trace|pseudo|K",
            description =
                    "With --network of K outputs: all pairs of outputs, S K x S K (full); each with itself, K x S x S"
                            + " (diagonal); the mean of these (trace, the default); the kernel of their sum over sqrt(K)"
                            + " (pseudo); or one output, counted from 0.")
    private KernelForm outputs;

    @Option(
            names = "--no-biases",
            description = "With --network: biases do not count, because they are frozen or there are none.")
    private boolean noBiases;

    @Option(
            names = "--layers",
            paramLabel = "1,3-5",
            description = "With --network: these layers alone, all others frozen.")
    private LayerNumbers layers;

    @Option(names = "--by-layer", description = "With --network: the kernel of each layer alone, L of them.")
    private boolean byLayer;

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
            description = "Write the NTK to this file; with --infinite the NNGP, too: in the same .npz, or beside it"
                    + " as THETA-nngp.npy or .csv (with --memory: behind it, 2 x S x S). - is standard output.")
    private Path output;

    @Option(
            names = "--sigma-w2",
            paramLabel = "X",
            description = "Weight variance sigma_w^2, with --infinite or --parametrization ntk.")
    private Double sigmaW2;

    @Option(
            names = "--sigma-b2",
            paramLabel = "Y",
            description = "Bias variance sigma_b^2, with --infinite or --parametrization ntk.")
    private Double sigmaB2;

    @Option(names = "--depth", paramLabel = "L", description = "With --infinite: number of weight layers.")
    private Integer depth;

    @Option(names = "--width", paramLabel = "M", description = "With --infinite: hidden width.")
    private Integer width;

    @Option(
            names = "--parametrization",
            paramLabel = "standard|ntk",
            defaultValue = "standard",
            description = "Standard parametrisation, or NTK parametrisation of the same function: W^l ="
                    + " sigma_w/sqrt(M_{l-1}) omega and b^l = sigma_b beta with omega and beta trained (default:"
                    + " ${DEFAULT-VALUE}).")
    private InfiniteWidth.Parametrization parametrization;

    @Mixin
    private LargeKernelOptions large = new LargeKernelOptions();

    @Override
    public Integer call() {
        if (infinite == (network != null)) {
            throw new ParameterException(spec.commandLine(), "Give either --network NET.npz or --infinite.");
        }
        GlobalOptions.refuseWithoutEffect(
                spec,
                infinite ? "with --infinite" : "with --network, which gives the weights",
                infinite
                        ? List.of("--precision", "--outputs", "--no-biases", "--layers", "--by-layer")
                        : List.of("--depth", "--width"));
        if (infinite) {
            NetworkFileOptions.refuse(spec, "with --infinite");
            if (large.isAsked()) {
                return writeLargeInfiniteWidth();
            }
            GlobalOptions.refuseWithoutEffect(spec, "with --infinite without --memory", List.of("--versus"));
            infiniteWidth();
            return 0;
        }
        requireEffect();
        if (large.isAsked()) {
            return writeLarge();
        }
        empirical();
        return 0;
    }

    // What is asked for, with whoever computes.
    private Function<Ntk, KernelEvaluation> asked(Network net) {
        int dimension = net.architecture().inputDim();
        Inputs rows = Inputs.read(inputs, dimension);
        Optional<Inputs> columns = Optional.ofNullable(versus).map(path -> Inputs.read(path, dimension));
        return ntk -> {
            KernelEvaluation asked =
                    ntk.empirical(net, rows).precision(precision).rates(rates(net.architecture()));
            if (outputs != null) {
                asked.form(outputs);
            }
            columns.ifPresent(asked::versus);
            return asked;
        };
    }

    private int writeLarge() {
        Function<Ntk, KernelEvaluation> asked = asked(networkFile.read(network, activation, root.options));
        return large.write(
                asked.andThen(byLayer ? KernelEvaluation::streamByLayer : KernelEvaluation::stream),
                "the NTK",
                output,
                precision,
                root.options,
                network,
                inputs,
                versus);
    }

    private void empirical() {
        GlobalOptions options = root.options;
        KernelFile file = file("theta");
        Network net = networkFile.read(network, activation, options);
        KernelEvaluation asked = asked(net).apply(options.ntk());
        if (file != null) {
            boolean byOutput = outputs != null
                    && KernelStack.isByOutput(outputs, net.architecture().outputs());
            file.requireRank(2 + (byLayer ? 1 : 0) + (byOutput ? 1 : 0));
        }
        List<EmpiricalNtk> kernels = evaluate(asked);
        KernelStack stack = new KernelStack(kernels, byLayer);
        stack.requireFinite();
        if (file != null) {
            file.write(Map.of("theta", stack.array()));
        }
        if (options.json) {
            options.print(new Empirical(stack.nested(), stack.shape(), stack.outputs()));
        } else if (file == null || !file.isStandardOutput()) {
            print(stack, options.out());
        }
    }

    private List<EmpiricalNtk> evaluate(KernelEvaluation asked) {
        try {
            LargeKernelOptions.requireArray(asked.stream());
            return byLayer ? asked.byLayer() : List.of(asked.evaluate());
        } catch (InsufficientMemoryException e) {
            throw LargeKernelOptions.cured(e);
        }
    }

    private void requireEffect() {
        boolean ntk = parametrization == InfiniteWidth.Parametrization.NTK;
        if (!ntk) {
            GlobalOptions.refuseWithoutEffect(
                    spec, "with --network without --parametrization ntk", List.of("--sigma-w2", "--sigma-b2"));
        }
        if (noBiases) {
            GlobalOptions.refuseWithoutEffect(spec, "with --no-biases", List.of("--sigma-b2"));
        }
        if (byLayer) {
            GlobalOptions.refuseWithoutEffect(spec, "with --by-layer, which gives all of them", List.of("--layers"));
        }
        if (ntk && (sigmaW2 == null || sigmaB2 == null && !noBiases)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--parametrization ntk of --network needs --sigma-w2 and --sigma-b2 (or --no-biases): they say"
                            + " what its weights and biases were scaled by.");
        }
    }

    private LayerRates rates(Architecture architecture) {
        LayerRates rates = parametrization == InfiniteWidth.Parametrization.STANDARD
                ? LayerRates.standard(architecture)
                : LayerRates.ntkParametrization(
                        architecture, new Initialization(sigmaW2, sigmaB2 == null ? 0 : sigmaB2));
        LayerRates counted = noBiases ? rates.withoutBiases() : rates;
        return layers == null ? counted : counted.only(layers.layers());
    }

    private void requireInitialization() {
        if (sigmaW2 == null || sigmaB2 == null || depth == null || width == null) {
            throw new ParameterException(
                    spec.commandLine(), "--infinite needs --sigma-w2, --sigma-b2, --depth and --width.");
        }
    }

    private RandomNetwork law(int dimension) {
        return new RandomNetwork(
                Architecture.constant(dimension, width, depth), activation, new Initialization(sigmaW2, sigmaB2));
    }

    private int writeLargeInfiniteWidth() {
        requireInitialization();
        Inputs rows = Inputs.read(inputs);
        RandomNetwork law = law(rows.dimension());
        Optional<Inputs> columns = Optional.ofNullable(versus).map(path -> Inputs.read(path, rows.dimension()));
        return large.write(
                ntk -> columns.map(others -> ntk.infiniteWidthStream(law, rows, others, parametrization))
                        .orElseGet(() -> ntk.infiniteWidthStream(law, rows, parametrization)),
                "the NTK, then the NNGP",
                output,
                Precision.F64,
                root.options,
                inputs,
                versus);
    }

    private void infiniteWidth() {
        requireInitialization();
        GlobalOptions options = root.options;
        KernelFile file = file("ntk", "nngp");
        Inputs x = Inputs.read(inputs);
        InfiniteWidth kernel = options.ntk().infiniteWidth(law(x.dimension()), x, parametrization);
        Map<String, NpyArray> kernels = new LinkedHashMap<>();
        kernels.put("ntk", kernel.ntk().toNpy());
        kernels.put("nngp", kernel.nngp().toNpy());
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
        return output == null ? null : new KernelFile(output, root.options, List.of(kernels), network, inputs, versus);
    }

    private record Empirical(Object theta, int[] shape, Object outputs) {}

    private record Infinite(
            Iterable<double[]> ntk,
            Iterable<double[]> nngp,
            Optional<double[]> kappa1,
            Optional<Iterable<double[]>> kappa2,
            Optional<Double> alpha) {

        /** @param split whether the NTK is split into kappa_1 and kappa_2, which other parametrisations do not do */
        Infinite(InfiniteWidth kernel, boolean split) {
            this(
                    KernelStack.rows(kernel.ntk()),
                    KernelStack.rows(kernel.nngp()),
                    split ? Optional.of(kernel.kappa1()) : Optional.empty(),
                    split ? Optional.of(KernelStack.rows(kernel.kappa2())) : Optional.empty(),
                    split ? Optional.of(kernel.alpha()) : Optional.empty());
        }
    }

    private static void print(KernelStack stack, PrintWriter out) {
        List<Kernel> kernels = stack.kernels();
        for (int i = 0; i < kernels.size(); i++) {
            print(stack.titles().get(i), kernels.get(i), out);
        }
        if (stack.outputs() instanceof double[] f && f.length <= MAX_PRINTED) {
            out.println("outputs " + line(f));
        } else if (stack.outputs() instanceof double[][] f && f.length <= MAX_PRINTED) {
            out.println("outputs");
            for (double[] row : f) {
                out.println(line(row));
            }
        }
    }

    private static void print(String name, Kernel kernel, PrintWriter out) {
        out.printf(Locale.ROOT, "%s is %d x %d%n", name, kernel.rows(), kernel.columns());
        if (kernel.rows() > MAX_PRINTED) {
            if (kernel.rows() == kernel.columns()) {
                out.printf(
                        Locale.ROOT,
                        "mean of the diagonal %.6g; ",
                        kernel.statistics().meanDiagonal());
            }
            out.println("--json or --output give all entries");
            return;
        }
        KernelStack.rows(kernel).forEach(row -> out.println(line(row)));
    }

    private static String line(double[] values) {
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            line.append(Double.isNaN(value) ? " ".repeat(13) + "-" : String.format(Locale.ROOT, "%14.6g", value));
        }
        return line.toString();
    }
}
