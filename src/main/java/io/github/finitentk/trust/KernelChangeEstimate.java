package io.github.finitentk.trust;

/**
 * How far training moves the kernel, {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}, from a few short training runs.
 *
 * @param value the mean over the networks; infinite if one of them diverged
 * @param lowest the smallest
 * @param largest the largest
 * @param networks how many were trained
 * @param width their largest hidden width; if it is not the network's own, the three values are predictions: measured ones
 *     times {@code width/M}, the law of eq. (3)'s corrections
 * @param predicted whether that is so
 * @param samples training inputs
 * @param learningRate mean over the runs
 * @param steps the largest number taken
 * @param lossShare the mean over networks of final over initial loss
 * @param largestStep the largest {@code eta lambda_max(Theta^t)/S} met; above 2 gradient descent is unstable
 * @param unfinished networks stopped early, since their kernel changes too fast for many steps at once
 * @param diverged networks whose loss or kernel was no longer finite
 */
public record KernelChangeEstimate(
        double value,
        double lowest,
        double largest,
        int networks,
        int width,
        boolean predicted,
        int samples,
        double learningRate,
        long steps,
        double lossShare,
        double largestStep,
        int unfinished,
        int diverged) {}
