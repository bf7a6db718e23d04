package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ntk kernel --network} prints of networks with several outputs, against the library. */
class KernelCommandTest {

    private static final Network NETWORK = new RandomNetwork(
                    Architecture.of(4, 6, 5, 3), Activations.TANH, new Initialization(1.5, 0.3))
            .sample(Seed.of(1));
    private static final Inputs X = Inputs.onSphere(4, 4, Seed.of(2));
    private static final Inputs Z = Inputs.onSphere(2, 4, Seed.of(3));

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        NETWORK.write(folder.resolve("net.npz"));
        NpyArray.of(X.toArray(), 4, 4).write(folder.resolve("x.npy"));
        NpyArray.of(Z.toArray(), 2, 4).write(folder.resolve("z.npy"));
    }

    private CommandLineRun kernel(String options) {
        List<String> args = new ArrayList<>(List.of(
                "kernel",
                "--network",
                "" + folder.resolve("net.npz"),
                "--inputs",
                "" + folder.resolve("x.npy"),
                "--activation",
                "tanh"));
        args.addAll(Arrays.asList(options.replace("{}", "" + folder).split(" ")));
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private JsonNode json(String options) {
        CommandLineRun run = kernel(options + " --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.json();
    }

    private static EmpiricalNtk expected(UnaryOperator<KernelEvaluation> told) {
        try (Ntk ntk = Ntk.fastest()) {
            return told.apply(ntk.empirical(NETWORK, X)).evaluate();
        }
    }

    private static void assertTheta(JsonNode document, EmpiricalNtk expected, int... shape) {
        assertThat(numbers(document.get("shape")))
                .containsExactly(Arrays.stream(shape).asDoubleStream().toArray());
        double[] all = expected.kernels().stream()
                .flatMapToDouble(kernel -> Arrays.stream(kernel.toArray()))
                .toArray();
        assertThat(numbers(document.get("theta"))).containsExactly(all);
        assertNested(document.get("theta"), shape, 0);
        double[] outputs = Arrays.stream(expected.outputs())
                .flatMapToDouble(Arrays::stream)
                .toArray();
        assertThat(numbers(document.get("outputs"))).containsExactly(outputs);
        assertNested(document.get("outputs"), new int[] {4, 3}, 0);
    }

    private static void assertNested(JsonNode node, int[] shape, int level) {
        if (level == shape.length) {
            assertThat(node.isNumber()).isTrue();
            return;
        }
        assertThat(node).hasSize(shape[level]);
        node.forEach(each -> assertNested(each, shape, level + 1));
    }

    private static double[] numbers(JsonNode node) {
        return node.isArray()
                ? Stream.of(node)
                        .flatMap(array -> {
                            List<JsonNode> items = new ArrayList<>();
                            array.forEach(items::add);
                            return items.stream();
                        })
                        .flatMapToDouble(each -> Arrays.stream(numbers(each)))
                        .toArray()
                : new double[] {node.doubleValue()};
    }

    @Test
    void formsOfSeveralOutputs() {
        assertTheta(json("--outputs trace"), expected(asked -> asked), 4, 4);
        assertThat(json("--threads 1").toString())
                .isEqualTo(json("--outputs trace").toString());
        assertTheta(json("--outputs full"), expected(asked -> asked.form(KernelForm.FULL)), 12, 12);
        assertTheta(json("--outputs diagonal"), expected(asked -> asked.form(KernelForm.DIAGONAL)), 3, 4, 4);
        assertTheta(json("--outputs pseudo"), expected(asked -> asked.form(KernelForm.PSEUDO)), 4, 4);
        assertTheta(json("--outputs 2"), expected(asked -> asked.form(KernelForm.output(2))), 4, 4);
        assertTheta(
                json("--outputs full --versus {}/z.npy"),
                expected(asked -> asked.form(KernelForm.FULL).versus(Z)),
                12,
                6);
    }

    @Test
    void layersCountAsTold() {
        LayerRates standard = LayerRates.standard(NETWORK.architecture());
        assertTheta(json("--no-biases"), expected(asked -> asked.rates(standard.withoutBiases())), 4, 4);
        assertTheta(json("--layers 3,1-2"), expected(asked -> asked), 4, 4);
        assertTheta(json("--layers 1,3"), expected(asked -> asked.rates(standard.only(1, 3))), 4, 4);
        LayerRates ntk = LayerRates.ntkParametrization(NETWORK.architecture(), new Initialization(2, 0.5));
        assertTheta(
                json("--parametrization ntk --sigma-w2 2 --sigma-b2 0.5"), expected(asked -> asked.rates(ntk)), 4, 4);
        assertTheta(
                json("--parametrization ntk --sigma-w2 2 --no-biases --layers 2"),
                expected(asked -> asked.rates(ntk.withoutBiases().only(2))),
                4,
                4);
    }

    @Test
    void kernelsByLayerAreNestedByLayer() {
        JsonNode document = json("--by-layer --outputs diagonal");
        assertNested(document.get("theta"), new int[] {3, 3, 4, 4}, 0);
        assertThat(numbers(document.get("shape"))).containsExactly(3, 3, 4, 4);
        double[] all = numbers(document.get("theta"));
        double[] whole = numbers(json("--outputs diagonal").get("theta"));
        for (int i = 0; i < whole.length; i++) {
            assertThat(all[i] + all[48 + i] + all[96 + i]).isCloseTo(whole[i], within(1e-12));
        }
        Path file = folder.resolve("theta.npy");
        assertThat(kernel("--by-layer --outputs diagonal --output {}/theta.npy").exitCode())
                .isZero();
        assertThat(NpyArray.read(file)).isEqualTo(NpyArray.of(all, 3, 3, 4, 4));
        assertThat(kernel("--by-layer --output {}/theta.csv").err())
                .contains("A .csv file holds one matrix, and this is an array of 3 dimensions; .npy and .npz hold it.");
    }

    @Test
    void peopleSeeWhichKernelItIs() {
        assertThat(kernel("--quiet").out()).startsWith("Theta (trace) is 4 x 4").contains("outputs");
        assertThat(kernel("--outputs diagonal").out()).contains("Theta, output 2 is 4 x 4");
        assertThat(kernel("--by-layer").out()).contains("Theta (trace), layer 3 is 4 x 4");
        assertThat(kernel("--outputs full").out()).startsWith("Theta (full) is 12 x 12");
    }

    @Test
    void ofOneOutputAllFormsAreItsKernel() {
        Network scalar = new RandomNetwork(Architecture.of(4, 6, 1), Activations.TANH, new Initialization(1.5, 0.3))
                .sample(Seed.of(1));
        scalar.write(folder.resolve("net.npz"));
        JsonNode document = json("--threads 1");
        try (Ntk ntk = Ntk.fastest()) {
            Kernel theta = ntk.kernel(scalar, X);
            assertThat(numbers(document.get("theta"))).containsExactly(theta.toArray());
        }
        assertNested(document.get("outputs"), new int[] {4}, 0);
        for (String form : new String[] {"full", "diagonal", "trace", "pseudo", "0"}) {
            assertThat(json("--outputs " + form).toString()).isEqualTo(document.toString());
        }
    }

    /** Exit code 2 and one sentence that names both. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--sigma-w2 2 | --sigma-w2 has no effect with --network without --parametrization ntk.",
                "--parametrization standard --sigma-b2 2 | --sigma-b2 has no effect with --network without"
                        + " --parametrization ntk.",
                "--parametrization ntk | --parametrization ntk of --network needs --sigma-w2 and --sigma-b2 (or --no-biases):"
                        + " they say what its weights and biases were scaled by.",
                "--parametrization ntk --sigma-w2 2 --sigma-b2 1 --no-biases | --sigma-b2 has no effect with --no-biases.",
                "--by-layer --layers 1 | --layers has no effect with --by-layer, which gives all of them.",
                "--layers 4 | There is no layer 4; the layers are 1 to 3.",
                "--layers 3-1 | \"3-1\" is no list of layers; layers are counted from 1, for example 1,3-5.",
                "--layers 0 | \"0\" is no list of layers; layers are counted from 1, for example 1,3-5.",
                "--outputs 3 | There is no output 3; this network has 3, counted from 0.",
                "--outputs half | There is no form \"half\" of a kernel; there are full, diagonal, trace, pseudo, and the"
                        + " number of one output, counted from 0.",
                "--depth 3 | --depth has no effect with --network, which gives the weights.",
            })
    void whatHasNoEffectOrNoMeaningIsRefused(String options, String sentence) {
        CommandLineRun run = kernel(options);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().findFirst().orElseThrow()).isEqualTo("ntk: " + sentence);
    }

    @ParameterizedTest
    @CsvSource({"--no-biases", "--by-layer", "--layers 1", "--outputs full", "--precision f32"})
    void aKernelOfInfiniteWidthHasNoneOfThese(String option) {
        String line =
                "kernel --infinite --inputs {}/x.npy --activation tanh --sigma-w2 1 --sigma-b2 1 --depth 2 --width 3 ";
        CommandLineRun run =
                CommandLineRun.of((line + option).replace("{}", "" + folder).split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(option.split(" ")[0] + " has no effect with --infinite.");
    }

    /** NTK and NNGP in one file, the numbers of those that are printed; and what that has no use for. */
    @Test
    void kernelsOfInfiniteWidthBlockByBlock() {
        String line =
                "kernel --infinite --inputs {}/x.npy --activation tanh --sigma-w2 1 --sigma-b2 1 --depth 3 --width 3 ";
        CommandLineRun whole = run(line + "--output {}/ntk.npy");
        assertThat(whole.exitCode()).as(whole.err()).isZero();
        CommandLineRun blocks = run(line + "--memory 2g --output {}/both.npy");
        assertThat(blocks.exitCode()).as(blocks.err()).isZero();
        assertThat(blocks.err()).contains("both.npy: the NTK, then the NNGP, 2 x 4 x 4, float64.");
        for (int k = 0; k < 2; k++) {
            try (StoredKernel stored = StoredKernel.open(folder.resolve("both.npy"), k)) {
                Kernel one = Kernel.read(folder.resolve(k == 0 ? "ntk.npy" : "ntk-nngp.npy"));
                assertThat(stored.block(0, 4, 0, 4)).isEqualTo(one);
            }
        }
        CommandLineRun others = run(line + "--versus {}/z.npy --memory 2g --output {}/others.npy");
        assertThat(others.err()).contains("2 x 4 x 2, float64.");
        assertThat(run(line + "--versus {}/z.npy").err())
                .contains("--versus has no effect with --infinite without --memory.");
        assertThat(run(line + "--triangle").err()).contains("--triangle has no effect without --memory.");
    }

    private CommandLineRun run(String line) {
        return CommandLineRun.of(line.replace("{}", "" + folder).split(" "));
    }
}
