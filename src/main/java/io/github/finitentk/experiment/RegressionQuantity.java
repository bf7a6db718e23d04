package io.github.finitentk.experiment;

import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How well networks of infinite width classify images: regression at convergence with the NTK (all layers trained) and with the NNGP
 * kernel (the last layer trained; the mean of the Gaussian process), one output for each class,
 * <pre>
 * f(x) = K(x,X) (K(X) + r I)^-1 Y
 * </pre>
 * Nothing is random, and the width matters only as the weight of the layers in the NTK.
 */
public final class RegressionQuantity implements Quantity {

    private static final class Keys {
        static final Setting<String> DATA =
                Setting.text("data", "mnist", "mnist (embedded), or a folder with the training set's IDX files");
        static final Setting<Integer> SAMPLES =
                Setting.integer("samples", 512, 1, 60_000, "train on the first S images");
        static final Setting<String> TEST_DATA = Setting.text(
                "test_data",
                null,
                "a folder with the test set's IDX files, or the file of any set's images; without, images that follow");
        static final Setting<Integer> TESTS = Setting.integer("tests", 512, 1, 60_000, "test on so many images");
        static final Setting<Mnist.Normalization> NORMALIZE = Setting.choice(
                "normalize", Mnist.Normalization.UNIT_Q0, Mnist.Normalization::label, "how inputs are scaled");
        static final Setting<Mnist.TargetChoice> TARGETS = Setting.choice(
                "targets",
                Mnist.TargetChoice.ZERO_MEAN_ONE_HOT,
                List.of(Mnist.TargetChoice.ZERO_MEAN_ONE_HOT, Mnist.TargetChoice.ONE_HOT),
                Mnist.TargetChoice::label,
                "an output for each class: 1 - 1/K and -1/K, or 1 and 0");
        static final Setting<Double> RIDGE = Setting.number(
                "relative_ridge",
                1e-10,
                0,
                1e300,
                "r, in units of the mean of the kernel's diagonal on the training images");
    }

    static final QuantityType TYPE = new OwnType(
            "regression",
            "how well regression with the NTK and with the NNGP kernel of infinite width classifies images",
            List.of(Keys.DATA, Keys.SAMPLES, Keys.TEST_DATA, Keys.TESTS, Keys.NORMALIZE, Keys.TARGETS, Keys.RIDGE),
            RegressionQuantity::new);

    public static final Column<Double> NTK_ACCURACY =
            Column.real("ntk_accuracy", "share of test images in the right class, NTK");
    public static final Column<Double> NNGP_ACCURACY =
            Column.real("nngp_accuracy", "share of test images in the right class, NNGP kernel");

    private static final Columns<Answers> COLUMNS = new Columns<Answers>()
            .with(NTK_ACCURACY, answers -> answers.ntk.map(Answer::accuracy).orElse(null))
            .with(NNGP_ACCURACY, answers -> answers.nngp.map(Answer::accuracy).orElse(null))
            .with(
                    Column.real("ntk_error", "mean squared error of all outputs on the test images, NTK"),
                    answers -> answers.ntk.map(Answer::error).orElse(null))
            .with(
                    Column.real("nngp_error", "mean squared error of all outputs on the test images, NNGP kernel"),
                    answers -> answers.nngp.map(Answer::error).orElse(null))
            .with(
                    Column.real(
                            "ntk_condition",
                            "condition number (1-norm, estimated) of the NTK and ridge on the training images"),
                    answers -> answers.ntk.map(Answer::condition).orElse(null))
            .with(
                    Column.real("nngp_condition", "the same of the NNGP kernel"),
                    answers -> answers.nngp.map(Answer::condition).orElse(null));

    private record Answer(double accuracy, double error, double condition) {}

    /** Empty where a kernel is not positive definite in double precision. */
    private record Answers(Optional<Answer> ntk, Optional<Answer> nngp) {

        String reason() {
            if (ntk.isPresent() && nngp.isPresent()) {
                return null;
            }
            return (nngp.isPresent() ? "the NTK is" : ntk.isPresent() ? "the NNGP kernel is" : "both kernels are")
                    + " not positive definite in double precision; a larger relative_ridge helps";
        }
    }

