package io.github.finitentk.cli;

import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.NpyFile;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.meanfield.InfiniteWidthKernel;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.Parametrization;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.report.JsonWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk kernel}. */
@Command(
        name = "kernel",
        description = {
            "The empirical NTK of a given network (--network), for example one trained in PyTorch,",
            "or the infinite-width kernels of an initialisation (--infinite)."
        })
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

    @Option(names = "--inputs", required = true, paramLabel = "X.npy", description = "Inputs: S x M_0.")
    private Path inputs;

    @Option(names = "--activation", required = true, paramLabel = "A", description = "relu, tanh, erf, ...")
    private String activation;

    @Option(
            names = "--precision",
            paramLabel = "f32|f64",
            defaultValue = "f64",
            description = "Number type of the network's states (default: f64).")
    private String precision;

    @Option(names = "--output", paramLabel = "THETA.npy", description = "Write the NTK, S x S, to this file.")
    private Path output;

    @Option(names = "--sigma-w2", paramLabel = "X", description = "Weight variance, with --infinite.")
    private Double sigmaW2;

    @Option(names = "--sigma-b2", paramLabel = "Y", description = "Bias variance, with --infinite.")
    private Double sigmaB2;

    @Option(names = "--depth", paramLabel = "L", description = "Number of weight layers, with --infinite.")
    private Integer depth;

    @Option(names = "--width", paramLabel = "M", description = "Hidden width, with --infinite.")
    private Integer width;

    @Option(
            names = "--parametrization",
            paramLabel = "standard|ntk",
            defaultValue = "STANDARD",
            description = "With --infinite: standard (default) or NTK parametrisation.")
    private Parametrization parametrization;

    @Override
    public Integer call() {
        if (infinite == (network != null)) {
            throw new ParameterException(spec.commandLine(), "Give either --network NET.npz or --infinite.");
        }
        Activation phi = Activations.parse(activation);
        Precision numberType = Precision.parse(precision);
        if (output != null) {
            Files.output(output);
        }
        if (infinite) {
            infiniteWidth(phi);
        } else {
            empirical(phi, numberType);
        }
        return 0;
    }

    private void empirical(Activation phi, Precision numberType) {
        GlobalOptions options = root.options;
        Network net = Network.read(network);
        double[] x = readInputs(inputs, net.architecture().inputDim());
        EmpiricalNtk ntk = EmpiricalNtk.of(net, phi, x, numberType, options.backend(), options.workers());
        write(ntk.theta(), ntk.inputs());
        if (options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("theta", rows(ntk.theta(), ntk.inputs()));
            document.put("outputs", ntk.outputs());
            options.out().println(JsonWriter.toString(document));
        } else {
            print("Theta", ntk.theta(), ntk.inputs(), options.out());
            if (ntk.inputs() <= MAX_PRINTED) {
                options.out().println("outputs " + line(ntk.outputs()));
            }
        }
    }

    private void infiniteWidth(Activation phi) {
        if (sigmaW2 == null || sigmaB2 == null || depth == null || width == null) {
            throw new ParameterException(
                    spec.commandLine(), "--infinite needs --sigma-w2, --sigma-b2, --depth and --width.");
        }
        NpyArray file = NpyFile.read(inputs);
        Architecture architecture =
                Architecture.constant(file.rank() == 2 ? file.columns() : Math.max(1, file.size()), width, depth);
        double[] x = readInputs(inputs, architecture.inputDim());
        int samples = x.length / architecture.inputDim();
        InfiniteWidthKernel kernel = InfiniteWidthKernel.of(
                x,
                samples,
                architecture,
                new MeanField(phi, new Initialization(sigmaW2, sigmaB2)),
                parametrization,
                root.options.workers());
        write(kernel.ntk(), samples);
        if (root.options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("ntk", rows(kernel.ntk(), samples));
            document.put("nngp", rows(kernel.nngp(), samples));
            if (parametrization == Parametrization.STANDARD) {
                document.put("kappa1", kernel.kappa1());
                document.put("kappa2", rows(kernel.kappa2(), samples));
                document.put("alpha", kernel.alpha());
            }
            root.options.out().println(JsonWriter.toString(document));
        } else {
            print("NTK", kernel.ntk(), samples, root.options.out());
            print("NNGP", kernel.nngp(), samples, root.options.out());
        }
    }

    private void write(double[] theta, int samples) {
        if (output != null) {
            NpyFile.write(output, NpyArray.of(theta, samples, samples));
            root.options.message("Wrote " + output + ": the NTK, " + samples + " x " + samples + ", float64.");
        }
    }

    /** An S x n_0 matrix from a file, row-major; a vector of length n_0 is one input. */
    private static double[] readInputs(Path file, int inputDim) {
        NpyArray x = NpyFile.read(file);
        int dim = x.rank() == 2 ? x.columns() : x.size();
        if (x.rank() < 1 || x.rank() > 2 || dim != inputDim || x.size() == 0) {
            throw new IllegalArgumentException("The inputs in " + file + " have shape " + x.shapeText()
                    + ", but this network takes S x " + inputDim + " with S >= 1.");
        }
        x.requireFinite(file.toString());
        return x.data();
    }

    private static double[][] rows(double[] matrix, int samples) {
        double[][] rows = new double[samples][];
        for (int s = 0; s < samples; s++) {
            rows[s] = Arrays.copyOfRange(matrix, s * samples, (s + 1) * samples);
        }
        return rows;
    }

    private static void print(String name, double[] matrix, int samples, PrintWriter out) {
        out.printf("%s is %d x %d%n", name, samples, samples);
        if (samples > MAX_PRINTED) {
            double trace = 0;
            for (int i = 0; i < samples; i++) {
                trace += matrix[i * samples + i];
            }
            out.printf(
                    Locale.ROOT, "mean of the diagonal %.6g; --json or --output give all entries%n", trace / samples);
            return;
        }
        for (double[] row : rows(matrix, samples)) {
            out.println(line(row));
        }
    }

    private static String line(double[] values) {
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            line.append(String.format(Locale.ROOT, "%14.6g", value));
        }
        return line.toString();
    }
}
