package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Regression at scale, against dense algebra and matrices of known spectrum. */
class KernelSolverTest {

    static Stream<Engine> engines() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().map(Engine::single);
    }

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    /** {@code H_1 H_2 H_3 D H_3 H_2 H_1} with reflections H: the eigenvalues are those given. */
    private static Kernel withSpectrum(int n, IntToDoubleFunction eigenvalue) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = eigenvalue.applyAsDouble(i);
        }
        SplittableRandom random = new SplittableRandom(n);
        for (int reflection = 0; reflection < 3; reflection++) {
            double[] v = random.doubles(n, -1, 1).toArray();
            double norm2 = Arrays.stream(v).map(x -> x * x).sum();
            // A - v w^T - w v^T with w = 2/|v|^2 (A v - (v.A v)/|v|^2 v)
            double[] w = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    w[i] += a[i * n + j] * v[j];
                }
            }
            double form = 0;
            for (int i = 0; i < n; i++) {
                form += v[i] * w[i];
            }
            for (int i = 0; i < n; i++) {
                w[i] = 2 / norm2 * (w[i] - form / norm2 * v[i]);
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    a[i * n + j] -= v[i] * w[j] + w[i] * v[j];
                    a[j * n + i] = a[i * n + j];
                }
            }
        }
        return Kernel.wrap(n, n, a);
    }

    private static Targets targets(int count, int outputs) {
        return Targets.of(
                count,
                outputs,
                new SplittableRandom(7).doubles((long) count * outputs, -1, 1).toArray());
    }

    /** By the dense Cholesky decomposition, {@code S x K}. */
    private static double[][] dense(Kernel kernel, double ridge, Targets y) {
        int n = kernel.rows();
        double[] a = kernel.toArray();
        for (int i = 0; i < n; i++) {
            a[i * n + i] += ridge;
        }
        double[][] alpha = new double[n][y.outputs()];
        for (int k = 0; k < y.outputs(); k++) {
            double[] x = Backend.pureJava().linearAlgebra().cholesky(n, a).solve(y.column(k));
            for (int s = 0; s < n; s++) {
                alpha[s][k] = x[s];
            }
        }
        return alpha;
    }

    private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
        double largest = Arrays.stream(expected)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int s = 0; s < expected.length; s++) {
            for (int k = 0; k < expected[s].length; k++) {
                assertThat(actual[s][k]).isCloseTo(expected[s][k], within(tolerance * largest));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void allMethodsFindTheSolutionOfDenseAlgebra(Engine engine) {
        for (int n : new int[] {1, 2, 37, 300}) {
            // condition 1e4
            Kernel kernel = withSpectrum(n, i -> Math.pow(10, -4.0 * i / n));
            for (int outputs : new int[] {1, 10}) {
                Targets y = targets(n, outputs);
                double[][] expected = dense(kernel, 0.01, y);
                KernelSolver solver =
                        KernelSolver.of(kernel, engine).ridge(0.01).tolerance(1e-10);
                KernelSolution direct = solver.cholesky(y);
                assertClose(direct.coefficients(), expected, 1e-11);
                assertThat(direct.largestResidual()).isLessThan(1e-13);
                assertThat(direct.method()).isEqualTo(KernelSolution.Method.CHOLESKY);
                assertThat(direct.iterations()).isZero();
                for (KernelSolution iterated :
                        List.of(solver.cholesky(y, Precision.F32), solver.conjugateGradients(y))) {
                    assertThat(iterated.converged()).isTrue();
                    assertThat(iterated.residuals()).hasSize(outputs);
                    assertThat(iterated.largestResidual()).isLessThan(1e-10);
                    assertThat(iterated.iterations()).isPositive();
                    assertClose(iterated.coefficients(), expected, 1e-8);
                }
            }
        }
    }

    // Second norms of residuals, from the matrix and the coefficients alone.
    @Test
    void residualsAreWhatTheySayTheyAre() {
        int n = 120;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        Targets y = targets(n, 3);
        KernelSolution solution = KernelSolver.of(kernel, ENGINE)
                .ridge(1e-3)
                .rank(0)
                .maxIterations(9)
                .conjugateGradients(y);
        assertThat(solution.converged()).isFalse();
        assertThat(solution.iterations()).isEqualTo(9);
        double[][] alpha = solution.coefficients();
        for (int k = 0; k < 3; k++) {
            double residual = 0;
            double size = 0;
            for (int s = 0; s < n; s++) {
                double left = y.get(s, k) - 1e-3 * alpha[s][k];
                for (int r = 0; r < n; r++) {
                    left -= kernel.get(s, r) * alpha[r][k];
                }
                residual += left * left;
                size += y.get(s, k) * y.get(s, k);
            }
            assertThat(solution.residuals()[k])
                    .isBetween(1e-6, 1.0)
                    .isCloseTo(Math.sqrt(residual / size), within(1e-13));
        }
        assertThat(solution.largestResidual())
                .isEqualTo(Arrays.stream(solution.residuals()).max().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("engines")
    void theConditionIsThatOfTheSpectrum(Engine engine) {
        int n = 200;
        Kernel kernel = withSpectrum(n, i -> i == 0 ? 50 : 1 + i / (n - 1.0));
        Targets y = targets(n, 2);
        KernelSolver solver = KernelSolver.of(kernel, engine).ridge(0.5).tolerance(1e-12);
        double exact = 1.5 / 50.5;
        // preconditioned, the smallest eigenvalue is that of the kernel only about
        assertThat(solver.conjugateGradients(y).reciprocalCondition()).isBetween(exact, 1.3 * exact);
        assertThat(solver.rank(0).conjugateGradients(y).reciprocalCondition()).isCloseTo(exact, within(0.01 * exact));
        // in the 1-norm, at most sqrt(n) away on either side
        for (Precision precision : Precision.values()) {
            assertThat(solver.cholesky(y, precision).reciprocalCondition())
                    .isBetween(exact / Math.sqrt(n), 3 * exact * Math.sqrt(n));
        }
    }

    @Test
    void conjugateGradientsAgreeWithTheCholeskyFactorOf2000Inputs() {
        int n = 2000;
        Kernel kernel = withSpectrum(n, i -> 500 / Math.pow(i + 1, 1.5));
        Targets y = targets(n, 3);
        try (Engine engine = Engine.of(Backend.fastest(), 2)) {
            KernelSolver solver = KernelSolver.of(kernel, engine).ridge(0.01).tolerance(1e-11);
            double[][] expected = solver.cholesky(y).coefficients();
            KernelSolution plain = solver.rank(0).conjugateGradients(y);
            KernelSolution preconditioned = solver.rank(250).conjugateGradients(y);
            assertClose(plain.coefficients(), expected, 1e-8);
            assertClose(preconditioned.coefficients(), expected, 1e-8);
            assertThat(preconditioned.iterations()).isLessThan(plain.iterations() / 3);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void threadsChangeNoBit(Engine engine) {
        int n = 700;
        Kernel kernel = withSpectrum(n, i -> 10 / (i + 1.0));
        Targets y = targets(n, 3);
        KernelSolver alone = KernelSolver.of(kernel, engine).ridge(0.01);
        try (Engine several = Engine.of(engine.backend(), 3)) {
            KernelSolver together = KernelSolver.of(kernel, several).ridge(0.01);
            KernelSolution one = alone.conjugateGradients(y);
            KernelSolution three = together.conjugateGradients(y);
            assertThat(three.coefficients()).isDeepEqualTo(one.coefficients());
            assertThat(three.predict(kernel)).isDeepEqualTo(one.predict(kernel));
            assertThat(together.cholesky(y, Precision.F32).coefficients())
                    .isDeepEqualTo(alone.cholesky(y, Precision.F32).coefficients());
        }
    }

    @Test
    void choleskySolutionsAndPredictionsAreTheSameBitsOnBothBackends() {
        int n = 520;
        Kernel kernel = withSpectrum(n, i -> 10 / (i + 1.0));
        Targets y = targets(n, 3);
        Engine java = Engine.single(Backend.pureJava());
        for (Precision precision : Precision.values()) {
            KernelSolution one = KernelSolver.of(kernel, ENGINE).ridge(0.01).cholesky(y, precision);
            KernelSolution other = KernelSolver.of(kernel, java).ridge(0.01).cholesky(y, precision);
            assertThat(other.coefficients()).isDeepEqualTo(one.coefficients());
            assertThat(other.residuals()).isEqualTo(one.residuals());
            assertThat(other.reciprocalCondition()).isEqualTo(one.reciprocalCondition());
            assertThat(other.predict(kernel)).isDeepEqualTo(one.predict(kernel));
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void predictionsAreTheKernelTimesTheCoefficients(Engine engine) {
        int n = 60;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        Targets y = targets(n, 4);
        KernelSolution solution = KernelSolver.of(kernel, engine).ridge(0.1).cholesky(y);
        double[][] alpha = solution.coefficients();
        Kernel cross = kernel.block(11, 30, 0, n);
        double[][] expected = new double[19][4];
        for (int x = 0; x < 19; x++) {
            for (int k = 0; k < 4; k++) {
                for (int s = 0; s < n; s++) {
                    expected[x][k] = Math.fma(cross.get(x, s), alpha[s][k], expected[x][k]);
                }
            }
        }
        assertThat(solution.predict(cross)).isDeepEqualTo(expected);
        assertThatThrownBy(() -> solution.predict(kernel.block(0, 5, 0, n - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A solution for 60 training rows predicts with a kernel of 60 columns, not one of"
                        + " 5 x 59 entries.");
    }

    // Theta (x) I_K as a full kernel: each output as if by itself.
    @ParameterizedTest
    @MethodSource("engines")
    void outputsOfTheFullKernelAreSolvedForTogether(Engine engine) {
        int inputs = 30;
        int outputs = 3;
        Kernel one = withSpectrum(inputs, i -> 1.0 / (i + 1));
        double[] full = new double[inputs * outputs * inputs * outputs];
        for (int s = 0; s < inputs; s++) {
            for (int r = 0; r < inputs; r++) {
                for (int k = 0; k < outputs; k++) {
                    full[(s * outputs + k) * inputs * outputs + r * outputs + k] = one.get(s, r);
                }
            }
        }
        Kernel kernel = Kernel.wrap(inputs * outputs, inputs * outputs, full);
        Targets y = targets(inputs, outputs);
        KernelSolution apart = KernelSolver.of(one, engine).ridge(0.1).cholesky(y);
        KernelSolution together = KernelSolver.of(kernel, engine).ridge(0.1).cholesky(y);
        assertThat(together.residuals()).hasSize(1);
        assertClose(together.coefficients(), apart.coefficients(), 1e-12);
        assertClose(together.predict(kernel), apart.predict(one), 1e-12);
    }

    @Test
    void aKernelInAFileGivesTheBitsOfOneInMemory(@TempDir Path folder) {
        int n = 530;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        Path file = folder.resolve("k.npy");
        kernel.write(file);
        Targets y = targets(n, 2);
        try (StoredKernel stored = StoredKernel.open(file)) {
            KernelSolver read = KernelSolver.of(stored, ENGINE).ridge(0.01);
            KernelSolver held = KernelSolver.of(kernel, ENGINE).ridge(0.01);
            assertThat(read.cholesky(y).coefficients())
                    .isDeepEqualTo(held.cholesky(y).coefficients());
            assertThat(read.conjugateGradients(y).coefficients())
                    .isDeepEqualTo(held.conjugateGradients(y).coefficients());
        }
    }

    // What single precision cannot factor is refused; what it can but badly is corrected or said not to have converged.
    @Test
    void singlePrecisionIsAsGoodAsDoubleOrRefused() {
        int n = 200;
        Targets y = targets(n, 2);
        Kernel ill = withSpectrum(n, i -> i < n / 2 ? 1 : 1e-10);
        assertThatThrownBy(() -> KernelSolver.of(ill, ENGINE).cholesky(y, Precision.F32))
                .isInstanceOf(NotPositiveDefiniteException.class)
                .hasMessageMatching(
                        "The 200 x 200 kernel is not positive definite in f32: its factorisation ends at row"
                                + " \\d+ \\(counted from 0\\) with the pivot .*; a ridge of .* would do\\.");
        assertThat(KernelSolver.of(ill, ENGINE).cholesky(y).largestResidual()).isLessThan(1e-5);
        Kernel fair = withSpectrum(n, i -> Math.pow(10, -5.5 * i / (n - 1)));
        KernelSolution solution = KernelSolver.of(fair, ENGINE).tolerance(1e-11).cholesky(y, Precision.F32);
        assertThat(solution.converged()).isTrue();
        assertThat(solution.iterations()).isBetween(2, 20);
        assertClose(solution.coefficients(), dense(fair, 0, y), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void kernelsThatAreNotPositiveDefiniteAreRefusedByIterationsToo(Engine engine) {
        int n = 80;
        Kernel kernel = withSpectrum(n, i -> i == 5 ? -0.5 : 1 + i);
        Targets y = targets(n, 2);
        KernelSolver solver = KernelSolver.of(kernel, engine).ridge(0.25).rank(0);
        assertThatThrownBy(() -> solver.conjugateGradients(y))
                .isInstanceOf(NotPositiveDefiniteException.class)
                .hasMessageMatching(
                        "The 80 x 80 kernel with the ridge 0\\.25 is not positive definite: iteration \\d+ of conjugate"
                                + " gradients meets a direction of the curvature -\\S+; the ridge must be more than 0\\.\\S+\\.");
        assertThat(solver.ridge(0.75).conjugateGradients(y).converged()).isTrue();
        assertThatThrownBy(() -> solver.ridge(0.25).rank(10).conjugateGradients(y))
                .isInstanceOf(NotPositiveDefiniteException.class);
        assertThatThrownBy(() ->
                        KernelSolver.of(withSpectrum(n, i -> -1 - i), engine).conjugateGradients(y))
                .isInstanceOf(NotPositiveDefiniteException.class)
                .hasMessageContaining("not positive semidefinite");
        Kernel broken = Kernel.of(2, 2, new double[] {1, Double.NaN, Double.NaN, 1});
        assertThatThrownBy(() -> KernelSolver.of(broken, engine).conjugateGradients(targets(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The kernel is not finite: neither is row 0 (counted from 0) of its product with a vector.");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void sizesOfTargetsDoNotMatter(Engine engine) {
        int n = 40;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        double[] y = targets(n, 1).toArray();
        for (double scale : new double[] {1e-60, 1e60}) {
            Targets scaled = Targets.of(Arrays.stream(y).map(x -> x * scale).toArray());
            KernelSolution solution =
                    KernelSolver.of(kernel, engine).ridge(0.01).cholesky(scaled, Precision.F32);
            assertThat(solution.largestResidual()).isLessThan(1e-6);
        }
        KernelSolution nothing = KernelSolver.of(kernel, engine).conjugateGradients(Targets.of(new double[n]));
        assertThat(nothing.converged()).isTrue();
        assertThat(nothing.iterations()).isZero();
        assertThat(nothing.reciprocalCondition()).isNaN();
    }

    // Inputs that are given several times: singular, but for the ridge.
    @ParameterizedTest
    @MethodSource("engines")
    void repeatedInputsNeedARidgeAndGetOne(Engine engine) {
        int half = 50;
        Kernel once = withSpectrum(half, i -> 1.0 / (i + 1));
        double[] twice = new double[4 * half * half];
        for (int i = 0; i < twice.length; i++) {
            twice[i] = once.get(i / (2 * half) % half, i % (2 * half) % half);
        }
        Kernel kernel = Kernel.wrap(2 * half, 2 * half, twice);
        Targets y = targets(2 * half, 1);
        assertThatThrownBy(() -> KernelSolver.of(kernel, engine).cholesky(y))
                .isInstanceOf(NotPositiveDefiniteException.class);
        KernelSolver solver =
                KernelSolver.of(kernel, engine).ridge(1e-3).rank(100).tolerance(1e-10);
        assertClose(
                solver.conjugateGradients(y).coefficients(), solver.cholesky(y).coefficients(), 1e-8);
    }

    // Matrix-free, against the kernel itself; more inputs than one part of the operator has.
    @ParameterizedTest
    @MethodSource("engines")
    void aKernelThatIsNeverFormedHasTheSolutionOfOneThatIs(Engine engine) {
        Network network = new RandomNetwork(
                        Architecture.of(5, 20, 20, 2), Activations.TANH, new Initialization(1.5, 0.1))
                .sample(Seed.of(3));
        Inputs inputs = Inputs.onSphere(1100, 5, Seed.of(4));
        for (KernelForm form : new KernelForm[] {KernelForm.TRACE, KernelForm.PSEUDO, KernelForm.output(1)}) {
            KernelEvaluation evaluation = new KernelEvaluation(network, inputs, engine)
                    .form(form)
                    .rates(LayerRates.standard(network.architecture()).withoutBiases());
            Kernel kernel = evaluation.evaluate().theta();
            Targets y = targets(1100, 2);
            KernelSolution free =
                    evaluation.solver().ridge(1).tolerance(1e-9).rank(64).conjugateGradients(y);
            assertThat(free.converged()).isTrue();
            assertClose(
                    free.coefficients(),
                    KernelSolver.of(kernel, engine).ridge(1).cholesky(y).coefficients(),
                    1e-6);
        }
    }

    // Computed block by block, in blocks of several sizes.
    @ParameterizedTest
    @MethodSource("engines")
    void aKernelThatIsComputedBlockByBlockHasTheSolutionOfOneInMemory(Engine engine) {
        Network network = new RandomNetwork(
                        Architecture.of(5, 20, 20, 1), Activations.TANH, new Initialization(1.5, 0.1))
                .sample(Seed.of(8));
        Inputs inputs = Inputs.onSphere(700, 5, Seed.of(9));
        Inputs tests = Inputs.onSphere(300, 5, Seed.of(10));
        KernelEvaluation evaluation = new KernelEvaluation(network, inputs, engine);
        Kernel kernel = evaluation.evaluate().theta();
        KernelEvaluation cross = new KernelEvaluation(network, tests, engine).versus(inputs);
        Targets y = targets(700, 3);
        KernelSolution held = KernelSolver.of(kernel, engine).ridge(1).cholesky(y);
        double[][] predicted = held.predict(cross.evaluate().theta());
        for (long memory : new long[] {4_000_000, 1_000_000_000}) {
            KernelSolver solver = KernelSolver.of(evaluation.stream().memory(memory), engine)
                    .ridge(1)
                    .tolerance(1e-10);
            KernelSolution streamed = solver.cholesky(y);
            assertThat(streamed.coefficients()).isDeepEqualTo(held.coefficients());
            assertThat(streamed.largestResidual()).isLessThan(1e-12);
            assertClose(streamed.predict(cross.stream().memory(memory)), predicted, 1e-12);
            assertClose(solver.conjugateGradients(y).coefficients(), held.coefficients(), 1e-7);
        }
        assertThatThrownBy(() -> KernelSolver.of(cross.stream(), engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "A kernel of training inputs is one square matrix, not a 300 x 700 kernel, block by block.");
        assertThatThrownBy(() -> held.predict(evaluation.versus(tests).stream()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A solution for 700 training rows predicts with a kernel of 700 columns");
    }

    @Test
    void outputsOfANetworkAreSolvedForTogetherWithoutItsKernel() {
        Network network = new RandomNetwork(Architecture.of(4, 9, 3), Activations.RELU, new Initialization(2, 0.1))
                .sample(Seed.of(5));
        Inputs inputs = Inputs.onSphere(40, 4, Seed.of(6));
        KernelEvaluation evaluation = new KernelEvaluation(network, inputs, ENGINE).form(KernelForm.FULL);
        Targets y = targets(40, 3);
        Kernel kernel = evaluation.evaluate().theta();
        assertClose(
                evaluation
                        .solver()
                        .ridge(0.5)
                        .tolerance(1e-11)
                        .conjugateGradients(y)
                        .coefficients(),
                KernelSolver.of(kernel, ENGINE).ridge(0.5).cholesky(y).coefficients(),
                1e-9);
        assertThatThrownBy(() -> evaluation.solver().cholesky(y))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A kernel that is never formed has no Cholesky factor");
        for (KernelEvaluation wrong : List.of(
                new KernelEvaluation(network, inputs, ENGINE).versus(inputs),
                new KernelEvaluation(network, inputs, ENGINE).precision(Precision.F32),
                new KernelEvaluation(network, inputs, ENGINE).form(KernelForm.DIAGONAL))) {
            assertThatThrownBy(wrong::solver)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Regression without forming the kernel takes one square kernel in f64");
        }
    }

    @Test
    void progressIsTold() {
        int n = 600;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        List<String> stages = new ArrayList<>();
        List<Double> largest = new ArrayList<>();
        KernelSolver.Listener listener = new KernelSolver.Listener() {
            @Override
            public void progress(String stage, double share) {
                assertThat(share).isBetween(0.0, 1.0);
                if (!stages.contains(stage)) {
                    stages.add(stage);
                }
            }

            @Override
            public void iteration(int iteration, double[] residuals) {
                largest.add(Arrays.stream(residuals).max().orElseThrow());
                assertThat(iteration).isEqualTo(largest.size());
            }
        };
        KernelSolver solver = KernelSolver.of(kernel, ENGINE).ridge(0.01).listener(listener);
        solver.cholesky(targets(n, 2));
        assertThat(stages).containsExactly("reading the kernel", "factoring", "residual");
        stages.clear();
        KernelSolution solution = solver.conjugateGradients(targets(n, 2));
        assertThat(stages).containsExactly("preconditioner", "iterating", "residual");
        assertThat(largest).hasSize(solution.iterations());
        assertThat(largest.get(largest.size() - 1)).isLessThan(1e-6);
    }

    @Test
    void solutionsCanBeCancelled() {
        int n = 600;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        boolean[] enough = {false};
        KernelSolver solver = KernelSolver.of(kernel, ENGINE.cancelledBy(() -> enough[0]))
                .listener((stage, share) -> enough[0] = true);
        assertThatThrownBy(() -> solver.cholesky(targets(n, 1))).isInstanceOf(CancellationException.class);
        enough[0] = false;
        assertThatThrownBy(() -> solver.conjugateGradients(targets(n, 1))).isInstanceOf(CancellationException.class);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTheStart() {
        int n = 600;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        KernelSolver solver = KernelSolver.of(kernel, ENGINE).memory(1_000_000).listener((stage, share) -> {
            throw new AssertionError("it has begun");
        });
        assertThatThrownBy(() -> solver.cholesky(targets(n, 1)))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageMatching(
                        "The Cholesky factor of a kernel with 600 rows in f64 needs \\S+ MB of memory, but only"
                                + " 1\\.0 MB is available\\.");
        assertThatThrownBy(() -> solver.conjugateGradients(targets(n, 1)))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageStartingWith(
                        "Conjugate gradients for a kernel with 600 rows and a preconditioner of rank 75 needs");
    }

    /** Room for the lower triangle decides; the choice can be followed in the memory that it was made for. */
    @Test
    void theMethodIsTheOneThatTheMemoryAllows() {
        int n = 1500;
        Kernel kernel = withSpectrum(n, i -> 1.0 / (i + 1));
        Targets y = targets(n, 2);
        KernelSolver solver = KernelSolver.of(kernel, ENGINE).ridge(0.1).rank(0);
        KernelSolver.Choice large = solver.memory(1_000_000_000).choice(2);
        assertThat(large.method()).isEqualTo(KernelSolution.Method.CHOLESKY);
        assertThat(large.reason())
                .matches("a Cholesky factor of the 1500 x 1500 kernel takes [0-9.]+ MB of the 1\\.0 GB of memory");
        KernelSolver.Choice small = solver.memory(10_000_000).choice(2);
        assertThat(small.method()).isEqualTo(KernelSolution.Method.CONJUGATE_GRADIENTS);
        assertThat(small.reason())
                .matches(
                        "a Cholesky factor of the 1500 x 1500 kernel takes [0-9.]+ MB, more than the 10\\.0 MB of memory");
        assertThat(solver.solve(y, small.method()).method()).isEqualTo(small.method());
        assertClose(
                solver.tolerance(1e-12).solve(y, small.method()).coefficients(),
                solver.memory(1_000_000_000).solve(y, large.method()).coefficients(),
                1e-9);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Kernel kernel = withSpectrum(4, i -> 1);
        KernelSolver solver = KernelSolver.of(kernel, ENGINE);
        for (double ridge : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> solver.ridge(ridge))
                    .hasMessageStartingWith("The ridge must be a finite number >= 0");
        }
        for (double tolerance : new double[] {0, 1, Double.NaN}) {
            assertThatThrownBy(() -> solver.tolerance(tolerance)).hasMessageContaining("must be between 0 and 1");
        }
        assertThatThrownBy(() -> solver.maxIterations(0)).hasMessage("At least 1 iteration must be allowed, not 0.");
        assertThatThrownBy(() -> solver.rank(5))
                .hasMessage("The rank of a preconditioner must be between 0 and the kernel's 4 rows, not 5.");
        assertThatThrownBy(() -> solver.rank(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> solver.memory(0)).hasMessage("The memory must be at least 1 byte, not 0.");
        assertThatThrownBy(() -> KernelSolver.of(kernel.block(0, 3, 0, 4), ENGINE))
                .hasMessage("A kernel of training inputs is square, not one of 3 x 4 entries.");
        assertThatThrownBy(() -> solver.cholesky(targets(5, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A kernel with 4 rows does not belong to");
        Kernel broken = Kernel.of(2, 2, new double[] {1, Double.NaN, Double.NaN, 1});
        assertThatThrownBy(() -> KernelSolver.of(broken, ENGINE).cholesky(targets(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The kernel is not finite: entry (1, 0) is NaN (counted from 0).");
        Kernel huge = Kernel.of(1, 1, new double[] {1e300});
        assertThatThrownBy(() -> KernelSolver.of(huge, ENGINE).cholesky(targets(1, 1), Precision.F32))
                .hasMessage("The kernel is not finite in f32: entry (0, 0) is 1.0E300 (counted from 0).");
    }
}
