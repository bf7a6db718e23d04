package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    private static TrainingPlan plan(double learningRate, long maxSteps, List<Long> snapshots) {
        return TrainingPlan.builder()
                .learningRate(learningRate)
                .loss(LossConvention.MSE)
                .maxSteps(maxSteps)
                .minDecrease(0)
                .patience(1)
                .snapshots(snapshots)
                .integrator(Integrator.GD)
                .build();
    }

    @Test
    void snapshotsAreSorted() {
        assertThat(plan(1, 1, List.of(100L, 10L, 100L)).snapshots()).containsExactly(10L, 100L);
    }

    @Test
    void stepSizeCountsTheConvention() {
        assertThat(plan(0.5, 1, List.of()).stepSize(8, 4)).isEqualTo(2);
        assertThat(TrainingPlan.PAPER.stepSize(128e5, 128)).isCloseTo(1, within(1e-15));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> plan(0, 1, List.of())).hasMessageContaining("learning rate");
        assertThatThrownBy(() -> plan(Double.NaN, 1, List.of())).hasMessageContaining("learning rate");
        assertThatThrownBy(() -> plan(1, 0, List.of())).hasMessageContaining("steps");
        assertThatThrownBy(() -> plan(1, 1, List.of(0L))).hasMessageContaining("snapshot");
        assertThatThrownBy(() -> Integrator.parse("adam")).hasMessageContaining("gd, flow and flow-coarse");
        assertThat(Integrator.parse("Flow")).isEqualTo(Integrator.FLOW);
        assertThat(StopReason.EARLY_STOP.label()).isEqualTo("early-stop");
    }

    @Test
    void aBuilderStartsFromThePapersPlanAndSaysWhatIsWrong() {
        assertThat(TrainingPlan.builder().build()).isEqualTo(TrainingPlan.PAPER);
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(0.1)
                .loss(LossConvention.MSE)
                .maxSteps(7)
                .minDecrease(0)
                .patience(3)
                .snapshots(5, 2)
                .integrator(Integrator.GD)
                .precision(Precision.F32)
                .build();
        assertThat(plan)
                .isEqualTo(new TrainingPlan(
                        0.1,
                        LossConvention.MSE,
                        7,
                        0,
                        3,
                        List.of(2L, 5L),
                        Integrator.GD,
                        Precision.F32,
                        Optimizer.GRADIENT_DESCENT,
                        TrainingPlan.ALL,
                        Seed.of(0),
                        TrainingPlan.ALL));
        assertThat(plan.toBuilder().build()).isEqualTo(plan);
        assertThat(plan.toBuilder().snapshots().build().snapshots()).isEmpty();
        refused(
                TrainingPlan.builder().learningRate(-1),
                "The learning rate must be a positive finite number, not -1.0.");
        refused(TrainingPlan.builder().maxSteps(0), "The number of steps must be at least 1, not 0.");
        refused(
                TrainingPlan.builder().minDecrease(Double.NaN),
                "The least decrease of the loss must be zero or a positive finite number, not NaN.");
        refused(TrainingPlan.builder().patience(0), "The patience must be at least 1 step, not 0.");
        refused(TrainingPlan.builder().snapshots(10, 0), "A snapshot is taken after at least 1 step, not 0.");
        assertThatThrownBy(() -> TrainingPlan.builder().integrator(null).build())
                .hasMessage("A training needs an integrator.");
    }

    private static void refused(TrainingPlan.Builder builder, String sentence) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void kernelChangeIsRelativeInTheFrobeniusNorm() {
        double[] initial = {3, 0, 0, 4};
        double[] now = {3, 1, 1, 4 + Math.sqrt(2)};
        assertThat(KernelChange.between(initial, 7, now).value()).isCloseTo(0.4, within(1e-15));
        double[] huge = {3e200, 0, 0, 4e200};
        assertThat(KernelChange.between(huge, 7, initial).value()).isCloseTo(1, within(1e-15));
    }
}
