package io.github.finitentk.experiment;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.Spectrum;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Network.FileLayout;
import io.github.finitentk.model.Network.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel along a training made anywhere: one row for each checkpoint, with what is said of it; docs/track.md has the formulas.
 *
 * <pre>
 * SweepSpec track = TrackQuantity.of(Checkpoints.find(List.of("run/*.npz")), Activations.RELU, inputs)
 *         .targets(targets)
 *         .learningRate(0.1)
 *         .spec();
 * RunResult result = ntk.sweep(track).to(runFile).run();
 * </pre>
 *
 * All rows have one cell: depth, largest hidden width, and the variances that the first checkpoint's weights and biases have.
 */
public final class TrackQuantity implements Quantity {

    private static final class Keys {
        static final Setting<List<String>> CHECKPOINTS = Setting.texts("checkpoints", "files of networks, in order");
        static final Setting<List<Long>> STEPS =
                Setting.integers("steps", null, 0, 1L << 53, "the step that each is of");
        static final Setting<List<String>> LAYER_NAMES =
                Setting.texts("layer_names", "the layers in these files, in order");
        static final Setting<String> WEIGHT_LAYOUT =
                Setting.text("weight_layout", null, "which way round their weights lie: out-in or in-out");
        static final Setting<String> INPUTS = Setting.text("inputs", null, "file of the inputs");
        static final Setting<String> TARGETS = Setting.text("targets", null, "file of the targets");
        static final Setting<Double> LEARNING_RATE =
                Setting.number("learning_rate", null, 1e-300, 1e300, "of the training, for the sharpness");
        static final Setting<Double> MOMENTUM =
                Setting.number("momentum", 0.0, 0, Math.nextDown(1.0), "of the training");
        static final Setting<LossConvention> LOSS =
                Setting.choice("loss", LossConvention.HALF_MSE, LossConvention::label, "that was descended");
        static final Setting<String> CONTENTS =
                Setting.text("contents", null, "SHA-256 of the files: checkpoints in order, inputs, targets");
    }

    static final QuantityType TYPE = new OwnType(
            "track",
            "the kernel along a training made anywhere, checkpoint by checkpoint",
            List.of(
                    Keys.CHECKPOINTS,
                    Keys.STEPS,
                    Keys.LAYER_NAMES,
                    Keys.WEIGHT_LAYOUT,
                    Keys.INPUTS,
                    Keys.TARGETS,
                    Keys.LEARNING_RATE,
                    Keys.MOMENTUM,
                    Keys.LOSS,
                    Keys.CONTENTS),
            TrackQuantity::new);

    public static final Column<Long> STEP =
            Column.integer("step", "step of the training").withSymbol("$t$");
    public static final Column<String> CHECKPOINT = Column.text("checkpoint", "file of the network");
    public static final Column<Double> CHANGE = Column.real(
                    "kernel_change", "|Theta^t - Theta^0|_F / |Theta^0|_F, from the first checkpoint")
            .withSymbol(KernelChangeQuantity.CHANGE.symbol());
    public static final Column<Double> CHANGE_TO_LAST = Column.real(
                    "change_to_last", "|Theta^T - Theta^t|_F / |Theta^t|_F, from here to the last checkpoint")
            .withSymbol("$\\Vert\\Theta^T - \\Theta^t\\Vert_F$ / $\\Vert\\Theta^t\\Vert_F$");
    public static final Column<Double> DISTANCE = Column.real(
            "kernel_distance", "1 - <Theta^t, Theta^0>/(|Theta^t| |Theta^0|): the change but for rescaling");
    public static final Column<Double> VELOCITY =
            Column.real("kernel_velocity", "distance from the checkpoint before, for each step in between");
    public static final Column<Double> WEIGHT_CHANGE =
            Column.real("weight_change", "|w^t - w^0| / |w^0| of all weights and biases");
    public static final Column<Double> ALIGNMENT =
            Column.real("alignment", "<Theta, YY^T>/(|Theta| |YY^T|) with the targets Y");
    public static final Column<Double> CENTRED_ALIGNMENT =
            Column.real("centred_alignment", "the same of both matrices without their means (CKA)");
    public static final Column<Double> EFFECTIVE_RANK =
            Column.real("effective_rank", "exp(-sum p log p) of the eigenvalues' shares p of the trace");
    public static final Column<Double> PARTICIPATION =
            Column.real("participation_ratio", "(sum lambda)^2 / sum lambda^2 of the eigenvalues");
    public static final Column<Double> CONDITION =
            Column.real("condition_number", "largest over smallest eigenvalue; infinite if singular within rounding");
    public static final Column<Double> SAME_CLASS = Column.real(
                    "same_over_diagonal", "mean Theta over pairs of equal targets, over that of the diagonal")
            .withSymbol("$\\Theta_c / \\Theta_d$");
    public static final Column<Double> DIFFERENT_CLASS = Column.real(
                    "different_over_diagonal", "mean Theta over pairs of different targets, over the diagonal's")
            .withSymbol("$\\Theta_n / \\Theta_d$");
    public static final Column<Double> LARGEST_EIGENVALUE =
            Column.real("largest_eigenvalue", "lambda_max(Theta)").withSymbol("$\\lambda_{\\mathrm{max}}$");
    public static final Column<Double> SHARPNESS = Column.real(
                    "sharpness", "eta lambda_max / S of the kernel of all outputs, twice that for the loss 1/S sum")
            .withSymbol("$\\eta \\lambda_{\\mathrm{max}} / S$");
    public static final Column<Double> SHARPNESS_BOUND = Column.real(
            "sharpness_bound", "2 (1 + momentum), above which gradient descent is unstable; none for cross-entropy");
    public static final Column<Double> LOSS = Column.real("loss", "of the network on these inputs");
    public static final Column<Double> ACCURACY =
            Column.real("accuracy", "share of inputs whose largest output is that of their class");

