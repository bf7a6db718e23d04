package io.github.finitentk.experiment;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The paper's second experiment: networks trained on MNIST, and how far training moves their kernel,
 * {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F} on the training inputs. A cell trains several initialisations one after
 * the other; its numbers are their medians and ranges.
 */
public final class KernelChangeQuantity implements Quantity {

    private static final class Keys {
        static final TrainingPlan PAPER = TrainingPlan.PAPER;
        static final Setting<String> DATA =
                Setting.text("data", "mnist", "mnist (embedded), or a folder with the training set's IDX files");
        static final Setting<Integer> SAMPLES = Setting.integer("samples", 128, 1, 60_000, "the first S images");
        static final Setting<Mnist.Normalization> NORMALIZE = Setting.choice(
                "normalize", Mnist.Normalization.UNIT_Q0, Mnist.Normalization::label, "how inputs are scaled");
        static final Setting<Mnist.TargetChoice> TARGETS = Setting.choice(
                "targets",
                Mnist.TargetChoice.DIGIT,
                Mnist.TargetChoice::label,
                "the scalar target of a digit, or one-hot: an output for each class");
        static final Setting<Integer> INITIALIZATIONS =
                Setting.integer("initializations", 1, 1, 1000, "networks trained for each cell");
        static final Setting<Double> LEARNING_RATE =
                Setting.number("learning_rate", PAPER.learningRate(), 1e-300, 1e300, "step size");
        static final Setting<LossConvention> LOSS = Setting.choice(
                "loss",
                PAPER.loss(),
                LossConvention::label,
                "half-mse: 1/(2S) sum of squares, eq. (2); mse: 1/S; cross-entropy");
        static final Setting<Long> MAX_STEPS =
                Setting.longInteger("max_steps", PAPER.maxSteps(), 1, 1L << 40, "largest number of steps");
        static final Setting<Double> MIN_DECREASE = Setting.number(
                "min_decrease", PAPER.minDecrease(), 0, 1e300, "early stopping: the least fall of the loss");
        static final Setting<Integer> PATIENCE =
                Setting.integer("patience", PAPER.patience(), 1, Integer.MAX_VALUE, "within these steps");
        static final Setting<List<Long>> SNAPSHOTS =
                Setting.integers("snapshots", PAPER.snapshots(), 1, 1L << 40, "steps at which kernels are measured");
        static final Setting<Integrator> INTEGRATOR =
                Setting.choice("integrator", Integrator.FLOW, Integrator::label, "steps one by one, or many at once");
        static final Setting<Optimizer.Kind> OPTIMIZER = Setting.choice(
                "optimizer",
                null,
                List.of(Optimizer.Kind.values()),
                Optimizer.Kind::label,
                "what a step does with the gradient; gd if not given");
        static final Setting<Double> MOMENTUM =
                Setting.number("momentum", null, 0, 1, "of the optimizer momentum; 0.9 if not given");
        static final Setting<Double> BETA1 = Setting.number("beta1", null, 0, 1, "of adam; 0.9 if not given");
        static final Setting<Double> BETA2 = Setting.number("beta2", null, 0, 1, "of adam; 0.999 if not given");
        static final Setting<Double> EPSILON = Setting.number("epsilon", null, 0, 1e300, "of adam; 1e-8 if not given");
        static final Setting<Integer> BATCH = Setting.integer(
                "batch", null, 1, 60_000, "inputs that a step sees, in an order from the seed; all if not given");
        static final Setting<Integer> KERNEL_SAMPLES = Setting.integer(
                "kernel_samples",
                null,
                1,
                60_000,
                "kernels are those of the first so many inputs; of all if not given");
        static final Setting<Precision> PRECISION =
                Setting.choice("precision", Precision.F64, Precision::label, "of weights; kernels are always f64");
    }

