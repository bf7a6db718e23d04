package io.github.finitentk.properties;

import static io.github.finitentk.properties.Machines.FASTEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.NaiveNetwork;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** What every empirical kernel is, whatever the network. */
@AddLifecycleHook(Repeatable.class)
class KernelPropertiesTest {

    private static KernelEvaluation asked(KernelCase of, Precision precision, int form) {
        return FASTEST.empirical(of.network(), of.inputs()).precision(precision).form(of.form(form));
    }

    private static double unit(Precision precision) {
        return precision == Precision.F64 ? 0x1p-53 : 0x1p-24;
    }

    /** What sums of products may lose: one rounding for each term of the longest chain, relative to the largest entry. */
    private static double rounding(KernelCase of, Precision precision) {
        return unit(precision) * of.depth() * (10 + Collections.max(of.widths()));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static void assertClose(double[] actual, double[] expected, double relative) {
        assertThat(actual).hasSameSizeAs(expected);
        double scale = Math.max(largest(expected), Double.MIN_NORMAL);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("entry %s", i).isCloseTo(expected[i], within(relative * scale));
        }
    }

    @Property(tries = 60)
    void itIsSymmetricToTheLastBit(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form) {
        for (Kernel theta : asked(of, precision, form).evaluate().kernels()) {
            assertThat(theta.isFinite()).isTrue();
            for (int s = 0; s < theta.rows(); s++) {
                for (int r = 0; r < s; r++) {
                    assertThat(theta.get(s, r)).isEqualTo(theta.get(r, s));
                }
            }
        }
    }

    @Property(tries = 60)
    void itIsPositiveSemiDefiniteToRounding(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form) {
        for (Kernel theta : asked(of, precision, form).evaluate().kernels()) {
            double trace = Arrays.stream(theta.diagonal()).sum();
            assertThat(smallestEigenvalue(theta))
                    .isGreaterThanOrEqualTo(-(rounding(of, precision) + theta.rows() * 0x1p-50) * trace);
        }
    }