    /** Rows of blocks on the diagonal. */
    private static final int ROWS = 64;

    private final Settings settings;
    private final TrainTestData data;
    private final double ridge;

    /** @throws IllegalArgumentException if the data cannot be read, hold too few images, or test images do not fit */
    private RegressionQuantity(Settings settings) {
        this.settings = settings;
        ridge = settings.get(Keys.RIDGE);
        int samples = settings.get(Keys.SAMPLES);
        int tests = settings.get(Keys.TESTS);
        Mnist images = EnsembleQuantity.images(settings.get(Keys.DATA));
        String place = settings.get(Keys.TEST_DATA);
        if (place == null) {
            data = TrainTestData.split(dataset(images.first(samples + tests)), samples);
        } else {
            Dataset test = dataset(Mnist.loadTests(Path.of(place)).first(tests));
            data = new TrainTestData(dataset(images.first(samples)), test.inputs(), Optional.of(test.targets()));
        }
    }

    private Dataset dataset(Mnist images) {
        return images.dataset(settings.get(Keys.NORMALIZE), settings.get(Keys.TARGETS));
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
        return new TreeMap<>(Map.of("input", data.toString(), "ntk", "standard parametrisation, biases trained"));
    }

    @Override
    public Optional<String> processorDependence() {
        return Optional.of("kernel regression takes factorisations from LAPACK");
    }

    @Override
    public double seconds(List<Cell> unit) {
        double samples = data.train().samples();
        double pairs = samples * (samples + data.tests()); // the training kernel is read twice
        return unit.stream()
                .mapToDouble(
                        cell -> 2 * pairs * (3e-7 + 2e-8 * cell.depth()) + 2 * samples * samples * samples / 3 / 1e10)
                .sum();
    }

    @Override
    public double bytes(List<Cell> unit) {
        double samples = data.train().samples();
        double outputs = data.train().outputs();
        return 4 * samples * samples
                + 8 * (samples + data.tests()) * (3.0 * data.train().inputDim() + 20 * outputs)
                + 1e8;
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        return unit.stream().map(cell -> compute(cell, context.engine())).toList();
    }

    private SweepRow compute(Cell cell, Engine engine) {
        long start = System.nanoTime();
        RandomNetwork network = cell.network(data.train().inputDim());
        Answers answers = new Answers(
                answer(network, InfiniteWidth.Limit.NTK, engine), answer(network, InfiniteWidth.Limit.NNGP, engine));
        return COLUMNS.row(cell, SweepRow.Status.OK, answers.reason(), answers, (System.nanoTime() - start) * 1e-9);
    }

    private Optional<Answer> answer(RandomNetwork network, InfiniteWidth.Limit limit, Engine engine) {
        int samples = data.train().samples();
        KernelSource joint = InfiniteWidth.computed(network, data.jointInputs(), limit, engine);
        KernelSource train = joint.part(0, samples, 0, samples);
        try {
            KernelSolution solution = KernelSolver.of(train, engine)
                    .ridge(ridge * meanDiagonal(train))
                    .cholesky(data.train().targets());
            double[][] predicted = solution.predict(joint.part(samples, joint.rows(), 0, samples));
            Targets wanted = data.testTargets().orElseThrow();
            return Optional.of(new Answer(
                    wanted.accuracy(predicted),
                    Arrays.stream(wanted.meanSquaredErrors(predicted)).average().orElseThrow(),
                    1 / solution.reciprocalCondition()));
        } catch (NotPositiveDefiniteException e) {
            return Optional.empty();
        }
    }

    private static double meanDiagonal(KernelSource train) {
        int n = train.rows();
        double sum = 0;
        for (int row = 0; row < n; row += ROWS) {
            int end = Math.min(n, row + ROWS);
            for (double entry : train.block(row, end, row, end).diagonal()) {
                sum += entry;
            }
        }
        return sum / n;
    }
}
