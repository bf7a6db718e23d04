package io.github.finitentk.experiment;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.OutputVariance;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Section 5 of the paper put to the test: the output variance of independently trained networks on MNIST against eq. (10),
 * the exact infinite-width formula and Theorem 3 ({@link EnsembleComparison}).
 */
public final class EnsembleQuantity implements Quantity {

    private static final class Keys {
        static final Setting<String> DATA =
                Setting.text("data", "mnist", "mnist (embedded), or a folder with the training set's IDX files");
        static final Setting<Integer> SAMPLES =
                Setting.integer("samples", 128, 1, 60_000, "train on the first S images");
        static final Setting<Integer> TESTS = Setting.integer("tests", 128, 1, 60_000, "test on those that follow");
        static final Setting<Mnist.Normalization> NORMALIZE = Setting.choice(
                "normalize", Mnist.Normalization.UNIT_Q0, Mnist.Normalization::label, "how inputs are scaled");
        static final Setting<Mnist.TargetChoice> TARGETS = Setting.choice(
                "targets",
                Mnist.TargetChoice.DIGIT,
                Mnist.TargetChoice.SCALAR,
                Mnist.TargetChoice::label,
                "the scalar target of a digit");
        static final Setting<Integer> NETWORKS = Setting.integer(
                "networks", EnsembleTraining.Settings.NETWORKS, 2, 1_000_000, "networks trained for each cell");
        static final Setting<Double> DURATION = Setting.number(
                "duration",
                TrainingPlan.DURATION,
                1e-300,
                1e300,
                "training time t, as t lambda_max/S of the infinite-width kernel");
        static final Setting<Double> RELATIVE_RATE = Setting.number(
                "relative_rate",
                EnsembleTraining.Settings.RELATIVE_RATE,
                1e-12,
                0.999,
                "learning rate in units of the largest stable one of each network's own kernel");
    }

    static final QuantityType TYPE = new OwnType(
            "ensemble",
            "output variance of trained networks against eq. (10), its exact infinite-width form and Theorem 3",
            List.of(
                    Keys.DATA,
                    Keys.SAMPLES,
                    Keys.TESTS,
                    Keys.NORMALIZE,
                    Keys.TARGETS,
                    Keys.NETWORKS,
                    Keys.DURATION,
                    Keys.RELATIVE_RATE),
            EnsembleQuantity::new);

    private static final String PURPOSE = "ensemble";

    public static final Column<Long> NETWORKS = Column.integer("networks", "trained networks that are compared");
    public static final Column<Double> TRAINED_LOW = Column.real("trained_ci_low", "lower end of its 95 % interval");
    public static final Column<Double> TRAINED_HIGH = Column.real("trained_ci_high", "its upper end");
    public static final Column<Double> TRAINED_VARIANCE = Column.real(
                    "trained_variance", "output variance of the trained networks, mean over test inputs")
            .withInterval(TRAINED_LOW, TRAINED_HIGH);
    public static final Column<Double> OWN_LOW = Column.real("own_ci_low", "lower end of its 95 % interval");
    public static final Column<Double> OWN_HIGH = Column.real("own_ci_high", "its upper end");
    public static final Column<Double> OWN_VARIANCE = Column.real(
                    "own_variance", "the same by eq. (10) with each network's own kernel, at its training time")
            .withInterval(OWN_LOW, OWN_HIGH);
    public static final Column<Double> EXACT_VARIANCE =
            Column.real("exact_variance", "infinite width, at the training time");
    public static final Column<Double> EXACT_CONVERGED_VARIANCE =
            Column.real("exact_converged_variance", "infinite width, infinite training time");
    public static final Column<Double> THEOREM3_VARIANCE = Column.real("theorem3_variance", "Theorem 3");
    public static final Column<Double> GAP =
            Column.real("gap", "rms of trained less eq. (10) with own kernels, in standard deviations");
    public static final Column<Double> TRAINED_SQUARED_BIAS =
            Column.real("trained_squared_bias", "of the trained networks, sampling error removed");
    public static final Column<Double> EXACT_SQUARED_BIAS =
            Column.real("exact_squared_bias", "infinite width, at the training time");
    public static final Column<Double> KERNEL_CHANGE = Column.real(
                    "kernel_change", "|Theta^t - Theta^0|_F / |Theta^0|_F, mean over networks")
            .withSymbol(KernelChangeQuantity.CHANGE.symbol());

