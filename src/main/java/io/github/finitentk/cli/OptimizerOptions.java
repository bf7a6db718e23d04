package io.github.finitentk.cli;

import io.github.finitentk.data.Seed;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.Optimizer.Kind;
import io.github.finitentk.training.TrainingPlan;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a step follows the gradient, and how many inputs it sees. */
final class OptimizerOptions {

    @Option(
            names = "--optimizer",
            completionCandidates = OptionTypes.Optimizers.class,
            paramLabel = "gd|momentum|adam",
            defaultValue = "gd",
            description = "Gradient descent, with momentum, or Adam, as PyTorch has them (default: ${DEFAULT-VALUE}).")
    private Kind kind;

    @Option(names = "--momentum", paramLabel = "M", description = "Of --optimizer momentum (default: 0.9).")
    private Double momentum;

    @Option(names = "--beta1", paramLabel = "B", description = "Of --optimizer adam (default: 0.9).")
    private Double beta1;

    @Option(names = "--beta2", paramLabel = "B", description = "Of --optimizer adam (default: 0.999).")
    private Double beta2;

    @Option(names = "--epsilon", paramLabel = "E", description = "Of --optimizer adam (default: 1e-8).")
    private Double epsilon;

    @Option(
            names = "--batch",
            paramLabel = "B",
            description =
                    "Inputs that a step sees: in every epoch each once, in an order that --seed says. --patience then counts"
                            + " epochs (default: all).")
    private Integer batch;

    /** Puts them into a plan. */
    void apply(TrainingPlan.Builder plan, CommandSpec command, Seed order) {
        if (kind != Kind.MOMENTUM) {
            refuse(command, List.of("--momentum"));
        }
        if (kind != Kind.ADAM) {
            refuse(command, List.of("--beta1", "--beta2", "--epsilon"));
        }
        plan.optimizer(Optimizer.of(kind, momentum, beta1, beta2, epsilon));
        if (batch != null) {
            if (batch < 1) {
                throw new IllegalArgumentException("--batch must be at least 1, not " + batch + ".");
            }
            plan.batch(batch, order);
        }
    }

    private void refuse(CommandSpec command, List<String> names) {
        GlobalOptions.refuseWithoutEffect(command, "with --optimizer " + kind.label(), names);
    }
}
