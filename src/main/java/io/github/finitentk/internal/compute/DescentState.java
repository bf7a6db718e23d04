package io.github.finitentk.internal.compute;

import java.util.Objects;

/**
 * Where a network stands in its descent, apart from its parameters.
 *
 * @param step the number {@code t} of updates so far
 * @param status whether it goes on, or why not
 * @param best the loss of the stopping rule's last sufficient decrease; infinite before the first loss
 * @param waited losses seen since then
 * @param leastLoss the smallest loss seen; infinite before the first one
 * @param lastLoss the last loss seen; NaN before the first one
 * @param epochSum of the losses of those inputs that the present epoch has seen
 */
public record DescentState(
        long step, Status status, double best, long waited, double leastLoss, double lastLoss, double epochSum) {

    /** Before the first loss. */
    public static final DescentState START =
            new DescentState(0, Status.RUNNING, Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY, Double.NaN, 0);

    /** @throws IllegalArgumentException if the step or the number of losses waited for is negative */
    public DescentState {
        Objects.requireNonNull(status, "status");
        if (step < 0 || waited < 0) {
            throw new IllegalArgumentException(
                    "A descent has taken at least 0 steps and waited for at least 0 losses, not " + step + " and "
                            + waited + ".");
        }
    }

    /** Whether and why a descent has ended. */
    public enum Status {
        /** Goes on. */
        RUNNING,
        /** The stopping rule was met. */
        EARLY_STOP,
        /** All steps were taken. */
        MAX_STEPS,
        /** The loss was not finite. */
        DIVERGED
    }

    /** Whether the descent goes on. */
    public boolean runs() {
        return status == Status.RUNNING;
    }

    /** The state with a loss judged by the rule: that of this step, or of the epoch that it completes. */
    public DescentState observe(DescentRule rule, double loss) {
        if (!Double.isFinite(loss)) {
            return new DescentState(step, Status.DIVERGED, best, waited, leastLoss, loss, 0);
        }
        boolean better = loss < best - rule.minDecrease();
        long waitedNow = better ? 0 : waited + 1;
        Status now = waitedNow >= rule.patience()
                ? Status.EARLY_STOP
                : step == rule.maxSteps() ? Status.MAX_STEPS : Status.RUNNING;
        return new DescentState(step, now, better ? loss : best, waitedNow, Math.min(leastLoss, loss), loss, 0);
    }

    /** The state after one more update. */
    public DescentState stepped() {
        return new DescentState(step + 1, status, best, waited, leastLoss, lastLoss, epochSum);
    }

    /** The state with another status. */
    public DescentState with(Status other) {
        return new DescentState(step, other, best, waited, leastLoss, lastLoss, epochSum);
    }

    /** The state with losses of more inputs of the epoch. */
    public DescentState withLosses(double sum) {
        return new DescentState(step, status, best, waited, leastLoss, lastLoss, epochSum + sum);
    }

    /** The state with the loss of all inputs at an end that an epoch's loss has brought about. */
    public DescentState endedWith(double loss) {
        return Double.isFinite(loss)
                ? new DescentState(step, status, best, waited, Math.min(leastLoss, loss), loss, 0)
                : new DescentState(step, Status.DIVERGED, best, waited, leastLoss, loss, 0);
    }
}
