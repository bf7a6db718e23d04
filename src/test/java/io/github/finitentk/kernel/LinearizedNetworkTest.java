package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NaiveNetwork;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearizedNetworkTest {

    private static final int OUTPUTS = 3;
    private static final Network NETWORK = new RandomNetwork(
                    Architecture.of(4, 12, OUTPUTS), Activations.TANH, new Initialization(1.5, 0.3))
            .sample(Seed.of(1));
    private static final Inputs X = Inputs.onSphere(5, 4, Seed.of(2));
    private static final Inputs Z = Inputs.onSphere(3, 4, Seed.of(3));
    private static final Targets Y = Targets.of(
            5, OUTPUTS, new SplittableRandom(4).doubles(5 * OUTPUTS, -1, 1).toArray());
    private static final TrainTestData DATA = new TrainTestData(new Dataset(X, Y), Z, Optional.empty());

    static Stream<Engine> engines() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().map(Engine::single);
    }

    private static double[] input(Inputs x, int s) {
        double[] row = new double[x.dimension()];
        Arrays.setAll(row, i -> x.get(s, i));
        return row;
    }

    /**
     * The linear model f_0 + J (w - w_0) by the definitions: explicit Jacobians, and gradient descent on the weights with steps so
     * small that it is the flow to three digits.
     */
    @ParameterizedTest
    @MethodSource("engines")
    void isGradientFlowOfTheModelThatIsLinearInItsWeights(Engine engine) {
        NaiveNetwork naive = new NaiveNetwork(NETWORK.architecture(), NETWORK.activation(), NETWORK.parameters());
        int parameters = (int) NETWORK.architecture().parameterCount();
        double[] moved = new double[parameters];
        double rate = 1e-3;
        int steps = 4000;
        double[][][] jacobian = new double[X.count()][OUTPUTS][];
        double[][] f0 = new double[X.count()][];
        for (int s = 0; s < X.count(); s++) {
            f0[s] = naive.outputs(input(X, s));
            for (int k = 0; k < OUTPUTS; k++) {
                jacobian[s][k] = naive.gradient(input(X, s), k);
            }
        }
        for (int t = 0; t < steps; t++) {
            double[] step = new double[parameters];
            for (int s = 0; s < X.count(); s++) {
                for (int k = 0; k < OUTPUTS; k++) {
                    double residual = f0[s][k] + dot(jacobian[s][k], moved) - Y.get(s, k);
                    for (int i = 0; i < parameters; i++) {
                        step[i] -= rate / X.count() * residual * jacobian[s][k][i];
                    }
                }
            }
            for (int i = 0; i < parameters; i++) {
                moved[i] += step[i];
            }
        }
        LinearizedNetwork linear = LinearizedNetwork.of(NETWORK, DATA, KernelForm.FULL, 0, engine);
        double[][] predicted = linear.predict(rate * steps);
        double largest = 0;
        for (int x = 0; x < Z.count(); x++) {
            double[] at = naive.outputs(input(Z, x));
            for (int k = 0; k < OUTPUTS; k++) {
                double expected = at[k] + dot(naive.gradient(input(Z, x), k), moved);
                assertThat(predicted[x][k]).isCloseTo(expected, within(2e-3));
                assertThat(linear.initialTest()[x][k]).isCloseTo(at[k], within(1e-13));
                largest = Math.max(largest, Math.abs(expected - at[k]));
            }
        }
        // training has done something that the test can see
        assertThat(largest).isGreaterThan(0.1);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** A linear network is its own linearisation: the full kernel is (x.x' + 1) (x) I_K, so all forms say the same. */
    @ParameterizedTest
    @MethodSource("engines")
    void ofALinearNetworkAllFormsAreExact(Engine engine) {
        Network linear = new RandomNetwork(Architecture.of(4, OUTPUTS), Activations.TANH, new Initialization(1, 1))
                .sample(Seed.of(7));
        double[][] full =
                LinearizedNetwork.of(linear, DATA, KernelForm.FULL, 0.1, engine).predict(3);
        for (KernelForm form : List.of(KernelForm.TRACE, KernelForm.PSEUDO)) {
            double[][] other =
                    LinearizedNetwork.of(linear, DATA, form, 0.1, engine).predict(3);
            for (int x = 0; x < full.length; x++) {
                assertThat(other[x]).containsExactly(full[x], within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void atConvergenceTheTrainingTargetsAreMet(Engine engine) {
        TrainTestData onItself = new TrainTestData(DATA.train(), X, Optional.of(Y));
        LinearizedNetwork linear = LinearizedNetwork.of(NETWORK, onItself, KernelForm.FULL, 0, engine);
        double[][] fitted = linear.predict(Double.POSITIVE_INFINITY);
        for (int s = 0; s < X.count(); s++) {
            for (int k = 0; k < OUTPUTS; k++) {
                assertThat(fitted[s][k]).isCloseTo(Y.get(s, k), within(1e-9));
            }
        }
        assertThat(Y.meanSquaredErrors(fitted)).containsExactly(new double[OUTPUTS], within(1e-18));
    }

    @Test
    void matrixTargetsAreTheirColumns() {
        double[] theta = new double[64];
        SplittableRandom random = new SplittableRandom(5);
        double[] factor = random.doubles(64, -1, 1).toArray();
        for (int s = 0; s < 8; s++) {
            for (int r = 0; r < 8; r++) {
                for (int i = 0; i < 8; i++) {
                    theta[s * 8 + r] += factor[s * 8 + i] * factor[r * 8 + i];
                }
            }
        }
        TrainTestKernel blocks = TrainTestKernel.split(Kernel.wrap(8, 8, theta), 5);
        KernelRegression regression = KernelRegression.of(blocks, 0.01, Engine.single(Backend.pureJava()));
        for (double time : new double[] {2, Double.POSITIVE_INFINITY}) {
            Smoother smoother = regression.smoother(time);
            double[][] mean = smoother.mean(Y);
            double lost = 0;
            for (int k = 0; k < OUTPUTS; k++) {
                double[] alone = smoother.mean(Y.column(k));
                for (int x = 0; x < 3; x++) {
                    assertThat(mean[x][k]).isEqualTo(alone[x]);
                }
                lost += regression.droppedShare(Y.column(k));
            }
            assertThat(lost).isZero();
            assertThat(regression.droppedShare(Y)).isZero();
        }
    }

    /** Theta (x) I_K as one big kernel is every output by itself, at every time. */
    @Test
    void togetherWithoutPairsIsEachByItself() {
        Kernel theta = new KernelEvaluation(NETWORK, X.followedBy(Z), Engine.single(Backend.pureJava()))
                .evaluate()
                .theta();
        int all = theta.rows();
        double[] big = new double[all * OUTPUTS * all * OUTPUTS];
        for (int s = 0; s < all; s++) {
            for (int r = 0; r < all; r++) {
                for (int k = 0; k < OUTPUTS; k++) {
                    big[(s * OUTPUTS + k) * all * OUTPUTS + r * OUTPUTS + k] = theta.get(s, r);
                }
            }
        }
        Engine engine = Engine.single(Backend.pureJava());
        KernelRegression alone = KernelRegression.of(TrainTestKernel.split(theta, 5), engine);
        KernelRegression joint = KernelRegression.of(
                TrainTestKernel.split(Kernel.wrap(all * OUTPUTS, all * OUTPUTS, big), 5 * OUTPUTS), OUTPUTS, 0, engine);
        for (double time : new double[] {0.7, Double.POSITIVE_INFINITY}) {
            double[][] expected = alone.smoother(time).mean(Y);
            double[][] actual = joint.smoother(time).mean(Y);
            for (int x = 0; x < expected.length; x++) {
                assertThat(actual[x]).containsExactly(expected[x], within(1e-9));
            }
        }
    }

    @Test
    void misuseGetsOneSentence() {
        Engine engine = Engine.single(Backend.pureJava());
        assertThatThrownBy(() -> LinearizedNetwork.of(NETWORK, DATA, KernelForm.DIAGONAL, 0, engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Regression takes the full kernel of all outputs, or the trace or pseudo kernel for each of them,"
                                + " not diagonal.");
        TrainTestData scalar = new TrainTestData(new Dataset(X, new double[] {0.5, 1, 2, 3, 4}), Z, Optional.empty());
        assertThatThrownBy(() -> LinearizedNetwork.of(NETWORK, scalar, KernelForm.FULL, 0, engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A network of 3 output(s) takes targets of shape (S, 3)");
        TrainTestKernel blocks =
                new TrainTestKernel(Kernel.wrap(4, 4, new double[16]), Kernel.wrap(2, 4, new double[8]));
        assertThatThrownBy(() -> KernelRegression.of(blocks, 3, 0, engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A kernel of 4 training and 2 test inputs does not have 3 rows for each of them.");
        Kernel skew = Kernel.wrap(2, 2, new double[] {1, 0.5, 0.5001, 1});
        assertThatThrownBy(() -> new TrainTestKernel(skew, Kernel.wrap(1, 2, new double[2])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "A kernel of training inputs must be symmetric, but entry (1, 0) is 0.5001 and entry (0, 1) is 0.5"
                                + " (counted from 0).");
        // classes are one-hot targets
        TrainTestData classes = new TrainTestData(new Dataset(X, new double[] {0, 1, 2, 0, 1}), Z, Optional.empty());
        assertThat(LinearizedNetwork.of(NETWORK, classes, KernelForm.TRACE, 0, engine)
                        .data()
                        .train()
                        .targets())
                .isEqualTo(Targets.oneHot(new int[] {0, 1, 2, 0, 1}, 3));
    }
}
