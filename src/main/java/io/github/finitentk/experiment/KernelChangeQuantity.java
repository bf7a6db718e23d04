package io.github.finitentk.experiment;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Normalization;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The paper's second experiment: networks trained on MNIST, and how far training moves their kernel,
 * {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F} on the training inputs. A cell trains several initialisations one after
 * the other; its numbers are their medians and ranges.
 */
public final class KernelChangeQuantity implements Quantity {

    static final QuantityType TYPE = new Type();

    private static final String PURPOSE = "training";

    private final Settings settings;
    private final Dataset data;
    private final TrainingPlan plan;
    private final int initializations;

    /** @throws IllegalArgumentException if the data cannot be read or hold too few images */
    KernelChangeQuantity(Settings settings) {
        this.settings = settings;
        this.initializations = settings.integer("initializations");
        this.plan = plan(settings);
        String source = settings.text("data");
        Mnist mnist = source.equalsIgnoreCase("mnist") ? Mnist.embedded() : Mnist.load(Path.of(source));
        this.data = mnist.first(settings.integer("samples"))
                .dataset(Normalization.parse(settings.text("normalize")), Targets.parse(settings.text("targets")));
    }

    private static TrainingPlan plan(Settings settings) {
        return TrainingPlan.builder()
                .learningRate(settings.number("learning_rate"))
                .loss(LossConvention.parse(settings.text("loss")))
                .maxSteps(settings.longInteger("max_steps"))
                .minDecrease(settings.number("min_decrease"))
                .patience(settings.integer("patience"))
                .snapshots(settings.integers("snapshots"))
                .integrator(Integrator.parse(settings.text("integrator")))
                .precision(Precision.parse(settings.text("precision")))
                .build();
    }

    private static final class Type implements QuantityType {

        @Override
        public String name() {
            return "kernel_change";
        }

        @Override
        public String description() {
            return "change of the kernel during training, |Theta^t - Theta^0| / |Theta^0|";
        }

        @Override
        public List<SettingKey> keys() {
            TrainingPlan paper = TrainingPlan.PAPER;
            return List.of(
                    SettingKey.text("data", "mnist", "mnist (embedded), or a folder with the training set's IDX files"),
                    SettingKey.integer("samples", 128L, 1, 60_000, "the first S images"),
                    SettingKey.choice(
                            "normalize", Normalization.UNIT_Q0, Normalization::label, "how inputs are scaled"),
                    SettingKey.choice("targets", Targets.DIGIT, Targets::label, "the scalar target of a digit"),
                    SettingKey.integer("initializations", 1L, 1, 1000, "networks trained for each cell"),
                    SettingKey.number("learning_rate", paper.learningRate(), 1e-300, 1e300, "step size"),
                    SettingKey.choice(
                            "loss",
                            paper.loss(),
                            LossConvention::label,
                            "half-mse: 1/(2S) sum of squares, eq. (2); mse: 1/S"),
                    SettingKey.integer("max_steps", paper.maxSteps(), 1, 1L << 40, "largest number of steps"),
                    SettingKey.number(
                            "min_decrease",
                            paper.minDecrease(),
                            0,
                            1e300,
                            "early stopping: the least fall of the loss"),
                    SettingKey.integer("patience", (long) paper.patience(), 1, Integer.MAX_VALUE, "within these steps"),
                    SettingKey.integers(
                            "snapshots", paper.snapshots(), 1, 1L << 40, "steps at which kernels are measured"),
                    SettingKey.choice(
                            "integrator", Integrator.FLOW, Integrator::label, "steps one by one, or many at once"),
                    SettingKey.word("precision", "f64", List.of("f32", "f64"), "of weights; kernels are always f64"));
        }

        @Override
        public Quantity create(Settings settings) {
            return new KernelChangeQuantity(settings);
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
    public List<Column> columns() {
        return TrainedCell.columns(plan.snapshots());
    }

    @Override
    public Map<String, String> conventions() {
        return Map.of(
                "input", data.toString(),
                "loss", plan.loss().formula());
    }

    @Override
    public void check(Cell cell) {
        // Every cell can be trained.
    }

    // One macro step or one step: three products with each weight matrix, and the kernel's with each layer's states.
    private double flops(Cell cell) {
        double m = cell.width();
        double s = data.samples();
        return cell.depth() * (6 * s * m * m + 2 * s * s * m);
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
                .mapToDouble(cell -> Training.bytes(architecture(cell), initializations, data.samples()))
                .max()
                .orElse(0);
    }

    @Override
    public List<CellResult> compute(List<Cell> unit, CellContext context) {
        return unit.stream().map(cell -> train(cell, context)).toList();
    }

    /** The seed of a cell's networks: whoever draws network 0 of it trains what the cell trains first. */
    public static Seed seed(Seed seed, Cell cell) {
        return seed.derive(PURPOSE + " " + cell);
    }

    private CellResult train(Cell cell, CellContext context) {
        long start = System.nanoTime();
        TrainingProblem problem =
                TrainingProblem.draw(cell.network(data.inputDim()), data, seed(context.seed(), cell), initializations);
        try (Training training = start(problem, context)) {
            boolean ended = training.run(TrainingListener.NONE, context::stopRequested, state -> {
                context.checkpoint(state);
                context.progress((double) training.step() / plan.maxSteps());
            });
            if (!ended) {
                throw new CellInterruptedException();
            }
            return TrainedCell.of(training.results(), plan.snapshots(), (System.nanoTime() - start) / 1e9);
        }
    }

    private Architecture architecture(Cell cell) {
        return Architecture.constant(data.inputDim(), cell.width(), cell.depth());
    }

    private Training start(TrainingProblem problem, CellContext context) {
        return context.checkpoint()
                .map(saved -> Training.resume(problem, plan, context.engine(), saved))
                .orElseGet(() -> Training.start(problem, plan, context.engine()));
    }
}
