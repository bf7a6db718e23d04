package io.github.finitentk.cli;

import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.NpyFile;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk kernel}. */
@Command(name = "kernel", description = "The empirical NTK of a given network, for example one trained in PyTorch.")
final class KernelCommand implements Callable<Integer> {

    private static final int MAX_PRINTED = 8;

    @ParentCommand
    private NtkCommand root;

    @Option(
            names = "--network",
            required = true,
            paramLabel = "NET.npz",
            description = "Parameters: arrays W1, b1, ..., WL, bL, where Wl is M_l x M_{l-1}.")
    private Path network;

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

    @Option(names = "--output", paramLabel = "THETA.npy", description = "Write the kernel, S x S, to this file.")
    private Path output;

    @Override
    public Integer call() {
        Activation phi = Activations.parse(activation);
        Precision numberType = Precision.parse(precision);
        if (output != null) {
            Files.output(output);
        }
        Network net = Network.read(network);
        double[] x = readInputs(inputs, net.architecture().inputDim());
        GlobalOptions options = root.options;
        EmpiricalNtk ntk = EmpiricalNtk.of(net, phi, x, numberType, options.backend(), options.workers());
        if (output != null) {
            NpyFile.write(output, NpyArray.of(ntk.theta(), ntk.inputs(), ntk.inputs()));
            options.message("Wrote " + output + ": the kernel, " + ntk.inputs() + " x " + ntk.inputs() + ", float64.");
        }
        if (options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("theta", rows(ntk));
            document.put("outputs", ntk.outputs());
            options.out().println(JsonWriter.toString(document));
        } else {
            print(ntk, options.out());
        }
        return 0;
    }

    /** An S x n_0 matrix from a file, row-major; a vector of length n_0 is one input. */
    static double[] readInputs(Path file, int inputDim) {
        NpyArray x = NpyFile.read(file);
        int dim = x.rank() == 2 ? x.columns() : x.size();
        if (x.rank() < 1 || x.rank() > 2 || dim != inputDim || x.size() == 0) {
            throw new IllegalArgumentException("The inputs in " + file + " have shape " + x.shapeText()
                    + ", but this network takes S x " + inputDim + " with S >= 1.");
        }
        x.requireFinite(file.toString());
        return x.data();
    }

    private static double[][] rows(EmpiricalNtk ntk) {
        double[][] rows = new double[ntk.inputs()][];
        for (int s = 0; s < rows.length; s++) {
            rows[s] = Arrays.copyOfRange(ntk.theta(), s * rows.length, (s + 1) * rows.length);
        }
        return rows;
    }

    private static void print(EmpiricalNtk ntk, PrintWriter out) {
        int s = ntk.inputs();
        out.printf("Theta is %d x %d%n", s, s);
        if (s > MAX_PRINTED) {
            double trace = 0;
            for (int i = 0; i < s; i++) {
                trace += ntk.theta()[i * s + i];
            }
            out.printf(Locale.ROOT, "mean of the diagonal %.6g; --json or --output give all entries%n", trace / s);
            return;
        }
        for (double[] row : rows(ntk)) {
            out.println(line(row));
        }
        out.println("outputs " + line(ntk.outputs()));
    }

    private static String line(double[] values) {
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            line.append(String.format(Locale.ROOT, "%14.6g", value));
        }
        return line.toString();
    }
}
