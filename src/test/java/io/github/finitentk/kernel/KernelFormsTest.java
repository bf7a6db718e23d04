package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NaiveNetwork;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels of networks with several outputs against explicit Jacobians, one parameter after the other: all forms, rectangular, and
 * with every kind of rates.
 */
class KernelFormsTest {

    private static final int NETWORKS = 20;
    private static final List<Activation> ACTIVATIONS =
            List.of(Activations.TANH, Activations.RELU, Activations.ERF, Activations.GELU, Activations.SIN);

    static List<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().toList();
    }

    /** One random network with inputs, and what the kernel is made of, by brute force. */
    private static final class Problem {
        final Network network;
        final Inputs x;
        final Inputs z;
        final LayerRates rates;

        Problem(int number) {
            SplittableRandom random = new SplittableRandom(number);
            int depth = number % 4 + 1;
            int[] widths = new int[depth + 1];
            Arrays.setAll(widths, l -> random.nextInt(1, 12));
            widths[depth] = 1 + number % 5 * 3; // 1, 4, 7, 10 and 13 outputs: more than are kept at once
            Architecture architecture = Architecture.of(widths);
            network = new RandomNetwork(
                            architecture, ACTIVATIONS.get(number % ACTIVATIONS.size()), new Initialization(1.5, 0.3))
                    .sample(Seed.of(number));
            // one input, several, and, where brute force can follow, more than one tile of them
            boolean small = widths[depth] <= 4;
            x = Inputs.onSphere(new int[] {1, 2, 5, 67}[random.nextInt(small ? 4 : 3)], widths[0], Seed.of(number));
            z = Inputs.onSphere(new int[] {1, 3, 66}[random.nextInt(small ? 3 : 2)], widths[0], Seed.of(100 + number));
            rates = LayerRates.of(
                    random.doubles(depth, 0, 2).toArray(),
                    random.doubles(depth, 0, 2).toArray());
        }

        int outputs() {
            return network.architecture().outputs();
        }

        /** Theta_{(s,k),(r,j)} in row s K + k and column r K + j. */
        double[][] full(Inputs columns, LayerRates rates) {
            double[][] left = jacobian(x);
            double[][] right = jacobian(columns);
            double[] scale = scale(rates);
            double[][] theta = new double[left.length][right.length];
            for (int i = 0; i < left.length; i++) {
                for (int j = 0; j < right.length; j++) {
                    for (int w = 0; w < scale.length; w++) {
                        theta[i][j] += scale[w] * left[i][w] * right[j][w];
                    }
                }
            }
            return theta;
        }

        private double[][] jacobian(Inputs inputs) {
            NaiveNetwork naive = new NaiveNetwork(network.architecture(), network.activation(), network.parameters());
            int dim = inputs.dimension();
            return IntStream.range(0, inputs.count() * outputs())
                    .mapToObj(i -> naive.gradient(
                            Arrays.copyOfRange(inputs.toArray(), i / outputs() * dim, (i / outputs() + 1) * dim),
                            i % outputs()))
                    .toArray(double[][]::new);
        }

        private double[] scale(LayerRates rates) {
            Architecture architecture = network.architecture();
            double[] scale = new double[(int) architecture.parameterCount()];
            for (int l = 1; l <= architecture.depth(); l++) {
                int biases = (int) architecture.biasOffset(l);
                Arrays.fill(scale, (int) architecture.weightOffset(l), biases, rates.weight(l));
                Arrays.fill(scale, biases, biases + architecture.width(l), rates.bias(l));
            }
            return scale;
        }
    }

    static Stream<Problem> problems() {
        return IntStream.range(0, NETWORKS).mapToObj(Problem::new);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void allFormsEqualExplicitJacobians(Backend backend) {
        Engine engine = Engine.single(backend);
        problems().forEach(problem -> {
            check(problem, new KernelEvaluation(problem.network, problem.x, engine), problem.x, standard(problem));
            check(
                    problem,
                    new KernelEvaluation(problem.network, problem.x, engine).versus(problem.z),
                    problem.z,
                    standard(problem));
            check(
                    problem,
                    new KernelEvaluation(problem.network, problem.x, engine).rates(problem.rates),
                    problem.x,
                    problem.rates);
            check(
                    problem,
                    new KernelEvaluation(problem.network, problem.x, engine)
                            .rates(problem.rates.withoutBiases())
                            .versus(problem.z),
                    problem.z,
                    problem.rates.withoutBiases());
        });
    }

    private static LayerRates standard(Problem problem) {
        return LayerRates.standard(problem.network.architecture());
    }

    private static void check(Problem problem, KernelEvaluation asked, Inputs columns, LayerRates rates) {
        int outputs = problem.outputs();
        double[][] full = problem.full(columns, rates);
        assertClose(asked.form(KernelForm.FULL).evaluate().theta(), full, full);
        double[][] trace = new double[problem.x.count()][columns.count()];
        double[][] pseudo = new double[problem.x.count()][columns.count()];
        List<Kernel> diagonal = asked.form(KernelForm.DIAGONAL).evaluate().kernels();
        assertThat(diagonal).hasSize(outputs);
        for (int k = 0; k < outputs; k++) {
            double[][] block = block(full, outputs, k, k);
            assertClose(diagonal.get(k), block, full);
            assertThat(asked.form(KernelForm.output(k)).evaluate().theta())
                    .as("%s", asked)
                    .isEqualTo(diagonal.get(k));
            for (int s = 0; s < trace.length; s++) {
                for (int r = 0; r < trace[s].length; r++) {
                    trace[s][r] += block[s][r] / outputs;
                    for (int j = 0; j < outputs; j++) {
                        pseudo[s][r] += full[s * outputs + k][r * outputs + j] / outputs;
                    }
                }
            }
        }
        assertClose(asked.form(KernelForm.TRACE).evaluate().theta(), trace, full);
        assertClose(asked.form(KernelForm.PSEUDO).evaluate().theta(), pseudo, full);
    }

    private static double[][] block(double[][] full, int outputs, int k, int j) {
        return IntStream.range(0, full.length / outputs)
                .mapToObj(s -> IntStream.range(0, full[0].length / outputs)
                        .mapToDouble(r -> full[s * outputs + k][r * outputs + j])
                        .toArray())
                .toArray(double[][]::new);
    }

    private static void assertClose(Kernel actual, double[][] expected, double[][] scale) {
        double largest = Arrays.stream(scale)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        assertThat(actual.rows()).isEqualTo(expected.length);
        assertThat(actual.columns()).isEqualTo(expected[0].length);
        for (int s = 0; s < expected.length; s++) {
            for (int r = 0; r < expected[0].length; r++) {
                assertThat(actual.get(s, r)).isCloseTo(expected[s][r], within(1e-12 * largest));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void outputsAreThoseOfTheNetworkAtTheRows(Backend backend) {
        problems().forEach(problem -> {
            double[][] f = new KernelEvaluation(problem.network, problem.x, Engine.single(backend))
                    .versus(problem.z)
                    .evaluate()
                    .outputs();
            NaiveNetwork naive = new NaiveNetwork(
                    problem.network.architecture(), problem.network.activation(), problem.network.parameters());
            assertThat(f).hasNumberOfRows(problem.x.count());
            for (int s = 0; s < f.length; s++) {
                double[] row = new double[problem.x.dimension()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = problem.x.get(s, i);
                }
                assertThat(f[s]).containsExactly(naive.outputs(row), within(1e-12));
            }
        });
    }

    /** Frozen layers take no part, and what all layers give alone is the whole. */
    @ParameterizedTest
    @MethodSource("backends")
    void kernelsByLayerSumToTheWhole(Backend backend) {
        problems().forEach(problem -> {
            KernelEvaluation asked = new KernelEvaluation(problem.network, problem.x, Engine.single(backend))
                    .form(KernelForm.FULL)
                    .rates(problem.rates);
            List<EmpiricalNtk> layers = asked.byLayer();
            assertThat(layers).hasSize(problem.network.architecture().depth());
            double[] sum = new double[layers.get(0).theta().toArray().length];
            for (int l = 1; l <= layers.size(); l++) {
                Kernel layer = layers.get(l - 1).theta();
                assertThat(layer)
                        .isEqualTo(asked.rates(problem.rates.only(l)).evaluate().theta());
                double[] values = layer.toArray();
                Arrays.setAll(sum, i -> sum[i] + values[i]);
            }
            Kernel whole = asked.rates(problem.rates).evaluate().theta();
            // the same sums in the same order, from 0: bit for bit
            assertThat(Kernel.wrap(whole.rows(), whole.columns(), sum)).isEqualTo(whole);
        });
    }

    /** Without biases the kernel is what is left of inputs and weights: an appended unit that is always 1 adds exactly the biases. */
    @ParameterizedTest
    @MethodSource("backends")
    void withoutBiasesAWeightOfAConstantUnitStandsForThem(Backend backend) {
        Network network = new RandomNetwork(Architecture.of(3, 3), Activations.TANH, new Initialization(1.5, 0.3))
                .sample(Seed.of(3));
        Inputs x = Inputs.onSphere(5, 3, Seed.of(4));
        double[] padded = new double[5 * 4];
        for (int s = 0; s < 5; s++) {
            System.arraycopy(x.toArray(), 3 * s, padded, 4 * s, 3);
            padded[4 * s + 3] = 1;
        }
        double[] parameters = new double[4 * 3 + 3];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(network.weights(1), 3 * i, parameters, 4 * i, 3);
            parameters[4 * i + 3] = network.biases(1)[i];
        }
        Network absorbed = new Network(Architecture.of(4, 3), parameters).with(Activations.TANH);
        EmpiricalNtk expected = new KernelEvaluation(network, x, Engine.single(backend)).evaluate();
        EmpiricalNtk actual = new KernelEvaluation(absorbed, Inputs.of(5, 4, padded), Engine.single(backend))
                .rates(LayerRates.standard(absorbed.architecture()).withoutBiases())
                .evaluate();
        for (int s = 0; s < 5; s++) {
            for (int r = 0; r < 5; r++) {
                assertThat(actual.theta().get(s, r)).isCloseTo(expected.theta().get(s, r), within(1e-14));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aRectangularKernelIsABlockOfTheJointOne(Backend backend) {
        problems().forEach(problem -> {
            Engine engine = Engine.single(backend);
            int outputs = problem.outputs();
            int rows = problem.x.count() * outputs;
            int columns = problem.z.count() * outputs;
            Kernel joint = new KernelEvaluation(problem.network, problem.x.followedBy(problem.z), engine)
                    .form(KernelForm.FULL)
                    .evaluate()
                    .theta();
            Kernel versus = new KernelEvaluation(problem.network, problem.x, engine)
                    .form(KernelForm.FULL)
                    .versus(problem.z)
                    .evaluate()
                    .theta();
            assertThat(versus).isEqualTo(joint.block(0, rows, rows, rows + columns));
        });
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void allBackendsHaveTheSameBits(Precision precision) {
        problems().forEach(problem -> {
            for (KernelForm form : List.of(KernelForm.FULL, KernelForm.DIAGONAL, KernelForm.TRACE, KernelForm.PSEUDO)) {
                List<EmpiricalNtk> square = new ArrayList<>();
                List<EmpiricalNtk> rectangular = new ArrayList<>();
                for (Backend backend : backends()) {
                    KernelEvaluation asked = new KernelEvaluation(problem.network, problem.x, Engine.single(backend))
                            .form(form)
                            .precision(precision)
                            .rates(problem.rates);
                    square.add(asked.evaluate());
                    rectangular.add(asked.versus(problem.z).evaluate());
                }
                assertThat(square).allMatch(square.get(0)::equals);
                assertThat(rectangular).allMatch(rectangular.get(0)::equals);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("backends")
    void resultsDoNotDependOnThreads(Backend backend) {
        Problem problem = new Problem(19);
        Inputs x = Inputs.onSphere(150, problem.x.dimension(), Seed.of(8));
        for (KernelForm form : List.of(KernelForm.FULL, KernelForm.TRACE)) {
            Kernel expected = new KernelEvaluation(problem.network, x, Engine.single(backend))
                    .form(form)
                    .evaluate()
                    .theta();
            try (Engine engine = Engine.of(backend, WorkerPool.of(3))) {
                assertThat(new KernelEvaluation(problem.network, x, engine)
                                .form(form)
                                .evaluate()
                                .theta())
                        .isEqualTo(expected);
            }
            assertThat(expected.statistics().asymmetry()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void singlePrecisionAgreesToFiveDigits(Backend backend) {
        Problem problem = new Problem(15);
        KernelEvaluation asked =
                new KernelEvaluation(problem.network, problem.x, Engine.single(backend)).form(KernelForm.FULL);
        double[][] expected = problem.full(problem.x, standard(problem));
        Kernel actual = asked.precision(Precision.F32).evaluate().theta();
        for (int s = 0; s < actual.rows(); s++) {
            for (int r = 0; r < actual.columns(); r++) {
                assertThat(actual.get(s, r)).isCloseTo(expected[s][r], within(1e-5 * actual.get(0, 0)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void misuseGetsOneSentence(Backend backend) {
        Problem problem = new Problem(1);
        KernelEvaluation asked = new KernelEvaluation(problem.network, problem.x, Engine.single(backend));
        assertThatThrownBy(() -> asked.form(KernelForm.output(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no output 4; this network has 4, counted from 0.");
        assertThatThrownBy(() -> asked.rates(LayerRates.of(new double[1], new double[1])))
                .hasMessage("A network of depth 2 has no rates for 1 layer(s).");
        assertThatThrownBy(() -> asked.versus(Inputs.of(new double[problem.x.dimension() + 1])))
                .isInstanceOf(IllegalArgumentException.class);
        EmpiricalNtk diagonal = asked.form(KernelForm.DIAGONAL).evaluate();
        assertThatThrownBy(diagonal::theta)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The diagonal form has a kernel for each of 4 outputs; kernels() gives them.");
        assertThatThrownBy(() -> KernelForm.parse("partial"))
                .hasMessage("There is no form \"partial\" of a kernel; there are full, diagonal, trace, pseudo, and the"
                        + " number of one output, counted from 0.");
        assertThat(KernelForm.parse("Trace")).isEqualTo(KernelForm.TRACE);
        assertThat(KernelForm.parse("12")).isEqualTo(KernelForm.output(12));
    }

    @Test
    void biasesThatANetworkDoesNotHaveNeverCount(@TempDir Path folder) {
        Network all = new RandomNetwork(Architecture.of(3, 5, 4, 2), Activations.TANH, new Initialization(1.5, 0))
                .sample(Seed.of(1));
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (int l = 1; l <= 3; l++) {
            arrays.put(
                    l + ".weight",
                    NpyArray.of(
                            all.weights(l),
                            all.architecture().width(l),
                            all.architecture().width(l - 1)));
        }
        arrays.put("2.bias", NpyArray.of(all.biases(2), 4));
        NpyArray.writeAll(folder.resolve("net.npz"), arrays);
        Network some = Network.read(folder.resolve("net.npz")).with(Activations.TANH);
        Inputs x = Inputs.onSphere(4, 3, Seed.of(2));
        Engine engine = Engine.single(Backend.pureJava());
        LayerRates second = LayerRates.of(new double[] {1, 1, 1}, new double[] {0, 1, 0});

        Kernel expected =
                new KernelEvaluation(all, x, engine).rates(second).evaluate().theta();
        assertThat(new KernelEvaluation(some, x, engine).evaluate().theta()).isEqualTo(expected);
        assertThat(new KernelEvaluation(some, x, engine)
                        .rates(LayerRates.standard(some.architecture()))
                        .evaluate()
                        .theta())
                .isEqualTo(expected);
        assertThat(new KernelEvaluation(all, x, engine).evaluate().theta()).isNotEqualTo(expected);
        Dataset data = new Dataset(x, Targets.of(4, 2, new double[8]));
        assertThatThrownBy(() -> new TrainingProblem(data, List.of(some)))
                .hasMessage(
                        "Training trains all biases, but layer 1 of this network has none; give it some that are 0 to train them,"
                                + " too.");
    }
}
