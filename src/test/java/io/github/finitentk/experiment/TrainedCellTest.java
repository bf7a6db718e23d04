package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainedCellTest {

    private static final List<Long> SNAPSHOTS = List.of(10L, 100L);

    private static TrainingResult result(
            long steps, StopReason reason, double minLoss, double aMax, KernelChange... changes) {
        return new TrainingResult(
                steps,
                reason,
                List.of(new LossPoint(0, 1), new LossPoint(steps, minLoss)),
                minLoss,
                List.of(changes),
                minLoss,
                0.5,
                aMax,
                TrainingResult.Pace.MACRO_STEPS,
                0.25,
                Double.NaN,
                steps + 1);
    }

    private static SweepRow row(TrainingResult... results) {
        return new SweepRow(null, TrainedCell.of(List.of(results), SNAPSHOTS, 1), TrainedCell.columns(SNAPSHOTS));
    }

    @Test
    void medianAndRangeOverInitialisations() {
        SweepRow row = row(
                result(50, StopReason.EARLY_STOP, 0.3, 1, new KernelChange(10, 0.1), new KernelChange(50, 0.5)),
                result(
                        200,
                        StopReason.MAX_STEPS,
                        0.1,
                        3,
                        new KernelChange(10, 0.3),
                        new KernelChange(100, 0.4),
                        new KernelChange(200, 0.9)),
                result(
                        200,
                        StopReason.MAX_STEPS,
                        0.2,
                        1,
                        new KernelChange(10, 0.2),
                        new KernelChange(100, 0.6),
                        new KernelChange(200, 0.7)));
        assertThat(row.real("kernel_change")).isEqualTo(0.7);
        assertThat(row.real("kernel_change_low")).isEqualTo(0.5);
        assertThat(row.real("kernel_change_high")).isEqualTo(0.9);
        assertThat(row.real("min_loss")).isEqualTo(0.2);
        assertThat(row.real("kernel_change_at_10")).isEqualTo(0.2);
        assertThat(row.text("stopped")).isEqualTo("early-stop 1, max-steps 2");
        assertThat(row.integer("unstable")).isEqualTo(1);
        assertThat(row.reals("kernel_changes")).containsExactly(0.5, 0.9, 0.7);
        assertThat(row.integer("evaluations")).isEqualTo(51 + 201 + 201);
    }

    @Test
    void aNetworkThatStoppedBeforeASnapshotKeepsItsLastValue() {
        SweepRow row =
                row(result(50, StopReason.EARLY_STOP, 0.3, 1, new KernelChange(10, 0.1), new KernelChange(50, 0.5)));
        assertThat(row.real("kernel_change_at_100")).isEqualTo(0.5);
    }

    @Test
    void divergenceIsAChangeBeyondAllBoundsAndDecidesTheStatusByMajority() {
        TrainingResult diverged = result(20, StopReason.DIVERGED, 1, 9, new KernelChange(10, 5));
        TrainingResult fine =
                result(50, StopReason.EARLY_STOP, 0.3, 1, new KernelChange(10, 0.1), new KernelChange(50, 0.5));
        SweepRow one = row(diverged, fine, fine);
        assertThat(one.result().status()).isEqualTo(CellResult.Status.OK);
        assertThat(one.result().reason()).isEqualTo("1 of 3 initialisations diverged");
        assertThat(one.real("kernel_change")).isEqualTo(0.5);
        assertThat(one.real("kernel_change_high")).isInfinite();
        assertThat(row(diverged, diverged, fine).result().status()).isEqualTo(CellResult.Status.DIVERGED);
        // what it had at a snapshot it reached is a number all the same
        assertThat(row(diverged).real("kernel_change_at_10")).isEqualTo(5);
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(TrainedCell.median(new double[] {4, 1, 3, 100})).isEqualTo(3.5);
    }
}
