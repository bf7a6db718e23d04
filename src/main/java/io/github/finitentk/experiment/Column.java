package io.github.finitentk.experiment;

import java.util.Locale;
import java.util.Optional;

/**
 * A column of a sweep's table, declared once: its name, symbol, unit and description are what files, exports, figures and
 * pages say of it, and its type is how code reads it: {@code row.get(VarianceQuantity.RATIO)} is a double. How it is read off
 * a result stands beside it in the quantity's {@link Columns}. Immutable; equal to any column of its name and type.
 *
 * @param <T> Double, Long, String or {@code double[]}
 */
public final class Column<T> {

    /** What a column holds; any value may be missing. */
    public enum Type {
        /** A {@code Double}; NaN is a missing one. */
        REAL(Double.class, "real numbers"),
        /** A {@code Long}; truth values are 0 and 1. */
        INTEGER(Long.class, "whole numbers"),
        /** A {@code String}. */
        TEXT(String.class, "texts"),
        /** A {@code double[]}, whose length may differ from cell to cell. */
        REALS(double[].class, "lists of numbers");

        private final Class<?> valueType;
        private final String words;

        Type(Class<?> valueType, String words) {
            this.valueType = valueType;
            this.words = words;
        }

        /** As files name it: {@code real}, {@code integer}, {@code text}, {@code reals}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final Type type;
    private final String symbol;
    private final String unit;
    private final String description;
    private final Column<T> low;
    private final Column<T> high;
    private final Index index;

    /** What the places of a list stand for: its symbol, and the setting or column that holds its values, if there are any. */
    private record Index(String symbol, String valuesIn) {}

    private Column(
            String name,
            Type type,
            String symbol,
            String unit,
            String description,
            Column<T> low,
            Column<T> high,
            Index index) {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("\"" + name
                    + "\" cannot name a column: names are lower-case letters, digits and underscores, a letter first.");
        }
        this.name = name;
        this.type = type;
        this.symbol = symbol;
        this.unit = unit;
        this.description = description;
        this.low = low;
        this.high = high;
        this.index = index;
    }

    /** @throws IllegalArgumentException unless the name is lower-case letters, digits and underscores, a letter first */
    public static Column<Double> real(String name, String description) {
        return declared(name, Type.REAL, description);
    }

    /** @throws IllegalArgumentException as {@link #real} */
    public static Column<Long> integer(String name, String description) {
        return declared(name, Type.INTEGER, description);
    }

    /** @throws IllegalArgumentException as {@link #real} */
    public static Column<String> text(String name, String description) {
        return declared(name, Type.TEXT, description);
    }

    /** @throws IllegalArgumentException as {@link #real} */
    public static Column<double[]> reals(String name, String description) {
        return declared(name, Type.REALS, description);
    }

    /**
     * A column as a file describes it.
     *
     * @throws IllegalArgumentException as {@link #real}
     */
    public static Column<?> of(String name, Type type, String description) {
        return declared(name, type, description);
    }

    private static <T> Column<T> declared(String name, Type type, String description) {
        return new Column<>(name, type, name.replace('_', ' '), "", description, null, null, null);
    }

    /** This column, with its symbol in the markup of figures' labels: {@code $\sigma_w^2$}. */
    public Column<T> withSymbol(String markup) {
        return new Column<>(name, type, markup, unit, description, low, high, index);
    }

    /** This column, with the unit of its values. */
    public Column<T> withUnit(String symbol) {
        return new Column<>(name, type, this.symbol, symbol, description, low, high, index);
    }

    /** This column, whose values come with intervals: the columns that hold the lower and upper ends. */
    public Column<T> withInterval(Column<T> lowerEnd, Column<T> upperEnd) {
        return new Column<>(name, type, symbol, unit, description, lowerEnd, upperEnd, index);
    }

    /** This column of lists, whose places count something: {@code network}, {@code eigenvalue}; in the markup of figures' labels. */
    public Column<T> withIndex(String symbol) {
        return withIndex(symbol, null);
    }

    /**
     * This column of lists, whose places stand for the values of something.
     *
     * @param symbol of that, in the markup of figures' labels: {@code $c_0$}
     * @param valuesIn the name of the setting, or of the column of lists, that holds the values in the same order
     * @throws IllegalStateException if its values are no lists
     */
    public Column<T> withIndex(String symbol, String valuesIn) {
        if (type != Type.REALS) {
            throw new IllegalStateException("The column " + name + " holds no lists, which have an index.");
        }
        return new Column<>(name, type, this.symbol, unit, description, low, high, new Index(symbol, valuesIn));
    }

    /** As in tables: lower case, digits and underscores. */
    public String name() {
        return name;
    }

    public Type type() {
        return type;
    }

    /** What labels of figures and pages say, in their markup: its symbol, or its name in words. */
    public String symbol() {
        return symbol;
    }

    /** Of its values; empty if they are plain numbers. */
    public String unit() {
        return unit;
    }

    /** One line in plain ASCII. */
    public String description() {
        return description;
    }

    /** The column of the lower ends of its intervals, if it has any. */
    public Optional<Column<T>> low() {
        return Optional.ofNullable(low);
    }

    /** The column of the upper ends of its intervals, if it has any. */
    public Optional<Column<T>> high() {
        return Optional.ofNullable(high);
    }

    /** What the places of its lists stand for, in the markup of figures' labels, if that is known: {@code $c_0$}, {@code network}. */
    public Optional<String> index() {
        return Optional.ofNullable(index).map(Index::symbol);
    }

    /** The name of the setting, or of the column, that holds the values of the index, if it has any. */
    public Optional<String> indexValues() {
        return Optional.ofNullable(index).map(Index::valuesIn);
    }

    /** Whether an object may be a value of it. */
    boolean holds(Object value) {
        return value == null || type.valueType.isInstance(value);
    }

    /** A value of it as its own type; a missing real is NaN, another missing value null. */
    @SuppressWarnings("unchecked") // the factories tie T to the type, and holds() has been asked
    T value(Object value) {
        return (T) (value == null && type == Type.REAL ? (Object) Double.NaN : value);
    }

    /** Its name and what it holds, for sentences. */
    String words() {
        return name + " (" + type.words + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Column<?> column && name.equals(column.name) && type == column.type;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return words() + ": " + description;
    }
}
