package io.github.finitentk.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The conditional sampler has the law of drawn networks: S x S kernels, outputs and functionals of both. */
@Tag("statistical")
class SeveralInputsLawTest {

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Activation activation : List.of(Activations.RELU, Activations.TANH, Activations.ERF)) {
            cases.add(Arguments.of(activation, Architecture.of(5, 12, 7, 10, 1), 2.0, 0.4, generic(3, 5)));
            cases.add(Arguments.of(activation, Architecture.of(3, 12, 12, 1), 1.5, 0.0, degenerate()));
            cases.add(Arguments.of(activation, Architecture.of(4, 4, 3, 5, 1), 3.0, 1.0, generic(7, 4)));
            cases.add(Arguments.of(activation, Architecture.constant(6, 16, 12), 1.0, 0.05, generic(2, 6)));
        }
        return cases.stream();
    }

    private static Inputs generic(int count, int dim) {
        return Inputs.of(
                count,
                dim,
                new SplittableRandom(8).doubles((long) count * dim, -1.5, 1.5).toArray());
    }

    // A duplicate, a parallel, an opposite and a zero input.
    private static Inputs degenerate() {
        double[] x = {1, -0.5, 0.7, 1, -0.5, 0.7, 2, -1, 1.4, 0, 0, 0, -1, 0.5, -0.7, 0.3, 0.9, -1.1};
        return Inputs.of(6, 3, x);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void kernelsHaveTheLawOfDrawnNetworks(
            Activation activation, Architecture architecture, double sigmaW2, double sigmaB2, Inputs inputs) {
        int n = Statistics.draws(20_000);
        RandomNetwork law = new RandomNetwork(architecture, activation, new Initialization(sigmaW2, sigmaB2));
        try (Engine two = Engine.of(Backend.fastest(), 2)) {
            KernelSampling sampling = new KernelSampling(two);
            List<double[]> expected = functionals(sampling.weights(law, inputs, Seed.of(1), n));
            List<double[]> actual = functionals(sampling.conditional(law, inputs, Seed.of(2), n));
            for (int k = 0; k < expected.size(); k++) {
                assertThat(Statistics.kolmogorovSmirnov(actual.get(k), expected.get(k)))
                        .as("functional %d of %s %s", k, activation.label(), architecture)
                        .isGreaterThan(Statistics.ALPHA);
            }
            for (int k = 0; k < 4; k++) {
                assertThat(Statistics.differenceOfMeans(actual.get(k), expected.get(k)))
                        .as("mean of functional %d of %s %s", k, activation.label(), architecture)
                        .isBetween(-Statistics.Z, Statistics.Z);
            }
        }
    }

    private static List<double[]> functionals(KernelDraws draws) {
        int s = draws.inputs();
        int n = draws.draws();
        double[] frobenius = new double[n];
        double[] quadratic = new double[n];
        double[] joint = new double[n];
        double[] correlation = new double[n];
        double[] determinant = new double[n];
        double[] outputs = new double[n];
        for (int i = 0; i < n; i++) {
            double[] theta = draws.kernel(i);
            for (int a = 0; a < s; a++) {
                double fa = draws.outputs()[i * s + a];
                outputs[i] += fa * fa;
                for (int b = 0; b < s; b++) {
                    double entry = theta[a * s + b];
                    frobenius[i] += entry * entry;
                    quadratic[i] += (a % 2 == 0 ? 1 : -0.7) * (b % 2 == 0 ? 1 : -0.7) * entry;
                    joint[i] += fa * draws.outputs()[i * s + b] * entry;
                }
            }
            int last = s - 1;
            correlation[i] = theta[last] / Math.sqrt(theta[0] * theta[last * s + last]);
            determinant[i] = theta[0] * theta[last * s + last] - theta[last] * theta[last];
        }
        return List.of(
                draws.output(0),
                draws.theta(s - 1, s - 1),
                draws.theta(0, s - 1),
                quadratic,
                frobenius,
                joint,
                correlation,
                determinant,
                outputs,
                draws.output(s - 1));
    }
}
