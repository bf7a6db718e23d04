/**
 * Sweeps: a {@link io.github.finitentk.experiment.Quantity} at every {@link io.github.finitentk.experiment.Cell} of a
 * {@link io.github.finitentk.experiment.Grid}, as a {@link io.github.finitentk.experiment.SweepSpec} says and a
 * {@link io.github.finitentk.experiment.SweepRunner} computes it.
 */
package io.github.finitentk.experiment;
