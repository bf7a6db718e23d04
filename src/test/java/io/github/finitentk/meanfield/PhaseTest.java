package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Initialization;
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
        assertThat(there.phase()).isEqualTo(Phase.EDGE);
        assertThat(there.qStar()).isCloseTo(point.qStar(), within(1e-9));
        assertThat(there.xiC()).isInfinite();
        assertThat(analyse(activation, 0.95 * sigmaW2, sigmaB2).phase()).isEqualTo(Phase.ORDERED);
        assertThat(analyse(activation, 1.05 * sigmaW2, sigmaB2).phase()).isEqualTo(Phase.CHAOTIC);
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
        assertThat(edge.phase()).isEqualTo(Phase.EDGE);
        assertThat(edge.diverges()).isTrue();
        assertThat(edge.qStar()).isInfinite();
        PhaseAnalysis neutral = analyse("relu", 2, 0);
        assertThat(neutral.diverges()).isFalse();
        assertThat(neutral.qStar()).isNaN();
        PhaseAnalysis chaotic = analyse("relu", 3, 1);
        assertThat(chaotic.phase()).isEqualTo(Phase.CHAOTIC);
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
        assertThat(nearby.phase()).isEqualTo(Phase.CHAOTIC);
        assertThat(nearby.cStar()).isBetween(0.9, 1.0);
        assertThat(nearby.chiCStar()).isLessThan(1);
    }

    @Test
    void withoutBiasSmallWeightsSendTheSignalToZero() {
        PhaseAnalysis dead = analyse("tanh", 0.5, 0);
        assertThat(dead.qStar()).isZero();
        assertThat(dead.chi1Star()).isEqualTo(0.5);
        assertThat(dead.phase()).isEqualTo(Phase.ORDERED);
    }

    @Test
    void negativeBiasVarianceGetsOneSentence() {
        assertThatThrownBy(() -> new PhaseBoundary(Activations.TANH).at(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The bias variance sigma_b^2 must be zero or a positive finite number, not -1.0.");
    }

    private static PhaseAnalysis analyse(String activation, double sigmaW2, double sigmaB2) {
        return PhaseAnalysis.of(new MeanField(Activations.parse(activation), new Initialization(sigmaW2, sigmaB2)));
    }
}
