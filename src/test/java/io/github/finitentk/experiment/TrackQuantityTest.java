package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelStatistics;
import io.github.finitentk.kernel.Spectrum;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.Sweep;
import io.github.finitentk.trust.Statement.Validity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackQuantityTest {

    private static final int SAMPLES = 8;
    private static final Architecture WIDTHS = Architecture.of(4, 10, 7, 1);
    private static final Engine ENGINE = Engine.single(Backend.fastest());
    private static final Inputs X = Inputs.onSphere(SAMPLES, 4, Seed.of(3));
    private static final double[] Y = {1, -1, 1, 1, -1, -1, 1, -1};

    @TempDir
    private Path folder;

    private Path inputs;
    private Path targets;

    @BeforeEach
    void write() {
        inputs = folder.resolve("x.npy");
        targets = folder.resolve("y.npy");
        NpyArray.of(X.toArray(), SAMPLES, 4).write(inputs);
        NpyArray.of(Y, SAMPLES).write(targets);
    }

    /** A training of sorts: weights grow and turn step by step. */
    private static Network network(double amount) {
        double[] parameters = sample(1).parameters();
        double[] other = sample(2).parameters();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += amount * other[i];
        }
        return new Network(WIDTHS, parameters);
    }

    private static Network sample(long seed) {
        return new RandomNetwork(WIDTHS, Activations.TANH, new Initialization(1.5, 0.2)).sample(Seed.of(seed));
    }

    private Checkpoints checkpoints(double... amounts) {
        List<Path> files = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        for (int k = 0; k < amounts.length; k++) {
            files.add(folder.resolve("net-" + 10 * k * k + ".npz"));
            steps.add(10L * k * k);
            network(amounts[k]).write(files.get(k));
        }
        return new Checkpoints(files, steps, true);
    }

    private static Kernel theta(double amount) {
        return new KernelEvaluation(network(amount).with(Activations.TANH), X, ENGINE)
                .evaluate()
                .theta();
    }

    private static List<SweepRow> rows(SweepSpec spec, Engine engine) {
        RunResult result = new Sweep(spec, engine).run();
        assertThat(result.isComplete()).isTrue();
        return result.rows();
    }

    @Test
    void everyNumberIsThatOfTheKernelsThemselves() {
        double[] amounts = {0, 0.02, 0.5, 0.51};
        SweepSpec spec = TrackQuantity.of(checkpoints(amounts), Activations.TANH, inputs)
                .targets(targets)
                .learningRate(0.3)
                .momentum(0.5)
                .loss(LossConvention.MSE)
                .spec();
        List<SweepRow> rows = rows(spec, ENGINE);
        assertThat(rows).hasSize(4);
        Kernel first = theta(0);
        Kernel last = theta(0.51);
        for (int k = 0; k < 4; k++) {
            SweepRow row = rows.get(k);
            Kernel theta = theta(amounts[k]);
            Spectrum spectrum = Spectrum.of(theta, ENGINE);
            assertThat(row.status()).isEqualTo(SweepRow.Status.OK);
            assertThat(row.get(TrackQuantity.STEP)).isEqualTo(10L * k * k);
            assertThat(row.get(TrackQuantity.CHECKPOINT)).endsWith("net-" + 10 * k * k + ".npz");
            assertThat(row.get(TrackQuantity.CHANGE)).isEqualTo(KernelStatistics.change(first, theta));
            assertThat(row.get(TrackQuantity.CHANGE_TO_LAST)).isEqualTo(KernelStatistics.change(theta, last));
            assertThat(row.get(TrackQuantity.DISTANCE)).isEqualTo(KernelStatistics.distance(first, theta));
            if (k > 0) {
                double moved = KernelStatistics.distance(theta(amounts[k - 1]), theta);
                assertThat(row.get(TrackQuantity.VELOCITY))
                        .isCloseTo(moved / (10 * k * k - 10 * (k - 1) * (k - 1)), within(1e-16));
            } else {
                assertThat(row.get(TrackQuantity.VELOCITY)).isNaN();
            }
            assertThat(row.get(TrackQuantity.LARGEST_EIGENVALUE)).isEqualTo(spectrum.largest());
            assertThat(row.get(TrackQuantity.EFFECTIVE_RANK)).isEqualTo(spectrum.effectiveRank());
            assertThat(row.get(TrackQuantity.PARTICIPATION)).isEqualTo(spectrum.participationRatio());
            assertThat(row.get(TrackQuantity.CONDITION)).isEqualTo(spectrum.conditionNumber());
            assertThat(row.reals("eigenvalues")).isEqualTo(spectrum.eigenvalues());
            KernelStatistics.Alignment alignment = KernelStatistics.alignment(theta, Targets.of(Y));
            assertThat(row.get(TrackQuantity.ALIGNMENT)).isEqualTo(alignment.plain());
            assertThat(row.get(TrackQuantity.CENTRED_ALIGNMENT)).isEqualTo(alignment.centred());
            KernelStatistics.Blocks blocks = KernelStatistics.blocks(theta, Targets.of(Y));
            assertThat(row.get(TrackQuantity.SAME_CLASS)).isEqualTo(blocks.sameOverDiagonal());
            assertThat(row.get(TrackQuantity.DIFFERENT_CLASS)).isEqualTo(blocks.differentOverDiagonal());
            assertThat(row.real("mean_diagonal")).isEqualTo(theta.statistics().meanDiagonal());
            assertThat(row.get(TrackQuantity.SHARPNESS))
                    .isCloseTo(0.3 * 2 * spectrum.largest() / SAMPLES, within(1e-13 * spectrum.largest()));
            assertThat(row.get(TrackQuantity.SHARPNESS_BOUND)).isEqualTo(3);
            assertThat(row.get(TrackQuantity.WEIGHT_CHANGE))
                    .isCloseTo(amounts[k] * norm(sample(2)) / norm(sample(1)), within(1e-14));
        }
        double[] outputs = new KernelEvaluation(network(0.5).with(Activations.TANH), X, ENGINE)
                .evaluate()
                .output(0);
        double loss = 0;
        for (int s = 0; s < SAMPLES; s++) {
            loss += Math.pow(outputs[s] - Y[s], 2) / SAMPLES;
        }
        assertThat(rows.get(2).get(TrackQuantity.LOSS)).isCloseTo(loss, within(1e-14));
    }

    private static double norm(Network network) {
        double square = 0;
        for (double parameter : network.parameters()) {
            square += parameter * parameter;
        }
        return Math.sqrt(square);
    }

    /** Trace form for what is said of the kernel, all outputs for the sharpness; classes may be numbers. */
    @Test
    void severalOutputsAreTrackedByTheirMeanKernel() {
        int[] labels = {2, 0, 1, 1, 0, 2, 2, 1};
        NpyArray.of(Arrays.stream(labels).asDoubleStream().toArray(), SAMPLES).write(targets);
        List<Path> files = new ArrayList<>();
        List<EmpiricalNtk> kernels = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
            Network network = new RandomNetwork(WIDTHS.withOutputs(3), Activations.TANH, new Initialization(1.5, 0.2))
                    .sample(Seed.of(k));
            files.add(folder.resolve("classes-" + k + ".npz"));
            network.write(files.get(k));
            kernels.add(new KernelEvaluation(network, X, ENGINE).evaluate());
        }
        SweepSpec spec = TrackQuantity.of(Checkpoints.find(List.of(folder + "/classes-*")), Activations.TANH, inputs)
                .targets(targets)
                .learningRate(0.5)
                .spec();
        List<SweepRow> rows = rows(spec, ENGINE);
        Targets oneHot = Targets.oneHot(labels, 3);
        for (int k = 0; k < 2; k++) {
            Kernel theta = kernels.get(k).theta();
            SweepRow row = rows.get(k);
            assertThat(row.get(TrackQuantity.CHANGE))
                    .isEqualTo(KernelStatistics.change(kernels.get(0).theta(), theta));
            assertThat(row.get(TrackQuantity.CENTRED_ALIGNMENT))
                    .isEqualTo(KernelStatistics.alignment(theta, oneHot).centred());
            Network network = Network.read(files.get(k)).with(Activations.TANH);
            Kernel full = new KernelEvaluation(network, X, ENGINE)
                    .form(KernelForm.FULL)
                    .evaluate()
                    .theta();
            double largest = Spectrum.of(full, ENGINE).largest();
            assertThat(largest).isGreaterThan(1.05 * row.get(TrackQuantity.LARGEST_EIGENVALUE));
            assertThat(row.get(TrackQuantity.SHARPNESS)).isCloseTo(0.5 * largest / SAMPLES, within(1e-12 * largest));
            int right = 0;
            double loss = 0;
            for (int s = 0; s < SAMPLES; s++) {
                double[] f = kernels.get(k).outputs()[s];
                int best = f[0] > f[1] ? (f[0] > f[2] ? 0 : 2) : (f[1] > f[2] ? 1 : 2);
                right += best == labels[s] ? 1 : 0;
                for (int j = 0; j < 3; j++) {
                    loss += Math.pow(f[j] - (labels[s] == j ? 1 : 0), 2) / (2 * SAMPLES);
                }
            }
            assertThat(row.get(TrackQuantity.ACCURACY)).isEqualTo(right / 8.0);
            assertThat(row.get(TrackQuantity.LOSS)).isCloseTo(loss, within(1e-14 * loss));
        }
        SweepSpec crossEntropy = TrackQuantity.of(
                        Checkpoints.find(List.of(folder + "/classes-*")), Activations.TANH, inputs)
                .targets(targets)
                .learningRate(0.5)
                .loss(LossConvention.CROSS_ENTROPY)
                .spec();
        SweepRow row = rows(crossEntropy, ENGINE).get(1);
        double loss = 0;
        for (int s = 0; s < SAMPLES; s++) {
            double[] f = kernels.get(1).outputs()[s];
            double sum = Math.exp(f[0]) + Math.exp(f[1]) + Math.exp(f[2]);
            loss -= Math.log(Math.exp(f[labels[s]]) / sum) / SAMPLES;
        }
        assertThat(row.get(TrackQuantity.LOSS)).isCloseTo(loss, within(1e-13));
        assertThat(row.get(TrackQuantity.SHARPNESS)).isEqualTo(rows.get(1).get(TrackQuantity.SHARPNESS));
        assertThat(row.get(TrackQuantity.SHARPNESS_BOUND)).isNaN();
        assertThat(Laziness.of(rows(crossEntropy, ENGINE)).sentences())
                .contains("No sharpness is known to be stable or unstable for cross-entropy.");
        NpyArray.of(new double[] {0, 1, 2, 3, 0, 1, 2, 3}, SAMPLES).write(targets);
        assertThatThrownBy(() -> TrackQuantity.of(
                                Checkpoints.find(List.of(folder + "/classes-*")), Activations.TANH, inputs)
                        .targets(targets)
                        .spec())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(targets + ": Label 3 (counted from 0) is 3; 3 classes are numbered from 0 to 2.");
    }

    @Test
    void theCellIsWhatTheFirstCheckpointLooksDrawnFrom() {
        Network wide = new RandomNetwork(
                        Architecture.constant(300, 400, 3), Activations.RELU, new Initialization(2.5, 0.7))
                .sample(Seed.of(4));
        Path file = folder.resolve("wide.npz");
        wide.write(file);
        NpyArray.of(Inputs.onSphere(3, 300, Seed.of(1)).toArray(), 3, 300).write(inputs);
        SweepSpec spec = TrackQuantity.of(new Checkpoints(List.of(file), List.of(0L), true), Activations.RELU, inputs)
                .spec();
        Cell cell = spec.cells().get(0);
        // 280,400 weights and 801 biases: three standard errors are sqrt(2/n) * 3 of the value
        assertThat(cell.sigmaW2()).isCloseTo(2.5, within(3 * 2.5 * Math.sqrt(2 / 280_400.0)));
        assertThat(cell.sigmaB2()).isCloseTo(0.7, within(3 * 0.7 * Math.sqrt(2 / 801.0)));
        assertThat(cell.depth()).isEqualTo(3);
        assertThat(cell.width()).isEqualTo(400);
    }

    @Test
    void rowsDependNeitherOnThreadsNorOnTheTextOfTheSpecification() {
        SweepSpec spec = TrackQuantity.of(checkpoints(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6), Activations.TANH, inputs)
                .spec();
        String alone = text(rows(spec, ENGINE));
        SweepSpec again = SweepSpec.parse(spec.canonical(), Path.of("run.db"));
        assertThat(again.canonical()).isEqualTo(spec.canonical());
        assertThat(again.size()).isEqualTo(7);
        try (Engine four = Engine.fastest(WorkerPool.of(4))) {
            assertThat(text(rows(again, four))).isEqualTo(alone);
        }
    }

    // All numbers with all their digits.
    private static String text(List<SweepRow> rows) {
        return rows.stream().map(SweepRow::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void changedFilesMakeAnotherSpecification() {
        Checkpoints checkpoints = checkpoints(0, 0.1);
        SweepSpec before =
                TrackQuantity.of(checkpoints, Activations.TANH, inputs).spec();
        network(0.2).write(checkpoints.files().get(1));
        SweepSpec after =
                TrackQuantity.of(checkpoints, Activations.TANH, inputs).spec();
        assertThat(after.differenceFrom(before)).get().asString().startsWith("it has \"contents: ");
    }

    @Test
    void aCheckpointWhoseKernelOverflowsIsARowWithoutKernel() {
        Checkpoints checkpoints = checkpoints(0, 0.1, 0.2);
        double[] huge = network(0).parameters();
        for (int i = 0; i < huge.length; i++) {
            huge[i] *= 1e160;
        }
        new Network(WIDTHS, huge).write(checkpoints.files().get(2));
        List<SweepRow> rows =
                rows(TrackQuantity.of(checkpoints, Activations.RELU, inputs).spec(), ENGINE);
        assertThat(rows.get(1).status()).isEqualTo(SweepRow.Status.OK);
        assertThat(rows.get(1).get(TrackQuantity.CHANGE)).isPositive();
        assertThat(rows.get(2).status()).isEqualTo(SweepRow.Status.DIVERGED);
        assertThat(rows.get(2).reason()).isEqualTo("the kernel leaves the range of a double");
        assertThat(rows.get(2).get(TrackQuantity.STEP)).isEqualTo(40);
        assertThat(rows.get(2).get(TrackQuantity.CHANGE)).isNaN();
        Laziness answer = Laziness.of(rows);
        assertThat(answer.validity()).isEqualTo(Validity.FAILS);
        assertThat(answer.sentences().get(0)).startsWith("Not lazy: the kernel at step 40 is not finite");
    }

    @Test
    void whatDoesNotFitTogetherIsNamed() {
        Checkpoints checkpoints = checkpoints(0, 0.1);
        assertThatThrownBy(() -> TrackQuantity.of(checkpoints, Activations.TANH, inputs)
                        .targets(targets)
                        .loss(LossConvention.CROSS_ENTROPY)
                        .spec())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cross-entropy is the loss of networks with several outputs; these have one.");
        Path other = folder.resolve("other-50.npz");
        new RandomNetwork(Architecture.of(4, 9, 7, 1), Activations.TANH, new Initialization(1, 0))
                .sample(Seed.of(1))
                .write(other);
        List<Path> files = new ArrayList<>(checkpoints.files());
        files.add(other);
        assertThatThrownBy(() -> TrackQuantity.of(
                                new Checkpoints(files, List.of(0L, 10L, 50L), true), Activations.TANH, inputs)
                        .spec())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(other + " holds a network of widths [4, 9, 7, 1], but " + files.get(0)
                        + " one of widths [4, 10, 7, 1]; the checkpoints of one training have the same.");
        NpyArray.of(new double[3], 3).write(targets);
        assertThatThrownBy(() -> TrackQuantity.of(checkpoints, Activations.TANH, inputs)
                        .targets(targets)
                        .spec())
                .hasMessage(targets + " holds 3 targets of 1 output, but " + inputs
                        + " holds 8 inputs and the networks have 1 outputs.");
        assertThatThrownBy(() ->
                        TrackQuantity.of(checkpoints, Activations.TANH, inputs).learningRate(-1))
                .hasMessageContaining("learning_rate must be");
        double[] zero = new double[(int) WIDTHS.parameterCount()];
        new Network(WIDTHS, zero).write(files.get(0));
        assertThatThrownBy(() ->
                        TrackQuantity.of(checkpoints, Activations.TANH, inputs).spec())
                .hasMessage("All weights in " + files.get(0)
                        + " are zero: this network's kernel knows nothing of the inputs.");
    }
}
