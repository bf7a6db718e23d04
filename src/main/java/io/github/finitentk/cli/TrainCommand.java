package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk train}. */
@Command(
        name = "train",
        description =
                "Train a network by full-batch gradient descent and measure how far its kernel moves. The network is drawn at"
                        + " random (--width, --depth, --sigma-w2, --sigma-b2) or given (--network).")
final class TrainCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--network",
            paramLabel = "NET.npz|.safetensors",
            description =
                    "The network to start from: weights and biases, named as by PyTorch, Keras, Flax or scikit-learn, or W1, b1,"
                            + " ..., WL, bL.")
    private Path network;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Option(names = "--width", paramLabel = "M", description = "Hidden width of a random network.")
    private Integer width;

    @Option(names = "--depth", paramLabel = "L", description = "Number of weight layers of a random network.")
    private Integer depth;

    @Option(names = "--sigma-w2", paramLabel = "X", description = "Weight variance sigma_w^2 of a random network.")
    private Double sigmaW2;

    @Option(names = "--sigma-b2", paramLabel = "Y", description = "Bias variance sigma_b^2 of a random network.")
    private Double sigmaB2;

    @Option(
            names = "--learning-rate",
            required = true,
            paramLabel = "R",
            description = "Step size; the largest stable one is printed with the result.")
    private double learningRate;

    @Option(names = "--max-steps", required = true, paramLabel = "N", description = "Largest number of steps.")
    private long maxSteps;

    @Option(
            names = "--loss",
            completionCandidates = OptionTypes.Losses.class,
            paramLabel = "half-mse|mse",
            defaultValue = "half-mse",
            description =
                    "half-mse: 1/(2S) sum of squares, the loss of eq. (2); mse: 1/S sum of squares (default: ${DEFAULT-VALUE}).")
    private LossConvention loss;

    @Option(
            names = "--min-decrease",
            paramLabel = "D",
            defaultValue = "1e-7",
            description = "Stop when the loss has not fallen by D within --patience steps (default: ${DEFAULT-VALUE}).")
    private double minDecrease;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Steps within which the loss must fall by --min-decrease, else training stops (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--integrator",
            completionCandidates = OptionTypes.Integrators.class,
            paramLabel = "gd|flow|flow-coarse",
            defaultValue = "gd",
            description =
                    "gd: step by step; flow: many steps at once where the result is known to 1 to 2 %%, step by step"
                            + " elsewhere; flow-coarse: many steps at once in any case, for maps (default: ${DEFAULT-VALUE}).")
    private Integrator integrator;

    @Option(
            names = "--snapshots",
            paramLabel = "N,...",
            split = ",",
            description = "Steps after which the kernel is measured, besides the end (default: 10, 100, 1000, ...).")
    private List<Long> snapshots;

    @Option(
            names = "--precision",
            completionCandidates = OptionTypes.Precisions.class,
            paramLabel = "f32|f64",
            defaultValue = "f64",
            description =
                    "Number type of the weights; f32 is compensated, and kernels are always f64 (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(names = "--output", paramLabel = "NET.npz", description = "Write the trained network to this file.")
    private Path output;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            defaultValue = "ntk-train.checkpoint",
            description = "Where the state is saved when the training is interrupted, and every ten seconds"
                    + " (default: ${DEFAULT-VALUE}); removed at the end.")
    private Path checkpoint;

    @Option(names = "--resume", description = "Continue from the checkpoint.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        GlobalOptions options = root.options;
        TrainingPlan plan = plan();
        Dataset dataset = data.dataset();
        Path[] read = Destination.and(data.files(), network);
        Destination trained =
                output == null ? null : Destination.file(output, options, Destination.and(read, checkpoint));
        Destination.file(checkpoint, options, read);
        try (CheckpointFile saved = CheckpointFile.open(checkpoint)) {
            return train(plan, dataset, trained, saved);
        }
    }

    private int train(TrainingPlan plan, Dataset dataset, Destination trained, CheckpointFile saved)
            throws IOException {
        GlobalOptions options = root.options;
        if (resume && !saved.exists()) {
            throw new IllegalArgumentException("There is no checkpoint " + checkpoint + " to continue from.");
        }
        if (!resume && saved.exists()) {
            throw new IllegalArgumentException("There is a checkpoint " + checkpoint
                    + " of an interrupted training: continue it with --resume, remove it, or name another file with"
                    + " --checkpoint.");
        }
        TrainingProblem problem = problem(dataset);
        long start = System.nanoTime();
        try (Training training = start(problem, plan, saved);
                StopSignal stop = new StopSignal(options, "saving the training")) {
            boolean ended = training.run(TrainingListener.NONE, stop, state -> {
                saved.save(state);
                options.message("Training: step " + training.step() + " of at most " + plan.maxSteps());
            });
            if (!ended) {
                options.err()
                        .println("ntk: interrupted at step " + training.step() + ", saved in " + checkpoint
                                + "; resume with: " + TypedCommand.resuming(spec));
                return StopSignal.INTERRUPTED;
            }
            TrainingResult result = training.results().get(0);
            boolean diverged = result.stopReason() == StopReason.DIVERGED;
            if (trained != null && !diverged) {
                training.network(0).write(output);
                trained.announce("the trained network");
            }
            saved.delete();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (options.json) {
                options.print(document(result, plan, dataset, seconds));
            } else {
                print(result, plan, dataset, seconds, options.out());
            }
            if (trained != null && diverged) {
                throw new ArithmeticException("The training diverged; " + output + " is not written.");
            }
            return 0;
        }
    }

    private TrainingPlan plan() {
        if (patience > maxSteps) {
            GlobalOptions.refuseWithoutEffect(
                    spec,
                    "where --patience " + patience + " exceeds --max-steps " + maxSteps,
                    List.of("--min-decrease"));
        }
        for (long step : snapshots == null ? List.<Long>of() : snapshots) {
            if (step > maxSteps) {
                throw new IllegalArgumentException(
                        "--snapshots " + step + " has no effect: it lies beyond --max-steps " + maxSteps + ".");
            }
        }
        return TrainingPlan.builder()
                .learningRate(learningRate)
                .loss(loss)
                .maxSteps(maxSteps)
                .minDecrease(minDecrease)
                .patience(patience)
                .snapshots(snapshots == null ? powersOfTen() : snapshots)
                .integrator(integrator)
                .precision(precision)
                .build();
    }

    private List<Long> powersOfTen() {
        return LongStream.iterate(10, step -> step <= maxSteps && step > 0, step -> 10 * step)
                .boxed()
                .toList();
    }

    private TrainingProblem problem(Dataset dataset) {
        boolean random = width != null || depth != null || sigmaW2 != null || sigmaB2 != null;
        if (random == (network != null)) {
            throw new IllegalArgumentException(
                    "Give either --network NET.npz or --width, --depth, --sigma-w2 and --sigma-b2.");
        }
        if (random) {
            NetworkFileOptions.refuse(spec, "without --network");
        }
        if (network != null) {
            return new TrainingProblem(dataset, List.of(networkFile.read(network, activation, root.options)));
        }
        if (width == null || depth == null || sigmaW2 == null || sigmaB2 == null) {
            throw new IllegalArgumentException(
                    "A random network needs all of --width, --depth, --sigma-w2 and --sigma-b2.");
        }
        Cell cell = new Cell(activation, sigmaW2, sigmaB2, depth, width);
        return TrainingProblem.draw(
                cell.network(dataset.inputDim()), dataset, KernelChangeQuantity.seed(root.options.seed(), cell), 1);
    }

    private Training start(TrainingProblem problem, TrainingPlan plan, CheckpointFile saved) throws IOException {
        if (!resume) {
            return root.options.ntk().training(problem, plan);
        }
        return root.options.ntk().resume(problem, plan, saved.read());
    }

    private record Document(
            long steps,
            String stopReason,
            boolean diverged,
            List<TrainingResult.LossPoint> losses,
            double minLoss,
            double finalLoss,
            List<TrainingResult.KernelChange> kernelChange,
            String loss,
            double learningRate,
            double largestStableRate,
            double aMaxStart,
            double aMaxLargest,
            String integrator,
            String pace,
            double errorEstimate,
            double sensitivity,
            boolean chaotic,
            long evaluations,
            String precision,
            String data,
            double seconds) {}

    private static Document document(TrainingResult result, TrainingPlan plan, Dataset dataset, double seconds) {
        return new Document(
                result.steps(),
                result.stopReason().label(),
                result.stopReason() == StopReason.DIVERGED,
                result.losses(),
                result.minLoss(),
                result.finalLoss(),
                result.kernelChange(),
                plan.loss().label(),
                plan.learningRate(),
                2 * plan.learningRate() / result.aMaxStart(),
                result.aMaxStart(),
                result.aMaxLargest(),
                plan.integrator().label(),
                result.pace().label(),
                result.errorEstimate(),
                result.sensitivity(),
                result.chaotic(),
                result.evaluations(),
                plan.precision().label(),
                dataset.toString(),
                seconds);
    }

    private static void print(
            TrainingResult result, TrainingPlan plan, Dataset dataset, double seconds, PrintWriter out) {
        out.printf(Locale.ROOT, "%12s %14s%n", "step", "kernel change");
        result.kernelChange()
                .forEach(change -> out.printf(Locale.ROOT, "%12d %14.6g%n", change.step(), change.value()));
        out.printf(
                Locale.ROOT,
                "%d steps (%s), loss %.6g to %.6g, smallest %.6g; loss = %s%n",
                result.steps(),
                result.stopReason().label(),
                result.losses().get(0).loss(),
                result.finalLoss(),
                result.minLoss(),
                plan.loss().formula());
        out.printf(
                Locale.ROOT,
                "learning rate %.3g, largest stable at the start %.3g (eta lambda_max(Theta)/S = %.3g, at most %.3g)%n",
                plan.learningRate(),
                2 * plan.learningRate() / result.aMaxStart(),
                result.aMaxStart(),
                result.aMaxLargest());
        out.printf(
                Locale.ROOT,
                "data: %s%nintegrator %s, %s, %d evaluations, %.3g s%n",
                dataset,
                plan.integrator().label(),
                plan.precision().label(),
                result.evaluations(),
                seconds);
        if (result.stopReason() == StopReason.DIVERGED) {
            out.printf(
                    Locale.ROOT,
                    "DIVERGED after %d steps: the loss or the kernel is no longer finite (learning rate %.3g, largest stable"
                            + " at the start %.3g)%n",
                    result.steps(),
                    plan.learningRate(),
                    2 * plan.learningRate() / result.aMaxStart());
        }
        if (plan.integrator() != Integrator.GD) {
            out.printf(
                    Locale.ROOT,
                    "steps taken %s; error estimate %.2g%n",
                    result.pace().description(),
                    result.errorEstimate());
        }
        if (!Double.isNaN(result.sensitivity())) {
            out.printf(
                    Locale.ROOT,
                    "%sa learning rate 1.0001 times as large moves the kernel change by %.2g %%%n",
                    result.chaotic() ? "chaotic: " : "",
                    100 * result.sensitivity());
        }
    }
}