    static final QuantityType TYPE = new OwnType(
            "kernel_change",
            "change of the kernel during training, |Theta^t - Theta^0| / |Theta^0|",
            List.of(
                    Keys.DATA,
                    Keys.SAMPLES,
                    Keys.NORMALIZE,
                    Keys.TARGETS,
                    Keys.INITIALIZATIONS,
                    Keys.LEARNING_RATE,
                    Keys.LOSS,
                    Keys.MAX_STEPS,
                    Keys.MIN_DECREASE,
                    Keys.PATIENCE,
                    Keys.SNAPSHOTS,
                    Keys.INTEGRATOR,
                    Keys.PRECISION,
                    Keys.OPTIMIZER,
                    Keys.MOMENTUM,
                    Keys.BETA1,
                    Keys.BETA2,
                    Keys.EPSILON,
                    Keys.BATCH,
                    Keys.KERNEL_SAMPLES),
            KernelChangeQuantity::new);

    private static final String PURPOSE = "training";
    private static final String ORDER = "order of inputs";

    public static final Column<Double> CHANGE_LOW =
            Column.real("kernel_change_low", "the least of the initialisations");
    public static final Column<Double> CHANGE_HIGH = Column.real("kernel_change_high", "the largest");
    public static final Column<Double> CHANGE = Column.real(
                    "kernel_change", "|Theta^t - Theta^0|_F / |Theta^0|_F at the end: median")
            .withSymbol("$\\Vert\\Theta^t - \\Theta^0\\Vert_F$ / $\\Vert\\Theta^0\\Vert_F$")
            .withInterval(CHANGE_LOW, CHANGE_HIGH);
    public static final Column<Double> MIN_LOSS_LOW = Column.real("min_loss_low", "the least of the initialisations");
    public static final Column<Double> MIN_LOSS_HIGH = Column.real("min_loss_high", "the largest");
    public static final Column<Double> MIN_LOSS = Column.real("min_loss", "smallest loss of all steps: median")
            .withSymbol("minimal loss")
            .withInterval(MIN_LOSS_LOW, MIN_LOSS_HIGH);
    public static final Column<Double> A_MAX_START = Column.real(
                    "a_max_start", "eta lambda_max(Theta^0) / S: median; unstable above 2")
            .withSymbol("$\\eta \\lambda_{\\mathrm{max}} / S$ at the start");
    public static final Column<Double> A_MAX = Column.real(
                    "a_max", "its largest value at start, snapshots and end: median")
            .withSymbol("largest $\\eta \\lambda_{\\mathrm{max}} / S$");
    public static final Column<Long> UNSTABLE = Column.integer("unstable", "initialisations whose a_max exceeded 2");

    /** The change after some steps, or at the end if that is earlier: one column for each snapshot. */
    public static Column<Double> changeAt(long step) {
        return Column.real(
                        CHANGE.name() + "_at_" + step,
                        "the same after " + step + " steps (or at the end, if that is earlier)")
                .withSymbol(CHANGE.symbol());
    }

