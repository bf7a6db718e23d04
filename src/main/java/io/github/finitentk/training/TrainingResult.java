package io.github.finitentk.training;

import java.util.List;
import java.util.Objects;

/**
 * What became of one network.
 *
 * @param steps the number of updates taken
 * @param stopReason why it ended
 * @param losses the loss curve, thinned: logarithmically spaced steps, the snapshots and the end
 * @param minLoss the smallest loss of all steps
 * @param kernelChange at the snapshots that were reached and at the end, in order; a kernel that is not finite has none
 * @param finalLoss the loss after the last update; not finite if the training diverged
 * @param aMaxStart {@code eta factor lambda_max(Theta^0) / S}; above 2 gradient descent is unstable
 * @param aMaxLargest the largest such number at the start, the snapshots and the end (and after each macro step)
 * @param errorEstimate estimate of the final residual's relative error: the sum of the macro steps' errors, 0 for single
 *     steps. The loss, a square, was off by at most 2.2 times as much in 180 networks
 * @param evaluations forward and backward passes
 */
public record TrainingResult(
        long steps,
        StopReason stopReason,
        List<LossPoint> losses,
        double minLoss,
        List<KernelChange> kernelChange,
        double finalLoss,
        double aMaxStart,
        double aMaxLargest,
        double errorEstimate,
        long evaluations) {

    public TrainingResult {
        Objects.requireNonNull(stopReason, "stopReason");
        losses = List.copyOf(losses);
        kernelChange = List.copyOf(kernelChange);
    }

    /** Whether the learning rate was above the largest stable one at any measured time. */
    public boolean unstable() {
        return aMaxLargest > 2;
    }
}
