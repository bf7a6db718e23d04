package io.github.finitentk.training;

import io.github.finitentk.internal.compute.DescentState;
import java.util.Locale;

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
