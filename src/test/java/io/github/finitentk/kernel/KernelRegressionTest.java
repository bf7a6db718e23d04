package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KernelRegressionTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    static List<Engine> engines() {
        return List.of(Engine.single(Backend.fastest()), Engine.single(Backend.pureJava()));
    }

    private static InfiniteWidth kernel(Inputs inputs, int depth, Activation activation) {
        return InfiniteWidth.of(
                new RandomNetwork(
                        Architecture.constant(inputs.dimension(), 50, depth), activation, new Initialization(1.8, 0.4)),
                inputs,
                ENGINE);
    }

    private static TrainTestKernel one(double train, double cross, double diagonal) {
        return new TrainTestKernel(
                Kernel.of(1, 1, new double[] {train}), Kernel.of(1, 1, new double[] {cross}), new double[] {diagonal});
    }

    @Test
    void oneTrainingInputByHand() {
        // k = 3/4: f = f0 - k (f0(X) - y); Var = 5 - 2 k + 9 k^2
        Smoother smoother = KernelRegression.of(one(4, 3, 7), ENGINE).converged();
        assertThat(smoother.weights()).isEqualTo(Kernel.of(1, 1, new double[] {0.75}));
        assertThat(smoother.predict(new double[] {2}, new double[] {-1}, new double[] {3}))
                .containsExactly(5);
        TrainTestKernel nngp = one(9, 1, 5);
        assertThat(smoother.variance(nngp)[0]).isCloseTo(5 - 1.5 + 9 * 0.5625, within(1e-14));
    }

    @Test
    void blocksAndSmoothersAreValues() {
        TrainTestKernel blocks = one(4, 3, 7);
        assertThat(blocks).isEqualTo(one(4, 3, 7)).hasSameHashCodeAs(one(4, 3, 7));
        assertThat(blocks).isNotEqualTo(one(4, 3, 8)).isNotEqualTo(one(5, 3, 7));
        blocks.diagonal()[0] = 9;
        assertThat(blocks).isEqualTo(one(4, 3, 7)).hasToString("kernel of 1 training and 1 test inputs");
        Smoother smoother = KernelRegression.of(blocks, ENGINE).converged();
        assertThat(smoother).isEqualTo(KernelRegression.of(one(4, 3, 7), ENGINE).converged());
        assertThat(smoother).isNotEqualTo(KernelRegression.of(blocks, ENGINE).at(1));
        assertThat(smoother).hasToString("1 x 1 smoother at t = Infinity (cholesky, 0 directions dropped)");
    }

    @Test
    void oneTrainingInputAtFiniteTime() {
        KernelRegression regression = KernelRegression.of(one(4, 3, 7), ENGINE);
        double learnt = 1 - Math.exp(-4 * 0.3);
        assertThat(regression.at(0.3).weights().get(0, 0)).isCloseTo(0.75 * learnt, within(1e-15));
        assertThat(regression.at(0).weights().get(0, 0)).isZero();
        assertThat(regression.trainingOutputs(new double[] {-1}, new double[] {3}, 0.3)[0])
                .isCloseTo(3 - 4 * Math.exp(-1.2), within(1e-14));
    }

    /**
     * L = 1 is a linear model and eq. (10) exact: training moves the parameters within the span of the inputs only, so what
     * is left of the initial variance is the length of the test input's part outside of it (by Gram-Schmidt here).
     */
    @ParameterizedTest
    @MethodSource("engines")
    void linearNetworkKeepsTheVarianceOutsideTheSpanOfItsInputs(Engine engine) {
        int dimension = 9;
        int samples = 5;
        int tests = 4;
        Inputs inputs = Inputs.onSphere(samples + tests, dimension, Seed.of(3));
        double sigmaB2 = 0.2;
        double sigmaW2 = sigmaB2 * dimension; // all parameters then have the same variance
        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(
                        Architecture.of(dimension, 1), Activations.IDENTITY, new Initialization(sigmaW2, sigmaB2)),
                inputs,
                engine);
        Smoother smoother = KernelRegression.of(TrainTestKernel.split(kernel.ntk(), samples), engine)
                .converged();
        double[] variance = smoother.variance(TrainTestKernel.split(kernel.nngp(), samples));
        double[][] basis = new double[samples + tests][];
        for (int s = 0; s < samples; s++) {
            basis[s] = orthogonal(extended(inputs, dimension, s), basis, s);
            double norm = Math.sqrt(dot(basis[s], basis[s]));
            basis[s] = Arrays.stream(basis[s]).map(v -> v / norm).toArray();
        }
        for (int x = 0; x < tests; x++) {
            double[] outside = orthogonal(extended(inputs, dimension, samples + x), basis, samples);
            assertThat(variance[x]).isCloseTo(sigmaB2 * dot(outside, outside), within(1e-13));
        }
        assertThat(smoother.method()).isEqualTo(Smoother.Method.CHOLESKY);
    }

    private static double[] extended(Inputs inputs, int dimension, int s) {
        double[] x = Arrays.copyOf(inputs.slice(s, s + 1).toArray(), dimension + 1);
        x[dimension] = 1;
        return x;
    }

    private static double[] orthogonal(double[] v, double[][] basis, int count) {
        double[] rest = v.clone();
        for (int pass = 0; pass < 2; pass++) {
            for (int k = 0; k < count; k++) {
                double c = dot(rest, basis[k]);
                for (int i = 0; i < rest.length; i++) {
                    rest[i] -= c * basis[k][i];
                }
            }
        }
        return rest;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** With equicorrelated inputs both kernels are data-independent, and Theorem 3 is not an approximation. */
    @ParameterizedTest
    @CsvSource({"1, 0.3", "6, 0.3", "6, 0.9", "6, 0.0"})
    void theoremThreeIsExactForDataIndependentKernels(int samples, double correlation) {
        double q = 3;
        double qsr = 3 * correlation * correlation;
        double k1 = 11;
        double k2 = 11 * correlation;
        Kernel theta = twoValues(samples + 1, k1, k2);
        Kernel nngp = twoValues(samples + 1, q, qsr);
        double exact = KernelRegression.of(TrainTestKernel.split(theta, samples), ENGINE)
                .converged()
                .variance(TrainTestKernel.split(nngp, samples))[0];
        assertThat(new InfiniteWidthRegression.Theorem3(samples, k1, k2, q, qsr).variance())
                .isCloseTo(exact, within(1e-13));
    }

    private static Kernel twoValues(int n, double diagonal, double rest) {
        double[] matrix = new double[n * n];
        Arrays.fill(matrix, rest);
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] = diagonal;
        }
        return Kernel.wrap(n, n, matrix);
    }

    @Test
    void theTrainingInputsThemselvesAreLearntExactly() {
        int samples = 6;
        Inputs inputs = Inputs.onSphere(samples, 8, Seed.of(1));
        InfiniteWidth kernel = kernel(inputs.followedBy(inputs), 4, Activations.RELU);
        Smoother smoother = KernelRegression.of(TrainTestKernel.split(kernel.ntk(), samples), ENGINE)
                .converged();
        double[] targets = {1, -2, 3, 0.5, 0, 7};
        double[] initial = {0.1, 0.2, -0.3, 0.4, -0.5, 0.6};
        double[] outputs = smoother.predict(initial, initial, targets);
        for (int s = 0; s < samples; s++) {
            assertThat(outputs[s]).isCloseTo(targets[s], within(1e-12));
        }
        for (double variance : smoother.variance(TrainTestKernel.split(kernel.nngp(), samples))) {
            assertThat(variance).isLessThan(1e-13);
        }
    }

    /** A kernel of rank S - 1: the direction that tells the twins apart cannot be learnt, and is said to be dropped. */
    @ParameterizedTest
    @MethodSource("engines")
    void identicalInputsFallBackToTheSpectralSolution(Engine engine) {
        int samples = 5;
        Inputs different = Inputs.onSphere(samples + 2, 8, Seed.of(1));
        Inputs single = different.slice(0, 1).followedBy(different.slice(2, samples + 2));
        InfiniteWidth kernel = kernel(single.slice(0, 1).followedBy(single), 3, Activations.ERF);
        KernelRegression regression = KernelRegression.of(TrainTestKernel.split(kernel.ntk(), samples), engine);
        Smoother smoother = regression.converged();
        assertThat(smoother.method()).isEqualTo(Smoother.Method.SPECTRAL);
        assertThat(smoother.dropped()).isEqualTo(1);
        assertThat(regression.conditionNumber()).isGreaterThan(1e15);
        // targets that agree on the twins lose nothing, targets that differ lose their difference
        assertThat(regression.droppedShare(new double[] {2, 2, 1, 0, 3})).isLessThan(1e-14);
        assertThat(regression.droppedShare(new double[] {1, -1, 0, 0, 0})).isCloseTo(1, within(1e-12));
        // and the prediction is that of training on one of the twins with the mean of both targets
        InfiniteWidth reduced = kernel(single, 3, Activations.ERF);
        double[] expected = KernelRegression.of(TrainTestKernel.split(reduced.ntk(), samples - 1), engine)
                .converged()
                .mean(new double[] {1, 0.5, -1, 2});
        double[] outputs = smoother.mean(new double[] {3, -1, 0.5, -1, 2});
        for (int x = 0; x < 2; x++) {
            assertThat(outputs[x]).isCloseTo(expected[x], within(1e-11));
        }
    }

    /** Against a Runge-Kutta solution of df/dt = -Theta(., X) (f(X) - Y) / S for training and test outputs together. */
    @Test
    void finiteTimeSolvesTheDifferentialEquation() {
        int samples = 5;
        int all = 8;
        Kernel joint =
                kernel(Inputs.onSphere(all, 8, Seed.of(4)), 3, Activations.TANH).ntk();
        double[] targets = {1, -1, 0.5, 2, 0};
        double[] f0 = new Random(1).doubles(all, -1, 1).toArray();
        double time = 0.05;
        int steps = 2000;
        double[] f = f0.clone();
        double h = time / steps;
        for (int step = 0; step < steps; step++) {
            double[] k1 = slope(joint, f, targets);
            double[] k2 = slope(joint, plus(f, h / 2, k1), targets);
            double[] k3 = slope(joint, plus(f, h / 2, k2), targets);
            double[] k4 = slope(joint, plus(f, h, k3), targets);
            for (int i = 0; i < all; i++) {
                f[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            }
        }
        KernelRegression regression = KernelRegression.of(TrainTestKernel.split(joint, samples), ENGINE);
        double[] initialTrain = Arrays.copyOf(f0, samples);
        double[] test = regression.at(time).predict(Arrays.copyOfRange(f0, samples, all), initialTrain, targets);
        double[] train = regression.trainingOutputs(initialTrain, targets, time);
        for (int i = 0; i < samples; i++) {
            assertThat(train[i]).isCloseTo(f[i], within(1e-9));
        }
        for (int x = 0; x < all - samples; x++) {
            assertThat(test[x]).isCloseTo(f[samples + x], within(1e-9));
            // neither at the start nor at the end
            assertThat(Math.abs(test[x] - f0[samples + x])).isGreaterThan(0.01);
        }
        assertThat(Math.abs(train[0] - targets[0])).isGreaterThan(0.001);
    }

    private static double[] slope(Kernel joint, double[] f, double[] targets) {
        double[] slope = new double[f.length];
        for (int i = 0; i < f.length; i++) {
            for (int s = 0; s < targets.length; s++) {
                slope[i] -= joint.get(i, s) * (f[s] - targets[s]) / targets.length;
            }
        }
        return slope;
    }

    private static double[] plus(double[] f, double h, double[] k) {
        double[] sum = f.clone();
        for (int i = 0; i < f.length; i++) {
            sum[i] += h * k[i];
        }
        return sum;
    }

    @Test
    void longTimesReachTheConvergedSolution() {
        Kernel joint =
                kernel(Inputs.onSphere(9, 8, Seed.of(4)), 3, Activations.RELU).ntk();
        KernelRegression regression = KernelRegression.of(TrainTestKernel.split(joint, 6), ENGINE);
        double[] end = regression.converged().weights().toArray();
        double[] late = regression.at(1e9).weights().toArray();
        double[] limit = regression.at(Double.POSITIVE_INFINITY).weights().toArray();
        for (int i = 0; i < end.length; i++) {
            assertThat(late[i]).isCloseTo(end[i], within(1e-12));
            assertThat(limit[i]).isCloseTo(end[i], within(1e-12));
        }
    }

    @Test
    void aRidgeIsAddedToTheTrainingKernel() {
        Kernel joint =
                kernel(Inputs.onSphere(6, 8, Seed.of(4)), 3, Activations.RELU).ntk();
        TrainTestKernel blocks = TrainTestKernel.split(joint, 4);
        KernelRegression regression = KernelRegression.of(blocks, 2.5, ENGINE);
        Smoother smoother = regression.converged();
        // B (Theta + r) = Theta(x, X)
        for (int x = 0; x < 2; x++) {
            for (int s = 0; s < 4; s++) {
                double sum = 2.5 * smoother.weights().get(x, s);
                for (int r = 0; r < 4; r++) {
                    sum += smoother.weights().get(x, r) * blocks.train().get(r, s);
                }
                assertThat(sum).isCloseTo(blocks.cross().get(x, s), within(1e-12));
            }
        }
        assertThat(regression.eigenvalues()[0])
                .isCloseTo(KernelRegression.of(blocks, ENGINE).eigenvalues()[0] + 2.5, within(1e-11));
    }

    /**
     * The exact variance, and the mean, against a Monte Carlo over the Gaussian process of infinitely wide networks: draw
     * {@code f_0} on X and x from the NNGP, train each draw by eq. (10) with the deterministic kernel, at convergence and
     * before.
     */
    @ParameterizedTest
    @CsvSource({"relu, Infinity", "tanh, Infinity", "tanh, 0.02"})
    void exactVarianceIsThatOfTheGaussianProcess(String name, double time) {
        int samples = 10;
        int tests = 6;
        int all = samples + tests;
        int draws = 40_000;
        InfiniteWidth kernel = kernel(Inputs.onSphere(all, 12, Seed.of(7)), 3, Activations.parse(name));
        KernelRegression regression = KernelRegression.of(TrainTestKernel.split(kernel.ntk(), samples), ENGINE);
        Smoother smoother = Double.isInfinite(time) ? regression.converged() : regression.at(time);
        Kernel nngp = kernel.nngp();
        double[] root = lowerRoot(nngp.toArray(), all);
        double[] targets = new Random(5).doubles(samples, -1, 1).toArray();
        Random random = new Random(11);
        double[] sum = new double[tests];
        double[] square = new double[tests];
        double[] fourth = new double[tests];
        double[] mean = smoother.mean(targets);
        for (int draw = 0; draw < draws; draw++) {
            double[] f0 = new double[all];
            double[] z = random.doubles(all).map(u -> random.nextGaussian()).toArray();
            for (int i = 0; i < all; i++) {
                for (int j = 0; j <= i; j++) {
                    f0[i] += root[i * all + j] * z[j];
                }
            }
            double[] f = smoother.predict(Arrays.copyOfRange(f0, samples, all), Arrays.copyOf(f0, samples), targets);
            for (int x = 0; x < tests; x++) {
                double d = f[x] - mean[x];
                sum[x] += d;
                square[x] += d * d;
                fourth[x] += d * d * d * d;
            }
        }
        double[] variance = smoother.variance(TrainTestKernel.split(nngp, samples));
        for (int x = 0; x < tests; x++) {
            double second = square[x] / draws;
            double error = Math.sqrt((fourth[x] / draws - second * second) / draws);
            assertThat(second).as("variance %d", x).isCloseTo(variance[x], within(4 * error));
            assertThat(sum[x] / draws).as("mean %d", x).isCloseTo(0, within(4 * Math.sqrt(second / draws)));
            // the test can tell it from the initial variance
            assertThat(Math.abs(nngp.get(samples + x, samples + x) - variance[x]))
                    .isGreaterThan(20 * error);
        }
    }

    private static double[] lowerRoot(double[] a, int n) {
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = a[i * n + j];
                for (int k = 0; k < j; k++) {
                    rest -= c[i * n + k] * c[j * n + k];
                }
                c[i * n + j] = i == j ? Math.sqrt(rest) : rest / c[j * n + j];
            }
        }
        return c;
    }

    @Test
    void badArgumentsGetOneSentence() {
        TrainTestKernel blocks = one(4, 3, 7);
        assertThatThrownBy(() -> KernelRegression.of(blocks, -1, ENGINE))
                .hasMessage("The ridge must be a finite number >= 0, not -1.0.");
        assertThatThrownBy(() -> KernelRegression.of(blocks, ENGINE).at(-1))
                .hasMessage("The training time must be a number >= 0, not -1.0.");
        assertThatThrownBy(() -> KernelRegression.of(blocks, ENGINE).at(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KernelRegression.of(blocks, ENGINE).converged().mean(new double[2]))
                .hasMessage("There must be 1 targets, not 2.");
        assertThatThrownBy(() -> TrainTestKernel.split(Kernel.of(3, 3, new double[9]), 3))
                .hasMessageContaining("at least 1 test input");
        assertThatThrownBy(() -> TrainTestKernel.split(Kernel.of(2, 4, new double[8]), 1))
                .isInstanceOf(IllegalArgumentException.class);
        Kernel two = Kernel.of(2, 2, new double[4]);
        assertThatThrownBy(() -> new TrainTestKernel(two, Kernel.of(2, 3, new double[6]), new double[3]))
                .hasMessage("The blocks of a kernel of S training and T test inputs are S x S, T x S and T entries, not"
                        + " 2 x 2, 2 x 3 and 3; is the block between test and training inputs transposed?");
        TrainTestKernel infinite = one(Double.POSITIVE_INFINITY, 3, 7);
        assertThatThrownBy(() -> KernelRegression.of(infinite, ENGINE).converged())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