    private final Settings settings;
    private final TrackedKernels kernels;
    private final Checkpoints checkpoints;
    private final Columns<TrackedKernel> columns;

    /** @throws IllegalArgumentException if checkpoints, their steps or the inputs are missing or contradict each other */
    TrackQuantity(Settings settings) {
        this.settings = settings;
        if (settings.get(Keys.CHECKPOINTS) == null
                || settings.get(Keys.STEPS) == null
                || settings.get(Keys.INPUTS) == null) {
            throw new IllegalArgumentException("A track needs checkpoints, steps and inputs.");
        }
        List<Path> files = settings.get(Keys.CHECKPOINTS).stream().map(Path::of).toList();
        checkpoints = new Checkpoints(files, settings.get(Keys.STEPS), true);
        String targets = settings.get(Keys.TARGETS);
        kernels = new TrackedKernels(
                files, layout(settings), Path.of(settings.get(Keys.INPUTS)), targets == null ? null : Path.of(targets));
        columns = declared();
    }

    private static FileLayout layout(Settings settings) {
        List<String> names = settings.get(Keys.LAYER_NAMES);
        return new FileLayout(
                names == null ? List.of() : names,
                Optional.ofNullable(settings.get(Keys.WEIGHT_LAYOUT)).map(WeightLayout::parse));
    }

    private Columns<TrackedKernel> declared() {
        return new Columns<TrackedKernel>()
                .with(STEP, TrackedKernel::step)
                .with(CHECKPOINT, TrackedKernel::checkpoint)
                .with(CHANGE, TrackedKernel::change)
                .with(CHANGE_TO_LAST, TrackedKernel::changeToLast)
                .with(DISTANCE, TrackedKernel::distance)
                .with(VELOCITY, TrackedKernel::velocity)
                .with(WEIGHT_CHANGE, TrackedKernel::weightChange)
                .with(LARGEST_EIGENVALUE, row -> row.spectrum(Spectrum::largest))
                .with(CONDITION, row -> row.spectrum(Spectrum::conditionNumber))
                .with(EFFECTIVE_RANK, row -> row.spectrum(Spectrum::effectiveRank))
                .with(PARTICIPATION, row -> row.spectrum(Spectrum::participationRatio))
                .with(
                        Column.real("first_share", "share of the trace in the largest eigenvalue"),
                        row -> row.spectrum(all -> all.traceShare(1)))
                .with(ALIGNMENT, row -> row.alignment().plain())
                .with(CENTRED_ALIGNMENT, row -> row.alignment().centred())
                .with(SAME_CLASS, row -> row.blocks().sameOverDiagonal())
                .with(DIFFERENT_CLASS, row -> row.blocks().differentOverDiagonal())
                .with(Column.real("mean_diagonal", "mean of Theta(x, x)"), TrackedKernel::meanDiagonal)
                .with(SHARPNESS, this::sharpness)
                .with(SHARPNESS_BOUND, row -> sharpnessBound())
                .with(LOSS, TrackedKernel::loss)
                .with(ACCURACY, TrackedKernel::accuracy)
                .with(
                        Column.real("weight_variance", "mean of n_in W^2, an estimate of sigma_w^2"),
                        TrackedKernel::weightVariance)
                .with(
                        Column.real("bias_variance", "mean of b^2, an estimate of sigma_b^2"),
                        TrackedKernel::biasVariance)
                .with(
                        Column.reals("eigenvalues", "the largest ones, descending")
                                .withIndex("eigenvalue"),
                        TrackedKernel::eigenvalues);
    }

