package io.github.finitentk.trust;

import io.github.finitentk.sampling.Interval;

/**
 * How far eq. (10) with the kernels of random networks is from eq. (10) with {@code Theta*}: determinism, eq. (4), where it is
 * used. Both are predictions for the same network, with the same initial outputs, at the same time t, of inputs that were held
 * out; the unit is the standard deviation of the prediction over networks that eq. (10) gives with {@code Theta*}.
 *
 * @param deviation root mean square over draws and held-out inputs; NaN if no kernel could be drawn within the budget
 * @param interval 95 %
 * @param spread that standard deviation, root mean square over the held-out inputs
 * @param draws kernels
 * @param samples inputs that they were drawn at
 * @param learnable directions of {@code Theta*} that training gets to: {@code t lambda_k/S} is at least 0.1
 * @param noisy those of them in which the kernels differ from {@code Theta*} by more than the eigenvalue:
 *     the root mean square of {@code |(Theta^0 - Theta*) v_k|} exceeds {@code lambda_k}
 */
public record PredictionEstimate(
        double deviation, Interval interval, double spread, int draws, int samples, int learnable, int noisy) {}
