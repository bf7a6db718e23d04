package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrustQuestionTest {

    private static final RandomNetwork NETWORK =
            new RandomNetwork(Architecture.constant(10, 30, 2), Activations.TANH, new Initialization(1.5, 1));

    @Test
    void whatIsNotSaidIsTheDefault() {
        TrustQuestion question = TrustQuestion.about(NETWORK).build();
        assertThat(question.data()).isEmpty();
        assertThat(question.samples()).isEqualTo(128);
        assertThat(question.tolerance()).isEqualTo(TrustThresholds.RATIO_HOLDS);
        assertThat(question.learningRate()).isEmpty();
        assertThat(question.maxSteps()).isEmpty();
        assertThat(question.budget()).isEqualTo(Budget.DEFAULT);
        assertThat(question.seed()).isEqualTo(Seed.of(0));
        assertThat(question).isEqualTo(TrustQuestion.about(NETWORK).mnist(128).build());
    }

    @Test
    void everythingCanBeSaidAndTheLastOfDataAndImagesCounts() {
        Dataset data = new Dataset(Inputs.of(2, 10, new double[20]), new double[2]);
        TrustQuestion question = TrustQuestion.about(NETWORK)
                .mnist(7)
                .data(data)
                .tolerance(1.2)
                .learningRate(0.1)
                .maxSteps(5)
                .budget(new Budget(3))
                .seed(9)
                .build();
        assertThat(question.data()).contains(data);
        assertThat(question.samples()).isEqualTo(2);
        assertThat(question.tolerance()).isEqualTo(1.2);
        assertThat(question.learningRate()).hasValue(0.1);
        assertThat(question.maxSteps()).hasValue(5);
        assertThat(question.budget()).isEqualTo(new Budget(3));
        assertThat(question.seed()).isEqualTo(Seed.of(9));
        assertThat(TrustQuestion.about(NETWORK).data(data).mnist(7).build())
                .isEqualTo(TrustQuestion.about(NETWORK).mnist(7).build());
    }

    @Test
    void whatIsWrongIsSaidInOneSentence() {
        refused(TrustQuestion.about(NETWORK).mnist(1), "The kernel's condition takes at least 2 samples, not 1.");
        refused(
                TrustQuestion.about(NETWORK).tolerance(1),
                "The tolerated ratio E[Theta^2]/E[Theta]^2 must be above 1 and at most 1.5, not 1.0.");
        refused(
                TrustQuestion.about(NETWORK).learningRate(-0.5),
                "The learning rate must be a positive finite number, not -0.5.");
        refused(TrustQuestion.about(NETWORK).maxSteps(0), "The number of steps must be at least 1, not 0.");
        TrustQuestion.Builder transposed =
                TrustQuestion.about(NETWORK).data(new Dataset(Inputs.of(10, 3, new double[30]), new double[10]));
        assertThatThrownBy(transposed::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dimension 10")
                .hasMessageContaining("transposed");
        TrustQuestion tooMany = TrustQuestion.about(NETWORK).mnist(2000).build();
        assertThatThrownBy(() -> TrustReport.of(tooMany, Engine.single(Backend.fastest()), () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }

    private static void refused(TrustQuestion.Builder question, String sentence) {
        assertThatThrownBy(question::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void theReportReadsAsAnAnswer() {
        TrustQuestion question =
                TrustQuestion.about(NETWORK).mnist(8).budget(new Budget(0.2)).build();
        TrustReport report = TrustReport.of(question, Engine.single(Backend.fastest()), () -> false);
        assertThat(report.question()).isEqualTo(question);
        assertThat(report.data().samples()).isEqualTo(8);
        assertThat(report.data().inputDim()).isEqualTo(10);
        String[] lines = report.toString().split("\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[0]).isEqualTo(report.verdict().label());
        assertThat(lines[1]).startsWith("eq. (4), the kernel is deterministic at initialisation: ");
        assertThat(lines[2]).startsWith("eq. (3), the kernel is constant in training: ");
        assertThat(lines[3]).startsWith("eq. (10), kernel regression is usable: ");
    }

    @Test
    void aQuestionCanBeCancelledAnywhere() {
        TrustQuestion question =
                TrustQuestion.about(NETWORK).mnist(8).budget(new Budget(0.2)).build();
        AtomicInteger asked = new AtomicInteger();
        try (Engine two = Engine.of(Backend.fastest(), 2)) {
            TrustReport report = TrustReport.of(question, two, () -> asked.incrementAndGet() < 0);
            assertThat(report).isEqualTo(TrustReport.of(question, Engine.single(Backend.fastest()), () -> false));
            assertThat(asked.get()).isGreaterThan(20);
            for (int at : new int[] {1, 2, 3, 4, 10, 20}) {
                AtomicInteger left = new AtomicInteger(at);
                assertThatThrownBy(() -> TrustReport.of(question, two, () -> left.decrementAndGet() <= 0))
                        .isInstanceOf(CancellationException.class)
                        .hasMessage("The question was cancelled before it was answered.");
            }
        }
    }
}
