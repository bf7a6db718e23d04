package io.github.finitentk.store;

import io.github.finitentk.experiment.CellStoreException;

/** A run file cannot be used; the message is one sentence that names it. What it held is as it was. */
public final class RunFileException extends CellStoreException {

    public RunFileException(String message) {
        super(message);
    }
}
