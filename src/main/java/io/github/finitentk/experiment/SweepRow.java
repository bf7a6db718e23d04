package io.github.finitentk.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A finished cell and what became of it: a row of a sweep's table. Its columns are those that {@link #COMMON every row has}
 * and those of the quantity; {@link #get} reads any of them. Immutable, except for lists of numbers, which are not to be
 * modified.
 */
public final class SweepRow {

    /** How a cell ended. */
    public enum Status {
        /** With numbers. */
        OK,
        /** Some number exceeds its precision; the others are as good as they can be. */
        DIVERGED,
        /** Without numbers; the reason says why. */
        FAILED;

        /** As files name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there is none of that name */
        public static Status parse(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    public static final Column<String> STATUS = Column.text("status", "ok, diverged or failed");
    public static final Column<String> REASON =
            Column.text("reason", "why it failed, or how the numbers were obtained");
    public static final Column<Double> SECONDS =
            Column.real("seconds", "time of the computation alone").withUnit("s");

    /** The columns of every row, whatever the quantity: the cell's axes, its status and the reason for it, the time. */
    public static final Columns<SweepRow> COMMON = Cell.AXES
            .<SweepRow>of(SweepRow::cell)
            .with(STATUS, row -> row.status.label())
            .with(REASON, SweepRow::reason)
            .with(SECONDS, SweepRow::seconds);

    private final Cell cell;
    private final Status status;
    private final String reason;
    private final double seconds;
    private final List<Column<?>> columns;
    private final List<Object> values;

    /**
     * A row as a store reads it; quantities make theirs with {@link Columns#row}.
     *
     * @param columns of the quantity, shared by all rows
     * @param values one for each of them, null where it is missing; copied, but not the lists in it
     * @throws IllegalArgumentException if a value is not of its column's type, or there is another number of them
     */
    public SweepRow(Cell cell, Status status, String reason, double seconds, List<Column<?>> columns, List<?> values) {
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "A row of " + columns.size() + " columns cannot have " + values.size() + " values.");
        }
        for (int k = 0; k < values.size(); k++) {
            if (!columns.get(k).holds(values.get(k))) {
                throw new IllegalArgumentException(
                        "The column " + columns.get(k).words() + " cannot hold "
                                + values.get(k).getClass().getSimpleName() + " " + values.get(k) + ".");
            }
        }
        this.cell = cell;
        this.status = status;
        this.reason = reason;
        this.seconds = seconds;
        this.columns = columns;
        this.values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    public Cell cell() {
        return cell;
    }

    public Status status() {
        return status;
    }

    /** Why it failed or diverged, or a few words on how the numbers were obtained; may be null. */
    public String reason() {
        return reason;
    }

    /** The time of the computation alone; of cells computed together, each has its share. */
    public double seconds() {
        return seconds;
    }

    /** The columns of the quantity. */
    public List<Column<?>> columns() {
        return columns;
    }

    /**
     * What is in a column, one of the quantity's or of {@link #COMMON}; a missing real is NaN, any other missing value null.
     *
     * @throws IllegalArgumentException if there is no such column, or it holds something else
     */
    public <T> T get(Column<T> column) {
        return column.value(value(column.name(), column.type()));
    }

    private Object value(String name, Column.Type type) {
        for (int k = 0; k < columns.size(); k++) {
            if (columns.get(k).name().equals(name)) {
                requireType(columns.get(k), type);
                return values.get(k);
            }
        }
        for (int k = 0; k < COMMON.size(); k++) {
            if (COMMON.get(k).name().equals(name)) {
                requireType(COMMON.get(k), type);
                return COMMON.value(k, this);
            }
        }
        throw new IllegalArgumentException("There is no column " + name + "; there are "
                + Stream.concat(COMMON.stream(), columns.stream())
                        .map(Column::words)
                        .collect(Collectors.joining(", "))
                + ".");
    }

    private static void requireType(Column<?> column, Column.Type type) {
        if (column.type() != type) {
            throw new IllegalArgumentException(
                    "The column " + column.words() + " cannot be read as " + type.label() + ".");
        }
    }

    /** Whether an integer is there and not 0. */
    public boolean flag(Column<Long> column) {
        Long value = get(column);
        return value != null && value != 0;
    }

    /**
     * A column of real numbers by its name, for those who have names only: {@link #get} with a declared column is checked by
     * the compiler. NaN if it is missing.
     *
     * @throws IllegalArgumentException with one sentence if there is no such column, or it holds something else
     */
    public double real(String column) {
        Double value = (Double) value(column, Column.Type.REAL);
        return value == null ? Double.NaN : value;
    }

    /**
     * A column of whole numbers by its name; 0 if it is missing.
     *
     * @throws IllegalArgumentException as {@link #real}
     */
    public long integer(String column) {
        Long value = (Long) value(column, Column.Type.INTEGER);
        return value == null ? 0 : value;
    }

    /**
     * A column of texts by its name; null if it is missing.
     *
     * @throws IllegalArgumentException as {@link #real}
     */
    public String text(String column) {
        return (String) value(column, Column.Type.TEXT);
    }

    /**
     * A column of lists of numbers by its name; null if it is missing; not to be modified.
     *
     * @throws IllegalArgumentException as {@link #real}
     */
    public double[] reals(String column) {
        return (double[]) value(column, Column.Type.REALS);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SweepRow row
                && Objects.equals(cell, row.cell)
                && status == row.status
                && Objects.equals(reason, row.reason)
                && Double.compare(seconds, row.seconds) == 0
                && columns.equals(row.columns)
                && Arrays.deepEquals(values.toArray(), row.values.toArray());
    }

    @Override
    public int hashCode() {
        return Objects.hash(cell, status, reason, seconds, columns, Arrays.deepHashCode(values.toArray()));
    }

    /** The cell, how it ended and all its numbers by name. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(cell + " " + status.label());
        for (int k = 0; k < values.size(); k++) {
            Object value = values.get(k);
            text.append(' ').append(columns.get(k).name()).append('=');
            text.append(value instanceof double[] list ? Arrays.toString(list) : value);
        }
        return text.toString();
    }
}