    static double smallestEigenvalue(Kernel kernel) {
        int n = kernel.rows();
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, true);
        assertThat(eigen.decompose(new DMatrixRMaj(n, n, true, kernel.toArray())))
                .isTrue();
        return IntStream.range(0, n)
                .mapToDouble(i -> eigen.getEigenvalue(i).getReal())
                .min()
                .orElseThrow();
    }

    /** The definition: products of gradients that are formed, one parameter at a time. */
    @Property(tries = 50)
    void itIsTheProductOfGradients(
            @ForAll(supplier = KernelCase.Any.class) KernelCase any, @ForAll @IntRange(max = 2) int chosenRates) {
        KernelCase of = any.atMost(5);
        Architecture architecture = of.architecture();
        Network network = of.network();
        double[] w = new double[of.depth()];
        double[] b = new double[of.depth()];
        Random random = new Random(of.seed());
        Arrays.setAll(w, l -> chosenRates == 0 ? 1 : random.nextInt(3) * 0.5);
        Arrays.setAll(b, l -> chosenRates == 0 ? 1 : random.nextInt(3) * 0.5);
        double[] scale = new double[(int) architecture.parameterCount()];
        for (int l = 1; l <= of.depth(); l++) {
            int biases = (int) architecture.biasOffset(l);
            Arrays.fill(scale, (int) architecture.weightOffset(l), biases, w[l - 1]);
            Arrays.fill(
                    scale, biases, biases + architecture.width(l), of.biased().get(l - 1) ? b[l - 1] : 0);
        }
        NaiveNetwork definition = new NaiveNetwork(architecture, of.activation(), network.parameters());
        double[][] x = of.rows();
        int outputs = of.outputs();
        int n = x.length * outputs;
        double[][] gradients = new double[n][];
        Arrays.setAll(gradients, i -> definition.gradient(x[i / outputs], i % outputs));
        double[] expected = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < scale.length; p++) {
                    expected[i * n + j] += scale[p] * gradients[i][p] * gradients[j][p];
                }
            }
        }
        EmpiricalNtk theta = FASTEST.empirical(network, of.inputs())
                .form(KernelForm.FULL)
                .rates(LayerRates.of(w, b))
                .evaluate();
        assertClose(theta.theta().toArray(), expected, 8 * rounding(of, Precision.F64));
        double[][] f = theta.outputs();
        for (int s = 0; s < x.length; s++) {
            assertClose(f[s], definition.outputs(x[s]), 8 * rounding(of, Precision.F64));
        }
    }

    @Property(tries = 50)
    void permutedInputsPermuteItAndNothingElse(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form,
            @ForAll Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, of.samples()).boxed().toList());
        Collections.shuffle(order, random);
        double[][] x = of.rows();
        double[][] permuted = order.stream().map(s -> x[s]).toArray(double[][]::new);
        EmpiricalNtk theta = asked(of, precision, form).evaluate();
        EmpiricalNtk other = FASTEST.empirical(of.network(), Inputs.of(permuted))
                .precision(precision)
                .form(of.form(form))
                .evaluate();
        int block = theta.kernels().get(0).rows() / of.samples();
        for (int k = 0; k < theta.kernels().size(); k++) {
            for (int i = 0; i < of.samples() * block; i++) {
                for (int j = 0; j < of.samples() * block; j++) {
                    assertThat(other.kernels().get(k).get(i, j))
                            .isEqualTo(theta.kernels()
                                    .get(k)
                                    .get(
                                            order.get(i / block) * block + i % block,
                                            order.get(j / block) * block + j % block));
                }
            }
        }
        for (int s = 0; s < of.samples(); s++) {
            assertThat(other.outputs()[s]).isEqualTo(theta.outputs()[order.get(s)]);
        }
    }

    @Property(tries = 50)
    void theOrderOfHiddenUnitsDoesNotMatter(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll @IntRange(max = 19) int form,
            @ForAll Random random) {
        Architecture architecture = of.architecture();
        double[] before = of.network().parameters();
        double[] after = before.clone();
        int[][] order = new int[of.depth() + 1][];
        for (int l = 0; l <= of.depth(); l++) {
            List<Integer> units = new ArrayList<>(
                    IntStream.range(0, architecture.width(l)).boxed().toList());
            if (l > 0 && l < of.depth()) {
                Collections.shuffle(units, random);
            }
            order[l] = units.stream().mapToInt(i -> i).toArray();
        }
        for (int l = 1; l <= of.depth(); l++) {
            int weights = (int) architecture.weightOffset(l);
            int biases = (int) architecture.biasOffset(l);
            int n = architecture.width(l - 1);
            for (int i = 0; i < architecture.width(l); i++) {
                after[biases + i] = before[biases + order[l][i]];
                for (int j = 0; j < n; j++) {
                    after[weights + i * n + j] = before[weights + order[l][i] * n + order[l - 1][j]];
                }
            }
        }
        List<Kernel> theta = asked(of, Precision.F64, form).evaluate().kernels();
        List<Kernel> other = FASTEST.empirical(of.network(after), of.inputs())
                .form(of.form(form))
                .evaluate()
                .kernels();
        for (int k = 0; k < theta.size(); k++) {
            assertClose(other.get(k).toArray(), theta.get(k).toArray(), 8 * rounding(of, Precision.F64));
        }
    }

    /**
     * Weights of layer l and biases from l on, times c (l = 0: the inputs, and all biases): preactivations from l on are times c, deltas below
     * l too. By a power of two that is exact.
     */
    @Property(tries = 50)
    void itIsHomogeneous(
            @ForAll(supplier = KernelCase.Homogeneous.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 5) int which,
            @ForAll @IntRange(min = -8, max = 8) int exponent) {
        Architecture architecture = of.architecture();
        int layer = which % (of.depth() + 1);
        double c = Math.scalb(1.0, exponent);
        double[] scaled = of.network().parameters();
        for (int l = 1; l <= of.depth(); l++) {
            int biases = (int) architecture.biasOffset(l);
            for (int i = (int) architecture.weightOffset(l); l == layer && i < biases; i++) {
                scaled[i] *= c;
            }
            for (int i = biases; l >= layer && i < biases + architecture.width(l); i++) {
                scaled[i] *= c;
            }
        }
        double[][] x = of.rows();
        for (double[] row : x) {
            for (int i = 0; layer == 0 && i < row.length; i++) {
                row[i] *= c;
            }
        }
        double[] ones = new double[of.depth()];
        Arrays.fill(ones, 1);
        LayerRates weights = LayerRates.of(ones, new double[of.depth()]);
        LayerRates biases = LayerRates.of(new double[of.depth()], ones);
        for (LayerRates rates : List.of(weights, biases)) {
            List<EmpiricalNtk> before = FASTEST.empirical(of.network(), of.inputs())
                    .precision(precision)
                    .rates(rates)
                    .byLayer();
            List<EmpiricalNtk> after = FASTEST.empirical(of.network(scaled), Inputs.of(x))
                    .precision(precision)
                    .rates(rates)
                    .byLayer();
            for (int l = 1; l <= of.depth(); l++) {
                boolean changes = l < layer || rates == weights && l > layer;
                assertThat(after.get(l - 1).theta().toArray())
                        .as("layer %s", l)
                        .isEqualTo(times(before.get(l - 1).theta().toArray(), changes ? c * c : 1));
            }
            for (int s = 0; s < of.samples(); s++) {
                assertThat(after.get(0).outputs()[s])
                        .isEqualTo(times(before.get(0).outputs()[s], c));
            }
        }
    }

    private static double[] times(double[] values, double factor) {
        return Arrays.stream(values).map(value -> factor * value).toArray();
    }

    @Property(tries = 50)
    void partsByLayerSumToTheWhole(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form) {
        List<Kernel> whole = asked(of, precision, form).evaluate().kernels();
        List<EmpiricalNtk> layers = asked(of, precision, form).byLayer();
        List<EmpiricalNtk> weights = asked(of, precision, form)
                .rates(LayerRates.standard(of.architecture()).withoutBiases())
                .byLayer();
        double[] ones = new double[of.depth()];
        Arrays.fill(ones, 1);
        List<EmpiricalNtk> biases = asked(of, precision, form)
                .rates(LayerRates.of(new double[of.depth()], ones))
                .byLayer();
        assertThat(layers).hasSize(of.depth());
        for (int k = 0; k < whole.size(); k++) {
            double[] sum = new double[whole.get(k).rows() * whole.get(k).columns()];
            double[] split = sum.clone();
            for (int l = 0; l < of.depth(); l++) {
                double[] part = layers.get(l).kernels().get(k).toArray();
                double[] w = weights.get(l).kernels().get(k).toArray();
                double[] b = biases.get(l).kernels().get(k).toArray();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += part[i];
                    split[i] += w[i] + b[i];
                }
                if (!of.biased().get(l)) {
                    assertThat(largest(b)).isZero();
                }
            }
            assertClose(sum, whole.get(k).toArray(), 16 * of.depth() * 0x1p-53);
            assertClose(split, whole.get(k).toArray(), 16 * of.depth() * 0x1p-53);
        }
    }

    @Property(tries = 40)
    void formsAreWhatTheyAreOfTheFullKernel(
            @ForAll(supplier = KernelCase.Any.class) KernelCase any, @ForAll Precision precision) {
        KernelCase of = any.atMost(20);
        int n = of.samples();
        int outputs = of.outputs();
        KernelEvaluation asked = FASTEST.empirical(of.network(), of.inputs()).precision(precision);
        Kernel full = asked.form(KernelForm.FULL).evaluate().theta();
        List<Kernel> diagonal = asked.form(KernelForm.DIAGONAL).evaluate().kernels();
        double[] trace = new double[n * n];
        double[] pseudo = new double[n * n];
        for (int s = 0; s < n; s++) {
            for (int r = 0; r < n; r++) {
                for (int k = 0; k < outputs; k++) {
                    assertThat(diagonal.get(k).get(s, r)).isEqualTo(full.get(s * outputs + k, r * outputs + k));
                    trace[s * n + r] += full.get(s * outputs + k, r * outputs + k) / outputs;
                    for (int j = 0; j < outputs; j++) {
                        pseudo[s * n + r] += full.get(s * outputs + k, r * outputs + j) / outputs;
                    }
                }
            }
        }
        for (int k = 0; k < outputs; k++) {
            assertThat(asked.form(KernelForm.output(k)).evaluate().theta()).isEqualTo(diagonal.get(k));
        }
        assertClose(asked.form(KernelForm.TRACE).evaluate().theta().toArray(), trace, 16 * 0x1p-53);
        double scale = Math.max(1, largest(full.toArray()) / Math.max(largest(pseudo), Double.MIN_NORMAL));
        assertClose(
                asked.form(KernelForm.PSEUDO).evaluate().theta().toArray(),
                pseudo,
                8 * outputs * scale * rounding(of, precision));
    }

    /**
     * A corner of the square kernel of both, and of that of the columns alone unless that is a single number, which is summed in lanes; and equal
     * inputs have equal entries.
     */
    @Property(tries = 40)
    void aRectangularKernelIsACornerOfTheSquareOne(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form,
            @ForAll @IntRange(min = 1, max = 69) int rows) {
        int cut = Math.min(rows, of.samples());
        Inputs x = of.inputs();
        Inputs first = x.slice(0, cut);
        List<Kernel> square = asked(of, precision, form).evaluate().kernels();
        List<Kernel> corner = FASTEST.empirical(of.network(), first)
                .versus(x)
                .precision(precision)
                .form(of.form(form))
                .evaluate()
                .kernels();
        List<Kernel> both = FASTEST.empirical(of.network(), first.followedBy(x))
                .precision(precision)
                .form(of.form(form))
                .evaluate()
                .kernels();
        for (int k = 0; k < square.size(); k++) {
            int block = square.get(k).rows() / of.samples();
            assertThat(corner.get(k))
                    .isEqualTo(both.get(k)
                            .block(0, cut * block, cut * block, both.get(k).columns()));
            if (of.samples() > 1) {
                assertThat(corner.get(k))
                        .isEqualTo(square.get(k)
                                .block(0, cut * block, 0, square.get(k).columns()));
            }
        }
        double[][] points = of.rows();
        for (int s = 0; s < of.samples(); s++) {
            for (int r = 0; r < s; r++) {
                if (Arrays.equals(points[s], points[r])) {
                    int block = square.get(0).rows() / of.samples();
                    for (int k = 0; k < block; k++) {
                        assertThat(square.get(0).row(s * block + k))
                                .isEqualTo(square.get(0).row(r * block + k));
                    }
                }
            }
        }
    }
}
