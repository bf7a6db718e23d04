package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.kernel.SpectrumEstimate.Bin;
import io.github.finitentk.kernel.SpectrumEstimate.Density;
import io.github.finitentk.kernel.SpectrumEstimate.Method;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpectrumEvaluationTest {

    static List<Engine> engines() {
        return List.of(Engine.single(Backend.fastest()), Engine.single(Backend.pureJava()));
    }

    private static Network network(Architecture architecture) {
        return new RandomNetwork(architecture, Activations.TANH, new Initialization(1.5, 0.3)).sample(Seed.of(2));
    }

    private static SpectrumEvaluation spectrum(Network network, Inputs x, Engine engine, Method method) {
        return new SpectrumEvaluation(network, x, engine).method(method);
    }

    private static void assertEqual(SpectrumEstimate actual, SpectrumEstimate expected, double tolerance) {
        assertThat(actual.order()).isEqualTo(expected.order());
        assertThat(actual.eigenvalues()).hasSameSizeAs(expected.eigenvalues());
        for (int k = 0; k < actual.eigenvalues().size(); k++) {
            double value = expected.eigenvalues().get(k);
            assertThat(actual.eigenvalues().get(k)).isCloseTo(value, within(tolerance * value));
            assertThat(actual.residuals().get(k)).isLessThan(1e-9 * value);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void withoutTheKernelItIsThatOfTheKernel(Engine engine) {
        Inputs x = Inputs.onSphere(60, 6, Seed.of(6));
        LayerRates rates = LayerRates.of(new double[] {0.5, 2, 1}, new double[] {1, 0, 3});
        for (int outputs : new int[] {1, 3}) {
            Network network = network(Architecture.of(6, 20, 15, 1).withOutputs(outputs));
            for (KernelForm form :
                    List.of(KernelForm.TRACE, KernelForm.FULL, KernelForm.PSEUDO, KernelForm.output(0))) {
                assertEqual(
                        spectrum(network, x, engine, Method.LANCZOS)
                                .form(form)
                                .rates(rates)
                                .evaluate(),
                        spectrum(network, x, engine, Method.DENSE)
                                .form(form)
                                .rates(rates)
                                .evaluate(),
                        1e-10);
            }
        }
    }

    /** Parts of 1,024 inputs, and one of a single input. */
    @Test
    void largeNumbersOfInputsAreWorkedOnInPartsByAnyNumberOfThreads() {
        Inputs x = Inputs.onSphere(1025, 5, Seed.of(6));
        Network network = network(Architecture.of(5, 12, 1));
        SpectrumEstimate alone =
                spectrum(network, x, engines().get(0), Method.LANCZOS).top(5).evaluate();
        assertEqual(
                alone,
                spectrum(network, x, engines().get(0), Method.DENSE).top(5).evaluate(),
                1e-10);
        try (Engine two = Engine.fastest(WorkerPool.of(2))) {
            assertThat(spectrum(network, x, two, Method.LANCZOS).top(5).evaluate())
                    .isEqualTo(alone);
        }
    }

    @Test
    void twoThousandInputsMatchTheDenseEigenvalues() {
        Inputs x = Inputs.onSphere(2000, 20, Seed.of(1));
        Network network = network(Architecture.of(20, 32, 32, 1));
        Engine engine = engines().get(0);
        SpectrumEstimate dense =
                spectrum(network, x, engine, Method.DENSE).top(30).evaluate();
        SpectrumEstimate free =
                spectrum(network, x, engine, Method.LANCZOS).top(30).evaluate();
        assertEqual(free, dense, 1e-8);
        assertThat(free.products()).isBetween(30L, 600L);
    }

    /** {@code Theta = X X^T + 1} of a linear network: 9 nine times, and 19 for equal coefficients, at ten orthogonal inputs. */
    @Test
    void repeatedEigenvaluesAreAllFound() {
        double[][] x = new double[10][12];
        for (int s = 0; s < 10; s++) {
            x[s][s] = 3;
        }
        SpectrumEstimate spectrum = spectrum(
                        network(Architecture.of(12, 1)), Inputs.of(x), engines().get(0), Method.LANCZOS)
                .top(5)
                .evaluate();
        assertThat(spectrum.eigenvalues()).hasSize(5);
        assertThat(spectrum.eigenvalues().get(0)).isCloseTo(19, within(1e-12));
        for (int k = 1; k < 5; k++) {
            assertThat(spectrum.eigenvalues().get(k)).isCloseTo(9, within(1e-12));
        }
    }

    @Test
    void moreEigenvaluesThanThereAreAreAllOfThem() {
        SpectrumEstimate spectrum = spectrum(
                        network(Architecture.of(3, 5, 1)),
                        Inputs.onSphere(4, 3, Seed.of(1)),
                        engines().get(0),
                        Method.LANCZOS)
                .top(50)
                .evaluate();
        assertThat(spectrum.eigenvalues()).hasSize(4);
        assertThat(spectrum.method()).isEqualTo(Method.LANCZOS);
    }

    /** Trace, determinant and counts of stochastic quadrature within four standard errors of the exact ones. */
    @Test
    void theDensityIsThatOfAllEigenvalues() {
        Inputs x = Inputs.onSphere(150, 30, Seed.of(1));
        Network network = network(Architecture.of(30, 40, 1));
        Engine engine = engines().get(0);
        Density exact =
                spectrum(network, x, engine, Method.DENSE).evaluate().density().orElseThrow();
        Density estimated = spectrum(network, x, engine, Method.LANCZOS)
                .density(30)
                .seed(Seed.of(5))
                .evaluate()
                .density()
                .orElseThrow();
        double[] eigenvalues = Spectrum.of(
                        new KernelEvaluation(network, x, engine).evaluate().theta(), engine)
                .eigenvalues();
        double trace = 0;
        double logarithms = 0;
        for (double eigenvalue : eigenvalues) {
            trace += eigenvalue;
            logarithms += Math.log(eigenvalue);
        }
        assertThat(exact.trace().value()).isCloseTo(trace, within(1e-12 * trace));
        assertThat(exact.trace().error()).isZero();
        assertThat(exact.logDeterminant().value()).isCloseTo(logarithms, within(1e-11 * logarithms));
        assertThat(exact.bins().stream().mapToDouble(bin -> bin.count().value()).sum())
                .isCloseTo(150, within(1e-9));
        assertThat(estimated.probes()).isEqualTo(30);
        assertThat(estimated.trace().error()).isPositive();
        assertThat(estimated.trace().value())
                .isCloseTo(trace, within(4 * estimated.trace().error()));
        assertThat(estimated.logDeterminant().value())
                .isCloseTo(logarithms, within(4 * estimated.logDeterminant().error()));
        assertThat(estimated.bins().stream()
                        .mapToDouble(bin -> bin.count().value())
                        .sum())
                .isCloseTo(150, within(1e-9));
        for (Bin bin : estimated.bins()) {
            long truth = Arrays.stream(eigenvalues)
                    .filter(value -> value > bin.from() && value <= bin.to() * (1 + 1e-12))
                    .count();
            assertThat(bin.count().value())
                    .isCloseTo(truth, within(4 * bin.count().error() + 0.5));
        }
    }

    @Test
    void refusesWhatHasNoSpectrum() {
        SpectrumEvaluation evaluation = new SpectrumEvaluation(
                network(Architecture.of(3, 5, 2)),
                Inputs.onSphere(4, 3, Seed.of(1)),
                engines().get(0));
        assertThatThrownBy(() -> evaluation.form(KernelForm.DIAGONAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The diagonal form consists of a kernel for each output; each has a spectrum of its own.");
        assertThatThrownBy(() -> evaluation.form(KernelForm.output(2))).hasMessageContaining("There is no output 2");
        assertThatThrownBy(() -> evaluation.top(0)).hasMessage("1 to 100 eigenvalues can be asked for, not 0.");
        assertThatThrownBy(() -> evaluation.density(0))
                .hasMessage("A density is estimated with at least 1 random vector, not 0.");
        assertThatThrownBy(() -> Method.parse("qr"))
                .hasMessage("There is no method \"qr\" of spectra; there are dense and lanczos.");
    }
}
