package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk train}. */
@Example(
        does = "a random network on MNIST",
        line = "ntk train --data mnist --samples 64 --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 3 --width 64"
                + " --learning-rate 0.01 --max-steps 1000")
@Example(
        does = "a given network on your data, by Adam",
        line = "ntk train --network start.npz --inputs x.npy --targets y.npy --activation relu --optimizer adam"
                + " --learning-rate 1e-3 --max-steps 200 --output trained.npz")
@Command(
        name = "train",
        description =
                "Train a network by gradient descent, with momentum or by Adam, and measure how far its kernel moves."
                        + " The network is drawn at random (--width, --depth, --sigma-w2, --sigma-b2) or given"
                        + " (--network).")
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
                    "The network to start from: weights and biases, named as by PyTorch, Keras, Flax or scikit-learn,"
                            + " or W1, b1, ..., WL, bL.")
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
            paramLabel = "half-mse|mse|cross-entropy",
            defaultValue = "half-mse",
            description =
                    "half-mse: 1/(2S) sum of squares, the loss of eq. (2); mse: 1/S sum of squares; cross-entropy of"
                            + " the outputs' softmax, for targets that are distributions over classes (default:"
                            + " ${DEFAULT-VALUE}).")
    private LossConvention loss;

    @Mixin
    private OptimizerOptions optimizer = new OptimizerOptions();

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
            description = "Steps within which the loss must fall by --min-decrease, else training stops (default:"
                    + " ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--integrator",
            completionCandidates = OptionTypes.Integrators.class,
            paramLabel = "gd|flow|flow-coarse",
            defaultValue = "gd",
            description =
                    "gd: step by step; flow: many steps at once where the result is known to 1 to 2 %%, step by step"
                            + " elsewhere; flow-coarse: many steps at once in any case, for maps (default:"
                            + " ${DEFAULT-VALUE}).")
    private Integrator integrator;

    @Option(
            names = "--snapshots",
            paramLabel = "N,...",
            split = ",",
            description = "Steps after which the kernel is measured, besides the end (default: 10, 100, 1000, ...).")
    private List<Long> snapshots;

    @Option(
            names = "--kernel-samples",
            paramLabel = "N",
            description = "Measure the kernel on the first N inputs (default: on all).")
    private Integer kernelSamples;

    @Option(
            names = "--precision",
            completionCandidates = OptionTypes.Precisions.class,
            paramLabel = "f32|f64",
            defaultValue = "f64",
            description = "Number type of the weights; f32 is compensated, and kernels are always f64 (default:"
                    + " ${DEFAULT-VALUE}).")
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
            boolean ended;
            try (TrainingProgress progress = new TrainingProgress(training.step(), plan.maxSteps(), options)) {
                ended = training.run(progress, stop, saved::save);
            }
            if (!ended) {
                options.err()
                        .println("ntk: interrupted at step " + training.step() + ", saved in " + checkpoint
                                + "; resume with: " + TypedCommand.resuming(spec));
                return stop.exitCode();
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
                options.print(TrainingReport.Document.of(result, plan, problem.data(), seconds));
            } else {
                TrainingReport.print(result, plan, problem.data(), seconds, options.out());
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
        if (kernelSamples != null && kernelSamples < 1) {
            throw new IllegalArgumentException("--kernel-samples must be at least 1, not " + kernelSamples + ".");
        }
        TrainingPlan.Builder plan = TrainingPlan.builder()
                .learningRate(learningRate)
                .loss(loss)
                .maxSteps(maxSteps)
                .minDecrease(minDecrease)
                .patience(patience)
                .snapshots(snapshots == null ? powersOfTen() : snapshots)
                .integrator(integrator)
                .precision(precision)
                .kernelSamples(kernelSamples == null ? TrainingPlan.ALL : kernelSamples);
        optimizer.apply(plan, spec, order());
        return plan.build();
    }

    // A random network sees its inputs in the order in which the same cell of a sweep does.
    private Seed order() {
        Seed seed = root.options.seed();
        return KernelChangeQuantity.order(isDrawn() ? KernelChangeQuantity.seed(seed, cell()) : seed);
    }

    private boolean isDrawn() {
        return width != null && depth != null && sigmaW2 != null && sigmaB2 != null;
    }

    private Cell cell() {
        return new Cell(activation, sigmaW2, sigmaB2, depth, width);
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
            Network start = networkFile.read(network, activation, root.options);
            return new TrainingProblem(dataset.forOutputs(start.architecture().outputs()), List.of(start));
        }
        if (!isDrawn()) {
            throw new IllegalArgumentException(
                    "A random network needs all of --width, --depth, --sigma-w2 and --sigma-b2.");
        }
        Cell cell = cell();
        return TrainingProblem.draw(
                cell.network(dataset.inputDim()).withOutputs(dataset.outputs()),
                dataset,
                KernelChangeQuantity.seed(root.options.seed(), cell),
                1);
    }

    private Training start(TrainingProblem problem, TrainingPlan plan, CheckpointFile saved) throws IOException {
        if (!resume) {
            return root.options.ntk().training(problem, plan);
        }
        return root.options.ntk().resume(problem, plan, saved.read());
    }
}
