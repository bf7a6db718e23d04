package io.github.finitentk.experiment;

/** A unit of cells stopped because the run was asked to; its checkpoint, if it saved one, holds what it had. */
public final class CellInterruptedException extends RuntimeException {

    public CellInterruptedException() {
        super("The cell was interrupted.");
    }
}
