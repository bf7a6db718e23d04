package io.github.finitentk.store;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.internal.files.Sentence;
import java.nio.file.Path;
import java.util.Optional;

/** A run file cannot be used; the message is one sentence that names it and says why. What it held is as it was. */
public class RunFileException extends CellStore.StoreException {

    public RunFileException(String message) {
        super(Sentence.of(message));
    }

    /** A new run was to be made where there is a file. */
    public static final class Exists extends RunFileException {
        Exists(Path path) {
            super("The run file " + path + " exists.");
        }
    }

    /** The file holds the run of another specification. */
    public static final class OtherSpecification extends RunFileException {
        OtherSpecification(Path path, String difference) {
            super("The run file " + path + " was started with another specification: " + difference + ".");
        }
    }

    /** The file holds another shard of the sweep, or is about all of it. */
    public static final class OtherShard extends RunFileException {
        OtherShard(Path path, Shard there, Shard wanted) {
            super("The run file " + path + " is about " + words(there) + ", not " + words(wanted) + ".");
        }

        private static String words(Shard shard) {
            return shard.isWhole() ? "all of its sweep" : "shard " + shard;
        }
    }

    /** The file's run is not finished, and numbers of another kind would come into it here: their last digits depend on the processor. */
    public static final class OtherProcessor extends RunFileException {
        OtherProcessor(Path path, String reason, String begunBy) {
            super("The run file " + path + " was begun by " + begunBy
                    + " and has to be finished there, because the last digits of its results depend on the processor: "
                    + reason + ".");
        }
    }

    /** The file was deleted, moved or replaced while it was written. */
    public static final class Displaced extends RunFileException {

        private final Path copy;

        /** @param copy null if there is none */
        Displaced(Path path, int cells, Path copy) {
            super("The run file " + path + " was deleted, moved or replaced while it was written; "
                    + (cells == 0
                            ? "it held no cell yet."
                            : "its " + cells + " cells "
                                    + (copy == null ? "could not be saved." : "are in " + copy + " now.")));
            this.copy = copy;
        }

        /** The run file that has all its cells now; empty if there were none, or they could not be saved. */
        public Optional<Path> copy() {
            return Optional.ofNullable(copy);
        }
    }
}
