package io.github.finitentk.cli;

import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activations;
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
@Command(name = "phase", description = "The border chi_1 = 1 between the ordered and the chaotic phase.")
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

    @Override
    public Integer call() {
        PhaseBoundary boundary = new PhaseBoundary(Activations.parse(activation));
        List<PhaseBoundary.Point> points = sigmaB2.stream().map(boundary::at).toList();
        if (root.options.json) {
            List<Map<String, Object>> document = new ArrayList<>();
            for (PhaseBoundary.Point point : points) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("sigma_b2", point.sigmaB2());
                entry.put("sigma_w2", point.sigmaW2());
                entry.put("q_star", point.qStar());
                document.add(entry);
            }
            root.options.print(document);
        } else {
            root.options.out().println("  sigma_b^2       sigma_w^2              q*");
            for (PhaseBoundary.Point point : points) {
                root.options
                        .out()
                        .printf(Locale.ROOT, "%11.6g %15.9f %15.9f%n", point.sigmaB2(), point.sigmaW2(), point.qStar());
            }
        }
        return 0;
    }
}
