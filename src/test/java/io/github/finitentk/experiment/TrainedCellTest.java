package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.model.Activations;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.LossPoint;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainedCellTest {

    private static final Cell CELL = new Cell(Activations.TANH, 2, 1, 3, 20);
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
        TrainedCell cell = new TrainedCell(List.of(results));
        return KernelChangeQuantity.columns(SNAPSHOTS).row(CELL, cell.status(), cell.reason(), cell, 1);
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
        assertThat(row.get(KernelChangeQuantity.CHANGE)).isEqualTo(0.7);
        assertThat(row.get(KernelChangeQuantity.CHANGE_LOW)).isEqualTo(0.5);
        assertThat(row.get(KernelChangeQuantity.CHANGE_HIGH)).isEqualTo(0.9);
        assertThat(row.get(KernelChangeQuantity.MIN_LOSS)).isEqualTo(0.2);
        assertThat(row.get(KernelChangeQuantity.changeAt(10))).isEqualTo(0.2);
        assertThat(row.text("stopped")).isEqualTo("early-stop 1, max-steps 2");
        assertThat(row.get(KernelChangeQuantity.UNSTABLE)).isEqualTo(1);
        assertThat(row.reals("kernel_changes")).containsExactly(0.5, 0.9, 0.7);
        assertThat(row.integer("evaluations")).isEqualTo(51 + 201 + 201);
    }

    @Test
    void aNetworkThatStoppedBeforeASnapshotKeepsItsLastValue() {
        SweepRow row =
                row(result(50, StopReason.EARLY_STOP, 0.3, 1, new KernelChange(10, 0.1), new KernelChange(50, 0.5)));
        assertThat(row.get(KernelChangeQuantity.changeAt(100))).isEqualTo(0.5);
    }

    @Test
    void divergenceIsAChangeBeyondAllBoundsAndDecidesTheStatusByMajority() {
        TrainingResult diverged = result(20, StopReason.DIVERGED, 1, 9, new KernelChange(10, 5));
        TrainingResult fine =
                result(50, StopReason.EARLY_STOP, 0.3, 1, new KernelChange(10, 0.1), new KernelChange(50, 0.5));
        SweepRow one = row(diverged, fine, fine);
        assertThat(one.status()).isEqualTo(SweepRow.Status.OK);
        assertThat(one.reason()).isEqualTo("1 of 3 initialisations diverged");
        assertThat(one.get(KernelChangeQuantity.CHANGE)).isEqualTo(0.5);
        assertThat(one.get(KernelChangeQuantity.CHANGE_HIGH)).isInfinite();
        assertThat(row(diverged, diverged, fine).status()).isEqualTo(SweepRow.Status.DIVERGED);
        // what it had at a snapshot it reached is a number all the same
        assertThat(row(diverged).get(KernelChangeQuantity.changeAt(10))).isEqualTo(5);
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(TrainedCell.median(new double[] {4, 1, 3, 100})).isEqualTo(3.5);
    }
}
