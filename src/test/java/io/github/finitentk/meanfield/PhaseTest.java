package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Initialization;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseTest {

    @ParameterizedTest
    @CsvSource({
        "tanh, 0.05, 1.76095464, 0.57004788",
        "tanh, 0.5, 2.84316746, 1.97103061",
        "tanh, 1, 3.44321091, 3.03639639",
        "erf, 0.05, 1.37583901, 0.51717684",
        "erf, 0.5, 2.23365963, 1.77206093",
        "erf, 1, 2.71838135, 2.74489093",
    })
    void boundaryHasTheGoldenValues(String activation, double sigmaB2, double sigmaW2, double qStar) {
        PhaseBoundary.Point point = new PhaseBoundary(Activations.parse(activation)).at(sigmaB2);
        assertThat(point.exists()).isTrue();
        assertThat(point.sigmaW2()).isCloseTo(sigmaW2, within(6e-9));
        assertThat(point.qStar()).isCloseTo(qStar, within(6e-9));
        PhaseAnalysis there = analyse(activation, point.sigmaW2(), sigmaB2);
        assertThat(there.phase()).isEqualTo(PhaseAnalysis.Phase.EDGE);
        assertThat(there.qStar()).isCloseTo(point.qStar(), within(1e-9));
        assertThat(there.xiC()).isInfinite();
        assertThat(analyse(activation, 0.95 * sigmaW2, sigmaB2).phase()).isEqualTo(PhaseAnalysis.Phase.ORDERED);
        assertThat(analyse(activation, 1.05 * sigmaW2, sigmaB2).phase()).isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
    }

    @Test
    void boundaryWithoutBias() {
        assertThat(new PhaseBoundary(Activations.TANH).at(0).sigmaW2()).isEqualTo(1);
        assertThat(new PhaseBoundary(Activations.ERF).at(0).sigmaW2()).isCloseTo(Math.PI / 4, within(1e-15));
        assertThat(new PhaseBoundary(Activations.TANH).at(1e-6).sigmaW2()).isCloseTo(1, within(0.03));
    }

    @Test
    void piecewiseLinearBoundariesAreLines() {
        for (double sigmaB2 : new double[] {0, 0.05, 1, 7}) {
            assertThat(new PhaseBoundary(Activations.RELU).at(sigmaB2).sigmaW2())
                    .isEqualTo(2);
            assertThat(new PhaseBoundary(Activations.ABS).at(sigmaB2).sigmaW2()).isEqualTo(1);
            assertThat(new PhaseBoundary(Activations.leakyRelu(0.1)).at(sigmaB2).sigmaW2())
                    .isCloseTo(2 / 1.01, within(1e-15));
        }
    }

    @Test
    void reluWithoutFixedPointIsAnswered() {
        PhaseAnalysis ordered = analyse("relu", 1.5, 1);
        assertThat(ordered.diverges()).isFalse();
        assertThat(ordered.qStar()).isCloseTo(4, within(1e-14));
        assertThat(ordered.xiQ()).isCloseTo(-1 / Math.log(0.75), within(1e-14));
        PhaseAnalysis edge = analyse("relu", 2, 1);
        assertThat(edge.phase()).isEqualTo(PhaseAnalysis.Phase.EDGE);
        assertThat(edge.diverges()).isTrue();
        assertThat(edge.qStar()).isInfinite();
        PhaseAnalysis neutral = analyse("relu", 2, 0);
        assertThat(neutral.diverges()).isFalse();
        // every q is a fixed point: that of this start is q^1 = 2 q0
        assertThat(neutral.qStar()).isEqualTo(2);
        PhaseAnalysis chaotic = analyse("relu", 3, 1);
        assertThat(chaotic.phase()).isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
        assertThat(chaotic.diverges()).isTrue();
        assertThat(analyse("gelu", 3, 1).diverges()).isTrue();
    }

    @Test
    void chaoticTanhHasAnInnerFixedPoint() {
        PhaseAnalysis chaotic = analyse("tanh", 5, 1);
        MeanField theory = new MeanField(Activations.TANH, new Initialization(5, 1));
        assertThat(theory.nextVariance(chaotic.qStar())).isCloseTo(chaotic.qStar(), within(1e-12));
        assertThat(chaotic.chi1Star()).isGreaterThan(1);
        // 300 layers of the recursion end at c*
        PairPropagation pair = theory.propagate(1, 1, 0.9, 300);
        assertThat(pair.c()[299]).isCloseTo(chaotic.cStar(), within(1e-10));
        // and approach it at the rate of xi_c
        double[] c = pair.c();
        double rate = (c[41] - chaotic.cStar()) / (c[40] - chaotic.cStar());
        assertThat(-1 / Math.log(rate)).isCloseTo(chaotic.xiC(), within(0.05));
        assertThat(analyse("tanh", 5, 0).cStar()).isCloseTo(0, within(1e-9));
        PhaseAnalysis nearby = analyse("erf", 2.75, 1);
        assertThat(nearby.phase()).isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
        assertThat(nearby.cStar()).isBetween(0.9, 1.0);
        assertThat(nearby.chiCStar()).isLessThan(1);
    }

    @Test
    void withoutBiasSmallWeightsSendTheSignalToZero() {
        PhaseAnalysis dead = analyse("tanh", 0.5, 0);
        assertThat(dead.qStar()).isZero();
        assertThat(dead.chi1Star()).isEqualTo(0.5);
        assertThat(dead.phase()).isEqualTo(PhaseAnalysis.Phase.ORDERED);
        // tanh is linear in the end, where every c is a fixed point: c stops where its own recursion does
        assertThat(dead.cStar()).isCloseTo(0.4828, within(5e-5));
        PairPropagation pair = new MeanField(Activations.TANH, new Initialization(0.5, 0)).propagate(1, 1, 0.5, 60);
        assertThat(dead.cStar()).isCloseTo(pair.c()[59], within(1e-13));
        // 1 - c^l falls with q^2 for an odd function
        assertThat(dead.xiC()).isCloseTo(-1 / Math.log(0.25), within(1e-12));
        assertThat(analyse("gelu", 1, 0).xiC()).isCloseTo(-1 / Math.log(0.25), within(1e-12));
    }

    @Test
    void correlationsWhereQIsZeroOrInfinite() {
        PhaseAnalysis relu = analyse("relu", 1, 0);
        assertThat(relu.cStar()).isEqualTo(1);
        assertThat(relu.xiC()).isInfinite();
        assertThat(relu.xiQ()).isCloseTo(-1 / Math.log(0.5), within(1e-14));
        PhaseAnalysis linear = analyse("identity", 2, 1);
        assertThat(linear.cStar()).isEqualTo(0.75);
        assertThat(new MeanField(Activations.IDENTITY, new Initialization(2, 1))
                        .propagate(1, 1, 0.5, 60)
                        .c()[59])
                .isCloseTo(0.75, within(1e-14));
        assertThat(analyse("identity", 0.5, 0).cStar()).isCloseTo(0.5, within(1e-15));
        assertThat(analyse("identity", 0.5, 1).cStar()).isEqualTo(1);
        // at its critical point tanh approaches q = 0 like 1/(2 l) and c like 1/l
        PairPropagation critical = new MeanField(Activations.TANH, new Initialization(1, 0)).propagate(1, 1, 0.5, 600);
        double extrapolated = 2 * critical.c()[599] - critical.c()[299];
        assertThat(analyse("tanh", 1, 0).cStar()).isCloseTo(extrapolated, within(2e-5));
        assertThat(analyse("tanh", 1, 0).phase()).isEqualTo(PhaseAnalysis.Phase.EDGE);
        // opposite inputs stay opposite if phi is odd
        assertThat(PhaseAnalysis.of(theory("tanh", 5, 0), 1, -1).cStar()).isEqualTo(-1);
        assertThat(PhaseAnalysis.of(theory("tanh", 5, 0), 1, 1).cStar()).isEqualTo(1);
        assertThat(PhaseAnalysis.of(theory("tanh", 5, 0), 1, -0.9).cStar()).isCloseTo(0, within(1e-9));
        assertThat(PhaseAnalysis.of(theory("relu", 1, 0), 1, -1).cStar()).isEqualTo(1);
    }

    @Test
    void theStartDecidesBetweenFixedPoints() {
        // gelu at (2.2, 0.05): 0.156 attracts what starts below 1.06; the paper's inputs start at 2.25
        PhaseAnalysis far = analyse("gelu", 2.2, 0.05);
        assertThat(far.phase()).isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
        assertThat(far.qStar()).isInfinite();
        assertThat(far.chi1Star()).isCloseTo(1.1, within(1e-15));
        PhaseAnalysis near = PhaseAnalysis.of(theory("gelu", 2.2, 0.05), 0.1, 0.5);
        assertThat(near.phase()).isEqualTo(PhaseAnalysis.Phase.ORDERED);
        assertThat(near.qStar()).isCloseTo(0.156295871250, within(1e-11));
        assertThat(near.xiC()).isCloseTo(2.99942, within(1e-5));
        // softplus diverges at sigma_w^2 = 2, not where a search gives up
        assertThat(analyse("softplus", 2.001, 0.3).chi1Star()).isCloseTo(1.0005, within(1e-14));
        assertThat(analyse("softplus", 2.001, 0.3).phase()).isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
        assertThat(analyse("softplus", 1.999, 0.3).phase()).isEqualTo(PhaseAnalysis.Phase.ORDERED);
        assertThat(analyse("softplus", 1.999999999, 1).qStar()).isFinite().isGreaterThan(1e6);
    }

    /** Against the recursion itself, by brute force. */
    @ParameterizedTest
    @CsvSource({
        "relu",
        "gelu",
        "silu",
        "softplus",
        "erf",
        "tanh",
        "sin",
        "sigmoid",
        "abs",
        "leaky-relu(0.3)",
        "identity"
    })
    void limitsAreThoseOfTheRecursion(String activation) {
        for (double sigmaW2 : new double[] {0.6, 1.4, 1.9, 2.05, 2.3, 2.7, 4.5}) {
            for (double sigmaB2 : new double[] {0, 0.05, 0.7}) {
                for (double q0 : new double[] {0.01, 30}) {
                    MeanField theory = theory(activation, sigmaW2, sigmaB2);
                    PhaseAnalysis phase = PhaseAnalysis.of(theory, q0, 0.5);
                    double q = sigmaW2 * q0 + sigmaB2;
                    double previous = 0;
                    for (int l = 0; l < 1500 && q < 1e100 && q > 1e-100 && Math.abs(q - previous) > 1e-14 * q; l++) {
                        previous = q;
                        q = theory.nextVariance(q);
                    }
                    String which = activation + " " + sigmaW2 + " " + sigmaB2 + " " + q0;
                    if (q >= 1e100 || q > 1e6 && phase.diverges()) {
                        assertThat(phase.qStar()).as(which).isInfinite();
                    } else if (q <= 1e-100) {
                        assertThat(phase.qStar()).as(which).isZero();
                    } else {
                        assertThat(q).as(which).isCloseTo(phase.qStar(), within(1e-9 * q + 1e-15));
                    }
                }
            }
        }
    }

    /** Whose map of q falls: {@code E[cos^2] = (1 + e^-2q)/2}. */
    @Test
    void decreasingMapsMayCycle() {
        Activation cosine = user("cos", Math::cos, h -> -Math.sin(h));
        PhaseAnalysis calm = PhaseAnalysis.of(new MeanField(cosine, new Initialization(0.5, 0.1)));
        assertThat(calm.period()).isEqualTo(1);
        assertThat(0.25 * (1 + Math.exp(-2 * calm.qStar())) + 0.1).isCloseTo(calm.qStar(), within(1e-12));
        Activation step = user("steep", h -> Math.exp(-0.5 * h * h), h -> -h * Math.exp(-0.5 * h * h));
        // E[phi^2] = 1 / sqrt(1 + 2 q): V(q) = sigmaW2 / sqrt(1 + 2q) never falls steeply enough to cycle
        assertThat(PhaseAnalysis.of(new MeanField(step, new Initialization(50, 0)))
                        .period())
                .isEqualTo(1);
        Activation narrow =
                user("narrow", h -> Math.exp(-h * h * h * h), h -> -4 * h * h * h * Math.exp(-h * h * h * h));
        PhaseAnalysis narrowPhase = PhaseAnalysis.of(new MeanField(narrow, new Initialization(3, 0.01)));
        assertThat(narrowPhase.period()).isPositive();
    }

    @Test
    void superlinearActivationsDiverge() {
        Activation cube = user("cube", h -> h * h * h, h -> 3 * h * h);
        PhaseAnalysis phase = PhaseAnalysis.of(new MeanField(cube, new Initialization(1, 0)));
        assertThat(phase.phase()).isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
        assertThat(phase.qStar()).isInfinite();
        assertThat(PhaseAnalysis.of(new MeanField(cube, new Initialization(0.01, 0)))
                        .qStar())
                .isZero();
        Activation root = user(
                "root",
                h -> Math.signum(h) * Math.sqrt(Math.abs(h) + 1) - Math.signum(h),
                h -> 0.5 / Math.sqrt(Math.abs(h) + 1));
        assertThat(PhaseAnalysis.of(new MeanField(root, new Initialization(100, 1)))
                        .qStar())
                .isFinite();
    }

    private static Activation user(String label, DoubleUnaryOperator value, DoubleUnaryOperator derivative) {
        return new Activation() {
            @Override
            public String label() {
                return label;
            }

            @Override
            public double value(double h) {
                return value.applyAsDouble(h);
            }

            @Override
            public double derivative(double h) {
                return derivative.applyAsDouble(h);
            }
        };
    }

    @Test
    void bordersAreStableJumpsOrAtInfinity() {
        PhaseBoundary gelu = new PhaseBoundary(Activations.GELU);
        PhaseBoundary.Point jump = gelu.ofVariance(0.05, 1).get(0);
        assertThat(jump.kind()).isEqualTo(PhaseBoundary.Kind.JUMP);
        assertThat(jump.sigmaW2()).isCloseTo(2.234130, within(1e-6));
        assertThat(jump.branchEnd()).isCloseTo(2.416062, within(1e-6));
        PhaseBoundary.Point withoutBias = gelu.ofVariance(0, 1).get(0);
        assertThat(withoutBias.kind()).isEqualTo(PhaseBoundary.Kind.JUMP);
        // q = 1 is a fixed point: E[gelu(z)^2] = 1/3 + 1/(2 pi sqrt 3)
        assertThat(withoutBias.sigmaW2()).isCloseTo(1 / (1.0 / 3 + 1 / (2 * Math.PI * Math.sqrt(3))), within(1e-14));
        assertThat(withoutBias.branchEnd()).isEqualTo(4);
        // inputs with q0 = 1 start higher
        PhaseBoundary.Point ofInputs = gelu.at(0.05);
        assertThat(ofInputs.kind()).isEqualTo(PhaseBoundary.Kind.JUMP);
        assertThat(analyse("gelu", ofInputs.sigmaW2() * (1 - 1e-9), 0.05).phase())
                .isEqualTo(PhaseAnalysis.Phase.ORDERED);
        assertThat(analyse("gelu", ofInputs.sigmaW2() * (1 + 1e-9), 0.05).phase())
                .isEqualTo(PhaseAnalysis.Phase.CHAOTIC);
        assertThat(gelu.at(0.5).kind()).isEqualTo(PhaseBoundary.Kind.STABLE);
        for (double sigmaB2 : new double[] {0, 0.05, 1, 100}) {
            PhaseBoundary.Point softplus = new PhaseBoundary(Activations.SOFTPLUS).at(sigmaB2);
            assertThat(softplus.kind()).isEqualTo(PhaseBoundary.Kind.INFINITY);
            assertThat(softplus.sigmaW2()).isEqualTo(2);
            assertThat(softplus.qStar()).isInfinite();
        }
        assertThat(new PhaseBoundary(Activations.RELU).at(1).kind()).isEqualTo(PhaseBoundary.Kind.INFINITY);
        assertThat(new PhaseBoundary(Activations.TANH).at(1).kind()).isEqualTo(PhaseBoundary.Kind.STABLE);
        PhaseBoundary.Point silu = new PhaseBoundary(Activations.SILU).at(0.5);
        assertThat(silu.kind()).isEqualTo(PhaseBoundary.Kind.JUMP);
        assertThat(silu.sigmaW2()).isCloseTo(silu.branchEnd(), within(1e-9));
    }

    @Test
    void negativeBiasVarianceGetsOneSentence() {
        assertThatThrownBy(() -> new PhaseBoundary(Activations.TANH).at(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The bias variance sigma_b^2 must be zero or a positive finite number, not -1.0.");
    }

    private static MeanField theory(String activation, double sigmaW2, double sigmaB2) {
        return new MeanField(Activations.parse(activation), new Initialization(sigmaW2, sigmaB2));
    }

    private static PhaseAnalysis analyse(String activation, double sigmaW2, double sigmaB2) {
        return PhaseAnalysis.of(theory(activation, sigmaW2, sigmaB2));
    }
}
