package io.github.finitentk.properties;

import static io.github.finitentk.properties.Machines.FASTEST;
import static io.github.finitentk.properties.Machines.FASTEST_ALONE;
import static io.github.finitentk.properties.Machines.JAVA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.Ntk;
import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelStream;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.meanfield.InfiniteWidth.Parametrization;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Kernels and estimates are the same bits whoever computes them, on however many threads, in however many pieces. */
@AddLifecycleHook(Repeatable.class)
class SameNumbersPropertiesTest {

    private static EmpiricalNtk empirical(Ntk ntk, KernelCase of, Precision precision, int form) {
        return ntk.empirical(of.network(), of.inputs())
                .precision(precision)
                .form(of.form(form))
                .evaluate();
    }

    @Property(tries = 200)
    void empiricalKernelsOfBothBackendsOnAnyThreads(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form) {
        EmpiricalNtk theta = empirical(FASTEST, of, precision, form);
        assertThat(empirical(FASTEST_ALONE, of, precision, form)).isEqualTo(theta);
        assertThat(empirical(JAVA, of, precision, form)).isEqualTo(theta);
    }

    /** With the least memory in which it works, and with any that is more. */
    @Property(tries = 50)
    void kernelsInBlocks(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Precision precision,
            @ForAll @IntRange(max = 19) int form,
            @ForAll boolean byLayer,
            @ForAll boolean versus,
            @ForAll @DoubleRange(min = 1, max = 4) double factor) {
        KernelEvaluation asked = FASTEST.empirical(of.network(), of.inputs())
                .precision(precision)
                .form(of.form(form));
        if (versus) {
            asked.versus(
                    Inputs.of(new KernelCase(of.widths(), of.activation(), of.biased(), 40, of.seed() + 1).rows()));
        }
        List<Kernel> whole = (byLayer ? asked.byLayer() : List.of(asked.evaluate()))
                .stream().flatMap(one -> one.kernels().stream()).toList();
        long least = leastMemory(() -> byLayer ? asked.streamByLayer() : asked.stream());
        KernelStream stream = byLayer ? asked.streamByLayer() : asked.stream();
        requireSame(stream.memory((long) (least * factor)), whole);
    }

    private interface Streams {
        KernelStream next();
    }

    /** To within a tenth. */
    private static long leastMemory(Streams streams) {
        long refused = 1;
        long enough = 1 << 30;
        while (enough > 1.1 * refused) {
            long middle = (long) Math.sqrt((double) refused * enough);
            try {
                streams.next().memory(middle).forEach(block -> {
                    throw new IllegalStateException("it fits");
                });
            } catch (InsufficientMemoryException e) {
                refused = middle;
            } catch (IllegalStateException fits) {
                enough = middle;
            }
        }
        return enough;
    }

    private static void requireSame(KernelStream stream, List<Kernel> whole) {
        int rows = stream.rows();
        int columns = stream.columns();
        boolean[][] seen = new boolean[whole.size()][rows * columns];
        stream.forEach(block -> {
            for (int s = block.row(); s < block.row() + block.rows(); s++) {
                for (int r = block.column(); r < block.column() + block.columns(); r++) {
                    assertThat(block.values()[(s - block.row()) * block.columns() + r - block.column()])
                            .isEqualTo(whole.get(block.kernel()).get(s, r));
                    seen[block.kernel()][s * columns + r] = true;
                }
            }
        });
        for (boolean[] kernel : seen) {
            for (int s = 0; s < rows; s++) {
                for (int r = 0; r < (stream.isSymmetric() ? s + 1 : columns); r++) {
                    assertThat(kernel[s * columns + r]).isTrue();
                }
            }
        }
    }

    // --- infinite width

    /** A distribution of networks, and how many inputs are asked about. */
    record Law(Activation activation, double sigmaW2, double sigmaB2, List<Integer> widths, int samples, long seed) {

        RandomNetwork network() {
            int[] all = IntStream.concat(widths.stream().mapToInt(i -> i), IntStream.of(1))
                    .toArray();
            return new RandomNetwork(Architecture.of(all), activation, new Initialization(sigmaW2, sigmaB2));
        }

        KernelCase inputs() {
            return new KernelCase(widths, activation, List.of(), samples, seed);
        }
    }

    @Provide
    Arbitrary<Law> laws() {
        List<Activation> activations = new ArrayList<>(KernelCase.PIECEWISE_LINEAR);
        activations.addAll(KernelCase.SMOOTH);
        return Combinators.combine(
                        Arbitraries.of(activations),
                        Arbitraries.doubles().between(0.5, 3),
                        Arbitraries.of(0.0, 0.1, 1.0),
                        Arbitraries.integers()
                                .between(1, 30)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(5),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.longs())
                .as(Law::new);
    }

