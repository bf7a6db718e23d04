package io.github.finitentk.cli;

import io.github.finitentk.experiment.VarianceCell;
import io.github.finitentk.experiment.VarianceExperiment;
import io.github.finitentk.experiment.VarianceRow;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk variance}. */
@Command(
        name = "variance",
        description = "How random is the NTK at initialisation? Estimates E[Theta(x,x)^2] / E[Theta(x,x)]^2.")
final class VarianceCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(names = "--draws", paramLabel = "N", defaultValue = "200", description = "Networks drawn (default: 200).")
    private int draws;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "auto",
            description = "auto (default): exact for ReLU, else rao-blackwell or smc; exact, chain, conditional,"
                    + " rao-blackwell, smc; weights: draw whole networks.")
    private String method;

    @Option(names = "--input-norm2", paramLabel = "Z", description = "|x|^2 (default: the input dimension).")
    private Double inputNorm2;

    @Override
    public Integer call() {
        Method chosen = Method.parse(method);
        VarianceCell cell = new VarianceCell(
                network.activation(),
                network.initialization().sigmaW2(),
                network.initialization().sigmaB2(),
                network.depth(),
                network.width(),
                network.inputDim(),
                inputNorm2 == null ? network.inputDim() : inputNorm2);
        GlobalOptions options = root.options;
        VarianceRow row =
                new VarianceExperiment(options.backend(), options.workers(), options.seed, draws, chosen).run(cell);
        if (options.json) {
            options.out().println(JsonWriter.toString(document(row)));
        } else {
            print(row);
        }
        return 0;
    }

    private static Map<String, Object> document(VarianceRow row) {
        RatioEstimate estimate = row.estimate();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("method", row.method());
        document.put("reason", estimate.reason());
        document.put("draws", estimate.draws());
        document.put("mean", estimate.mean().doubleValue());
        document.put("second_moment", estimate.secondMoment().doubleValue());
        document.put("ratio", estimate.ratio());
        document.put("ratio_ci", List.of(estimate.lower(), estimate.upper()));
        document.put("tail_share", estimate.tailShare());
        document.put("heavy_tailed", estimate.heavyTailed());
        document.put("input_norm2", row.cell().inputNorm2());
        document.put("seconds", row.seconds());
        return document;
    }

    private void print(VarianceRow row) {
        RatioEstimate e = row.estimate();
        root.options
                .out()
                .printf(
                        Locale.ROOT,
                        "E[Theta^2]/E[Theta]^2 = %.6g   %s%n" + "E[Theta]   = %.6g%nE[Theta^2] = %.6g%n"
                                + "%d draws by method %s (%s), |x|^2 = %s, seed %d, %.3f s%n",
                        e.ratio(),
                        e.interval()
                                .map(i ->
                                        String.format(Locale.ROOT, "95 %% interval [%.6g, %.6g]", i.lower(), i.upper()))
                                .orElse("no interval: the tail is too heavy"),
                        e.mean().doubleValue(),
                        e.secondMoment().doubleValue(),
                        e.draws(),
                        row.method(),
                        e.reason(),
                        row.cell().inputNorm2(),
                        root.options.seed,
                        row.seconds());
        if (e.heavyTailed()) {
            root.options
                    .out()
                    .printf(
                            Locale.ROOT,
                            "Heavy tail: one draw carries %.0f %% of the second moment. The ratio is probably too low;"
                                    + " try --method smc.%n",
                            100 * e.tailShare());
        }
    }
}
