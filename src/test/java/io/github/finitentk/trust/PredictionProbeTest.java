package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.EnsembleComparison;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import org.junit.jupiter.api.Test;

class PredictionProbeTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static TrustQuestion question(
            String activation, double sigmaW2, double sigmaB2, int depth, int width, int samples, double seconds) {
        RandomNetwork law = new RandomNetwork(
                Architecture.constant(width, width, depth),
                Activations.parse(activation),
                new Initialization(sigmaW2, sigmaB2));
        return TrustQuestion.about(law)
                .data(ReferenceData.of(samples, width, ENGINE.linearAlgebra()))
                .budget(new Budget(seconds))
                .build();
    }

    private static InfiniteWidth limit(TrustQuestion question) {
        return InfiniteWidth.of(
                question.network(), question.data().orElseThrow().inputs(), ENGINE);
    }

    private static PredictionEstimate measure(TrustQuestion question) {
        return new PredictionProbe(question, question.data().orElseThrow(), limit(question), Seed.of(9), ENGINE)
                .measure();
    }

    @Test
    void linearNetworksPredictWithTheDeterministicKernel() {
        PredictionEstimate estimate = measure(question("relu", 2, 1, 1, 40, 12, 1));
        assertThat(estimate.deviation()).isLessThan(1e-6);
        assertThat(estimate.noisy()).isZero();
    }

    /** The deviation falls like {@code 1/sqrt(M)}. */
    @Test
    void widerNetworksDeviateLess() {
        PredictionEstimate narrow = measure(question("erf", 2, 0.5, 3, 64, 16, 20));
        PredictionEstimate wide = measure(question("erf", 2, 0.5, 3, 1024, 16, 20));
        assertThat(narrow.deviation() / wide.deviation()).isCloseTo(4, within(1.2));
    }

    /**
     * Figure 12's paradox: the diagonal of a deep ordered network is deterministic to a few percent, and its predictions
     * differ from those of the deterministic kernel by more than they scatter.
     */
    @Test
    void deepOrderedNetworksAreRandomWhereItMatters() {
        TrustQuestion deep = question("tanh", 1.5, 1, 12, 1000, 32, 20);
        PredictionEstimate estimate = measure(deep);
        assertThat(estimate.deviation()).isBetween(1.0, 2.0);
        assertThat(estimate.noisy()).isGreaterThan(estimate.learnable() / 2);
        PredictionEstimate shallow = measure(question("tanh", 1.5, 1, 3, 500, 32, 20));
        assertThat(shallow.interval().upper()).isLessThan(TrustThresholds.DEVIATION_HOLDS);
        assertThat(shallow.noisy()).isLessThan(shallow.learnable() / 2);
    }

    /** The variance that ensembles show with their own kernels, at inputs outside of the data, from another code. */
    @Test
    void theDeviationIsThatOfEnsembles() {
        RandomNetwork law =
                new RandomNetwork(Architecture.constant(60, 60, 8), Activations.RELU, new Initialization(1, 1));
        Dataset all = ReferenceData.of(48, 60, ENGINE.linearAlgebra());
        TrainTestData data = TrainTestData.split(all, 24);
        InfiniteWidthRegression theory = InfiniteWidthRegression.of(law, data.jointInputs(), 24, 0, ENGINE);
        EnsembleComparison comparison =
                EnsembleComparison.train(law, data, theory, 16, Double.POSITIVE_INFINITY, Seed.of(3), ENGINE);
        double excess = comparison.predicted().orElseThrow().value() / comparison.exact() - 1;
        PredictionEstimate estimate = measure(TrustQuestion.about(law).data(all).build());
        // uncorrelated deviations add to the variance; other samples, so only to a factor
        assertThat(estimate.deviation() / Math.sqrt(excess)).isBetween(0.6, 1.7);
    }

    @Test
    void fewerSamplesAreExtrapolatedAndNoneAreSaidToBeNone() {
        PredictionEstimate full = measure(question("relu", 1.5, 1, 4, 100, 64, 20));
        PredictionEstimate part = measure(question("relu", 1.5, 1, 4, 100, 64, 0.005));
        assertThat(part.samples()).isLessThan(64);
        assertThat(part.interval().lower()).isLessThan(full.interval().upper());
        assertThat(part.interval().upper()).isGreaterThan(full.interval().lower());
        PredictionEstimate none = measure(question("relu", 1.5, 1, 4, 100, 64, 1e-4));
        assertThat(none.draws()).isZero();
        assertThat(none.deviation()).isNaN();
    }

    @Test
    void aFoldIsCutOutOfTheKernel() {
        Fold fold = new Fold(5, 1, 4);
        double[] kernel = new double[25];
        for (int i = 0; i < 25; i++) {
            kernel[i] = 10 * Math.min(i / 5, i % 5) + Math.max(i / 5, i % 5);
        }
        TrainTestKernel blocks = fold.split(Kernel.of(5, 5, kernel));
        assertThat(fold.tests()).isEqualTo(1);
        assertThat(blocks.train().toArray()).containsExactly(0, 2, 3, 4, 2, 22, 23, 24, 3, 23, 33, 34, 4, 24, 34, 44);
        assertThat(blocks.cross().toArray()).containsExactly(1, 12, 13, 14);
        assertThat(blocks.diagonal()).containsExactly(11);
        Smoother first = new Smoother(Kernel.of(1, 4, new double[] {2, 0, 0, 0}), 1, Smoother.Method.SPECTRAL, 0);
        double[] outputs = {1, 10, 0, 0, 0};
        // f_0(x) - B (f_0(X) - Y)
        assertThat(fold.predict(first, outputs, new double[] {4, 0, 0, 0, 0})).containsExactly(16);
        int covered = 0;
        for (int index = 0; index < 4; index++) {
            covered += new Fold(5, index, 4).tests();
        }
        assertThat(covered).isEqualTo(5);
        assertThat(new Fold(2, 0, 4).tests()).isZero();
    }
}
