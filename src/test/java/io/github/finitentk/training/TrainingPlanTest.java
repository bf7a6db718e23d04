package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    private static TrainingPlan plan(double learningRate, long maxSteps, List<Long> snapshots) {
        return new TrainingPlan(
                learningRate, LossConvention.MSE, maxSteps, 0, 1, snapshots, Integrator.GD, Precision.F64);
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
    void kernelChangeIsRelativeInTheFrobeniusNorm() {
        double[] initial = {3, 0, 0, 4};
        double[] now = {3, 1, 1, 4 + Math.sqrt(2)};
        assertThat(KernelChange.between(initial, 7, now).value()).isCloseTo(0.4, within(1e-15));
        double[] huge = {3e200, 0, 0, 4e200};
        assertThat(KernelChange.between(huge, 7, initial).value()).isCloseTo(1, within(1e-15));
    }
}
