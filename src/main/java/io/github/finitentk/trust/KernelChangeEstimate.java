package io.github.finitentk.trust;

import io.github.finitentk.sampling.Interval;
import java.util.Locale;

/**
 * How far training moves the kernel, {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}, on average over networks.
 *
 * @param source where the number comes from
 * @param value the mean over the networks; extrapolated if {@code source} says so; infinite if a network diverged; NaN if
 *     there is none
 * @param interval where the mean lies, 95 %; the upper end is infinite if a network's training did not end within the budget
 * @param exponent of the power of the size that was extrapolated by, NaN if none was
 * @param lowest the smallest of the trained networks' changes
 * @param largest the largest
 * @param networks how many were trained at the largest width or number of samples
 * @param width their largest hidden width
 * @param samples their training inputs
 * @param learningRate mean over them
 * @param steps the largest number taken
 * @param lossShare the mean over networks of final over initial loss
 * @param unfinished networks whose training did not end within the budget; their changes are what they were by then
 * @param diverged networks whose loss or kernel was no longer finite
 * @param sufficient the budget that would measure it at the true size
 */
public record KernelChangeEstimate(
        Source source,
        double value,
        Interval interval,
        double exponent,
        double lowest,
        double largest,
        int networks,
        int width,
        int samples,
        double learningRate,
        long steps,
        double lossShare,
        int unfinished,
        int diverged,
        Budget sufficient) {

    /** Where a number comes from. */
    public enum Source {
        /** Networks of the width that was asked about, on all the data. */
        MEASURED,
        /** Such networks on two smaller numbers of samples. */
        FEWER_SAMPLES,
        /** Networks of two smaller widths, both within the theory's regime. */
        SMALLER_WIDTHS,
        /** Nothing that was within the budget says anything. */
        NONE;

        /** {@code measured}, {@code fewer-samples}, {@code smaller-widths} or {@code none}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Whether networks of the size asked about were trained to the end. */
    public boolean answered() {
        return source == Source.MEASURED && unfinished == 0;
    }
}
