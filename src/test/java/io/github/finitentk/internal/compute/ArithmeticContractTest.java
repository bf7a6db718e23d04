package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Passes and descents of every backend against {@link ExactNetwork}, bit for bit: the order of sums is part of the contract. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArithmeticContractTest {

    private static final Initialization INITIALIZATION = new Initialization(1.8, 0.4);
    private static final List<Architecture> ARCHITECTURES = List.of(
            Architecture.of(7, 40, 23, 31, 1),
            Architecture.of(7, 1),
            Architecture.of(7, 1, 1),
            Architecture.of(3, 150, 67, 1));

    static List<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().toList();
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Backend backend : backends()) {
            for (Precision precision : Precision.values()) {
                for (Activation activation : List.of(Activations.RELU, Activations.TANH)) {
                    for (int inputs : new int[] {1, 2, 3, 5, 64, 65, 131}) {
                        cases.add(Arguments.of(backend, precision, activation, inputs));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} {1} {2} S={3}")
    @MethodSource("cases")
    void passesAndGradientsHaveTheBitsOfTheDefinition(
            Backend backend, Precision precision, Activation activation, int inputs) {
        for (Architecture architecture : ARCHITECTURES) {
            double[][] x = inputs(inputs, architecture.inputDim());
            BatchShape shape = new BatchShape(architecture, activation, precision, 2, inputs);
            try (NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE);
                    NetworkBatch target = backend.allocate(shape, WorkerPool.SINGLE)) {
                batch.setInputs(flat(x));
                batch.initialize(INITIALIZATION, Seed.of(42), 3);
                batch.forward();
                batch.backward();
                batch.computeNtk();
                ExactNetwork exact = new ExactNetwork(architecture, activation, precision, x, batch.parameters(1));
                exact.forward();
                double[] ones = new double[inputs];
                Arrays.fill(ones, 1);
                exact.backward(ones);
                assertThat(batch.outputs(1)).isEqualTo(exact.outputs());
                assertThat(batch.ntk(1)).isEqualTo(exact.ntk());

                double[] c = new SplittableRandom(9).doubles(inputs, -1, 1).toArray();
                target.copyParameters(batch);
                target.addGradient(batch, 1, c);
                double[] expected = exact.parameters();
                exact.addGradient(expected, ones, c);
                assertThat(target.parameters(1)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} S={3}")
    @MethodSource("cases")
    void stepsOfADescentHaveTheBitsOfTheDefinition(
            Backend backend, Precision precision, Activation activation, int inputs) {
        for (Architecture architecture : ARCHITECTURES) {
            double[][] x = inputs(inputs, architecture.inputDim());
            double[] y = new SplittableRandom(2).doubles(inputs, -1, 1).toArray();
            double[] start = new SplittableRandom(3)
                    .doubles(architecture.parameterCount(), -0.5, 0.5)
                    .toArray();
            BatchShape shape = new BatchShape(architecture, activation, precision, 1, inputs);
            DescentRule rule = new DescentRule(0.05, 2, 0, 10, 10);
            try (GradientDescent descent = backend.gradientDescent(shape, rule, WorkerPool.SINGLE)) {
                descent.setData(flat(x), y);
                descent.setParameters(0, start);
                double[] values = descent.values(0);
                double[] pending = precision == Precision.F32 ? descent.pending(0) : null;
                ExactNetwork exact = new ExactNetwork(architecture, activation, precision, x, values);
                descent.advance(rule, 3);
                for (int step = 0; step < 3; step++) {
                    exact.forward();
                    assertThat(descent.losses(0)[step]).isEqualTo(exact.step(y, pending, 0.05, 2));
                }
                assertThat(descent.values(0)).isEqualTo(exact.parameters());
                if (precision == Precision.F32) {
                    assertThat(descent.pending(0)).isEqualTo(pending);
                }
            }
        }
    }

    private static double[][] inputs(int count, int dim) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] x = new double[count][];
        Arrays.setAll(x, s -> random.doubles(dim, -1, 1).toArray());
        return x;
    }

    private static double[] flat(double[][] x) {
        return Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
    }
}
