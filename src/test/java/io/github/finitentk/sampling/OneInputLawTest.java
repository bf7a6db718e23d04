package io.github.finitentk.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samplers without weights have the law of drawn networks: Theta, f and functionals of both, at one input. */
@Tag("statistical")
class OneInputLawTest {

    private static Engine two;

    @BeforeAll
    static void start() {
        two = Engine.of(Backend.fastest(), 2);
    }

    @AfterAll
    static void stop() {
        two.close();
    }

    static Stream<NetworkAtInput> ensembles() {
        List<NetworkAtInput> ensembles = new ArrayList<>();
        for (Activation activation :
                List.of(Activations.RELU, Activations.TANH, Activations.ERF, Activations.SOFTPLUS, Activations.ABS)) {
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.of(3, 8, 5, 9, 1), activation, new Initialization(2, 0.5)), 3));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.constant(10, 20, 6), activation, new Initialization(2, 0)), 10));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.constant(10, 12, 8), activation, new Initialization(4, 1)), 10));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.of(1, 1, 1, 2, 1), activation, new Initialization(1.5, 0.3)), 2));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.constant(6, 30, 3), activation, new Initialization(1, 1)), 1));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.of(4, 1), activation, new Initialization(1, 1)), 1));
            // Layers that die: without biases, from an input of norm 0, both.
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.of(1, 2, 1, 3, 2, 1), activation, new Initialization(2, 0)), 0.5));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.of(2, 3, 2, 1), activation, new Initialization(2, 0.5)), 0));
            ensembles.add(new NetworkAtInput(
                    new RandomNetwork(Architecture.of(2, 3, 2, 1), activation, new Initialization(2, 0)), 0));
        }
        return ensembles.stream();
    }

    @ParameterizedTest
    @MethodSource("ensembles")
    void everySamplerHasTheLawOfDrawnNetworks(NetworkAtInput ensemble) {
        int n = Statistics.draws(25_000);
        KernelDraws weights = new KernelSampling(two).weights(ensemble, Seed.of(1), n);
        List<Method> methods = new ArrayList<>(List.of(Method.CHAIN, Method.CONDITIONAL));
        if (ensemble.activation() == Activations.RELU) {
            methods.add(Method.EXACT);
        }
        for (Method method : methods) {
            KernelDraws draws = new VarianceEstimation(two, ensemble)
                    .method(method)
                    .seed(2)
                    .draws(n)
                    .kernels();
            List<double[]> expected = functionals(weights);
            List<double[]> actual = functionals(draws);
            for (int k = 0; k < expected.size(); k++) {
                assertThat(Statistics.kolmogorovSmirnov(actual.get(k), expected.get(k)))
                        .as("functional %d of %s by %s", k, ensemble, method.label())
                        .isGreaterThan(Statistics.ALPHA);
            }
            // Means of functionals with few moments converge too slowly for a normal threshold.
            assertThat(Statistics.differenceOfMeans(actual.get(0), expected.get(0)))
                    .as("mean of %s by %s", ensemble, method.label())
                    .isBetween(-Statistics.Z, Statistics.Z);
            assertThat(Statistics.differenceOfMeans(squares(actual.get(1)), squares(expected.get(1))))
                    .isBetween(-Statistics.Z, Statistics.Z);
        }
    }

    private static List<double[]> functionals(KernelDraws draws) {
        double[] theta = draws.theta();
        double[] f = draws.output(0);
        double[] product = new double[theta.length];
        double[] quotient = new double[theta.length];
        double[] large = new double[theta.length];
        double median = EmpiricalDistribution.of(theta).quantile(0.5);
        for (int i = 0; i < theta.length; i++) {
            product[i] = f[i] * f[i] * theta[i];
            quotient[i] = f[i] * f[i] / theta[i];
            large[i] = theta[i] > median ? f[i] : 0;
        }
        return List.of(theta, f, product, quotient, large);
    }

    private static double[] squares(double[] x) {
        return Arrays.stream(x).map(v -> v * v).toArray();
    }

    @Test
    void aSamplerThatForgetsWhatTheForwardPassSawIsCaught() {
        int n = Statistics.draws(25_000);
        for (Activation activation : List.of(Activations.TANH, Activations.RELU)) {
            NetworkAtInput ensemble = new NetworkAtInput(
                    new RandomNetwork(Architecture.constant(4, 4, 5), activation, new Initialization(4, 0)), 4);
            List<double[]> weights = functionals(new KernelSampling(two).weights(ensemble, Seed.of(1), n));
            List<double[]> honest = functionals(naiveChain(ensemble, n, true));
            List<double[]> broken = functionals(naiveChain(ensemble, n, false));
            for (int k = 0; k < weights.size(); k++) {
                assertThat(Statistics.kolmogorovSmirnov(honest.get(k), weights.get(k)))
                        .isGreaterThan(Statistics.ALPHA);
            }
            double worst = 1;
            for (int k = 0; k < weights.size(); k++) {
                worst = Math.min(worst, Statistics.kolmogorovSmirnov(broken.get(k), weights.get(k)));
            }
            assertThat(worst).as("%s", activation).isLessThan(1e-3 * Statistics.ALPHA);
        }
    }

    // The chain as the theory sheet writes it, one number at a time, with or without the conditioning of W^T delta on W
    // x.
    private static KernelDraws naiveChain(NetworkAtInput ensemble, int draws, boolean conditioned) {
        SplittableRandom random = new SplittableRandom(3);
        Architecture architecture = ensemble.architecture();
        int depth = architecture.depth();
        double sw2 = ensemble.initialization().sigmaW2();
        double sb2 = ensemble.initialization().sigmaB2();
        KernelDraws result = new KernelDraws(draws, 1);
        for (int draw = 0; draw < draws; draw++) {
            double[][] h = new double[depth][];
            double[][] x = new double[depth][];
            double[] v = new double[depth + 1];
            x[0] = ensemble.input();
            for (int l = 1; l <= depth; l++) {
                v[l] = sw2 / architecture.width(l - 1) * norm2(x[l - 1]) + sb2;
                if (l < depth) {
                    double scale = Math.sqrt(v[l]);
                    h[l] = new double[architecture.width(l)];
                    Arrays.setAll(h[l], i -> scale * random.nextGaussian());
                    x[l] = Arrays.stream(h[l]).map(ensemble.activation()::value).toArray();
                }
            }
            double a = Math.sqrt(v[depth]) * random.nextGaussian();
            result.outputs()[draw] = a;
            double d = 1;
            double theta = norm2(x[depth - 1]) + 1;
            for (int l = depth; l >= 2; l--) {
                double rho = (v[l] - sb2) / v[l];
                double along = rho * a + Math.sqrt(rho * sb2 * d) * random.nextGaussian();
                double scale = Math.sqrt(sw2 / architecture.width(l - 1) * d);
                double[] below = x[l - 1];
                double[] g = new double[below.length];
                Arrays.setAll(g, i -> scale * random.nextGaussian());
                if (conditioned && norm2(below) > 0) {
                    double correction = along;
                    for (int i = 0; i < g.length; i++) {
                        correction -= below[i] * g[i];
                    }
                    for (int i = 0; i < g.length; i++) {
                        g[i] += below[i] * correction / norm2(below);
                    }
                }
                a = 0;
                d = 0;
                for (int i = 0; i < g.length; i++) {
                    double delta = ensemble.activation().derivative(h[l - 1][i]) * g[i];
                    a += h[l - 1][i] * delta;
                    d += delta * delta;
                }
                theta += d * (norm2(x[l - 2]) + 1);
            }
            result.mantissas()[draw] = theta;
        }
        return result;
    }

    private static double norm2(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value * value;
        }
        return sum;
    }

    @Test
    void reluDrawsHaveTheExactMoments() {
        int n = Statistics.draws(200_000);
        for (NetworkAtInput ensemble : List.of(
                relu(Architecture.constant(100, 100, 10), 2, 0),
                relu(Architecture.constant(100, 100, 20), 1.5, 1),
                relu(Architecture.of(2, 2, 3, 1), 1.2, 0),
                relu(Architecture.constant(5, 5, 5), 1, 0),
                relu(Architecture.of(5, 20, 40, 30, 60, 1), 3, 1),
                relu(Architecture.constant(50, 1_000_000, 20), 2, 0.5))) {
            KernelDraws draws = new KernelSampling(two).reluNorms(ensemble, Seed.of(5), n);
            assertMoments(ensemble, draws.theta(), squares(draws.theta()));
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void conditionalMomentsAverageToTheExactOnes(Engine engine) {
        int n = Statistics.draws(4000);
        for (NetworkAtInput ensemble : List.of(
                relu(Architecture.constant(40, 50, 8), 2, 0),
                relu(Architecture.constant(40, 50, 8), 1.5, 1),
                relu(Architecture.of(5, 40, 30, 60, 25, 1), 3, 1))) {
            RatioEstimate estimate = new VarianceEstimation(engine, ensemble)
                    .method(Method.RAO_BLACKWELL)
                    .draws(n)
                    .seed(Seed.of(6))
                    .estimate();
            ExactMoments exact = exact(ensemble);
            assertThat(estimate.heavyTailed()).isFalse();
            double width =
                    Math.log(estimate.interval().upper() / estimate.interval().lower());
            assertThat(width).isLessThan(0.4);
            // A 95 % interval of about 4 standard errors: Z standard errors are its width.
            assertThat(Math.log(estimate.ratio() / exact.ratio())).isBetween(-width, width);
        }
    }

    static Stream<Engine> engines() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().map(Engine::single);
    }

    @ParameterizedTest
    @MethodSource("ensembles")
    void conditionalMomentsAverageToThoseOfDrawnNetworks(NetworkAtInput ensemble) {
        int n = Statistics.draws(25_000);
        KernelDraws draws = new KernelSampling(two).chain(ensemble, Seed.of(9), n);
        double[][] moments = new double[4][n];
        try (var particles = Backend.fastest().samplers().moments(ensemble, n)) {
            particles.start(n);
            particles.advance(Seed.of(10), 0, particles.hiddenLayers());
            particles.moments(moments[0], moments[1], moments[2], moments[3], 0);
        }
        // Bounded functions of Theta tell most; its conditional moments are all there is here, on the scale of the
        // mean.
        double[] first = unscaled(moments[0], moments[1]);
        double[] second = unscaled(moments[2], moments[3]);
        assertThat(Statistics.differenceOfMeans(first, draws.theta()))
                .as("mean of %s", ensemble)
                .isBetween(-Statistics.Z, Statistics.Z);
        assertThat(Statistics.differenceOfMeans(second, squares(draws.theta())))
                .as("second moment of %s", ensemble)
                .isBetween(-Statistics.Z, Statistics.Z);
        for (int i = 0; i < n; i++) {
            assertThat(second[i]).isGreaterThanOrEqualTo(first[i] * first[i] * (1 - 1e-9));
        }
    }

    private static double[] unscaled(double[] mantissas, double[] exponents) {
        double[] values = new double[mantissas.length];
        Arrays.setAll(values, i -> Math.scalb(mantissas[i], (int) exponents[i]));
        return values;
    }

    private static NetworkAtInput relu(Architecture architecture, double sigmaW2, double sigmaB2) {
        return new NetworkAtInput(
                new RandomNetwork(architecture, Activations.RELU, new Initialization(sigmaW2, sigmaB2)),
                architecture.inputDim());
    }

    private static ExactMoments exact(NetworkAtInput ensemble) {
        return ExactMoments.of(ensemble.architecture(), ensemble.initialization(), ensemble.inputNorm2());
    }

    private static void assertMoments(NetworkAtInput ensemble, double[] first, double[] second) {
        ExactMoments exact = exact(ensemble);
        double z1 = (Statistics.mean(first) - exact.mean().doubleValue()) / Statistics.standardError(first);
        double z2 = (Statistics.mean(second) - exact.secondMoment().doubleValue()) / Statistics.standardError(second);
        assertThat(z1).as("mean of %s", ensemble).isBetween(-Statistics.Z, Statistics.Z);
        assertThat(z2).as("second moment of %s", ensemble).isBetween(-Statistics.Z, Statistics.Z);
    }
}
