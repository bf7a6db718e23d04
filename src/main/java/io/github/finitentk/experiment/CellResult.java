package io.github.finitentk.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What became of one cell.
 *
 * @param status how it ended
 * @param reason why it failed or diverged, or a few words on how the numbers were obtained; may be null
 * @param values by column, of the types that {@link Column.Type} states; null where there is none
 * @param seconds the time of the computation alone; of cells computed together, each has its share
 */
public record CellResult(Status status, String reason, List<Object> values, double seconds) {

    /** How a cell ended. */
    public enum Status {
        /** With numbers. */
        OK,
        /** Some number exceeds its precision; the others are as good as they can be. */
        DIVERGED,
        /** Without numbers; the reason says why. */
        FAILED
    }

    public CellResult {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** A cell with numbers. */
    public static CellResult ok(double seconds, Object... values) {
        return new CellResult(Status.OK, null, Arrays.asList(values), seconds);
    }

    /** A cell without numbers: diverged if they exceed the range of a double, else failed. */
    static CellResult failed(Throwable problem, int columns, double seconds) {
        String message = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        Status status = problem instanceof ArithmeticException ? Status.DIVERGED : Status.FAILED;
        return new CellResult(status, message, Collections.nCopies(columns, null), seconds);
    }
}