    private record Result(EnsembleComparison comparison, InfiniteWidthRegression theory) {}

    private static final Columns<Result> COLUMNS = new Columns<EnsembleComparison>()
            .with(NETWORKS, comparison -> (long) comparison.networks())
            .with(Column.integer("diverged", "networks that diverged and are left out"), comparison ->
                    (long) comparison.diverged())
            .with(TRAINED_VARIANCE, comparison -> value(comparison.trained()))
            .with(TRAINED_LOW, comparison -> lower(comparison.trained()))
            .with(TRAINED_HIGH, comparison -> upper(comparison.trained()))
            .with(OWN_VARIANCE, comparison -> value(comparison.predicted()))
            .with(OWN_LOW, comparison -> lower(comparison.predicted()))
            .with(OWN_HIGH, comparison -> upper(comparison.predicted()))
            .with(
                    Column.real("own_converged_variance", "the same for infinite training time"),
                    comparison -> value(comparison.converged()))
            .with(EXACT_VARIANCE, EnsembleComparison::exact)
            .with(EXACT_CONVERGED_VARIANCE, EnsembleComparison::exactConverged)
            .with(THEOREM3_VARIANCE, EnsembleComparison::theorem3)
            .<Result>of(Result::comparison)
            .with(
                    Column.real("theorem3_a", "A of Theorem 3").withSymbol("$A$"),
                    result -> result.theory.theorem3().a())
            .with(
                    Column.real("initial_variance", "infinite-width output variance before training"),
                    result -> Arrays.stream(result.theory.nngp().diagonal())
                            .average()
                            .orElseThrow())
            .with(GAP, result -> result.comparison.gap())
            .with(TRAINED_SQUARED_BIAS, result -> squaredBias(result.comparison.trainedSplit()))
            .with(EXACT_SQUARED_BIAS, result -> squaredBias(result.comparison.exactSplit()))
            .with(KERNEL_CHANGE, result -> result.comparison.kernelChange())
            .with(Column.real("initial_loss", "mean over networks"), result -> result.comparison.initialLoss())
            .with(Column.real("final_loss", "mean over networks"), result -> result.comparison.finalLoss())
            .with(
                    Column.real("condition_number", "of Theta* on the training inputs"),
                    result -> result.theory.regression().conditionNumber())
            .with(
                    Column.real("own_condition_number", "of the networks' kernels: median"),
                    result -> result.comparison.ownCondition())
            .with(
                    Column.real("time", "training time t on 1/(2S), learning rate x steps")
                            .withSymbol("$t$"),
                    result -> result.comparison.time());

    private final Settings settings;
    private final TrainTestData data;
    private final EnsembleTraining.Settings ensemble;

    /** @throws IllegalArgumentException if the data cannot be read or hold too few images */
    private EnsembleQuantity(Settings settings) {
        this.settings = settings;
        ensemble = new EnsembleTraining.Settings(
                settings.get(Keys.NETWORKS), settings.get(Keys.DURATION), settings.get(Keys.RELATIVE_RATE));
        int samples = settings.get(Keys.SAMPLES);
        data = TrainTestData.split(
                images(settings.get(Keys.DATA))
                        .first(samples + settings.get(Keys.TESTS))
                        .dataset(settings.get(Keys.NORMALIZE), settings.get(Keys.TARGETS)),
                samples);
    }

    /** The embedded images, or those of a folder. */
    static Mnist images(String source) {
        return source.equalsIgnoreCase("mnist") ? Mnist.embedded() : Mnist.load(Path.of(source));
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
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return new TreeMap<>(Map.of("input", data.toString(), "loss", "1/(2S) sum (f - y)^2"));
    }

