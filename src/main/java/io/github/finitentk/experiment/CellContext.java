package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import java.util.Optional;

/** What a {@link Quantity} computes a unit of cells with. Used by one thread, the one that computes the unit. */
public interface CellContext {

    /** Who computes, and the threads that a cell's own loops are spread over; its results must not depend on their number. */
    Engine engine();

    /** The seed of the sweep. */
    Seed seed();

    /** The seed of a cell for one purpose: it depends on the seed of the sweep, the purpose and the parameters of the cell only. */
    default Seed cellSeed(Cell cell, String purpose) {
        return seed().derive(purpose + " " + cell);
    }

    /**
     * The place of the unit's k-th cell among all of the sweep, which tells the rows of one cell apart
     * ({@link Quantity#rowsPerCell}).
     */
    int place(int k);

    /** What this unit saved last, if it was interrupted; computing on from there must give the same result bit for bit. */
    Optional<byte[]> checkpoint();

    /**
     * Saves the state of a unit that takes long, for good; what it saved before is replaced. Worth doing every few seconds.
     *
     * @throws CellStore.StoreException if it cannot be saved
     */
    void checkpoint(byte[] state);

    /**
     * Whether the run is to stop: a unit that takes long then saves a checkpoint and throws
     * {@link CellContext.StoppedException}; one that is nearly done may finish.
     */
    boolean stopRequested();

    /** How much of this unit is done, 0 to 1, for whoever watches. */
    void progress(double fraction);

    /** Computes without a store: there is no checkpoint and no stop, and the unit is the whole sweep. */
    static CellContext of(Engine engine, Seed seed) {
        return new CellContext() {
            @Override
            public Engine engine() {
                return engine;
            }

            @Override
            public Seed seed() {
                return seed;
            }

            @Override
            public int place(int k) {
                return k;
            }

            @Override
            public Optional<byte[]> checkpoint() {
                return Optional.empty();
            }

            @Override
            public void checkpoint(byte[] state) {
                // Nobody will ask for it.
            }

            @Override
            public boolean stopRequested() {
                return false;
            }

            @Override
            public void progress(double fraction) {
                // Nobody watches.
            }
        };
    }

    /** A unit of cells stopped because the run was asked to; its checkpoint, if it saved one, holds what it had. */
    final class StoppedException extends RuntimeException {

        /** With nothing to say but that. */
        public StoppedException() {
            super("The cell was interrupted.");
        }
    }
}
