package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.ExactReluMoments;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Ensemble;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.VarianceEstimator;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidthSearchTest {

    private static final VarianceEstimator ESTIMATOR = new VarianceEstimator(Engine.single(Backend.fastest()));

    private static OptionalLong search(Ensemble ensemble, double tolerance) {
        return new WidthSearch(ESTIMATOR, Seed.of(7)).smallest(ensemble, tolerance);
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 20, 1.1", "3, 1, 30, 1.05", "1, 1, 50, 1.2", "2, 1, 2, 1.001"})
    void reluNeedsExactlyThisWidth(double sigmaW2, double sigmaB2, int depth, double tolerance) {
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        Ensemble ensemble = new Ensemble(Architecture.constant(100, 64, depth), Activations.RELU, initialization, 100);
        int width = (int) search(ensemble, tolerance).orElseThrow();
        assertThat(ratio(width, depth, initialization)).isLessThanOrEqualTo(tolerance);
        assertThat(ratio(width - 1, depth, initialization)).isGreaterThan(tolerance);
    }

    private static double ratio(int width, int depth, Initialization initialization) {
        return ExactReluMoments.of(Architecture.constant(100, width, depth), initialization, 100)
                .ratio();
    }

    @ParameterizedTest
    @CsvSource({"tanh, 6, 1, 10, 1.1", "tanh, 1.5, 1, 5, 1.05", "erf, 5, 0.5, 8, 1.2"})
    void othersNeedAboutThisWidth(String name, double sigmaW2, double sigmaB2, int depth, double tolerance) {
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        Ensemble ensemble =
                new Ensemble(Architecture.constant(100, 64, depth), Activations.parse(name), initialization, 100);
        int width = (int) search(ensemble, tolerance).orElseThrow();
        Ensemble there =
                new Ensemble(Architecture.constant(100, width, depth), Activations.parse(name), initialization, 100);
        double excess = ESTIMATOR
                        .estimate(there, Method.RAO_BLACKWELL, 4000, Seed.of(99))
                        .ratio()
                - 1;
        // the search draws 400 networks a width: its excess is known to about 5 %
        assertThat(excess / (tolerance - 1)).isCloseTo(1, within(0.2));
    }

    @Test
    void linearNetworksAreDeterministicAtAnyWidth() {
        Ensemble ensemble = new Ensemble(Architecture.of(100, 1), Activations.TANH, new Initialization(2, 1), 100);
        assertThat(search(ensemble, 1.01)).hasValue(1);
    }

    @Test
    void unequalWidthsGrowByOneFactor() {
        assertThat(WidthSearch.scaled(Architecture.of(7, 10, 40, 20, 1), 80).widths())
                .containsExactly(7, 20, 80, 40, 1);
        assertThat(WidthSearch.scaled(Architecture.of(7, 10, 40, 20, 1), 1).widths())
                .containsExactly(7, 1, 1, 1, 1);
    }
}