    private double sharpness(TrackedKernel row) {
        Double rate = settings.get(Keys.LEARNING_RATE);
        return rate == null
                ? Double.NaN
                : Spectrum.sharpness(
                        row.largestOfFull(),
                        rate,
                        settings.get(Keys.LOSS),
                        kernels.inputs().count());
    }

    private double sharpnessBound() {
        return settings.get(Keys.LOSS).isSquaredError()
                ? Spectrum.stabilityBound(settings.get(Keys.MOMENTUM))
                : Double.NaN;
    }

    /** Begins to say what is tracked: networks of one shape, read from these files, on inputs of another. */
    public static Builder of(Checkpoints checkpoints, Activation activation, Path inputs) {
        return new Builder(checkpoints, activation, inputs);
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
    public Optional<String> processorDependence() {
        return Optional.of("spectra are LAPACK's");
    }

    @Override
    public Columns<?> columns() {
        return columns;
    }

    @Override
    public Optional<Column<Long>> along() {
        return Optional.of(STEP);
    }

    @Override
    public int rowsPerCell() {
        return checkpoints.count();
    }

    @Override
    public Map<String, String> conventions() {
        return Map.of("loss", settings.get(Keys.LOSS).formula());
    }

    /** Forward and backward pass, the kernel's products, and its eigenvalues. */
    @Override
    public double seconds(List<Cell> unit) {
        double s = kernels.inputs().count();
        return unit.stream()
                .mapToDouble(cell -> {
                    double m = cell.width();
                    return (cell.depth() * (4 * s * m * m + 2 * s * s * m) + 10 * s * s * s) / 2e10;
                })
                .sum();
    }

    /** Five kernels, two of them for the eigenvalues, and the states of a network. */
    @Override
    public double bytes(List<Cell> unit) {
        double s = kernels.inputs().count();
        return unit.stream()
                .mapToDouble(cell -> 8 * (5 * s * s + 2 * s * cell.depth() * cell.width()))
                .max()
                .orElse(0);
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        List<SweepRow> rows = new ArrayList<>();
        for (int k = 0; k < unit.size(); k++) {
            long start = System.nanoTime();
            Cell cell = unit.get(k);
            TrackedKernel row = at(context.place(k), cell.activation(), context.engine());
            boolean finite = row.spectrum().isPresent();
            rows.add(columns.row(
                    cell,
                    finite ? SweepRow.Status.OK : SweepRow.Status.DIVERGED,
                    finite ? null : "the kernel leaves the range of a double",
                    row,
                    (System.nanoTime() - start) / 1e9));
        }
        return rows;
    }

    private TrackedKernel at(int place, Activation activation, Engine engine) {
        int before = Math.max(0, place - 1);
        TrackedKernels.State here = kernels.at(place, activation, engine);
        return TrackedKernel.of(
                checkpoints.steps().get(place),
                checkpoints.steps().get(before),
                checkpoints.files().get(place).toString(),
                here,
                new TrackedKernel.Neighbours(
                        kernels.at(0, activation, engine),
                        kernels.at(before, activation, engine),
                        kernels.at(checkpoints.count() - 1, activation, engine)),
                kernels.targets(here.network().architecture().outputs()),
                settings.get(Keys.LOSS),
                settings.get(Keys.LEARNING_RATE) == null ? Double.NaN : kernels.largestOfFull(here, engine),
                engine);
    }

    /** Says what is tracked. */
    public static final class Builder {

        private final Checkpoints checkpoints;
        private final Activation activation;
        private final Path inputs;
        private final Map<String, Object> settings = new HashMap<>();
        private Path targets;

        private Builder(Checkpoints checkpoints, Activation activation, Path inputs) {
            this.checkpoints = checkpoints;
            this.activation = activation;
            this.inputs = inputs;
        }

        /** How the checkpoints are to be read where names and shapes leave it open. */
        public Builder layout(FileLayout layout) {
            if (!layout.layerNames().isEmpty()) {
                settings.put(Keys.LAYER_NAMES.name(), layout.layerNames());
            }
            layout.weights().ifPresent(way -> settings.put(Keys.WEIGHT_LAYOUT.name(), way.label()));
            return this;
        }

        /** The file of the targets: for loss, alignment and class blocks. */
        public Builder targets(Path file) {
            targets = file;
            return this;
        }

        /**
         * The learning rate of the training: for its sharpness.
         *
         * @throws IllegalArgumentException unless it is positive and finite
         */
        public Builder learningRate(double eta) {
            settings.put(Keys.LEARNING_RATE.name(), Keys.LEARNING_RATE.accept(eta));
            return this;
        }

        /**
         * The momentum of the training: 0 if not given.
         *
         * @throws IllegalArgumentException unless it is from 0 to below 1
         */
        public Builder momentum(double m) {
            Spectrum.stabilityBound(m);
            settings.put(Keys.MOMENTUM.name(), m);
            return this;
        }

        /** The loss that was descended: 1/(2S) sum of squares if not given. */
        public Builder loss(LossConvention convention) {
            settings.put(Keys.LOSS.name(), convention.label());
            return this;
        }

        /**
         * Looks into all files, and says what is to be computed.
         *
         * @throws io.github.finitentk.data.DataFormatException if one cannot be read, or does not fit the others
         */
        public SweepSpec spec() {
            FileDigest digest = new FileDigest();
            FileLayout layout = TrackQuantity.layout(Settings.of(TYPE, settings));
            Network first = null;
            for (Path file : checkpoints.files()) {
                digest.add(file);
                Network network = Network.read(file, layout);
                first = first == null ? network : first;
                if (!network.architecture().equals(first.architecture())) {
                    throw new DataFormatException(file + " holds a network of widths " + network.architecture()
                            + ", but " + checkpoints.files().get(0) + " one of widths " + first.architecture()
                            + "; the checkpoints of one training have the same.");
                }
            }
            Architecture widths = first.architecture();
            Inputs x = Inputs.read(inputs, widths.inputDim());
            digest.add(inputs);
            settings.put(Keys.INPUTS.name(), inputs.toString());
            if (targets != null) {
                requireFit(TrackedKernels.targets(targets, widths.outputs()), x, widths);
                digest.add(targets);
                settings.put(Keys.TARGETS.name(), targets.toString());
            }
            settings.put(
                    Keys.CHECKPOINTS.name(),
                    checkpoints.files().stream().map(Path::toString).toList());
            settings.put(Keys.STEPS.name(), checkpoints.steps());
            settings.put(Keys.CONTENTS.name(), digest.hex());
            double weightVariance = first.weightVariance();
            if (weightVariance == 0) {
                throw new DataFormatException("All weights in "
                        + checkpoints.files().get(0) + " are zero: this network's kernel knows nothing of the inputs.");
            }
            Cell cell =
                    new Cell(activation, weightVariance, first.biasVariance(), widths.depth(), widths.maxHiddenWidth());
            return SweepSpec.of(new TrackQuantity(Settings.of(TYPE, settings)), Grid.of(cell), 0);
        }

        private void requireFit(Targets y, Inputs x, Architecture widths) {
            if (LossConvention.CROSS_ENTROPY.label().equals(settings.get(Keys.LOSS.name())) && y.outputs() == 1) {
                throw new DataFormatException(
                        "Cross-entropy is the loss of networks with several outputs; these have one.");
            }
            if (y.count() != x.count() || y.outputs() != widths.outputs()) {
                throw new DataFormatException(targets + " holds " + y + ", but " + inputs + " holds " + x.count()
                        + " inputs and the networks have " + widths.outputs() + " outputs.");
            }
        }
    }
}
