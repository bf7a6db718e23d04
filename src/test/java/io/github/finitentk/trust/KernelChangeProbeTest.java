package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate.Source;
import org.junit.jupiter.api.Test;

class KernelChangeProbeTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static TrustQuestion question(String activation, int depth, int width, int samples, double seconds) {
        RandomNetwork law = new RandomNetwork(
                Architecture.constant(width, width, depth), Activations.parse(activation), new Initialization(1.5, 1));
        return TrustQuestion.about(law)
                .data(ReferenceData.of(samples, width, ENGINE.linearAlgebra()))
                .budget(new Budget(seconds))
                .build();
    }

    private static InfiniteWidth limit(TrustQuestion question) {
        return InfiniteWidth.of(
                question.network(), question.data().orElseThrow().inputs(), ENGINE);
    }

    private static KernelChangeEstimate measure(TrustQuestion question) {
        return new KernelChangeProbe(
                        question, question.data().orElseThrow(), limit(question), Seed.of(5), ENGINE, () -> false)
                .measure();
    }

    @Test
    void whatTheBudgetPaysForIsMeasured() {
        KernelChangeEstimate estimate = measure(question("tanh", 3, 40, 16, 1));
        assertThat(estimate.source()).isEqualTo(Source.MEASURED);
        assertThat(estimate.networks()).isEqualTo(4);
        assertThat(estimate.width()).isEqualTo(40);
        assertThat(estimate.samples()).isEqualTo(16);
        assertThat(estimate.unfinished()).isZero();
        assertThat(estimate.interval().contains(estimate.value())).isTrue();
    }

    @Test
    void fewerSamplesComeBeforeSmallerWidths() {
        KernelChangeEstimate estimate = measure(question("tanh", 3, 64, 64, 0.03));
        assertThat(estimate.source()).isEqualTo(Source.FEWER_SAMPLES);
        assertThat(estimate.width()).isEqualTo(64);
        assertThat(estimate.samples()).isEqualTo(32);
    }

    @Test
    void twoSmallerWidthsPredictWhatTrainingFinds() {
        KernelChangeEstimate predicted = measure(question("tanh", 3, 400, 16, 0.1));
        assertThat(predicted.source()).isEqualTo(Source.SMALLER_WIDTHS);
        assertThat(predicted.width()).isLessThan(400);
        KernelChangeEstimate measured = measure(question("tanh", 3, 400, 16, 20));
        assertThat(measured.source()).isEqualTo(Source.MEASURED);
        assertThat(predicted.interval().lower()).isLessThan(measured.interval().upper());
        assertThat(predicted.interval().upper())
                .isGreaterThan(measured.interval().lower());
    }

    @Test
    void proxiesOutsideTheRegimeSayNothing() {
        KernelChangeEstimate estimate = measure(question("tanh", 20, 300, 16, 0.3));
        assertThat(estimate.source()).isEqualTo(Source.NONE);
        assertThat(estimate.value()).isNaN();
        assertThat(estimate.sufficient().seconds()).isGreaterThan(0.3);
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        TrustQuestion question = question("relu", 4, 30, 16, 1);
        try (Engine three = Engine.of(Backend.fastest(), 3)) {
            assertThat(new KernelChangeProbe(
                                    question,
                                    question.data().orElseThrow(),
                                    limit(question),
                                    Seed.of(5),
                                    three,
                                    () -> false)
                            .measure())
                    .isEqualTo(measure(question));
        }
    }

    @Test
    void whetherATrainingIsFinishedDependsOnItsPassesAlone() {
        TrustQuestion question = question("tanh", 3, 30, 16, 1);
        RandomNetwork law = question.network();
        Network network = TrainingProblem.draw(law, question.data().orElseThrow(), Seed.of(5), 1)
                .networks()
                .get(0);
        double time = TrainingTime.of(limit(question).ntk());
        NetworkRun free = run(network, question, time, Long.MAX_VALUE);
        NetworkRun enough = run(network, question, time, free.evaluations());
        assertThat(enough).isEqualTo(free);
        // Stopped or not before it took the last of its passes: it took too many.
        NetworkRun tooFew = run(network, question, time, free.evaluations() - 1);
        assertThat(tooFew.finished()).isFalse();
        assertThat(tooFew.change()).isCloseTo(free.change(), within(0.1 * free.change()));
        NetworkRun half = run(network, question, time, free.evaluations() / 2);
        assertThat(half.finished()).isFalse();
        assertThat(half.change()).isBetween(0.0, free.change());
    }

    private static NetworkRun run(Network network, TrustQuestion question, double time, long most) {
        return NetworkRun.of(network, question, question.data().orElseThrow(), time, most, ENGINE, () -> false);
    }
}
