package io.github.finitentk.experiment;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The columns of a quantity and how each is read off a result, in the order of its table:
 *
 * <pre>
 * static final Column&lt;Double&gt; RATIO = Column.real("ratio", "E[Theta^2] / E[Theta]^2");
 *
 * static final Columns&lt;RatioEstimate&gt; COLUMNS = new Columns&lt;RatioEstimate&gt;()
 *         .with(RATIO, RatioEstimate::ratio)
 *         .with(Column.text("method", "the method that was used"), estimate -&gt; estimate.method().label());
 * </pre>
 *
 * A reader that gives another type than its column holds does not compile. Immutable.
 *
 * @param <R> what is computed for a cell
 */
public final class Columns<R> extends AbstractList<Column<?>> {

    private final List<Map.Entry<Column<?>, Function<? super R, ?>>> readers;

    /** None yet. */
    public Columns() {
        this(List.of());
    }

    private Columns(List<Map.Entry<Column<?>, Function<? super R, ?>>> readers) {
        this.readers = readers;
    }

    /**
     * These columns and one more.
     *
     * @param value reads it off a result; null, or NaN for reals, if it is missing
     * @throws IllegalArgumentException if there is a column of that name already
     */
    public <T> Columns<R> with(Column<T> column, Function<? super R, ? extends T> value) {
        if (stream().anyMatch(known -> known.name().equals(column.name()))) {
            throw new IllegalArgumentException("There is a column " + column.name() + " already.");
        }
        List<Map.Entry<Column<?>, Function<? super R, ?>>> more = new ArrayList<>(readers);
        more.add(Map.entry(column, value));
        return new Columns<>(List.copyOf(more));
    }

    /** The same columns, read off something that has such a result. */
    public <S> Columns<S> of(Function<S, ? extends R> part) {
        List<Map.Entry<Column<?>, Function<? super S, ?>>> lifted = new ArrayList<>();
        for (Map.Entry<Column<?>, Function<? super R, ?>> reader : readers) {
            Function<? super R, ?> value = reader.getValue();
            lifted.add(Map.entry(reader.getKey(), whole -> value.apply(part.apply(whole))));
        }
        return new Columns<>(List.copyOf(lifted));
    }

    @Override
    public Column<?> get(int index) {
        return readers.get(index).getKey();
    }

    @Override
    public int size() {
        return readers.size();
    }

    /** What they read off a result, in their order; null where it is missing. */
    public List<Object> values(R result) {
        List<Object> values = new ArrayList<>(size());
        readers.forEach(reader -> values.add(reader.getValue().apply(result)));
        return values;
    }

    /** What the column at a place reads off a result. */
    Object value(int index, R result) {
        return readers.get(index).getValue().apply(result);
    }

    /**
     * The row of a cell with these numbers.
     *
     * @param reason why it diverged, or a few words on how the numbers were obtained; may be null
     * @param seconds the time of the computation alone; of cells computed together, each has its share
     */
    public SweepRow row(Cell cell, SweepRow.Status status, String reason, R result, double seconds) {
        return new SweepRow(cell, status, reason, seconds, this, values(result));
    }

    /** The row of a cell with these numbers, and nothing to say of them. */
    public SweepRow row(Cell cell, R result, double seconds) {
        return row(cell, SweepRow.Status.OK, null, result, seconds);
    }

    /** The row of a cell without numbers: diverged if they exceed the range of a double, else failed. */
    SweepRow failed(Cell cell, Throwable problem, double seconds) {
        String message = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        SweepRow.Status status =
                problem instanceof ArithmeticException ? SweepRow.Status.DIVERGED : SweepRow.Status.FAILED;
        return new SweepRow(cell, status, message, seconds, this, Collections.nCopies(size(), null));
    }
}
