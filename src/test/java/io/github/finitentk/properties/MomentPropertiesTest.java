package io.github.finitentk.properties;

import static io.github.finitentk.properties.Machines.FASTEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.ScaledDouble;
import io.github.finitentk.data.Seed;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Moments of the kernel at initialisation and the recursions of infinite width: what grows with what. */
@AddLifecycleHook(Repeatable.class)
class MomentPropertiesTest {

    private static final double ROUNDING = 1e-12;

    /** {@code |phi|} of these grows with {@code |h|}. */
    private static final List<Activation> GROWING = List.of(
            Activations.RELU,
            Activations.ABS,
            Activations.IDENTITY,
            Activations.leakyRelu(0.1),
            Activations.abRelu(-0.5, 1),
            Activations.TANH,
            Activations.ERF);

    /** Networks of one output, their variances and the input's squared norm. */
    record Law(List<Integer> widths, double sigmaW2, double sigmaB2, double norm2) {

        Architecture architecture() {
            return Architecture.of(IntStream.concat(widths.stream().mapToInt(i -> i), IntStream.of(1))
                    .toArray());
        }

        ExactMoments moments(Activation activation, boolean biasGradients) {
            return ExactMoments.of(
                    new RandomNetwork(architecture(), activation, new Initialization(sigmaW2, sigmaB2)),
                    norm2,
                    biasGradients);
        }
    }

    @Provide
    Arbitrary<Law> laws() {
        return Combinators.combine(
                        Arbitraries.integers()
                                .between(1, 200)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(40),
                        Arbitraries.doubles().between(0.1, 8),
                        Arbitraries.of(0.0, 0.01, 0.5, 1.0, 2.0),
                        Arbitraries.doubles().between(0.01, 500))
                .as(Law::new);
    }

    @Provide
    Arbitrary<Activation> relatives() {
        return Arbitraries.of(
                Activations.RELU,
                Activations.ABS,
                Activations.IDENTITY,
                Activations.leakyRelu(0.1),
                Activations.abRelu(-0.5, 1));
    }

    private static double log(ScaledDouble value) {
        return Math.log(value.mantissa()) + value.exponent() * Math.log(2);
    }

    /** All terms of both sums are positive and grow with each of the three. */
    @Property(tries = 300)
    void exactMomentsGrowWithVariancesAndInput(
            @ForAll("laws") Law law,
            @ForAll("relatives") Activation activation,
            @ForAll boolean biasGradients,
            @ForAll @DoubleRange(min = 1.01, max = 3) double factor) {
        ExactMoments before = law.moments(activation, biasGradients);
        for (Law larger : List.of(
                new Law(law.widths(), factor * law.sigmaW2(), law.sigmaB2(), law.norm2()),
                new Law(law.widths(), law.sigmaW2(), law.sigmaB2() + factor - 1, law.norm2()),
                new Law(law.widths(), law.sigmaW2(), law.sigmaB2(), factor * law.norm2()))) {
            ExactMoments after = larger.moments(activation, biasGradients);
            double slack = ROUNDING * (1 + law.widths().size());
            assertThat(log(after.mean())).isGreaterThanOrEqualTo(log(before.mean()) - slack);
            assertThat(log(after.secondMoment())).isGreaterThanOrEqualTo(log(before.secondMoment()) - slack);
        }
    }

    /** {@code E[Theta^2] >= E[Theta]^2}; without biases and their gradients a factor of weights or input changes no ratio. */
    @Property(tries = 300)
    void theRatioIsAtLeastOneAndScaleFreeWithoutBiases(
            @ForAll("laws") Law law,
            @ForAll("relatives") Activation activation,
            @ForAll boolean biasGradients,
            @ForAll @DoubleRange(min = 0.1, max = 10) double factor) {
        ExactMoments any = law.moments(activation, biasGradients);
        assertThat(log(any.secondMoment()))
                .isGreaterThanOrEqualTo(
                        2 * log(any.mean()) - ROUNDING * (1 + law.widths().size()));
        ExactMoments bare = new Law(law.widths(), law.sigmaW2(), 0, law.norm2()).moments(activation, false);
        double ratio = log(bare.secondMoment()) - 2 * log(bare.mean());
        for (Law scaled : List.of(
                new Law(law.widths(), factor * law.sigmaW2(), 0, law.norm2()),
                new Law(law.widths(), law.sigmaW2(), 0, factor * law.norm2()))) {
            ExactMoments moments = scaled.moments(activation, false);
            assertThat(log(moments.secondMoment()) - 2 * log(moments.mean()))
                    .isCloseTo(ratio, within(1e-10 * (1 + Math.abs(log(bare.secondMoment())))));
        }
    }

    /** The closed form without biases: it falls in the width and grows with the depth. */
    @Property(tries = 200)
    void theRatioFallsWithTheWidthAndGrowsWithTheDepth(
            @ForAll @IntRange(min = 1, max = 300) int width,
            @ForAll @IntRange(min = 1, max = 40) int depth,
            @ForAll @DoubleRange(min = 0.1, max = 8) double sigmaW2) {
        double ratio = ratio(width, depth, sigmaW2);
        assertThat(ratio(width + 1, depth, sigmaW2)).isLessThanOrEqualTo(ratio + 1e-11);
        assertThat(ratio(width, depth + 1, sigmaW2)).isGreaterThan(ratio);
        double sum = 0;
        for (int l = 1; l <= depth; l++) {
            for (int k = 1; k <= depth; k++) {
                int between = Math.abs(l - k);
                double grown = Math.pow(1 + 5.0 / width, between);
                sum += Math.pow(1 + 5.0 / width, depth - 1 - between)
                        * (grown + 2 * Math.pow(1 - 1.0 / width, between))
                        / 3;
            }
        }
        assertThat(ratio).isCloseTo(Math.log(sum / depth / depth), within(1e-11 * depth));
    }

