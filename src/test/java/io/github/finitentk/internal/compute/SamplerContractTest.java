package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the samplers of every backend must do; what they draw is tested against drawn weights in {@code sampling}. */
class SamplerContractTest {

    private static final Architecture UNEQUAL = Architecture.of(7, 40, 23, 1, 9, 31, 1);
    private static final List<Activation> ALL = List.of(
            Activations.RELU,
            Activations.TANH,
            Activations.ERF,
            Activations.GELU,
            Activations.SIN,
            Activations.SIGMOID,
            Activations.SOFTPLUS,
            Activations.SILU,
            Activations.ABS,
            Activations.leakyRelu(0.1));

    static Stream<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct();
    }

    private static List<NetworkAtInput> ensembles(Activation activation) {
        return List.of(
                new NetworkAtInput(new RandomNetwork(UNEQUAL, activation, new Initialization(1.8, 0.4)), 5),
                new NetworkAtInput(
                        new RandomNetwork(Architecture.constant(20, 130, 6), activation, new Initialization(2.5, 0)),
                        20),
                new NetworkAtInput(new RandomNetwork(Architecture.of(3, 1), activation, new Initialization(1, 1)), 2),
                new NetworkAtInput(
                        new RandomNetwork(Architecture.of(1, 2, 1, 2, 1), activation, new Initialization(2, 0)), 0.5),
                new NetworkAtInput(
                        new RandomNetwork(Architecture.of(3, 9, 5, 1), activation, new Initialization(2, 0)), 0),
                new NetworkAtInput(
                        new RandomNetwork(Architecture.of(3, 9, 5, 1), activation, new Initialization(2, 0.3)), 0),
                new NetworkAtInput(
                        new RandomNetwork(Architecture.constant(3, 12, 150), activation, new Initialization(300, 0)),
                        1e-3),
                new NetworkAtInput(
                        new RandomNetwork(Architecture.constant(3, 12, 150), activation, new Initialization(1e-3, 0)),
                        1e3),
                new NetworkAtInput(
                        new RandomNetwork(
                                Architecture.of(3, 2000, 4100, 1500, 1), activation, new Initialization(1.2, 0.1)),
                        3));
    }

    @Test
    void backendsDrawTheSameChainsBitForBit() {
        for (Activation activation : ALL) {
            for (NetworkAtInput ensemble : ensembles(activation)) {
                assertSame(activation + " " + ensemble, samplers -> samplers.chain(ensemble), 1, 5);
            }
        }
    }

    @Test
    void backendsDrawTheSameReluNormsBitForBit() {
        for (NetworkAtInput ensemble : ensembles(Activations.RELU)) {
            assertSame(ensemble.toString(), samplers -> samplers.reluNorms(ensemble), 1, 300);
        }
        NetworkAtInput wide = new NetworkAtInput(
                new RandomNetwork(
                        Architecture.constant(100, 1_000_000, 30), Activations.RELU, new Initialization(2, 0.3)),
                100);
        assertSame("wide", samplers -> samplers.reluNorms(wide), 1, 500);
    }

    @Test
    void backendsComputeTheSameConditionalMoments() {
        for (Activation activation : ALL) {
            for (NetworkAtInput ensemble : ensembles(activation)) {
                double[][] expected = moments(Backend.pureJava(), ensemble, 4);
                double[][] actual = moments(Backend.fastest(), ensemble, 4);
                assertThat(actual).as("%s %s", activation, ensemble).isDeepEqualTo(expected);
            }
        }
    }

    @Test
    void backendsDrawTheSameKernelsBitForBit() {
        for (Activation activation : ALL) {
            for (Initialization initialization : List.of(new Initialization(1.8, 0.4), new Initialization(1.5, 0))) {
                RandomNetwork law = new RandomNetwork(Architecture.of(7, 40, 23, 33, 1), activation, initialization);
                for (double[] inputs : List.of(inputs(1, 7), inputs(5, 7), degenerate(7))) {
                    assertSame(
                            activation + " " + initialization,
                            samplers -> samplers.conditional(law, inputs),
                            inputs.length / 7,
                            3);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void drawsDoNotDependOnHowTheyAreGrouped(Backend backend) {
        Samplers samplers = backend.samplers();
        NetworkAtInput relu = ensembles(Activations.RELU).get(0);
        NetworkAtInput erf = ensembles(Activations.ERF).get(0);
        NetworkAtInput wide = new NetworkAtInput(
                new RandomNetwork(Architecture.constant(5, 5000, 4), Activations.RELU, new Initialization(2, 0.1)), 5);
        assertGroupingIsFree(samplers.chain(erf), 1);
        assertGroupingIsFree(samplers.reluNorms(relu), 1);
        assertGroupingIsFree(samplers.reluNorms(wide), 1);
        assertGroupingIsFree(samplers.conditional(erf.random(), inputs(3, 7)), 3);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void particlesDoNotDependOnHowTheyAdvance(Backend backend) {
        NetworkAtInput ensemble = ensembles(Activations.TANH).get(0);
        double[][] expected = moments(backend, ensemble, 6);
        double[] mantissas = new double[4];
        double[] exponents = new double[4];
        try (MomentParticles particles = backend.samplers().moments(ensemble, 4)) {
            particles.start(4);
            for (int l = 0; l < particles.hiddenLayers(); l++) {
                particles.resample(new int[] {0, 1, 2, 3});
                particles.advance(Seed.of(8), 2, 1);
            }
            particles.moments(2, mantissas, exponents);
        }
        assertThat(mantissas).isEqualTo(Arrays.copyOfRange(expected[2], 2, 6));
        assertThat(exponents).isEqualTo(Arrays.copyOfRange(expected[3], 2, 6));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void kernelsBeyondTheRangeOfADoubleKeepTheirLogarithm(Backend backend) {
        // (sigma_w^2/2)^L = 10^1000 for ReLU; chi_1^L for tanh
        NetworkAtInput relu = new NetworkAtInput(
                new RandomNetwork(Architecture.constant(50, 200, 1001), Activations.RELU, new Initialization(20, 0)),
                50);
        NetworkAtInput tanh = new NetworkAtInput(
                new RandomNetwork(Architecture.constant(50, 200, 1000), Activations.TANH, new Initialization(40, 1)),
                50);
        NetworkAtInput dying = new NetworkAtInput(
                new RandomNetwork(Architecture.constant(50, 200, 1000), Activations.RELU, new Initialization(0.01, 0)),
                50);
        KernelDraws draws = new KernelDraws(3, 1);
        try (KernelSampler chain = backend.samplers().chain(relu);
                KernelSampler norms = backend.samplers().reluNorms(relu);
                KernelSampler smooth = backend.samplers().chain(tanh);
                KernelSampler vanishing = backend.samplers().chain(dying)) {
            chain.draw(Seed.of(1), 0, 1, draws, 0);
            norms.draw(Seed.of(1), 0, 1, draws, 1);
            smooth.draw(Seed.of(1), 0, 1, draws, 2);
            double[] log10 =
                    Arrays.stream(draws.logTheta()).map(t -> t / Math.log(10)).toArray();
            assertThat(log10[0]).isBetween(980.0, 1020.0);
            assertThat(log10[1]).isBetween(980.0, 1020.0);
            assertThat(log10[2]).isBetween(400.0, 1000.0);
            assertThat(draws.theta()).containsOnly(Double.POSITIVE_INFINITY);
            vanishing.draw(Seed.of(1), 0, 3, draws, 0);
            assertThat(Arrays.stream(draws.theta())).allMatch(theta -> theta >= 1 && theta < 60);
        }
        for (NetworkAtInput ensemble : List.of(relu, tanh)) {
            double[][] moments = moments(backend, ensemble, 2);
            assertThat(moments[1][0] * Math.log10(2)).isGreaterThan(400);
            assertThat(moments[0][0]).isPositive().isFinite();
            assertThat(moments[2][0]).isPositive().isFinite();
            double excess = Math.log10(moments[2][0])
                    - 2 * Math.log10(moments[0][0])
                    + Math.log10(2) * (moments[3][0] - 2 * moments[1][0]);
            assertThat(excess).isBetween(0.0, 100.0);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void drawsBeyondTheLastNumberAreRefused(Backend backend) {
        try (KernelSampler chain =
                        backend.samplers().chain(ensembles(Activations.RELU).get(0));
                MomentParticles particles =
                        backend.samplers().moments(ensembles(Activations.RELU).get(0), 3)) {
            KernelDraws draws = new KernelDraws(3, 1);
            chain.draw(Seed.of(1), Long.MAX_VALUE - 3, 3, draws, 0);
            for (long first : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 2, -1, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> chain.draw(Seed.of(1), first, 3, draws, 0))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Long.toString(first));
                particles.start(3);
                assertThatThrownBy(() -> particles.advance(Seed.of(1), first, 1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Long.toString(first));
            }
        }
        MomentParticles closed =
                backend.samplers().moments(ensembles(Activations.RELU).get(0), 3);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.start(1)).hasMessage("These particles have been closed.");
        assertThatThrownBy(() ->
                        backend.samplers().moments(ensembles(Activations.RELU).get(0), Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("particles");
        assertThatThrownBy(() -> new KernelDraws(2_000_000_000, 2))
                .isInstanceOfAny(IllegalArgumentException.class, InsufficientMemoryException.class);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void wrongUseIsRefusedWithASentence(Backend backend) {
        Samplers samplers = backend.samplers();
        NetworkAtInput tanh = ensembles(Activations.TANH).get(0);
        assertThatThrownBy(() -> samplers.reluNorms(tanh)).hasMessageContaining("Only ReLU networks");
        assertThatThrownBy(() -> samplers.conditional(tanh.random(), new double[8]))
                .hasMessageContaining("rows of 7");
        assertThatThrownBy(() -> samplers.conditional(tanh.random(), new double[0]))
                .hasMessageContaining("at least one");
        double[] bad = new double[14];
        bad[9] = Double.NaN;
        assertThatThrownBy(() -> samplers.conditional(tanh.random(), bad)).hasMessageContaining("Input 1");
        try (KernelSampler chain = samplers.chain(tanh);
                MomentParticles particles = samplers.moments(tanh, 3)) {
            KernelDraws two = new KernelDraws(2, 1);
            assertThatThrownBy(() -> chain.draw(Seed.of(0), 0, 3, two, 0)).hasMessageContaining("2 places");
            assertThatThrownBy(() -> chain.draw(Seed.of(0), -1, 1, two, 0)).hasMessageContaining("negative");
            assertThatThrownBy(() -> chain.draw(Seed.of(0), 0, 1, new KernelDraws(1, 2), 0))
                    .hasMessageContaining("2 input(s)");
            assertThatThrownBy(() -> particles.advance(Seed.of(0), 0, 1)).isInstanceOf(IllegalStateException.class);
            particles.start(3);
            assertThatThrownBy(() -> particles.advance(Seed.of(0), 0, 6)).hasMessageContaining("cannot advance by 6");
            assertThatThrownBy(() -> particles.start(4)).hasMessageContaining("between 1 and 3");
        }
    }

    private static double[][] moments(Backend backend, NetworkAtInput ensemble, int count) {
        double[][] moments = new double[4][count];
        try (MomentParticles particles = backend.samplers().moments(ensemble, count)) {
            particles.start(count);
            particles.advance(Seed.of(8), 0, particles.hiddenLayers());
            particles.moments(moments[0], moments[1], moments[2], moments[3], 0);
        }
        return moments;
    }

    private static void assertSame(String name, Function<Samplers, KernelSampler> allocate, int inputs, int count) {
        KernelDraws expected = new KernelDraws(count, inputs);
        KernelDraws actual = new KernelDraws(count, inputs);
        try (KernelSampler java = allocate.apply(Backend.pureJava().samplers());
                KernelSampler fastest = allocate.apply(Backend.fastest().samplers())) {
            java.draw(Seed.of(77), 1_000_000_001L, count, expected, 0);
            fastest.draw(Seed.of(77), 1_000_000_001L, count, actual, 0);
        }
        assertThat(actual.outputs()).as(name).isEqualTo(expected.outputs());
        assertThat(actual.mantissas()).as(name).isEqualTo(expected.mantissas());
        assertThat(actual.exponents()).as(name).isEqualTo(expected.exponents());
        for (int draw = 0; draw < count; draw++) {
            for (int s = 0; s < inputs; s++) {
                double onDiagonal = actual.mantissas()[(draw * inputs + s) * inputs + s];
                assertThat(Math.scalb(onDiagonal, (int) actual.exponents()[draw]))
                        .as(name)
                        .isGreaterThanOrEqualTo(1);
            }
        }
    }

    private static void assertGroupingIsFree(KernelSampler sampler, int inputs) {
        int count = 150;
        KernelDraws once = new KernelDraws(count, inputs);
        KernelDraws pieces = new KernelDraws(count, inputs);
        try (sampler) {
            sampler.draw(Seed.of(5), 11, count, once, 0);
            Arrays.fill(pieces.exponents(), Double.NaN);
            for (int first = 0, size = 1; first < count; first += size, size += 7) {
                sampler.draw(Seed.of(5), 11 + first, Math.min(size, count - first), pieces, first);
            }
        }
        assertThat(pieces.mantissas()).isEqualTo(once.mantissas());
        assertThat(pieces.exponents()).isEqualTo(once.exponents());
        assertThat(pieces.outputs()).isEqualTo(once.outputs());
    }

    private static double[] inputs(int count, int dim) {
        SplittableRandom random = new SplittableRandom(5);
        return random.doubles((long) count * dim, -1, 1).toArray();
    }

    // Duplicates, a parallel input, zero, and more inputs than dimensions.
    private static double[] degenerate(int dim) {
        double[] x = inputs(dim + 5, dim);
        for (int j = 0; j < dim; j++) {
            x[dim + j] = x[j];
            x[2 * dim + j] = -2 * x[j];
            x[4 * dim + j] = 0;
        }
        return x;
    }
}
