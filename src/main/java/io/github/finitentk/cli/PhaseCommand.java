package io.github.finitentk.cli;

import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activations;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk phase}. */
@Command(
        name = "phase",
        description =
                "The border between the ordered and the chaotic phase, where chi_1 passes 1: stable (smoothly, at a fixed"
                        + " point of q that attracts), jump (q goes to another fixed point; depends on the start) or infinity"
                        + " (q* is infinite there).")
final class PhaseCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private String activation;

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
                "Where the recursion of q starts (default: ${DEFAULT-VALUE}). Where the map of q has several fixed points the border is a jump",
                "that depends on it; given both for q^1 = Q and for inputs with |x|^2 / M_0 = Q, q^1 = sigma_w^2 Q + sigma_b^2."
            })
    private double q0;

    @Override
    public Integer call() {
        PhaseBoundary boundary = new PhaseBoundary(Activations.parse(activation));
        List<Map<String, Object>> document =
                sigmaB2.stream().map(y -> entry(boundary, y)).toList();
        if (root.options.json) {
            root.options.print(document);
        } else {
            print(document, root.options.out());
        }
        return 0;
    }

    private Map<String, Object> entry(PhaseBoundary boundary, double y) {
        List<PhaseBoundary.Point> fromVariance = boundary.ofVariance(y, q0);
        List<Map<String, Object>> borders = new ArrayList<>();
        for (PhaseBoundary.Point point : fromVariance) {
            borders.add(border(point, "q^1 = " + q0));
        }
        for (PhaseBoundary.Point point : boundary.ofInputs(y, q0)) {
            if (point.kind() == PhaseBoundary.Kind.JUMP || fromVariance.isEmpty()) {
                borders.add(border(point, "|x|^2/M_0 = " + q0));
            }
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("sigma_b2", y);
        Map<String, Object> first = borders.isEmpty() ? Map.of() : borders.get(0);
        entry.put("sigma_w2", first.get("sigma_w2"));
        entry.put("q_star", first.get("q_star"));
        entry.put("kind", first.getOrDefault("kind", "none"));
        entry.put("borders", borders);
        return entry;
    }

    private static Map<String, Object> border(PhaseBoundary.Point point, String start) {
        Map<String, Object> border = new LinkedHashMap<>();
        border.put("sigma_w2", point.sigmaW2());
        border.put("q_star", point.qStar());
        border.put("kind", point.kind().name().toLowerCase(Locale.ROOT));
        if (point.kind() == PhaseBoundary.Kind.JUMP) {
            border.put("start", start);
            border.put("branch_end", point.branchEnd());
        }
        return border;
    }

    private static void print(List<Map<String, Object>> document, PrintWriter out) {
        out.println("  sigma_b^2       sigma_w^2              q*  kind");
        for (Map<String, Object> entry : document) {
            List<?> borders = (List<?>) entry.get("borders");
            if (borders.isEmpty()) {
                out.printf(Locale.ROOT, "%11.6g %15s %15s  none%n", entry.get("sigma_b2"), "-", "-");
            }
            for (Object each : borders) {
                Map<?, ?> border = (Map<?, ?>) each;
                out.printf(
                        Locale.ROOT,
                        "%11.6g %15.9f %15.9f  %s%n",
                        entry.get("sigma_b2"),
                        border.get("sigma_w2"),
                        border.get("q_star"),
                        meaning(border));
            }
        }
    }

    private static String meaning(Map<?, ?> border) {
        String kind = (String) border.get("kind");
        return border.containsKey("start")
                ? String.format(
                        Locale.ROOT,
                        "%s, from %s; the ordered fixed point exists up to sigma_w^2 = %.9f",
                        kind,
                        border.get("start"),
                        border.get("branch_end"))
                : kind;
    }
}
