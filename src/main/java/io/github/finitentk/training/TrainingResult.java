package io.github.finitentk.training;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.DescentState;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What became of one network.
 *
 * @param steps the number of updates taken
 * @param stopReason why it ended
 * @param losses the loss curve, thinned: logarithmically spaced steps, the snapshots and the end. With mini-batches
 *     ({@link TrainingPlan#batch}) it is the loss of all inputs at step 0, the snapshots and the end; between them each epoch has a point
 *     at its last step, the mean of its inputs' losses before the step that saw them
 * @param minLoss the smallest loss of all steps
 * @param kernelChange at the snapshots that were reached and at the end, in order; a kernel that is not finite has none
 * @param finalLoss the loss after the last update; not finite if the training diverged
 * @param aMaxStart {@code eta factor lambda_max(Theta^0) / S}, {@link TrainingPlan#stepSize}; above 2 gradient descent is unstable. Of
 *     several outputs the eigenvalue is that of the trace kernel, which is at most that of the full one: 2 is then too late a bound.
 *     NaN for Adam and cross-entropy
 * @param aMaxLargest the largest such number at the start, the snapshots and the end (and after each macro step)
 * @param pace how the steps were taken, and if one by one against the plan, why
 * @param errorEstimate of macro steps, 0 for single ones: how far the kernel changes are off, relative to themselves (to 0.15
 *     where they are smaller), and the residuals, which is half as much as the losses are off. 1 says nothing
 * @param sensitivity by how much the kernel change of gradient descent itself moves, relative to the same, if the learning
 *     rate is 1.0001 times as large: the largest of a few steps within the first 2e10 multiply-adds. NaN if it was not
 *     measured; {@link Integrator#FLOW} does so where it could have accelerated a network but did not
 * @param evaluations forward and backward passes, of as many inputs as a step sees, including those of checks and of attempts given up
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
        Pace pace,
        double errorEstimate,
        double sensitivity,
        long evaluations) {

    /** From this {@link #sensitivity} on gradient descent itself is called chaotic. */
    private static final double CHAOTIC = 0.03;

    /**
     * One point of a loss curve.
     *
     * @param step the number of updates before it
     * @param loss the loss in the plan's convention
     */
    public record LossPoint(long step, double loss) {}

    /**
     * How far the kernel on the training inputs has moved.
     *
     * @param step the number {@code t} of updates
     * @param value {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}, computed in f64
     */
    public record KernelChange(long step, double value) {

        /**
         * The relative change between two kernels.
         *
         * @throws IllegalArgumentException if they differ in shape
         */
        public static KernelChange between(Kernel initial, long step, Kernel now) {
            if (initial.rows() != now.rows() || initial.columns() != now.columns()) {
                throw new IllegalArgumentException("A kernel of " + initial.rows() + " x " + initial.columns()
                        + " and one of " + now.rows() + " x " + now.columns() + " cannot be compared.");
            }
            return between(initial.toArray(), step, now.toArray());
        }

        static KernelChange between(double[] initial, long step, double[] now) {
            double difference = 0;
            double norm = 0;
            for (int i = 0; i < now.length; i++) {
                difference = StrictMath.hypot(difference, now[i] - initial[i]);
                norm = StrictMath.hypot(norm, initial[i]);
            }
            return new KernelChange(step, difference / norm);
        }
    }

    /** Why a training ended. */
    public enum StopReason {
        /** The loss did not fall by the required amount for the required number of steps ({@link TrainingPlan#patience}). */
        EARLY_STOP,
        /** All steps of the plan were taken. */
        MAX_STEPS,
        /** The loss or the kernel was no longer finite. */
        DIVERGED;

        /** {@code early-stop}, {@code max-steps} or {@code diverged}, as in results. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalStateException if the descent goes on */
        static StopReason of(DescentState state) {
            return switch (state.status()) {
                case EARLY_STOP -> EARLY_STOP;
                case MAX_STEPS -> MAX_STEPS;
                case DIVERGED -> DIVERGED;
                case RUNNING ->
                    throw new IllegalStateException("The network is still training, at step " + state.step() + ".");
            };
        }
    }

    /** How the steps were taken. */
    public enum Pace {
        /** One by one: as planned, or because there were none that could be taken together. */
        SINGLE_STEPS("one by one"),
        /** Many at once. */
        MACRO_STEPS("many at once"),
        /** One by one, because single units of so narrow a network with kinks move its kernel. */
        REFUSED_NARROW("one by one: so narrow a network with kinks is not accelerated"),
        /** One by one, because macro steps of different lengths led to different results. */
        REFUSED_UNVERIFIED("one by one: macro steps of different lengths led to different results");

        private final String description;

        Pace(String description) {
            this.description = description;
        }

        /** {@code single-steps}, {@code macro-steps}, {@code refused-narrow} or {@code refused-unverified}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** In words, for people. */
        public String description() {
            return description;
        }
    }

    public TrainingResult {
        Objects.requireNonNull(stopReason, "stopReason");
        Objects.requireNonNull(pace, "pace");
        losses = List.copyOf(losses);
        kernelChange = List.copyOf(kernelChange);
    }

    /** Whether the learning rate was above the largest stable one at any measured time. */
    public boolean unstable() {
        return aMaxLargest > 2;
    }

    /** Whether gradient descent was found to be chaotic: its kernel change is reproduced by the very same steps only. */
    public boolean chaotic() {
        return sensitivity >= CHAOTIC;
    }

    /** {@code 2000 steps (max-steps), loss 0.21 to 0.013, kernel change 0.042}; the numbers in full are in the components. */
    @Override
    public String toString() {
        String change = kernelChange.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", kernel change %.4g",
                        kernelChange.get(kernelChange.size() - 1).value());
        return String.format(
                Locale.ROOT,
                "%d steps (%s), loss %.4g to %.4g%s",
                steps,
                stopReason.label(),
                losses.get(0).loss(),
                finalLoss,
                change);
    }

    TrainingResult with(Pace newPace, double newEstimate, double newSensitivity, long newEvaluations) {
        return new TrainingResult(
                steps,
                stopReason,
                losses,
                minLoss,
                kernelChange,
                finalLoss,
                aMaxStart,
                aMaxLargest,
                newPace,
                newEstimate,
                newSensitivity,
                newEvaluations);
    }
}