    private static double ratio(int width, int depth, double sigmaW2) {
        ExactMoments moments = ExactMoments.of(
                Architecture.constant(width, width, depth), new Initialization(sigmaW2, 0), width, false);
        return log(moments.secondMoment()) - 2 * log(moments.mean());
    }

    /** With biases E[Theta] is the infinite-width formula at every width; so is the leading order's mean, whatever the activation. */
    @Property(tries = 60)
    void allMeansAreThatOfInfiniteWidth(@ForAll("laws") Law any, @ForAll("relatives") Activation activation) {
        Law law = new Law(any.widths(), any.sigmaW2(), Math.max(0.01, any.sigmaB2()), any.norm2());
        int n0 = law.widths().get(0);
        Inputs x = Inputs.onSphere(1, n0, law.norm2(), Seed.of(1));
        RandomNetwork network =
                new RandomNetwork(law.architecture(), activation, new Initialization(law.sigmaW2(), law.sigmaB2()));
        double limit = FASTEST.infiniteWidth(network, x).ntk().get(0, 0);
        double exact = law.moments(activation, true).mean().doubleValue();
        assertThat(exact).isCloseTo(limit, within(1e-12 * (1 + law.widths().size()) * limit));
        LeadingOrder order = LeadingOrder.of(
                new MeanField(activation, network.initialization()),
                law.norm2() / n0,
                law.architecture().depth());
        LeadingOrder.Moments moments = order.moments(law.architecture());
        assertThat(moments.mean().doubleValue())
                .isCloseTo(limit, within(1e-12 * (1 + law.widths().size()) * limit));
        assertThat(moments.relativeVariance()).isNotNegative();
        assertThat(moments.layers().stream().mapToDouble(d -> d).sum())
                .isCloseTo(moments.relativeVariance(), within(1e-12 * moments.relativeVariance()));
    }

    /** q and p grow with both variances and with the input, and correlations stay in order. */
    @Property(tries = 150)
    void recursionsAreMonotone(
            @ForAll @IntRange(max = 6) int which,
            @ForAll @DoubleRange(min = 0.2, max = 5) double sigmaW2,
            @ForAll @DoubleRange(max = 2) double sigmaB2,
            @ForAll @DoubleRange(min = 0.05, max = 5) double q0,
            @ForAll @DoubleRange(min = -1, max = 1) double c,
            @ForAll @DoubleRange(max = 1) double more,
            @ForAll @IntRange(min = 1, max = 12) int depth) {
        Activation activation = GROWING.get(which);
        MeanField theory = new MeanField(activation, new Initialization(sigmaW2, sigmaB2));
        double[] q = theory.propagate(q0, depth).q();
        for (double[] larger : List.of(
                theory.propagate(q0 * (1 + more), depth).q(),
                new MeanField(activation, new Initialization(sigmaW2 * (1 + more), sigmaB2))
                        .propagate(q0, depth)
                        .q(),
                new MeanField(activation, new Initialization(sigmaW2, sigmaB2 + more))
                        .propagate(q0, depth)
                        .q())) {
            for (int l = 0; l < depth; l++) {
                assertThat(larger[l]).isGreaterThanOrEqualTo(q[l] * (1 - ROUNDING));
            }
        }
        double higher = c + more * (1 - c);
        double[] below = theory.propagate(q0, q0, c, depth).c();
        double[] above = theory.propagate(q0, q0, higher, depth).c();
        for (int l = 0; l < depth; l++) {
            assertThat(Math.abs(below[l])).isLessThanOrEqualTo(1 + ROUNDING);
            // |c| for even ones, and no order of signs where slopes have both
            if (activation != Activations.ABS && activation != GROWING.get(4)) {
                assertThat(above[l]).isGreaterThanOrEqualTo(below[l] - ROUNDING);
            }
        }
    }

    /** Both kernels of infinite width are positive semi-definite, and the NTK exceeds the NNGP of a trained last layer. */
    @Property(tries = 40)
    void kernelsOfInfiniteWidthArePositive(
            @ForAll @IntRange(max = 6) int which,
            @ForAll @DoubleRange(min = 0.3, max = 4) double sigmaW2,
            @ForAll @DoubleRange(max = 1.5) double sigmaB2,
            @ForAll @IntRange(min = 2, max = 15) int samples,
            @ForAll @IntRange(min = 1, max = 6) int depth,
            @ForAll long seed) {
        RandomNetwork network = new RandomNetwork(
                Architecture.constant(6, 20, depth), GROWING.get(which), new Initialization(sigmaW2, sigmaB2));
        Inputs x = new KernelCase(List.of(6), GROWING.get(which), List.of(), samples, seed).inputs();
        for (Kernel kernel : List.of(
                FASTEST.infiniteWidth(network, x).ntk(),
                FASTEST.infiniteWidth(network, x).nngp())) {
            double trace = Arrays.stream(kernel.diagonal()).sum();
            assertThat(KernelPropertiesTest.smallestEigenvalue(kernel)).isGreaterThanOrEqualTo(-1e-12 * trace);
        }
    }
}
