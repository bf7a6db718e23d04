package io.github.finitentk.cli;

import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.model.Architecture;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk theory}. */
@Example(
        does = "layer by layer",
        line = "ntk theory --activation tanh --sigma-w2 1.5 --sigma-b2 0.1 --depth 10 --width 100")
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
        Document document = document(architecture, pair, phase);
        if (Documents.entries(document).values().stream().anyMatch(TheoryCommand::misses)) {
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

    private record Document(
            double[] q,
            double[] qhat,
            double[] p,
            double[] chi1,
            double[] qSr,
            double[] qhatSr,
            double[] pSr,
            double[] c,
            double kappa1,
            double kappa2,
            double alpha,
            double thetaDiag,
            double thetaOffdiag,
            double nngpDiag,
            double nngpOffdiag,
            String phase,
            double qStar,
            Optional<Integer> qPeriod,
            double chi1Star,
            double cStar,
            double xiQ,
            double xiC,
            double etaMax,
            int samples,
            String loss) {}

    private Document document(Architecture architecture, PairPropagation pair, PhaseAnalysis phase) {
        double diagonal = pair.first().ntk(architecture);
        double offDiagonal = pair.ntk(architecture);
        return new Document(
                pair.first().q(),
                pair.first().qhat(),
                pair.first().p(),
                pair.first().chi1(),
                pair.q(),
                pair.qhat(),
                pair.p(),
                pair.c(),
                pair.first().kappa1(architecture),
                pair.kappa2(architecture),
                architecture.alpha(),
                diagonal,
                offDiagonal,
                pair.first().nngp(),
                pair.nngp(),
                phase.phase().name().toLowerCase(Locale.ROOT),
                phase.qStar(),
                phase.period() == 1 ? Optional.empty() : Optional.of(phase.period()),
                phase.chi1Star(),
                phase.cStar(),
                phase.xiQ(),
                phase.xiC(),
                LearningRate.meanField(diagonal, offDiagonal, samples, LossConvention.HALF_MSE),
                samples,
                LossConvention.HALF_MSE.label());
    }

    private static boolean misses(Object value) {
        return value instanceof double[] layers && Arrays.stream(layers).anyMatch(Double::isNaN);
    }

    private static void print(PairPropagation pair, Document document, PrintWriter out) {
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
        Documents.entries(document).forEach((key, value) -> {
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
