package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.LossConvention;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrumTest {

    static List<Engine> engines() {
        return List.of(Engine.single(Backend.fastest()), Engine.single(Backend.pureJava()));
    }

    /** {@code c ((1 - rho) I + rho 11^T)} has the eigenvalues {@code c (1 + (n-1) rho)}, once, and {@code c (1 - rho)}. */
    private static Kernel equicorrelated(int n, double c, double rho) {
        double[] values = new double[n * n];
        for (int s = 0; s < n; s++) {
            for (int r = 0; r < n; r++) {
                values[s * n + r] = s == r ? c : c * rho;
            }
        }
        return Kernel.wrap(n, n, values);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void ofEqualCorrelations(Engine engine) {
        int n = 9;
        double rho = 0.25;
        Spectrum spectrum = Spectrum.of(equicorrelated(n, 3, rho), engine);
        double first = 1 + (n - 1) * rho;
        double rest = 1 - rho;
        assertThat(spectrum.eigenvalues()).hasSize(n);
        assertThat(spectrum.largest()).isCloseTo(3 * first, within(1e-13));
        for (int k = 1; k < n; k++) {
            assertThat(spectrum.eigenvalues()[k]).isCloseTo(3 * rest, within(1e-13));
        }
        assertThat(spectrum.conditionNumber()).isCloseTo(first / rest, within(1e-12));
        // sum lambda = c n
        assertThat(spectrum.participationRatio())
                .isCloseTo(n * n / (first * first + (n - 1) * rest * rest), within(1e-12));
        double entropy = -first / n * Math.log(first / n) - (n - 1) * rest / n * Math.log(rest / n);
        assertThat(spectrum.effectiveRank()).isCloseTo(Math.exp(entropy), within(1e-12));
        assertThat(spectrum.traceShare(1)).isCloseTo(first / n, within(1e-14));
        assertThat(spectrum.traceShare(4)).isCloseTo((first + 3 * rest) / n, within(1e-14));
        assertThat(spectrum.traceShare(n)).isCloseTo(1, within(1e-14));
    }

    @Test
    void ofTheIdentityHasFullRank() {
        Spectrum spectrum = new Spectrum(new double[] {2, 2, 2, 2, 2});
        assertThat(spectrum.effectiveRank()).isCloseTo(5, within(1e-14));
        assertThat(spectrum.participationRatio()).isCloseTo(5, within(1e-14));
        assertThat(spectrum.conditionNumber()).isEqualTo(1);
    }

    @Test
    void ofRankOneHasRankOneWhateverRoundingLeaves() {
        Spectrum spectrum = new Spectrum(new double[] {7e300, 0, -1e283});
        assertThat(spectrum.effectiveRank()).isEqualTo(1);
        assertThat(spectrum.participationRatio()).isEqualTo(1);
        assertThat(spectrum.traceShare(1)).isEqualTo(1);
        assertThat(spectrum.conditionNumber()).isInfinite();
    }

    @Test
    void ofNothingSaysNothing() {
        Spectrum spectrum = new Spectrum(new double[] {0, 0});
        assertThat(spectrum.effectiveRank()).isNaN();
        assertThat(spectrum.participationRatio()).isNaN();
        assertThat(spectrum.traceShare(1)).isNaN();
    }

    /** Heavy-ball descent on one eigenvalue converges just below the bound and diverges just above it. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9})
    void sharpnessIsWhereDescentBecomesUnstable(double momentum) {
        double eigenvalue = 5;
        int samples = 10;
        double bound = Spectrum.stabilityBound(momentum);
        assertThat(bound).isEqualTo(2 * (1 + momentum));
        for (LossConvention loss : LossConvention.values()) {
            double rate = bound / Spectrum.sharpness(eigenvalue, 1, loss, samples);
            assertThat(afterDescent(0.99 * rate, momentum, loss, eigenvalue, samples))
                    .isLessThan(1e-3);
            assertThat(afterDescent(1.01 * rate, momentum, loss, eigenvalue, samples))
                    .isGreaterThan(1e3);
        }
    }

    private static double afterDescent(
            double rate, double momentum, LossConvention loss, double eigenvalue, int samples) {
        double factor = loss == LossConvention.MSE ? 2 : 1;
        double residual = 1;
        double velocity = 0;
        for (int step = 0; step < 4000; step++) {
            velocity = momentum * velocity + factor * eigenvalue / samples * residual;
            residual -= rate * velocity;
        }
        return Math.abs(residual);
    }

    @Test
    void refusesWhatHasNone() {
        Engine engine = engines().get(0);
        assertThatThrownBy(() -> Spectrum.of(Kernel.of(1, 2, new double[] {1, 2}), engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A kernel of 1 x 2 entries is not square: it has no eigenvalues.");
        assertThatThrownBy(() -> Spectrum.of(Kernel.of(1, 1, new double[] {Double.NaN}), engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not finite");
        assertThatThrownBy(() -> new Spectrum(new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Eigenvalues must be finite and in descending order, but number 2 is 2.0, after 1.0.");
        assertThatThrownBy(() -> new Spectrum(new double[] {2, 1}).traceShare(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There are 2 eigenvalues, so k must be 1 to 2, not 3.");
        assertThatThrownBy(() -> Spectrum.stabilityBound(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The momentum must be from 0 to below 1, not 1.0.");
    }
}
