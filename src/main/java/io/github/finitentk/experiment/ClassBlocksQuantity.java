package io.github.finitentk.experiment;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelStatistics;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The kernel of classifiers along their training (Seleznova and Kutyniok 2022, figure 4): a network with one output for each class
 * is trained on one-hot targets with all images in each step, and its trace kernel is measured on a few images of each
 * class. One network for each cell.
 */
public final class ClassBlocksQuantity implements Quantity {

    private static final class Keys {
        static final Setting<String> DATA =
                Setting.text("data", "mnist", "mnist (embedded), or a folder with the training set's IDX files");
        static final Setting<Integer> SAMPLES = Setting.integer("samples", 1024, 1, 60_000, "the first S images");
        static final Setting<Mnist.Normalization> NORMALIZE = Setting.choice(
                "normalize", Mnist.Normalization.PIXELS, Mnist.Normalization::label, "how inputs are scaled");
        static final Setting<Integer> IMAGES_PER_CLASS =
                Setting.integer("images_per_class", 10, 2, 6000, "the first images of each class, for the kernel");
        static final Setting<Optimizer.Kind> OPTIMIZER = Setting.choice(
                "optimizer", Optimizer.Kind.ADAM, Optimizer.Kind::label, "what a step does with the gradient");
        static final Setting<Double> LEARNING_RATE = Setting.number("learning_rate", 1e-4, 1e-300, 1e300, "step size");
        static final Setting<LossConvention> LOSS =
                Setting.choice("loss", LossConvention.HALF_MSE, LossConvention::label, "the loss that is descended");
        static final Setting<List<Long>> SNAPSHOTS = Setting.integers(
                "snapshots",
                List.of(100L, 500L, 1000L, 2000L, 3000L),
                1,
                1L << 40,
                "steps at which the kernel is measured, besides 0; the last one ends the training");
        static final Setting<Precision> PRECISION =
                Setting.choice("precision", Precision.F32, Precision::label, "of weights; kernels are always f64");
    }

    static final QuantityType TYPE = new OwnType(
            "class_blocks",
            "the kernel of classifiers along their training: mean entries of one class and of different classes",
            List.of(
                    Keys.DATA,
                    Keys.SAMPLES,
                    Keys.NORMALIZE,
                    Keys.IMAGES_PER_CLASS,
                    Keys.OPTIMIZER,
                    Keys.LEARNING_RATE,
                    Keys.LOSS,
                    Keys.SNAPSHOTS,
                    Keys.PRECISION),
            ClassBlocksQuantity::new);

    public static final Column<double[]> STEPS = Column.reals("steps", "the steps that the following lists are about")
            .withSymbol("$t$");
    public static final Column<double[]> SAME_CLASS = Column.reals(
                    "same_over_diagonal", "mean Theta over pairs of one class, over that of the diagonal, by step")
            .withSymbol("$\\Theta_c / \\Theta_d$")
            .withIndex("$t$", STEPS.name());
    public static final Column<double[]> DIFFERENT_CLASS = Column.reals(
                    "different_over_diagonal", "mean Theta over pairs of different classes, over the diagonal's")
            .withSymbol("$\\Theta_n / \\Theta_d$")
            .withIndex("$t$", STEPS.name());
    public static final Column<double[]> DIAGONAL = Column.reals("mean_diagonal", "mean of Theta(x, x)")
            .withSymbol("$\\Theta_d$")
            .withIndex("$t$", STEPS.name());
    public static final Column<double[]> CHANGE = Column.reals("kernel_changes", "|Theta^t - Theta^0|_F / |Theta^0|_F")
            .withSymbol(KernelChangeQuantity.CHANGE.symbol())
            .withIndex("$t$", STEPS.name());
    public static final Column<double[]> ALIGNMENT = Column.reals(
                    "centred_alignments", "with the one-hot targets, both matrices without their means (CKA)")
            .withIndex("$t$", STEPS.name());
    public static final Column<double[]> THETA =
            Column.reals("theta", "the kernels one after the other, row by row, images in the order of their classes");
    public static final Column<double[]> LOSS_STEPS = Column.reals("loss_steps", "steps of the loss curve");
    public static final Column<double[]> LOSSES =
            Column.reals("losses", "loss at these steps").withIndex("$t$", LOSS_STEPS.name());

