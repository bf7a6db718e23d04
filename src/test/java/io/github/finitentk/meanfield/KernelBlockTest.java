package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelBlockTest {

    private static final Engine ENGINE = Engine.of(Backend.fastest(), 2);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    private static final int SAMPLES = 330;
    private static final int DIMENSION = 9;

    static List<Activation> activations() {
        return List.of(
                Activations.RELU, Activations.leakyRelu(0.2), Activations.ERF, Activations.TANH, Activations.GELU);
    }

    /** Random directions and norms, with near duplicates, opposites and a zero. */
    private static Inputs inputs() {
        Random random = new Random(11);
        double[] x = random.doubles(SAMPLES * DIMENSION, -1.5, 1.5).toArray();
        for (int i = 0; i < DIMENSION; i++) {
            x[300 * DIMENSION + i] = x[i] * (1 + 1e-9 * i);
            x[7 * DIMENSION + i] = -x[290 * DIMENSION + i];
            x[60 * DIMENSION + i] = 0;
        }
        return Inputs.of(SAMPLES, DIMENSION, x);
    }

    private static RandomNetwork law(Activation activation) {
        return new RandomNetwork(Architecture.constant(DIMENSION, 40, 4), activation, new Initialization(1.7, 0.3));
    }

    /** Above, on and below the diagonal, across it, and single entries: the bits of the kernel in one piece. */
    @ParameterizedTest
    @MethodSource("activations")
    void everyRectangleIsPartOfTheWhole(Activation activation) {
        InfiniteWidth whole = InfiniteWidth.of(law(activation), inputs(), ENGINE);
        KernelProblem problem = new KernelProblem(law(activation), inputs(), InfiniteWidth.Parametrization.STANDARD);
        PairRecursion recursion = PairRecursion.of(problem);
        int[][] rectangles = {
            {0, 330, 0, 330},
            {100, 200, 0, 100},
            {0, 70, 50, 330},
            {50, 330, 0, 70},
            {299, 303, 0, 10},
            {5, 6, 5, 6},
            {130, 131, 20, 300},
            {60, 200, 60, 200},
            {64, 65, 0, 1}
        };
        for (int[] each : rectangles) {
            int rows = each[1] - each[0];
            int columns = each[3] - each[2];
            // arrays may be longer than the block
            KernelBlock block = new KernelBlock(
                    problem,
                    each[0],
                    rows,
                    each[2],
                    columns,
                    new double[rows * columns + 3],
                    new double[rows * columns + 5],
                    null);
            recursion.fill(block, ENGINE);
            for (int s = each[0]; s < each[1]; s++) {
                for (int r = each[2]; r < each[3]; r++) {
                    int index = block.index(s, r);
                    assertThat(block.ntk[index])
                            .as("%d %d", s, r)
                            .isEqualTo(whole.ntk().get(s, r));
                    assertThat(block.nngp[index])
                            .as("%d %d", s, r)
                            .isEqualTo(whole.nngp().get(s, r));
                }
            }
        }
    }

    /** Test inputs against training inputs, both given on their own: those rows and columns of the joint kernel. */
    @ParameterizedTest
    @MethodSource("activations")
    void otherInputsForTheColumns(Activation activation) {
        int tests = 30;
        Inputs all = inputs();
        InfiniteWidth joint = InfiniteWidth.of(law(activation), all, ENGINE);
        KernelProblem problem = new KernelProblem(
                law(activation),
                all.slice(0, tests),
                Optional.of(all.slice(tests, SAMPLES)),
                InfiniteWidth.Parametrization.STANDARD);
        int columns = SAMPLES - tests;
        KernelBlock block = new KernelBlock(
                problem,
                0,
                tests,
                problem.firstColumn,
                columns,
                new double[tests * columns],
                new double[tests * columns],
                null);
        PairRecursion.of(problem).fill(block, ENGINE);
        for (int s = 0; s < tests; s++) {
            for (int r = 0; r < columns; r++) {
                assertThat(block.ntk[s * columns + r]).isEqualTo(joint.ntk().get(s, tests + r));
                assertThat(block.nngp[s * columns + r]).isEqualTo(joint.nngp().get(s, tests + r));
            }
        }
    }
}