    @Property(tries = 40)
    void infiniteWidthOnAnyThreadsInAnyOrderAndInBlocks(
            @ForAll("laws") Law law, @ForAll Parametrization parametrization, @ForAll Random random) {
        double[][] x = law.inputs().rows();
        InfiniteWidth limit = FASTEST.infiniteWidth(law.network(), Inputs.of(x), parametrization);
        InfiniteWidth alone = FASTEST_ALONE.infiniteWidth(law.network(), Inputs.of(x), parametrization);
        InfiniteWidth java = JAVA.infiniteWidth(law.network(), Inputs.of(x), parametrization);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, x.length).boxed().toList());
        Collections.shuffle(order, random);
        double[][] permuted = order.stream().map(s -> x[s]).toArray(double[][]::new);
        InfiniteWidth other = FASTEST.infiniteWidth(law.network(), Inputs.of(permuted), parametrization);
        for (int which = 0; which < 2; which++) {
            Kernel kernel = which == 0 ? limit.ntk() : limit.nngp();
            Kernel shuffled = which == 0 ? other.ntk() : other.nngp();
            assertThat(which == 0 ? alone.ntk() : alone.nngp()).isEqualTo(kernel);
            assertThat(which == 0 ? java.ntk() : java.nngp()).isEqualTo(kernel);
            for (int s = 0; s < x.length; s++) {
                for (int r = 0; r < x.length; r++) {
                    assertThat(kernel.get(s, r)).isEqualTo(kernel.get(r, s));
                    double scale = Math.sqrt(shuffled.get(s, s) * shuffled.get(r, r));
                    assertThat(shuffled.get(s, r))
                            .isCloseTo(kernel.get(order.get(s), order.get(r)), within(1e-13 * scale));
                    // Cauchy-Schwarz, which a kernel obeys
                    assertThat(kernel.get(s, r) * kernel.get(s, r))
                            .isLessThanOrEqualTo(kernel.get(s, s) * kernel.get(r, r) * (1 + 1e-12));
                }
            }
        }
        requireSame(
                FASTEST.infiniteWidthStream(law.network(), Inputs.of(x), parametrization),
                List.of(limit.ntk(), limit.nngp()));
    }

    // --- estimates

    @Property(tries = 30)
    void estimatesOfEveryMethodOnBothBackends(
            @ForAll("laws") Law law,
            @ForAll @IntRange(min = 2, max = 40) int draws,
            @ForAll @IntRange(max = 9) int heavy) {
        double norm2 = new SplittableRandom(law.seed()).nextDouble(0.1, 20);
        for (Method method : Method.values()) {
            boolean unknown = method == Method.EXACT && KernelCase.SMOOTH.contains(law.activation());
            // sequential Monte Carlo has 2,000 particles at least, and may be what auto takes
            boolean particles = method == Method.SMC || method == Method.AUTO;
            if (unknown || particles && heavy > 1) {
                continue;
            }
            RandomNetwork network = particles
                    ? new RandomNetwork(
                            Architecture.of(3, 4, 5, 1),
                            law.activation(),
                            law.network().initialization())
                    : law.network();
            RatioEstimate estimate = estimate(FASTEST, network, method, draws, law.seed(), norm2);
            assertThat(estimate(FASTEST_ALONE, network, method, draws, law.seed(), norm2))
                    .isEqualTo(estimate);
            assertThat(estimate(JAVA, network, method, draws, law.seed(), norm2))
                    .as("%s", method)
                    .isEqualTo(estimate);
        }
    }

    private static RatioEstimate estimate(
            Ntk ntk, RandomNetwork network, Method method, int draws, long seed, double norm2) {
        return ntk.variance(network)
                .method(method)
                .draws(draws)
                .seed(seed)
                .inputNorm2(norm2)
                .estimate();
    }

    /** Networks of a batch do not know of each other. */
    @Property(tries = 30)
    void sampledNetworksOnBothBackends(@ForAll("laws") Law law, @ForAll @IntRange(max = 5) int index) {
        var seed = io.github.finitentk.data.Seed.of(law.seed());
        double[] weights = law.network().sample(seed, index).weights(1);
        assertThat(law.network().sample(seed, index + 1).weights(1)).isNotEqualTo(weights);
        assertThat(law.network().sample(seed, index).weights(1)).isEqualTo(weights);
        double[][] f =
                FASTEST.outputs(law.network().sample(seed, index), law.inputs().inputs());
        assertThat(JAVA.outputs(law.network().sample(seed, index), law.inputs().inputs()))
                .isDeepEqualTo(f);
        assertThat(Arrays.stream(f).flatMapToDouble(Arrays::stream)).allMatch(Double::isFinite);
        assertThat(Activations.parse(law.activation().label())).isEqualTo(law.activation());
    }
}