    private static final int CLASSES = 10;
    private static final long SAVE_INTERVAL_NANOS = 10_000_000_000L;

    private final Settings settings;
    private final Dataset data;
    private final Inputs kernelInputs;
    private final Targets kernelTargets;
    private final TrainingPlan plan;
    private final Columns<Trained> columns;

    /** Kernels at step 0 and at the snapshots, and what the training said. */
    private record Trained(List<Kernel> kernels, TrainingResult result) {

        double[] each(ToDoubleFunction<Kernel> number) {
            return kernels.stream().mapToDouble(number).toArray();
        }
    }

    /** @throws IllegalArgumentException if the data cannot be read, or hold too few images or more than ten classes */
    ClassBlocksQuantity(Settings settings) {
        this.settings = settings;
        Mnist images = EnsembleQuantity.images(settings.get(Keys.DATA)).first(settings.get(Keys.SAMPLES));
        Mnist.Normalization normalization = settings.get(Keys.NORMALIZE);
        Inputs inputs = images.inputs(normalization);
        int[] labels = IntStream.range(0, images.size()).map(images::label).toArray();
        data = new Dataset(
                inputs, Targets.oneHot(labels, CLASSES), images.toString(), normalization.label(), "one-hot");
        int[] chosen = ofEachClass(labels, settings.get(Keys.IMAGES_PER_CLASS));
        kernelInputs = Inputs.of(Arrays.stream(chosen)
                .mapToObj(s -> inputs.slice(s, s + 1).toArray())
                .toArray(double[][]::new));
        kernelTargets = Targets.oneHot(Arrays.stream(chosen).map(s -> labels[s]).toArray(), CLASSES);
        List<Long> snapshots = settings.get(Keys.SNAPSHOTS);
        plan = TrainingPlan.builder()
                .learningRate(settings.get(Keys.LEARNING_RATE))
                .loss(settings.get(Keys.LOSS))
                .snapshots(snapshots)
                .maxSteps(snapshots.stream().mapToLong(step -> step).max().orElseThrow())
                .minDecrease(0)
                .patience(Integer.MAX_VALUE)
                .integrator(Integrator.GD)
                .precision(settings.get(Keys.PRECISION))
                .optimizer(optimizer(settings.get(Keys.OPTIMIZER)))
                .kernelSamples(1) // what it measures itself is not used here
                .build();
        columns = declared();
    }

    private static Optimizer optimizer(Optimizer.Kind kind) {
        return switch (kind) {
            case GD -> Optimizer.GRADIENT_DESCENT;
            case MOMENTUM -> new Optimizer.Momentum(0.9);
            case ADAM -> Optimizer.ADAM;
        };
    }

    private static int[] ofEachClass(int[] labels, int images) {
        return IntStream.range(0, CLASSES)
                .flatMap(label -> {
                    int[] own = IntStream.range(0, labels.length)
                            .filter(s -> labels[s] == label)
                            .limit(images)
                            .toArray();
                    if (own.length < images) {
                        throw new IllegalArgumentException("The first " + labels.length + " images hold " + own.length
                                + " of class " + label + ", not the " + images + " that the kernel is measured on.");
                    }
                    return Arrays.stream(own);
                })
                .toArray();
    }

    private Columns<Trained> declared() {
        double[] steps = steps().stream().mapToDouble(step -> step).toArray();
        return new Columns<Trained>()
                .with(STEPS, trained -> steps)
                .with(SAME_CLASS, trained -> trained.each(theta -> blocks(theta).sameOverDiagonal()))
                .with(
                        DIFFERENT_CLASS,
                        trained -> trained.each(theta -> blocks(theta).differentOverDiagonal()))
                .with(DIAGONAL, trained -> trained.each(theta -> blocks(theta).diagonal()))
                .with(CHANGE, trained -> trained.each(theta -> KernelStatistics.change(trained.kernels.get(0), theta)))
                .with(
                        ALIGNMENT,
                        trained -> trained.each(theta ->
                                KernelStatistics.alignment(theta, kernelTargets).centred()))
                .with(
                        LOSS_STEPS,
                        trained -> trained.result.losses().stream()
                                .mapToDouble(TrainingResult.LossPoint::step)
                                .toArray())
                .with(
                        LOSSES,
                        trained -> trained.result.losses().stream()
                                .mapToDouble(TrainingResult.LossPoint::loss)
                                .toArray())
                .with(
                        THETA,
                        trained -> trained.kernels.stream()
                                .flatMapToDouble(theta -> Arrays.stream(theta.toArray()))
                                .toArray());
    }

