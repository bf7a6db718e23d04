package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InfiniteWidthTest {

    private static final Engine WORKERS = Engine.of(Backend.fastest(), 3);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private static final int DIMENSION = 6;

    static List<Activation> activations() {
        return List.of(
                Activations.RELU,
                Activations.leakyRelu(0.2),
                Activations.ABS,
                Activations.IDENTITY,
                Activations.ERF,
                Activations.TANH,
                Activations.SIN,
                Activations.GELU,
                Activations.SILU);
    }

    /** Random inputs, then a duplicate, a near duplicate, a multiple, an opposite of input 0. */
    private static double[] inputs(int samples) {
        Random random = new Random(5);
        double[] inputs = random.doubles((long) samples * DIMENSION, -1.5, 1.5).toArray();
        for (int i = 0; i < DIMENSION && samples >= 5; i++) {
            inputs[DIMENSION + i] = inputs[i];
            inputs[2 * DIMENSION + i] = inputs[i] * (1 + 1e-8 * i);
            inputs[3 * DIMENSION + i] = 2 * inputs[i];
            inputs[4 * DIMENSION + i] = -inputs[i];
        }
        return inputs;
    }

    @ParameterizedTest
    @MethodSource("activations")
    void entriesAreThoseOfThePairRecursion(Activation activation) {
        int samples = 12;
        // Mehler's series and one-dimensional quadrature meet on the diagonal
        boolean series = activation == Activations.TANH || activation == Activations.SILU;
        double error = series ? 1e-12 : 2e-13;
        double[] inputs = inputs(samples);
        Inputs x = Inputs.of(samples, DIMENSION, inputs);
        Architecture architecture = Architecture.of(DIMENSION, 20, 35, 10, 40, 20, 1);
        for (double[] variances : new double[][] {{1.5, 0.1}, {2.5, 0}, {0.8, 1}}) {
            Initialization initialization = new Initialization(variances[0], variances[1]);
            MeanField theory = new MeanField(activation, initialization);
            RandomNetwork law = new RandomNetwork(architecture, activation, initialization);
            InfiniteWidth kernel = InfiniteWidth.of(law, x, WORKERS);
            InfiniteWidth ntkForm =
                    InfiniteWidth.of(law, x, InfiniteWidth.Parametrization.NTK, Engine.single(Backend.fastest()));
            for (int s = 0; s < samples; s++) {
                for (int r = 0; r < samples; r++) {
                    PairPropagation pair = theory.propagate(row(inputs, s), row(inputs, r), architecture.depth());
                    double scale =
                            Math.sqrt(kernel.ntk().get(s, s) * kernel.ntk().get(r, r));
                    assertThat(kernel.ntk().get(s, r))
                            .as("%s ntk %d %d", activation.label(), s, r)
                            .isCloseTo(pair.ntk(architecture), within(error * scale));
                    assertThat(kernel.nngp().get(s, r))
                            .as("%s nngp %d %d", activation.label(), s, r)
                            .isCloseTo(
                                    pair.nngp(),
                                    within(error
                                            * Math.sqrt(kernel.nngp().get(s, s)
                                                    * kernel.nngp().get(r, r))));
                    double sum = 0;
                    for (int l = 1; l <= pair.depth(); l++) {
                        sum += pair.p(l) * pair.q(l).qsr();
                    }
                    assertThat(ntkForm.ntk().get(s, r))
                            .isCloseTo(
                                    sum,
                                    within(error
                                            * Math.sqrt(ntkForm.ntk().get(s, s)
                                                    * ntkForm.ntk().get(r, r))));
                }
            }
            double[] kappa2 = kernel.kappa2().toArray();
            double[] kappa1 = kernel.kappa1();
            SignalPropagation one =
                    theory.propagate(row(inputs, 7), row(inputs, 7), 6).first();
            assertThat(kappa1[7]).isCloseTo(one.kappa1(architecture), within(1e-13 * kappa1[7]));
            assertThat(kappa2[7 * samples + 7]).isEqualTo(kappa1[7]);
        }
    }

    private static double[] row(double[] inputs, int s) {
        return Arrays.copyOfRange(inputs, s * DIMENSION, (s + 1) * DIMENSION);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void doesNotDependOnTheNumberOfThreads(Activation activation) {
        int samples = activation == Activations.RELU || activation == Activations.ERF ? 300 : 20;
        Inputs x = Inputs.of(samples, DIMENSION, inputs(samples));
        RandomNetwork law =
                new RandomNetwork(Architecture.constant(DIMENSION, 30, 5), activation, new Initialization(2, 0.3));
        double[] one =
                InfiniteWidth.of(law, x, Engine.single(Backend.fastest())).ntk().toArray();
        double[] three = InfiniteWidth.of(law, x, WORKERS).ntk().toArray();
        assertThat(three).containsExactly(one);
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < s; r++) {
                assertThat(one[s * samples + r]).isEqualTo(one[r * samples + s]);
            }
        }
    }

    @Test
    void dataIndependentPart() {
        int samples = 10;
        Architecture architecture = Architecture.constant(DIMENSION, 50, 4);
        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(architecture, Activations.RELU, new Initialization(2, 0.5)),
                Inputs.of(samples, DIMENSION, inputs(samples)),
                WORKERS);
        InfiniteWidth.DataIndependent part = kernel.dataIndependent();
        double[] kappa2 = kernel.kappa2().toArray();
        double sum = Arrays.stream(kappa2).sum();
        double trace = Arrays.stream(kernel.kappa1()).sum();
        assertThat(part.kappa1()).isCloseTo(trace / 10, within(1e-12));
        assertThat(part.kappa2()).isCloseTo((sum - trace) / 90, within(1e-12));
        assertThat(part.conditionNumber())
                .isCloseTo((part.kappa1() / part.kappa2() + 9) / (part.kappa1() / part.kappa2() - 1), within(1e-9));
        assertThat(part.leading()).isCloseTo(kernel.alpha() * 50, within(1e-12));
    }

    @Test
    void smallestCases() {
        Initialization initialization = new Initialization(2, 0.5);
        InfiniteWidth single = InfiniteWidth.of(
                new RandomNetwork(Architecture.of(2, 5, 1), Activations.RELU, initialization),
                Inputs.of(new double[] {1, 2}),
                WORKERS);
        assertThat(single.ntk().rows()).isEqualTo(1);
        assertThat(single.dataIndependent().conditionNumber()).isEqualTo(1);
        InfiniteWidth linear = InfiniteWidth.of(
                new RandomNetwork(Architecture.of(2, 1), Activations.ERF, initialization),
                Inputs.of(2, 2, new double[] {1, 2, 3, 4}),
                WORKERS);
        assertThat(linear.ntk()).isEqualTo(Kernel.of(2, 2, new double[] {6, 12, 12, 26}));
        assertThat(linear.alpha()).isZero();
        assertThat(linear.kappa1()).containsOnly(Double.NaN);
        InfiniteWidth zero = InfiniteWidth.of(
                new RandomNetwork(Architecture.of(2, 5, 5, 1), Activations.RELU, new Initialization(2, 0)),
                Inputs.of(2, 2, new double[] {0, 0, 3, 4}),
                WORKERS);
        assertThat(zero.ntk().get(0, 0)).isEqualTo(1);
        assertThat(zero.ntk().get(0, 1)).isEqualTo(1);
        assertThat(zero.nngp().get(0, 1)).isZero();
    }

    @Test
    void badArgumentsGetOneSentence() {
        Architecture architecture = Architecture.of(2, 5, 1);
        Initialization initialization = new Initialization(2, 0.5);
        RandomNetwork law = new RandomNetwork(architecture, Activations.RELU, initialization);
        Inputs transposed = Inputs.of(2, 3, new double[6]);
        assertThatThrownBy(() -> InfiniteWidth.of(law, transposed, WORKERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Inputs of dimension 2 are needed, but these are 2 inputs of dimension 3; transposed?"
                        + " Each row is one input.");
    }

    @Test
    void isAValue() {
        RandomNetwork tanh = new RandomNetwork(
                Architecture.constant(DIMENSION, 30, 3), Activations.TANH, new Initialization(2, 0.5));
        Inputs x = Inputs.of(6, DIMENSION, inputs(6));
        InfiniteWidth limit = InfiniteWidth.of(tanh, x, WORKERS);
        InfiniteWidth same = InfiniteWidth.of(tanh, x, WORKERS);
        assertThat(limit).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(limit).isNotEqualTo(InfiniteWidth.of(tanh, x, InfiniteWidth.Parametrization.NTK, WORKERS));
        assertThat(limit).isNotEqualTo(InfiniteWidth.of(tanh, x.slice(0, 5), WORKERS));
        assertThat(limit)
                .hasToString("infinite-width NTK and NNGP of 6 input(s), alpha " + limit.alpha()
                        + ", standard parametrisation");
        limit.kappa1()[0] = 9;
        assertThat(limit.kappa1()).isEqualTo(same.kappa1());
    }
}
