package io.github.finitentk.training;

import java.util.Locale;

/** Why a training ended. */
public enum StopReason {
    /** The loss did not fall by the required amount for the required number of steps ({@link StoppingRule}). */
    EARLY_STOP,
    /** All steps of the plan were taken. */
    MAX_STEPS,
    /** The loss or the kernel was no longer finite. */
    DIVERGED;

    /** {@code early-stop}, {@code max-steps} or {@code diverged}, as in results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
