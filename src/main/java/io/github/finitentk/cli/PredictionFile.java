package io.github.finitentk.cli;

import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Targets;
import java.nio.file.Path;
import java.util.List;

/** The file that predictions go to, {@code T x K}, as its ending says. */
final class PredictionFile {

    private static final List<String> ENDINGS = List.of("", "npy", "csv");

    private final Destination destination;

    /**
     * @param used the other files of the command
     * @throws IllegalArgumentException if nothing can be written there, or the ending is no format of predictions
     */
    PredictionFile(Path output, GlobalOptions options, Path... used) {
        destination = Destination.of(output, options, used).besideJson();
        if (!ENDINGS.contains(destination.ending())) {
            throw new IllegalArgumentException(
                    "Predictions are written as .npy or .csv, but " + output + " ends in neither of them.");
        }
    }

    /** Whether the predictions take standard output, so that nothing else goes there. */
    boolean isStandardOutput() {
        return destination.isStandardOutput();
    }

    /** @param predictions {@code T x K} */
    void write(double[][] predictions) {
        Targets rows = Targets.of(predictions); // finite numbers in rows of one length
        NpyArray array = NpyArray.of(rows.toArray(), rows.count(), rows.outputs());
        destination.write(
                "predictions, " + rows.count() + " x " + rows.outputs() + ", float64",
                destination.ending().equals("csv") ? array::writeCsv : array::write);
    }
}