    private KernelStatistics.Blocks blocks(Kernel theta) {
        return KernelStatistics.blocks(theta, kernelTargets);
    }

    /** Where the kernel is measured: at 0 and the snapshots. */
    private List<Long> steps() {
        List<Long> steps = new ArrayList<>(List.of(0L));
        steps.addAll(plan.snapshots());
        return steps;
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        return settings.values();
    }

    @Override
    public Columns<?> columns() {
        return columns;
    }

    @Override
    public Map<String, String> conventions() {
        return new TreeMap<>(Map.of(
                "input", data.toString(),
                "loss", plan.loss().formula()));
    }

    @Override
    public double seconds(List<Cell> unit) {
        return unit.stream()
                .mapToDouble(
                        cell -> 6.0 * data.samples() * architecture(cell).parameterCount() * plan.maxSteps() / 6e10)
                .sum();
    }

    @Override
    public double bytes(List<Cell> unit) {
        return unit.stream()
                .mapToDouble(cell -> Double.BYTES
                        * (10.0 * architecture(cell).parameterCount()
                                + 2.0 * data.samples() * (architecture(cell).hiddenUnits() + data.inputDim())))
                .max()
                .orElse(0);
    }

    private Architecture architecture(Cell cell) {
        return Architecture.constant(data.inputDim(), cell.width(), cell.depth())
                .withOutputs(CLASSES);
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        return unit.stream().map(cell -> train(cell, context)).toList();
    }

    private SweepRow train(Cell cell, CellContext context) {
        long start = System.nanoTime();
        RandomNetwork random = new RandomNetwork(architecture(cell), cell.activation(), cell.initialization());
        Seed seed = context.cellSeed(cell, "training of classes");
        TrainingProblem problem = TrainingProblem.draw(random, data, seed, 1);
        List<Kernel> kernels = new ArrayList<>();
        try (Training training = begin(problem, kernels, context)) {
            if (kernels.isEmpty()) {
                kernels.add(theta(training.network(0), context));
            }
            long saved = System.nanoTime();
            // A training stops between two units of work if it is told to, and a unit ends at each snapshot.
            while (!training.run(() -> true)) {
                measure(training, kernels, context);
                boolean stop = context.stopRequested();
                if (stop || System.nanoTime() - saved > SAVE_INTERVAL_NANOS) {
                    context.checkpoint(new ClassBlocksCheckpoint(kernels, training.checkpoint()).write());
                    saved = System.nanoTime();
                }
                if (stop) {
                    throw new CellContext.StoppedException();
                }
                context.progress((double) training.step() / plan.maxSteps());
            }
            measure(training, kernels, context);
            double seconds = (System.nanoTime() - start) / 1e9;
            return kernels.size() < steps().size()
                    ? columns.row(
                            cell,
                            SweepRow.Status.DIVERGED,
                            "the loss overflowed",
                            new Trained(List.of(), training.results().get(0)),
                            seconds)
                    : columns.row(cell, new Trained(kernels, training.results().get(0)), seconds);
        }
    }

    private void measure(Training training, List<Kernel> kernels, CellContext context) {
        List<Long> steps = steps();
        if (kernels.size() < steps.size() && training.step() == steps.get(kernels.size())) {
            kernels.add(theta(training.network(0), context));
        }
    }

    private Kernel theta(Network network, CellContext context) {
        return new KernelEvaluation(network, kernelInputs, context.engine())
                .form(KernelForm.TRACE)
                .evaluate()
                .theta();
    }

    private Training begin(TrainingProblem problem, List<Kernel> kernels, CellContext context) {
        if (context.checkpoint().isEmpty()) {
            return Training.start(problem, plan, context.engine());
        }
        ClassBlocksCheckpoint saved =
                ClassBlocksCheckpoint.read(context.checkpoint().get(), kernelInputs.count());
        kernels.addAll(saved.kernels());
        return Training.resume(problem, plan, context.engine(), saved.training());
    }
}
