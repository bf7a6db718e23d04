package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend must do; each test runs on all backends of this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackendContractTest {

    private static final Initialization INITIALIZATION = new Initialization(1.8, 0.4);
    private static final Architecture UNEQUAL = Architecture.of(7, 40, 23, 31, 1);

    static Stream<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct();
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        backends().forEach(backend -> {
            for (Activation activation : List.of(
                    Activations.RELU,
                    Activations.TANH,
                    Activations.ERF,
                    Activations.GELU,
                    Activations.SIN,
                    Activations.SIGMOID,
                    Activations.SOFTPLUS,
                    Activations.SILU,
                    Activations.ABS,
                    Activations.IDENTITY,
                    Activations.leakyRelu(0.1))) {
                for (int inputs : new int[] {1, 5, 64, 65}) {
                    cases.add(Arguments.of(backend, activation, inputs));
                }
            }
        });
        return cases.stream();
    }

    @Test
    void theNativeCoreLoadsWhereItIsRequired() {
        if (Boolean.getBoolean("ntk.native.required")) {
            assertThat(Backend.nativeCore().name()).isEqualTo("native");
            assertThat(Backend.fastest()).isSameAs(Backend.nativeCore());
        } else {
            assertThat(Backend.fastest()).isNotNull();
        }
    }

    @ParameterizedTest(name = "{0} {1} S={2}")
    @MethodSource("cases")
    void ntkEqualsTheExplicitGradientProduct(Backend backend, Activation activation, int inputs) {
        for (Architecture architecture : List.of(UNEQUAL, Architecture.of(7, 1), Architecture.of(7, 1, 1))) {
            double[][] x = inputs(inputs, 7);
            BatchShape shape = new BatchShape(architecture, activation, Precision.F64, 2, inputs);
            try (NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE)) {
                evaluate(batch, x, 42, 3);
                for (int b = 0; b < 2; b++) {
                    NaiveNetwork oracle = new NaiveNetwork(architecture, activation, batch.parameters(b));
                    double[] expected = oracle.ntk(x);
                    assertClose(batch.ntk(b), expected, 1e-12);
                    double[] outputs = batch.outputs(b);
                    for (int s = 0; s < inputs; s++) {
                        assertThat(outputs[s]).isCloseTo(oracle.output(x[s]), within(1e-13 * scale(outputs)));
                    }
                }
            }
        }
    }

    // 1e-4 of the largest entry holds for smooth activations and for ReLU nets in which no preactivation lies within
    // f32 rounding of the kink; networks and inputs here are fixed, so that it is no matter of luck.
    @ParameterizedTest(name = "{0} {1} S={2}")
    @MethodSource("cases")
    void singlePrecisionAgreesToFourDigits(Backend backend, Activation activation, int inputs) {
        double[][] x = inputs(inputs, 7);
        BatchShape shape = new BatchShape(UNEQUAL, activation, Precision.F32, 2, inputs);
        try (NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE)) {
            evaluate(batch, x, 42, 3);
            for (int b = 0; b < 2; b++) {
                double[] expected = new NaiveNetwork(UNEQUAL, activation, batch.parameters(b)).ntk(x);
                assertClose(batch.ntk(b), expected, 1e-4);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void gradientOracleEqualsFiniteDifferences(Backend backend) {
        for (Activation activation : List.of(Activations.TANH, Activations.ERF, Activations.RELU)) {
            Architecture architecture = Architecture.of(3, 6, 5, 1);
            BatchShape shape = new BatchShape(architecture, activation, Precision.F64, 1, 1);
            try (NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE)) {
                double[][] x = inputs(1, 3);
                evaluate(batch, x, 7, 0);
                NaiveNetwork oracle = new NaiveNetwork(architecture, activation, batch.parameters(0));
                double[] exact = oracle.gradient(x[0]);
                double[] numerical = oracle.numericalGradient(x[0], 1e-5);
                double theta = 0;
                for (int i = 0; i < exact.length; i++) {
                    assertThat(numerical[i]).isCloseTo(exact[i], within(1e-8));
                    theta += numerical[i] * numerical[i];
                }
                assertThat(batch.ntk(0)[0]).isCloseTo(theta, within(1e-7 * theta));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void resultsAreBitIdenticalForEveryNumberOfThreadsAndBatchSize(Backend backend) {
        double[][] x = inputs(130, 7);
        double[] reference = null;
        for (int threads : new int[] {1, 2, 3}) {
            for (int networks : new int[] {1, 3}) {
                BatchShape shape = new BatchShape(UNEQUAL, Activations.TANH, Precision.F64, networks, 130);
                try (WorkerPool workers = WorkerPool.of(threads);
                        NetworkBatch batch = backend.allocate(shape, workers)) {
                    evaluate(batch, x, 11, 5);
                    double[] theta = batch.ntk(0);
                    if (reference == null) {
                        reference = theta;
                    }
                    assertThat(theta).isEqualTo(reference);
                }
            }
        }
    }

    @Test
    void backendsDrawTheSameNetworks() {
        Architecture architecture = Architecture.of(11, 50, 9, 1);
        for (Precision precision : Precision.values()) {
            BatchShape shape = new BatchShape(architecture, Activations.RELU, precision, 3, 1);
            double[] expected = null;
            for (Backend backend : backends().toList()) {
                try (NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE)) {
                    batch.initialize(INITIALIZATION, Seed.of(99), 1_000_000_007L);
                    double[] parameters = batch.parameters(2);
                    if (expected == null) {
                        expected = parameters;
                    }
                    assertThat(parameters)
                            .as("%s %s", backend.name(), precision)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void parametersSurviveARoundTrip(Backend backend) {
        BatchShape shape = new BatchShape(UNEQUAL, Activations.ERF, Precision.F64, 2, 5);
        try (NetworkBatch source = backend.allocate(shape, WorkerPool.SINGLE);
                NetworkBatch target = backend.allocate(shape, WorkerPool.SINGLE)) {
            double[][] x = inputs(5, 7);
            evaluate(source, x, 1, 0);
            target.setInputs(flat(x));
            target.setParameters(1, source.parameters(0));
            target.forward();
            assertThat(target.outputs(1)).isEqualTo(source.outputs(0));
            assertThat(target.activations(1, 2)).isEqualTo(source.activations(0, 2));
        }
    }

    @ParameterizedTest(name = "{0} {1} S={2}")
    @MethodSource("cases")
    void addGradientAddsTheCombinationOfExplicitGradients(Backend backend, Activation activation, int inputs) {
        SplittableRandom random = new SplittableRandom(9);
        double[] c = random.doubles(inputs, -1, 1).toArray();
        double[][] x = inputs(inputs, 7);
        for (Architecture architecture : List.of(UNEQUAL, Architecture.of(7, 1), Architecture.of(7, 1, 1))) {
            for (Precision precision : Precision.values()) {
                BatchShape shape = new BatchShape(architecture, activation, precision, 2, inputs);
                try (NetworkBatch source = backend.allocate(shape, WorkerPool.SINGLE);
                        NetworkBatch target = backend.allocate(shape, WorkerPool.SINGLE)) {
                    evaluate(source, x, 42, 3);
                    target.initialize(INITIALIZATION, Seed.of(43), 0);
                    double[] untouched = target.parameters(0);
                    double[] expected = target.parameters(1);
                    NaiveNetwork oracle = new NaiveNetwork(architecture, activation, source.parameters(1));
                    double[] gradients = new double[expected.length];
                    for (int s = 0; s < inputs; s++) {
                        double[] gradient = oracle.gradient(x[s]);
                        for (int i = 0; i < expected.length; i++) {
                            gradients[i] += c[s] * gradient[i];
                        }
                    }
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] += gradients[i];
                    }
                    target.addGradient(source, 1, c);
                    double tolerance = precision == Precision.F64 ? 1e-13 : 1e-4;
                    assertClose(target.parameters(1), expected, tolerance * scale(gradients));
                    assertThat(target.parameters(0)).isEqualTo(untouched);
                }
            }
        }
    }

    /** Of each of several directions, in both orders of {@code J}, with the gradients of single outputs. */
    @ParameterizedTest(name = "{0} {1} S={2}")
    @MethodSource("cases")
    void gradientsAndDerivativesOfSeveralOutputsAreThoseOfTheJacobian(
            Backend backend, Activation activation, int inputs) {
        double[] c = new SplittableRandom(9).doubles(inputs, -1, 1).toArray();
        double[][] x = inputs(inputs, 7);
        double[][] v = {{1, 0, 0}, {0.5, -2, 0.25}};
        for (Architecture architecture :
                List.of(UNEQUAL.withOutputs(3), Architecture.of(7, 3), Architecture.of(7, 2, 3))) {
            for (Precision precision : Precision.values()) {
                BatchShape shape =
                        new BatchShape(architecture, activation, precision, 2, inputs, new KernelBlocks(2, false, 0));
                try (NetworkBatch source = backend.allocate(shape, WorkerPool.SINGLE);
                        NetworkBatch other = backend.allocate(shape, WorkerPool.SINGLE)) {
                    source.setInputs(flat(x));
                    source.initialize(INITIALIZATION, Seed.of(42), 3);
                    source.forward();
                    source.backward(v);
                    other.initialize(INITIALIZATION, Seed.of(43), 0);
                    double[] u = other.parameters(1);
                    NaiveNetwork oracle = new NaiveNetwork(architecture, activation, source.parameters(1));
                    double tolerance = precision == Precision.F64 ? 1e-12 : 1e-4;
                    for (int d = 0; d < 2; d++) {
                        double[] combined = new double[u.length];
                        double[] along = new double[inputs];
                        for (int s = 0; s < inputs; s++) {
                            for (int k = 0; k < 3; k++) {
                                double[] gradient = oracle.gradient(x[s], k);
                                for (int i = 0; i < u.length; i++) {
                                    combined[i] += c[s] * v[d][k] * gradient[i];
                                    along[s] += v[d][k] * gradient[i] * u[i];
                                }
                            }
                        }
                        assertClose(source.derivatives(other, 1, d), along, tolerance);
                        other.setParameters(1, new double[u.length]);
                        other.addGradient(source, 1, d, c);
                        assertClose(other.parameters(1), combined, tolerance);
                        other.setParameters(1, u);
                    }
                    assertThatThrownBy(() -> source.derivatives(other, 1, 2))
                            .hasMessage("There is no direction 2 of 2, counted from 0.");
                }
            }
        }
    }

    // The coefficients that reach f are those of Theta: f(w + t J^T c) = f(w) + t Theta c + O(t^2), here by a central
    // difference, whose error is O(t^2).
    @ParameterizedTest
    @MethodSource("backends")
    void aStepAlongGradientsChangesTheOutputsByTheKernel(Backend backend) {
        int inputs = 70;
        double[][] x = inputs(inputs, 7);
        double[] c = new SplittableRandom(9).doubles(inputs, -1, 1).toArray();
        BatchShape shape = new BatchShape(UNEQUAL, Activations.TANH, Precision.F64, 1, inputs);
        try (NetworkBatch source = backend.allocate(shape, WorkerPool.SINGLE);
                NetworkBatch moved = backend.allocate(shape, WorkerPool.SINGLE)) {
            evaluate(source, x, 42, 3);
            moved.setInputs(flat(x));
            double[] theta = source.ntk(0);
            double t = 1e-7;
            double[] above = outputsAfterStep(moved, source, c, t);
            double[] below = outputsAfterStep(moved, source, c, -t);
            double[] expected = new double[inputs];
            double[] actual = new double[inputs];
            for (int s = 0; s < inputs; s++) {
                actual[s] = (above[s] - below[s]) / (2 * t);
                for (int r = 0; r < inputs; r++) {
                    expected[s] += theta[s * inputs + r] * c[r];
                }
            }
            assertClose(actual, expected, 1e-6);
        }
    }

    private static double[] outputsAfterStep(NetworkBatch moved, NetworkBatch source, double[] c, double t) {
        moved.copyParameters(source);
        moved.addGradient(source, 0, java.util.Arrays.stream(c).map(v -> t * v).toArray());
        moved.forward();
        return moved.outputs(0);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aBatchCanDescendItsOwnGradient(Backend backend) {
        BatchShape shape = new BatchShape(UNEQUAL, Activations.ERF, Precision.F64, 1, 5);
        double[] c = {1, -2, 0.5, 0, 3};
        try (NetworkBatch own = backend.allocate(shape, WorkerPool.SINGLE);
                NetworkBatch other = backend.allocate(shape, WorkerPool.SINGLE)) {
            evaluate(own, inputs(5, 7), 1, 0);
            other.copyParameters(own);
            assertThat(other.parameters(0)).isEqualTo(own.parameters(0));
            other.addGradient(own, 0, c);
            own.addGradient(own, 0, c);
            assertThat(own.parameters(0)).isEqualTo(other.parameters(0));
            assertThatThrownBy(() -> own.addGradient(own, 0, c)).isInstanceOf(IllegalStateException.class);
            own.forward();
            other.setInputs(flat(inputs(5, 7)));
            other.forward();
            assertThat(own.outputs(0)).isEqualTo(other.outputs(0));
            assertThatThrownBy(() -> other.addGradient(own, 0, c)).hasMessageContaining("backward");
            own.backward();
            assertThatThrownBy(() -> other.addGradient(own, 1, c)).hasMessageContaining("no network 1");
            assertThatThrownBy(() -> other.addGradient(own, 0, new double[4])).hasMessageContaining("5 inputs, not 4");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void onlyBatchesOfOneShapeExchangeParameters(Backend backend) {
        BatchShape shape = new BatchShape(UNEQUAL, Activations.ERF, Precision.F64, 1, 5);
        BatchShape wider = new BatchShape(UNEQUAL, Activations.ERF, Precision.F32, 1, 5);
        try (NetworkBatch first = backend.allocate(shape, WorkerPool.SINGLE);
                NetworkBatch second = backend.allocate(wider, WorkerPool.SINGLE)) {
            evaluate(first, inputs(5, 7), 1, 0);
            second.initialize(INITIALIZATION, Seed.of(1), 0);
            assertThatThrownBy(() -> second.copyParameters(first)).hasMessageContaining("same shape");
            assertThatThrownBy(() -> second.addGradient(first, 0, new double[5]))
                    .hasMessageContaining("same shape");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void wrongUseIsRefusedWithASentence(Backend backend) {
        BatchShape shape = new BatchShape(UNEQUAL, Activations.RELU, Precision.F64, 1, 2);
        NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE);
        assertThatThrownBy(batch::forward).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.setInputs(new double[13])).hasMessageContaining("2 x 7");
        double[] bad = new double[14];
        bad[9] = Double.NaN;
        assertThatThrownBy(() -> batch.setInputs(bad))
                .hasMessageContaining("Input 1")
                .hasMessageContaining("entry 2");
        assertThatThrownBy(() -> batch.setParameters(1, new double[0])).hasMessageContaining("no network 1");
        assertThatThrownBy(() -> batch.setParameters(0, new double[3])).hasMessageContaining("parameters, not 3");
        assertThatThrownBy(() -> batch.initialize(INITIALIZATION, Seed.of(0), -1))
                .isInstanceOf(IllegalArgumentException.class);
        batch.setInputs(new double[14]);
        batch.initialize(INITIALIZATION, Seed.of(0), 0);
        assertThatThrownBy(batch::computeNtk).isInstanceOf(IllegalStateException.class);
        batch.forward();
        assertThatThrownBy(() -> batch.activations(0, 4)).hasMessageContaining("no layer 4");
        batch.close();
        batch.close();
        assertThatThrownBy(() -> batch.setInputs(new double[14])).hasMessageContaining("closed");
        assertThatThrownBy(() -> batch.outputs(0)).hasMessageContaining("closed");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aBatchThatCannotFitIsRefusedWithBothNumbers(Backend backend) {
        BatchShape shape =
                new BatchShape(Architecture.constant(100_000, 200_000, 50), Activations.RELU, Precision.F64, 100, 1);
        assertThatThrownBy(() -> backend.allocate(shape, WorkerPool.SINGLE))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContaining("PB of memory, but only")
                .hasMessageContaining("is available");
    }

    @Test
    void thePureJavaBackendRunsActivationsOfTheUsersOwn() {
        Activation cube = new Activation() {
            @Override
            public String label() {
                return "cube";
            }

            @Override
            public double value(double h) {
                return h * h * h;
            }

            @Override
            public double derivative(double h) {
                return 3 * h * h;
            }
        };
        BatchShape shape = new BatchShape(UNEQUAL, cube, Precision.F64, 1, 5);
        double[][] x = inputs(5, 7);
        try (NetworkBatch batch = Backend.pureJava().allocate(shape, WorkerPool.SINGLE)) {
            evaluate(batch, x, 3, 0);
            assertClose(batch.ntk(0), new NaiveNetwork(UNEQUAL, cube, batch.parameters(0)).ntk(x), 1e-12);
        }
        if (Backend.fastest().name().equals("native")) {
            assertThatThrownBy(() -> Backend.nativeCore().allocate(shape, WorkerPool.SINGLE))
                    .hasMessageContaining("no activation \"cube\"");
        }
    }

    private static void evaluate(NetworkBatch batch, double[][] x, long seed, long firstStream) {
        batch.setInputs(flat(x));
        batch.initialize(INITIALIZATION, Seed.of(seed), firstStream);
        batch.forward();
        batch.backward();
        batch.computeNtk();
    }

    private static double[][] inputs(int count, int dim) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] x = new double[count][dim];
        for (double[] row : x) {
            for (int j = 0; j < dim; j++) {
                row[j] = 2 * random.nextDouble() - 1;
            }
        }
        return x;
    }

    private static double[] flat(double[][] x) {
        return Stream.of(x).flatMapToDouble(java.util.Arrays::stream).toArray();
    }

    private static double scale(double[] values) {
        double max = 1;
        for (double value : values) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }

    private static void assertClose(double[] actual, double[] expected, double relativeToLargest) {
        assertThat(actual).hasSameSizeAs(expected);
        double tolerance = relativeToLargest * scale(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
        }
    }
}