    static Columns<TrainedCell> columns(List<Long> snapshots) {
        Columns<TrainedCell> columns = new Columns<TrainedCell>()
                .with(Column.integer("initializations", "networks that were trained"), cell ->
                        (long) cell.networks().size())
                .with(CHANGE, cell -> cell.median(TrainedCell::lastChange))
                .with(CHANGE_LOW, cell -> cell.least(TrainedCell::lastChange))
                .with(CHANGE_HIGH, cell -> cell.largest(TrainedCell::lastChange))
                .with(MIN_LOSS, cell -> cell.median(TrainingResult::minLoss))
                .with(MIN_LOSS_LOW, cell -> cell.least(TrainingResult::minLoss))
                .with(MIN_LOSS_HIGH, cell -> cell.largest(TrainingResult::minLoss))
                .with(
                        Column.real("initial_loss", "loss before training: median"),
                        cell -> cell.median(network -> network.losses().get(0).loss()))
                .with(
                        Column.real("final_loss", "loss at the end: median"),
                        cell -> cell.median(TrainingResult::finalLoss))
                .with(
                        Column.real("steps", "steps taken: median").withUnit("steps"),
                        cell -> cell.median(TrainingResult::steps))
                .with(Column.text("stopped", "why trainings ended, with their numbers"), TrainedCell::stopReasons)
                .with(A_MAX_START, cell -> cell.median(TrainingResult::aMaxStart))
                .with(A_MAX, cell -> cell.median(TrainingResult::aMaxLargest))
                .with(UNSTABLE, cell -> cell.count(TrainingResult::unstable))
                .with(
                        Column.integer("diverged", "initialisations whose loss or kernel overflowed"),
                        TrainedCell::diverged)
                .with(
                        Column.real(
                                "error_estimate",
                                "estimate of the relative error of kernel changes and residuals, largest of the"
                                        + " networks"),
                        cell -> cell.largest(TrainingResult::errorEstimate))
                .with(
                        Column.integer("evaluations", "forward and backward passes of all initialisations"),
                        TrainedCell::evaluations);
        for (long step : snapshots) {
            columns = columns.with(changeAt(step), cell -> cell.median(network -> TrainedCell.changeAt(network, step)));
        }
        return columns.with(
                        Column.reals("kernel_changes", "at the end, one by one").withIndex("network"),
                        cell -> cell.each(TrainedCell::lastChange))
                .with(
                        Column.reals("min_losses", "smallest losses, one by one")
                                .withIndex("network"),
                        cell -> cell.each(TrainingResult::minLoss))
                .with(
                        Column.reals("steps_each", "steps taken, one by one")
                                .withUnit("steps")
                                .withIndex("network"),
                        cell -> cell.each(TrainingResult::steps));
    }

    private final Settings settings;
    private final Dataset data;
    private final TrainingPlan plan;
    private final int initializations;
    private final Columns<TrainedCell> columns;

    /** @throws IllegalArgumentException if the data cannot be read or hold too few images */
    KernelChangeQuantity(Settings settings) {
        this.settings = settings;
        this.initializations = settings.get(Keys.INITIALIZATIONS);
        this.plan = TrainingPlan.builder()
                .learningRate(settings.get(Keys.LEARNING_RATE))
                .loss(settings.get(Keys.LOSS))
                .maxSteps(settings.get(Keys.MAX_STEPS))
                .minDecrease(settings.get(Keys.MIN_DECREASE))
                .patience(settings.get(Keys.PATIENCE))
                .snapshots(settings.get(Keys.SNAPSHOTS))
                .integrator(settings.get(Keys.INTEGRATOR))
                .precision(settings.get(Keys.PRECISION))
                .optimizer(optimizer(settings))
                .batch(orAll(settings.get(Keys.BATCH)), Seed.of(0))
                .kernelSamples(orAll(settings.get(Keys.KERNEL_SAMPLES)))
                .build();
        this.columns = columns(plan.snapshots());
        this.data = EnsembleQuantity.images(settings.get(Keys.DATA))
                .first(settings.get(Keys.SAMPLES))
                .dataset(settings.get(Keys.NORMALIZE), settings.get(Keys.TARGETS));
        plan.requireFits(data);
    }

    private static int orAll(Integer count) {
        return count == null ? TrainingPlan.ALL : count;
    }

    private static Optimizer optimizer(Settings settings) {
        Optimizer.Kind given = settings.get(Keys.OPTIMIZER);
        Optimizer.Kind kind = given == null ? Optimizer.Kind.GD : given;
        refuse(settings, kind, Optimizer.Kind.MOMENTUM, List.of(Keys.MOMENTUM));
        refuse(settings, kind, Optimizer.Kind.ADAM, List.of(Keys.BETA1, Keys.BETA2, Keys.EPSILON));
        return Optimizer.of(
                kind,
                settings.get(Keys.MOMENTUM),
                settings.get(Keys.BETA1),
                settings.get(Keys.BETA2),
                settings.get(Keys.EPSILON));
    }

