package io.github.finitentk.experiment;

import io.github.finitentk.sampling.RatioEstimate;

/**
 * A finished {@link VarianceCell}.
 *
 * @param cell the cell
 * @param estimate the moments of {@code Theta(x,x)}, their ratio, and how they were obtained
 * @param seconds the time of the computation alone; of cells that were computed together, each has its share
 */
public record VarianceRow(VarianceCell cell, RatioEstimate estimate, double seconds) {}
