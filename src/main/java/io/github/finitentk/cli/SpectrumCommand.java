package io.github.finitentk.cli;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.SpectrumEstimate;
import io.github.finitentk.kernel.SpectrumEstimate.Density;
import io.github.finitentk.kernel.SpectrumEstimate.Method;
import io.github.finitentk.kernel.SpectrumEvaluation;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk spectrum}. */
@Example(
        does = "its largest eigenvalues",
        line = "ntk spectrum --network net.npz --inputs x.npy --activation relu --top 20")
@Example(
        does = "the density of all",
        line = "ntk spectrum --network net.npz --inputs x.npy --activation relu --density --probes 30 --json")
@Command(
        name = "spectrum",
        description =
                "The largest eigenvalues of a network's kernel on any number of inputs, and with --density where all"
                        + " of them lie: beyond 2,500 inputs without ever forming the kernel.")
final class SpectrumCommand implements Callable<Integer> {

    private static final int PROBES = 10;

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--network",
            required = true,
            paramLabel = "NET.npz|.safetensors",
            description = "The network, as ntk kernel --network reads it.")
    private Path network;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

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
            names = "--outputs",
            paramLabel = "full|trace|pseudo|K",
            description =
                    "Of K outputs: all pairs, S K eigenvalues (full), the mean of their kernels (trace, the default),"
                            + " the kernel of their sum over sqrt(K) (pseudo), or one output, counted from 0.")
    private KernelForm outputs = KernelForm.TRACE;

    @Option(names = "--no-biases", description = "Biases do not count, because they are frozen or there are none.")
    private boolean noBiases;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "10",
            description = "How many of the largest eigenvalues, at most 100 (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--density",
            description = "Also where all eigenvalues lie, their sum and that of their logarithms.")
    private boolean density;

    @Option(
            names = "--probes",
            paramLabel = "N",
            description =
                    "With --density, where the kernel is not formed: random vectors to estimate it with, 80 products"
                            + " each (default: "
                            + PROBES + ").")
    private Integer probes;

    @Option(
            names = "--method",
            completionCandidates = OptionTypes.SpectrumMethods.class,
            paramLabel = "dense|lanczos",
            description =
                    "From the kernel matrix, or by products J (J^T v) without it (default: dense up to 2,500 rows).")
    private Method method;

    @Override
    public Integer call() {
        if (!density) {
            GlobalOptions.refuseWithoutEffect(command, "without --density", List.of("--probes"));
        }
        if (method == Method.DENSE) {
            GlobalOptions.refuseWithoutEffect(
                    command, "with --method dense, which needs no random vectors", List.of("--probes"));
        }
        Network net = networkFile.read(network, activation, root.options);
        Inputs x = Inputs.read(inputs, net.architecture().inputDim());
        LayerRates rates = LayerRates.standard(net.architecture());
        SpectrumEvaluation evaluation = root.options
                .ntk()
                .spectrum(net, x)
                .form(outputs)
                .rates(noBiases ? rates.withoutBiases() : rates)
                .top(top)
                .seed(root.options.seed());
        if (method != null) {
            evaluation.method(method);
        }
        if (density) {
            evaluation.density(probes == null ? PROBES : probes);
        }
        SpectrumEstimate spectrum = evaluation.evaluate();
        if (probes != null && spectrum.method() == Method.DENSE) {
            root.options.message("ntk: this kernel is small enough to be decomposed; --probes had no effect.");
        }
        if (root.options.json) {
            root.options.print(new Document(
                    spectrum.order(),
                    spectrum.method().label(),
                    spectrum.eigenvalues(),
                    spectrum.residuals(),
                    spectrum.density(),
                    spectrum.products()));
        } else {
            print(spectrum, root.options.out());
        }
        return 0;
    }

    private record Document(
            int order,
            String method,
            List<Double> eigenvalues,
            List<Double> residuals,
            Optional<Density> density,
            long products) {}

    private void print(SpectrumEstimate spectrum, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d of %d eigenvalues, %s%n",
                spectrum.eigenvalues().size(),
                spectrum.order(),
                spectrum.method() == Method.DENSE
                        ? "from the kernel matrix"
                        : "by " + spectrum.products() + " products with a kernel that was not formed");
        double trace = spectrum.density().map(all -> all.trace().value()).orElse(Double.NaN);
        for (int k = 0; k < spectrum.eigenvalues().size(); k++) {
            double value = spectrum.eigenvalues().get(k);
            out.printf(Locale.ROOT, "%6d %16.10g", k + 1, value);
            out.println(
                    Double.isNaN(trace)
                            ? ""
                            : String.format(Locale.ROOT, "  %6.2f %% of the trace", 100 * value / trace));
        }
        spectrum.density().ifPresent(all -> print(all, out));
    }

    private void print(Density all, PrintWriter out) {
        out.println("trace           " + words(all.trace()));
        out.println("log-determinant " + words(all.logDeterminant()));
        if (density) {
            out.printf(Locale.ROOT, "%12s %12s   eigenvalues%n", "above", "up to");
            all.bins()
                    .forEach(bin ->
                            out.printf(Locale.ROOT, "%12.4g %12.4g   %s%n", bin.from(), bin.to(), words(bin.count())));
        }
    }

    private static String words(SpectrumEstimate.Estimate estimate) {
        return String.format(Locale.ROOT, "%.6g", estimate.value())
                + (estimate.error() == 0 ? "" : String.format(Locale.ROOT, " +- %.2g", estimate.error()));
    }
}
