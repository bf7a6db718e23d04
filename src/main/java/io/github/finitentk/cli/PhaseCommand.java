package io.github.finitentk.cli;

import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk phase}. */
@Example(does = "the border for two bias variances", line = "ntk phase --activation tanh --sigma-b2 0.05,1")
@Command(
        name = "phase",
        description =
                "The border between the ordered and the chaotic phase, where chi_1 passes 1: stable (smoothly, at a"
                        + " fixed point of q that attracts), jump (q goes to another fixed point; depends on the start) or"
                        + " infinity (q* is infinite there).")
final class PhaseCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Option(
            names = "--sigma-b2",
            required = true,
            arity = "1..*",
            split = ",",
            paramLabel = "Y",
            description = "One or more bias variances sigma_b^2.")
    private List<Double> sigmaB2;

    @Option(
            names = "--q0",
            paramLabel = "Q",
            defaultValue = "1",
            description = {
                "Where the recursion of q starts (default: ${DEFAULT-VALUE}). Where the map of q has several fixed"
                        + " points the border is a jump",
                "that depends on it; given both for q^1 = Q and for inputs with |x|^2 / M_0 = Q, q^1 = sigma_w^2 Q +"
                        + " sigma_b^2."
            })
    private double q0;

    @Override
    public Integer call() {
        PhaseBoundary boundary = new PhaseBoundary(activation);
        List<Entry> document = sigmaB2.stream().map(y -> entry(boundary, y)).toList();
        if (root.options.json) {
            root.options.print(document);
        } else {
            print(document, root.options.out());
        }
        return 0;
    }

    /** The borders at one bias variance; the first one stands for them. */
    private record Entry(double sigmaB2, Double sigmaW2, Double qStar, String kind, List<Border> borders) {}

    /** A border; a jump depends on the start and says how far the ordered fixed point goes. */
    private record Border(
            double sigmaW2, double qStar, String kind, Optional<String> start, Optional<Double> branchEnd) {}

    private Entry entry(PhaseBoundary boundary, double y) {
        List<PhaseBoundary.Point> fromVariance = boundary.ofVariance(y, q0);
        List<Border> borders = new ArrayList<>();
        for (PhaseBoundary.Point point : fromVariance) {
            borders.add(border(point, "q^1 = " + q0));
        }
        for (PhaseBoundary.Point point : boundary.ofInputs(y, q0)) {
            if (point.kind() == PhaseBoundary.Kind.JUMP || fromVariance.isEmpty()) {
                borders.add(border(point, "|x|^2/M_0 = " + q0));
            }
        }
        if (borders.isEmpty()) {
            return new Entry(y, null, null, "none", borders);
        }
        Border first = borders.get(0);
        return new Entry(y, first.sigmaW2, first.qStar, first.kind, borders);
    }

    private static Border border(PhaseBoundary.Point point, String start) {
        boolean jump = point.kind() == PhaseBoundary.Kind.JUMP;
        return new Border(
                point.sigmaW2(),
                point.qStar(),
                point.kind().name().toLowerCase(Locale.ROOT),
                jump ? Optional.of(start) : Optional.empty(),
                jump ? Optional.of(point.branchEnd()) : Optional.empty());
    }

    private static void print(List<Entry> document, PrintWriter out) {
        out.println("  sigma_b^2       sigma_w^2              q*  kind");
        for (Entry entry : document) {
            if (entry.borders.isEmpty()) {
                out.printf(Locale.ROOT, "%11.6g %15s %15s  none%n", entry.sigmaB2, "-", "-");
            }
            for (Border border : entry.borders) {
                out.printf(
                        Locale.ROOT,
                        "%11.6g %15.9f %15.9f  %s%n",
                        entry.sigmaB2,
                        border.sigmaW2,
                        border.qStar,
                        meaning(border));
            }
        }
    }

    private static String meaning(Border border) {
        return border.start
                .map(start -> String.format(
                        Locale.ROOT,
                        "%s, from %s; the ordered fixed point exists up to sigma_w^2 = %.9f",
                        border.kind,
                        start,
                        border.branchEnd.orElseThrow()))
                .orElse(border.kind);
    }
}
