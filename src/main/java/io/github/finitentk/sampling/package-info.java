/**
 * The kernel of random networks at initialisation: draws of it, its distribution, and the paper's measure of randomness
 * {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2} with intervals that say what they can.
 *
 * <p>{@link io.github.finitentk.sampling.VarianceEstimation} estimates it,
 * {@link io.github.finitentk.sampling.EmpiricalDistribution} describes them. Every result is a function of its arguments and
 * its seed alone: threads, batches and order cannot change a bit of it.
 */
package io.github.finitentk.sampling;