    private static void refuse(
            Settings settings, Optimizer.Kind kind, Optimizer.Kind owner, List<Setting<Double>> numbers) {
        for (Setting<Double> number : numbers) {
            if (kind != owner && settings.get(number) != null) {
                throw new IllegalArgumentException(
                        number.name() + " has no effect with the optimizer " + kind.label() + ".");
            }
        }
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
    public Optional<String> processorDependence() {
        return plan.integrator() != Integrator.GD
                ? Optional.of("the integrator flow takes eigenvalues from LAPACK")
                : Optional.empty();
    }

    // One macro step or one step: three products with each weight matrix, and the kernel's with each layer's states.
    private double flops(Cell cell) {
        double m = cell.width();
        double s = plan.batch() == TrainingPlan.ALL ? data.samples() : plan.batch();
        double kernel = plan.isPlain() ? 2 * s * s * m : 0;
        return cell.depth() * (6 * s * m * m + kernel);
    }

    @Override
    public double seconds(List<Cell> unit) {
        return unit.stream()
                .mapToDouble(cell -> initializations * evaluations(cell) * flops(cell) / 4e10)
                .sum();
    }

    private double evaluations(Cell cell) {
        return switch (plan.integrator()) {
            case GD -> plan.maxSteps();
            // Many networks with kinks are trained step by step in the end.
            case FLOW ->
                cell.activation().kinks().length > 0
                        ? Math.max(Math.min(plan.maxSteps(), 300), plan.maxSteps() / 2.0)
                        : Math.min(plan.maxSteps(), 300);
            case FLOW_COARSE -> Math.min(plan.maxSteps(), 300);
        };
    }

    @Override
    public double bytes(List<Cell> unit) {
        return unit.stream()
                .mapToDouble(cell -> Training.bytes(architecture(cell), initializations, data.samples(), plan))
                .max()
                .orElse(0);
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        return unit.stream().map(cell -> train(cell, context)).toList();
    }

    /** The seed of a cell's networks: whoever draws network 0 of it trains what the cell trains first. */
    public static Seed seed(Seed seed, Cell cell) {
        return seed.derive(PURPOSE + " " + cell);
    }

    /**
     * The seed of the orders in which steps see the inputs.
     *
     * @param networks that of the networks, {@link #seed(Seed, Cell)}
     */
    public static Seed order(Seed networks) {
        return networks.derive(ORDER);
    }

    private SweepRow train(Cell cell, CellContext context) {
        long start = System.nanoTime();
        Seed seed = seed(context.seed(), cell);
        TrainingProblem problem = TrainingProblem.draw(
                cell.network(data.inputDim()).withOutputs(data.outputs()), data, seed, initializations);
        try (Training training =
                start(problem, plan.toBuilder().batch(plan.batch(), order(seed)).build(), context)) {
            boolean ended = training.run(TrainingListener.NONE, context::stopRequested, state -> {
                context.checkpoint(state);
                context.progress((double) training.step() / plan.maxSteps());
            });
            if (!ended) {
                throw new CellContext.StoppedException();
            }
            TrainedCell trained = new TrainedCell(training.results());
            return columns.row(cell, trained.status(), trained.reason(), trained, (System.nanoTime() - start) / 1e9);
        }
    }

    private Architecture architecture(Cell cell) {
        return Architecture.constant(data.inputDim(), cell.width(), cell.depth())
                .withOutputs(data.outputs());
    }

    private static Training start(TrainingProblem problem, TrainingPlan plan, CellContext context) {
        return context.checkpoint()
                .map(saved -> Training.resume(problem, plan, context.engine(), saved))
                .orElseGet(() -> Training.start(problem, plan, context.engine()));
    }
}
