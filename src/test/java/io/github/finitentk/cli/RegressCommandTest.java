package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.Ntk;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegressCommandTest {

    private static final String LINEAR = "--activation relu --sigma-w2 3 --sigma-b2 0.5 --depth 1 --width 1";
    private static final String RELU = "--activation relu --sigma-w2 1.5 --sigma-b2 1 --depth 3 --width 64";

    @TempDir
    Path folder;

    private static CommandLineRun run(String line) {
        return CommandLineRun.of(line.split(" "));
    }

    private String file(String name, double[] values, int... shape) {
        Path path = folder.resolve(name);
        NpyArray.of(values, shape).write(path);
        return path.toString();
    }

    /**
     * L = 1, X = (1, 0), x = (1, 1): Theta(X) = Theta(x, X) = 2, so f(x) = f0(x) - f0(X) + y, whose variance is that of one
     * weight, sigma_w^2 / 2. Means over both inputs: q = (2 + 3.5) / 2, q_sr = 2, k1 = (2 + 3) / 2, k2 = 2.
     */
    @Test
    void linearNetworkByHand() {
        String data = " --inputs " + file("x.npy", new double[] {1, 0}, 1, 2) + " --targets "
                + file("y.npy", new double[] {3}, 1) + " --test-inputs " + file("tx.npy", new double[] {1, 1}, 1, 2);
        JsonNode json = run("regress --json " + LINEAR + data).json();
        assertThat(json.get("mean").get(0).doubleValue()).isCloseTo(3, within(1e-14));
        assertThat(json.get("variance").get(0).doubleValue()).isCloseTo(1.5, within(1e-14));
        assertThat(json.get("condition_number").doubleValue()).isEqualTo(1);
        assertThat(json.get("eta_max").doubleValue()).isCloseTo(1, within(1e-14));
        assertThat(json.get("theorem3").get("a").doubleValue()).isCloseTo(0.8, within(1e-14));
        assertThat(json.get("theorem3").get("variance").doubleValue()).isCloseTo(1.64 * 0.75 + 0.08, within(1e-13));
        assertThat(json.has("risk")).isFalse();
        // t = 0.5: half-way by 1 - exp(-2 t)
        JsonNode early = run("regress --json --time 0.5 --test-targets " + file("ty.npy", new double[] {2}, 1) + " "
                        + LINEAR + data)
                .json();
        double b = 1 - Math.exp(-1);
        double variance = 3.5 - 2 * b * 2 + b * b * 2;
        assertThat(early.get("mean").get(0).doubleValue()).isCloseTo(3 * b, within(1e-14));
        assertThat(early.get("mean_variance").doubleValue()).isCloseTo(variance, within(1e-14));
        assertThat(early.get("squared_bias").doubleValue()).isCloseTo((3 * b - 2) * (3 * b - 2), within(1e-14));
        assertThat(early.get("risk").doubleValue()).isCloseTo(variance + (3 * b - 2) * (3 * b - 2), within(1e-14));
    }

    @Test
    void mnistIsTheDefault() {
        CommandLineRun run = run("regress --samples 20 --tests 30 " + RELU);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("mnist", "theorem3.variance", "condition_number");
        JsonNode json = run("regress --json --samples 20 --tests 30 " + RELU).json();
        assertThat(json.get("mean")).hasSize(30);
        assertThat(json.get("normalization").textValue()).isEqualTo("unit-q0");
        assertThat(json.get("method").textValue()).isEqualTo("cholesky");
    }

    /** Training images from one set, test images from another: here both are parts of the embedded one. */
    @Test
    void testImagesComeFromATestSet() throws IOException {
        for (String set : List.of("train", "t10k")) {
            images(set, set.equals("train") ? 0 : 20, set.equals("train") ? 20 : 8, 28);
        }
        JsonNode following = run("regress --json --samples 20 --tests 8 --targets one-hot " + RELU)
                .json();
        String sets = "regress --json --data " + folder + " --samples 20 --targets one-hot --test-data " + folder;
        JsonNode all = run(sets + " " + RELU).json();
        assertThat(all.get("mean")).hasSize(8).isEqualTo(following.get("mean"));
        assertThat(all.get("accuracy")).isEqualTo(following.get("accuracy"));
        assertThat(run(sets + "/t10k-images-idx3-ubyte --tests 5 " + RELU)
                        .json()
                        .get("mean"))
                .hasSize(5);
        assertThat(run(sets + " --tests 9 " + RELU).err())
                .isEqualTo("ntk: The number of samples must be from 1 to 8 (all images of this set), not 9."
                        + System.lineSeparator());
        images("t10k", 0, 8, 14);
        assertThat(run(sets + " " + RELU).err())
                .isEqualTo("ntk: The test images in " + folder + " have 14 x 28 pixels, those to train on 28 x 28."
                        + System.lineSeparator());
    }

    private void images(String set, int from, int count, int rows) throws IOException {
        Mnist mnist = Mnist.embedded();
        ByteBuffer images = ByteBuffer.allocate(16 + count * rows * 28).order(ByteOrder.BIG_ENDIAN);
        ByteBuffer labels = ByteBuffer.allocate(8 + count).order(ByteOrder.BIG_ENDIAN);
        images.putInt(0x803).putInt(count).putInt(rows).putInt(28);
        labels.putInt(0x801).putInt(count);
        for (int i = from; i < from + count; i++) {
            for (int pixel = 0; pixel < rows * 28; pixel++) {
                images.put((byte) mnist.pixel(i, pixel / 28, pixel % 28));
            }
            labels.put((byte) mnist.label(i));
        }
        Files.write(folder.resolve(set + "-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve(set + "-labels-idx1-ubyte"), labels.array());
    }

    /** L = 1: every network follows eq. (10), and regression with own kernels is that of the only kernel there is. */
    @Test
    void trainedLinearNetworksAgreeWithTheory() {
        JsonNode json = run("regress --json --samples 6 --tests 5 --networks 40 " + LINEAR)
                .json();
        JsonNode ensemble = json.get("ensemble");
        assertThat(ensemble.get("networks").intValue()).isEqualTo(40);
        assertThat(ensemble.get("gap").doubleValue()).isLessThan(1e-3);
        double trained = ensemble.get("trained_variance").doubleValue();
        double exact = ensemble.get("infinite_width_variance").doubleValue();
        // the interval is two standard errors to either side
        double error = Math.log(ensemble.get("trained_ci").get(1).doubleValue() / trained) / 2;
        assertThat(Math.log(trained / exact)).isCloseTo(0, within(4 * error));
        assertThat(ensemble.get("trained_mean")).hasSize(5);
        // the same time asked for by number gives the same networks
        double time = ensemble.get("time").doubleValue();
        JsonNode again = run("regress --json --samples 6 --tests 5 --networks 40 --time " + time + " " + LINEAR)
                .json();
        assertThat(again.get("ensemble").get("trained_variance").doubleValue()).isEqualTo(trained);
        assertThat(again.get("mean_variance").doubleValue()).isEqualTo(exact);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "regress --time -1 " + RELU,
                "regress --time x " + RELU,
                "regress --ridge -1 " + RELU,
                "regress --networks 1 " + RELU,
                "regress --networks 4 --ridge 1 " + RELU,
                "regress --networks 4 --time 0 " + RELU,
                "regress --samples 0 " + RELU,
                "regress --tests 0 " + RELU,
                "regress --samples 1000 --tests 25 " + RELU,
                "regress --data mnist --test-inputs x.npy " + RELU,
                "regress --test-data missing " + RELU,
                "regress --inputs missing.npy --targets missing.npy --test-data missing " + RELU,
                "regress --kernel missing.npy --targets missing.npy --test-data missing",
                "regress --inputs missing.npy " + RELU,
                "regress --inputs missing.npy --targets missing.npy --test-inputs missing.npy " + RELU,
                "regress --inputs missing.npy --targets missing.npy --tests 3 " + RELU,
                "regress --activation relu --sigma-w2 -1 --sigma-b2 1 --depth 3 --width 64",
            })
    void badInputGetsOneSentence(String line) {
        CommandLineRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception");
    }

    /** What exceeds a double, or vanishes below it, is no bad input but a failure. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "regress --activation relu --sigma-w2 3 --sigma-b2 1 --depth 5000 --width 64 --samples 4 --tests 4",
                "regress --activation relu --sigma-w2 0.3 --sigma-b2 0 --depth 500 --width 64 --samples 4 --tests 4",
            })
    void kernelsOutOfRangeGetOneSentence(String line) {
        CommandLineRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err())
                .startsWith("ntk: ")
                .contains("the range of a double")
                .doesNotContain("--debug");
    }

    /** With targets of two outputs every output is what it is alone. */
    @Test
    void severalOutputsAreLearntOneByOne() {
        double[] first = {0, 1, 0, 1, 1, 0};
        double[] both = new double[12];
        for (int s = 0; s < 6; s++) {
            both[2 * s] = first[s];
            both[2 * s + 1] = 1 - first[s];
        }
        String x = " --inputs "
                + file("x.npy", new SplittableRandom(1).doubles(18, -1, 1).toArray(), 6, 3) + " --test-inputs "
                + file("tx.npy", new SplittableRandom(2).doubles(9, -1, 1).toArray(), 3, 3);
        String one = " --targets " + file("y.npy", first, 6) + " --test-targets "
                + file("ty.npy", new double[] {0, 1, 1}, 3);
        String two = " --targets " + file("y2.npy", both, 6, 2) + " --test-targets "
                + file("ty2.npy", new double[] {0, 1, 1, 0, 1, 0}, 3, 2);
        JsonNode alone = run("regress --json " + RELU + x + one).json();
        JsonNode json = run("regress --json " + RELU + x + two).json();
        assertThat(json.get("outputs").intValue()).isEqualTo(2);
        for (int t = 0; t < 3; t++) {
            assertThat(json.get("mean").get(t).get(0))
                    .isEqualTo(alone.get("mean").get(t));
        }
        assertThat(json.get("variance")).isEqualTo(alone.get("variance"));
        assertThat(json.get("squared_biases").get(0)).isEqualTo(alone.get("squared_bias"));
        double biases = json.get("squared_biases").get(0).doubleValue()
                + json.get("squared_biases").get(1).doubleValue();
        assertThat(json.get("squared_bias").doubleValue()).isCloseTo(biases / 2, within(1e-14));
        assertThat(json.get("accuracy").doubleValue() * 3).isBetween(0.0, 3.0);
        assertThat(alone.has("accuracy")).isFalse();
        assertThat(run("regress --networks 4 " + RELU + x + two).err())
                .contains("An ensemble takes one target for each input, not K = 2 of them.");
    }

    /** The network's own kernel and outputs, beside the library; and the network that it became by training. */
    @Test
    void aGivenNetworkBesideItsLinearisation() {
        Network start = new RandomNetwork(Architecture.of(3, 200, 2), Activations.TANH, new Initialization(1.5, 0))
                .sample(Seed.of(1));
        Inputs x = Inputs.onSphere(6, 3, Seed.of(2));
        Inputs z = Inputs.onSphere(4, 3, Seed.of(3));
        Targets y = Targets.oneHot(new int[] {0, 1, 1, 0, 1, 0}, 2);
        Targets testTargets = Targets.oneHot(new int[] {1, 1, 0, 0}, 2);
        TrainTestData data = new TrainTestData(new Dataset(x, y), z, Optional.of(testTargets));
        Network trained;
        double[][] expected;
        double rate = 1e-3;
        int steps = 3000;
        try (Ntk ntk = Ntk.fastest()) {
            TrainingPlan plan = TrainingPlan.builder()
                    .learningRate(rate)
                    .maxSteps(steps)
                    .patience(steps)
                    .snapshots()
                    .integrator(Integrator.GD)
                    .build();
            try (Training training = ntk.training(new TrainingProblem(data.train(), List.of(start)), plan)) {
                training.run(() -> false);
                trained = training.network(0);
            }
            expected = ntk.linearized(start, data).predict(rate * steps);
        }
        start.write(folder.resolve("start.npz"));
        trained.write(folder.resolve("trained.npz"));
        String options = " --activation tanh --inputs " + file("x.npy", x.toArray(), 6, 3) + " --targets "
                + file("y.npy", new double[] {0, 1, 1, 0, 1, 0}, 6) + " --test-inputs "
                + file("z.npy", z.toArray(), 4, 3)
                + " --test-targets " + file("ty.npy", new double[] {1, 1, 0, 0}, 4);
        String line = "regress --json --network " + folder.resolve("trained.npz") + " --initial "
                + folder.resolve("start.npz") + options + " --time " + rate * steps;
        JsonNode json = run(line).json();
        for (int t = 0; t < 4; t++) {
            for (int k = 0; k < 2; k++) {
                assertThat(json.get("prediction").get(t).get(k).doubleValue()).isEqualTo(expected[t][k]);
            }
        }
        // M = 200 at small rates is nearly lazy: the linearised network misses a tenth of what training did at most
        assertThat(json.get("relative_gap").doubleValue()).isBetween(1e-4, 0.1);
        assertThat(json.get("kernel").textValue()).isEqualTo("full");
        double real = json.get("network").get("mean_squared_error").doubleValue();
        assertThat(json.get("linearized").get("mean_squared_error").doubleValue())
                .isCloseTo(real, within(0.1 * real));
        assertThat(json.get("initial").get("mean_squared_error").doubleValue()).isGreaterThan(real);
        assertThat(json.get("linearized").get("accuracy").isNumber()).isTrue();
        // by itself: at t = 0 it is the network
        JsonNode itself = run("regress --json --time 0 --outputs trace --network " + folder.resolve("start.npz")
                        + options)
                .json();
        assertThat(itself.get("gap").doubleValue()).isZero();
        assertThat(itself.has("relative_gap")).isFalse();
        assertThat(itself.get("kernel").textValue()).isEqualTo("trace");
        assertThat(run(line.replace("--json ", "")).out())
                .contains("linearized.accuracy", "gap", "(outputs of the linearised and of the real network");
    }

    @Test
    void anyKernelFromAFile() {
        Network network = new RandomNetwork(Architecture.of(3, 20, 2), Activations.TANH, new Initialization(1.5, 0))
                .sample(Seed.of(1));
        Inputs all = Inputs.onSphere(9, 3, Seed.of(2));
        Targets y = Targets.oneHot(new int[] {0, 1, 1, 0, 1, 0}, 2);
        String options = " --ridge 0.5 --targets " + file("y.npy", y.toArray(), 6, 2) + " --test-targets "
                + file("ty.npy", new double[] {1, 0, 0, 1, 1, 0}, 3, 2);
        try (Ntk ntk = Ntk.fastest()) {
            Kernel trace = ntk.kernel(network, all);
            Kernel full = ntk.kernel(network, all, KernelForm.FULL);
            trace.write(folder.resolve("trace.npy"));
            full.write(folder.resolve("full.csv"));
            double[][] each = ntk.regression(TrainTestKernel.split(trace, 6), 0.5)
                    .converged()
                    .mean(y);
            double[][] together = ntk.regression(TrainTestKernel.split(full, 12), 2, 0.5)
                    .converged()
                    .mean(y);
            assertPrediction(run("regress --json --kernel " + folder.resolve("trace.npy") + options), each);
            assertPrediction(
                    run("regress --json --outputs full --kernel " + folder.resolve("full.csv") + options), together);
        }
        // targets of images: those of the embedded set
        JsonNode images = run("regress --json --data mnist --samples 5 --tests 4 --kernel "
                        + folder.resolve("trace.npy"))
                .json();
        assertThat(images.get("prediction")).hasSize(4);
        assertThat(run("regress --kernel " + folder.resolve("trace.npy") + options.replace("ty.npy", "y.npy"))
                        .err())
                .contains(
                        "Beside 6 targets of 2 outputs for training a 9 x 9 kernel takes 3 test targets of 2 output(s), not 6"
                                + " targets of 2 outputs.");
    }

    private static void assertPrediction(CommandLineRun run, double[][] expected) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = run.json();
        for (int t = 0; t < expected.length; t++) {
            for (int k = 0; k < expected[t].length; k++) {
                assertThat(json.get("prediction").get(t).get(k).doubleValue()).isEqualTo(expected[t][k]);
            }
        }
        assertThat(json.get("quality").get("mean_squared_errors")).hasSize(2);
    }

    /** Exit code 2 and one sentence that names both. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--activation relu --depth 3 | An initialisation needs --sigma-w2, --sigma-b2, --width, too; --network asks"
                        + " about a given network, --kernel about any kernel.",
                "--network n.npz --kernel k.npy | Give either --network or --kernel.",
                "--network n.npz | --network needs --activation: a file of weights does not say which it is.",
                "--network n.npz --activation relu --depth 3 | --depth has no effect with --network, which gives the weights.",
                "--network n.npz --activation relu --networks 3 | --networks has no effect with --network, which is the one"
                        + " to compare with.",
                "--kernel k.npy --activation relu | --activation has no effect with --kernel, which is all that is asked of a"
                        + " network.",
                "--kernel k.npy --initial n.npz | --initial has no effect with --kernel, which is all that is asked of a"
                        + " network.",
                "--kernel k.npy --outputs trace | --outputs trace has no effect with --kernel, whose form is given; full says"
                        + " that it has rows for all outputs.",
                "--kernel k.npy --inputs x.npy --targets y.npy | --inputs and --test-inputs have no effect with --kernel,"
                        + " which is the kernel of them.",
                "--kernel k.npy | --kernel needs --targets Y.npy, or the targets of --data.",
                "--initial n.npz --activation relu | --initial has no effect without --network.",
                "--outputs full --activation relu | --outputs has no effect without --network or --kernel.",
            })
    void whatHasNoEffectIsRefused(String options, String sentence) {
        CommandLineRun run = run("regress " + options);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().findFirst().orElseThrow()).isEqualTo("ntk: " + sentence);
    }
}
