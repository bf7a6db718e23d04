package io.github.finitentk.training;

/**
 * One point of a loss curve.
 *
 * @param step the number of updates before it
 * @param loss the loss in the plan's convention
 */
public record LossPoint(long step, double loss) {}