    @Override
    public Optional<String> processorDependence() {
        return Optional.of("kernel regression takes eigenvalues and factorisations from LAPACK");
    }

    // ReLU's kinks force most steps to be taken one by one; smooth networks take some 150 passes. Each has three
    // products with every weight matrix and the kernel's with every layer's
    // states.
    private double flops(Cell cell) {
        double m = cell.width();
        double s = data.train().samples();
        return cell.depth() * (6 * s * m * m + 2 * s * s * m);
    }

    private double passes(Cell cell) {
        return cell.activation() instanceof PiecewiseLinear && cell.depth() > 1
                ? 0.5 * ensemble.duration() / ensemble.relativeRate()
                : 150;
    }

    @Override
    public double seconds(List<Cell> unit) {
        return unit.stream()
                .mapToDouble(cell -> ensemble.networks() * passes(cell) * (flops(cell) / 1.5e10 + 2e-4))
                .sum();
    }

    @Override
    public double bytes(List<Cell> unit) {
        return unit.stream()
                .mapToDouble(cell -> Training.bytes(
                        Architecture.constant(data.train().inputDim(), cell.width(), cell.depth()),
                        1,
                        data.train().samples() + data.tests()))
                .max()
                .orElse(0);
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        return unit.stream().map(cell -> compute(cell, context)).toList();
    }

    private SweepRow compute(Cell cell, CellContext context) {
        long start = System.nanoTime();
        RandomNetwork network = cell.network(data.train().inputDim());
        InfiniteWidthRegression theory = InfiniteWidthRegression.of(
                network, data.jointInputs(), data.train().samples(), 0, context.engine());
        double time = ensemble.time(theory);
        List<EnsembleTraining.Member> members = members(cell, network, time, context);
        EnsembleComparison comparison = EnsembleComparison.of(members, time, theory, data);
        return COLUMNS.row(
                cell,
                comparison.networks() >= 2 ? SweepRow.Status.OK : SweepRow.Status.DIVERGED,
                comparison.diverged() == 0
                        ? null
                        : comparison.diverged() + " of " + (comparison.networks() + comparison.diverged())
                                + " networks diverged",
                new Result(comparison, theory),
                (System.nanoTime() - start) * 1e-9);
    }

    private static Double value(Optional<OutputVariance> variance) {
        return variance.map(OutputVariance::value).orElse(null);
    }

    private static Double lower(Optional<OutputVariance> variance) {
        return variance.map(known -> known.interval().lower()).orElse(null);
    }

    private static Double upper(Optional<OutputVariance> variance) {
        return variance.map(known -> known.interval().upper()).orElse(null);
    }

    private static Double squaredBias(Optional<Smoother.BiasVariance> split) {
        return split.map(Smoother.BiasVariance::squaredBias).orElse(null);
    }

    /** The seed of a cell's networks: whoever draws them from it trains what the cell trains. */
    public static Seed seed(Seed seed, Cell cell) {
        return seed.derive(PURPOSE + " " + cell);
    }

    private List<EnsembleTraining.Member> members(Cell cell, RandomNetwork network, double time, CellContext context) {
        EnsembleTraining training = new EnsembleTraining(network, data, ensemble, time, context.engine());
        List<EnsembleTraining.Member> members = new ArrayList<>(
                context.checkpoint().map(EnsembleCheckpoint::read).orElse(List.of()));
        int together = context.engine().threads();
        while (members.size() < ensemble.networks()) {
            int count = Math.min(together, ensemble.networks() - members.size());
            EnsembleTraining.Member[] trained =
                    training.train(seed(context.seed(), cell), members.size(), count, context::stopRequested);
            if (Arrays.asList(trained).contains(null)) {
                context.checkpoint(EnsembleCheckpoint.write(members));
                throw new CellContext.StoppedException();
            }
            members.addAll(List.of(trained));
            context.checkpoint(EnsembleCheckpoint.write(members));
            context.progress((double) members.size() / ensemble.networks());
        }
        return members;
    }
}
