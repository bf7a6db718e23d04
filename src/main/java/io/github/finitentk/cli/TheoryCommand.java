package io.github.finitentk.cli;

import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.model.Architecture;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk theory}. */
@Command(
        name = "theory",
        description = "Mean-field theory of a network: signal propagation by layer, phase, infinite-width kernels.")
final class TheoryCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--q0",
            paramLabel = "Q",
            defaultValue = "1",
            description = "|x|^2 / M_0 (default: ${DEFAULT-VALUE}).")
    private double q0;

    @Option(
            names = "--c0",
            paramLabel = "C",
            defaultValue = "0.5",
            description = "Correlation of the inputs, -1/(S-1) to 1 (default: ${DEFAULT-VALUE}).")
    private double c0;

    @Option(
            names = "--samples",
            paramLabel = "S",
            defaultValue = "128",
            description = "Training inputs, for the largest stable learning rate (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Override
    public Integer call() {
        LearningRate.requirePossible(c0, samples);
        Architecture architecture = network.network().architecture();
        MeanField theory = new MeanField(network.activation(), network.initialization());
        PairPropagation pair = theory.propagate(q0, q0, c0, network.depth());
        PhaseAnalysis phase = PhaseAnalysis.of(theory, q0, c0);
        Map<String, Object> document = document(architecture, pair, phase);
        if (document.values().stream().anyMatch(TheoryCommand::misses)) {
            root.options.message("Some of these numbers are not 0 but lie below the smallest double (4.9e-324): "
                    + (root.options.json ? "null." : "-."));
        }
        if (root.options.json) {
            root.options.print(document);
        } else {
            print(pair, document, root.options.out());
        }
        return 0;
    }

    private Map<String, Object> document(Architecture architecture, PairPropagation pair, PhaseAnalysis phase) {
        double diagonal = pair.first().ntk(architecture);
        double offDiagonal = pair.ntk(architecture);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("q", pair.first().q());
        document.put("qhat", pair.first().qhat());
        document.put("p", pair.first().p());
        document.put("chi1", pair.first().chi1());
        document.put("q_sr", pair.q());
        document.put("qhat_sr", pair.qhat());
        document.put("p_sr", pair.p());
        document.put("c", pair.c());
        document.put("kappa1", pair.first().kappa1(architecture));
        document.put("kappa2", pair.kappa2(architecture));
        document.put("alpha", architecture.alpha());
        document.put("theta_diag", diagonal);
        document.put("theta_offdiag", offDiagonal);
        document.put("nngp_diag", pair.first().nngp());
        document.put("nngp_offdiag", pair.nngp());
        document.put("phase", phase.phase().name().toLowerCase(Locale.ROOT));
        document.put("q_star", phase.qStar());
        if (phase.period() != 1) {
            document.put("q_period", phase.period());
        }
        document.put("chi1_star", phase.chi1Star());
        document.put("c_star", phase.cStar());
        document.put("xi_q", phase.xiQ());
        document.put("xi_c", phase.xiC());
        document.put("eta_max", LearningRate.meanField(diagonal, offDiagonal, samples, LossConvention.HALF_MSE));
        document.put("samples", samples);
        document.put("loss", "half-mse");
        return document;
    }

    private static boolean misses(Object value) {
        return value instanceof double[] layers && Arrays.stream(layers).anyMatch(Double::isNaN);
    }

    private static void print(PairPropagation pair, Map<String, Object> document, PrintWriter out) {
        out.println("layer            q         chi1            p            c         q_sr         p_sr");
        for (int l = 1; l <= pair.depth(); l++) {
            out.printf(
                    Locale.ROOT,
                    "%5d %12s %12s %12s %12.8f %12s %12s%n",
                    l,
                    entry(pair.first().q(l)),
                    entry(pair.first().chi1(l)),
                    entry(pair.first().p(l)),
                    pair.c()[l - 1],
                    entry(pair.q()[l - 1]),
                    entry(pair.p(l)));
        }
        document.forEach((key, value) -> {
            if (!(value instanceof double[])) {
                out.printf(Locale.ROOT, "%-14s %s%n", key, value instanceof Double d ? shown(d) : value);
            }
        });
    }

    private static String entry(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.6g", value);
    }

    private static String shown(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.8g", value) : Double.toString(value);
    }
}
