package io.github.finitentk.store;

import io.github.finitentk.experiment.CellResult;

/**
 * A finished cell of a run file.
 *
 * @param index the cell's place in grid order
 * @param result what became of it
 */
public record StoredRow(int index, CellResult result) {}
