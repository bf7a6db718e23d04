package io.github.finitentk.experiment;

import io.github.finitentk.sampling.RatioEstimate;

/**
 * A finished {@link VarianceCell}.
 *
 * @param cell the cell
 * @param method how it was computed, as on the command line
 * @param estimate the moments of {@code Theta(x,x)} and their ratio
 * @param seconds the time of the computation alone
 */
public record VarianceRow(VarianceCell cell, String method, RatioEstimate estimate, double seconds) {}
