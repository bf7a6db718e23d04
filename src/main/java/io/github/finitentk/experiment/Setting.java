package io.github.finitentk.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A setting of a quantity, declared once: its key in specifications, its default, what is allowed and what it means; and its
 * type in code: {@code settings.get(DRAWS)} is an int. Immutable.
 *
 * @param <T> what code sees: String, Integer, Long, Double, Boolean, a list of String, Long or Double, or a constant of an enumeration
 */
public final class Setting<T> {

    /** What specifications hold. */
    enum Type {
        /** A word or a line of text: {@code String}. */
        TEXT,
        /** A whole number: {@code Long}. */
        INTEGER,
        /** A number: {@code Double}. */
        NUMBER,
        /** {@code true} or {@code false}: {@code Boolean}. */
        FLAG,
        /** Words or lines of text, one or a list: {@code List<String>}. */
        TEXTS,
        /** Whole numbers, one, a list or a range: {@code List<Long>}. */
        INTEGERS,
        /** Numbers, one, a list or a range: {@code List<Double>}. */
        NUMBERS
    }

    private final String name;
    private final Type type;
    private final Object fallback;
    private final double min;
    private final double max;
    private final List<String> choices;
    private final String description;
    private final Function<Object, T> reader;

    private Setting(
            String name,
            Type type,
            Object fallback,
            double min,
            double max,
            List<String> choices,
            String description,
            Function<Object, T> reader) {
        this.name = name;
        this.type = type;
        this.fallback = fallback;
        this.min = min;
        this.max = max;
        this.choices = choices;
        this.description = description;
        this.reader = reader;
    }

    /** One of the constants of an enumeration, by its label. */
    public static <E extends Enum<E>> Setting<E> choice(
            String name, E fallback, Function<E, String> label, String description) {
        return choice(
                name, fallback, Arrays.asList(fallback.getDeclaringClass().getEnumConstants()), label, description);
    }

    /**
     * One of these constants of an enumeration, by its label.
     *
     * @param fallback null: the setting is then absent where specifications do not have it
     */
    public static <E extends Enum<E>> Setting<E> choice(
            String name, E fallback, List<E> constants, Function<E, String> label, String description) {
        Objects.requireNonNull(label, "label");
        List<String> labels = constants.stream().map(label).toList();
        return new Setting<>(
                name,
                Type.TEXT,
                fallback == null ? null : label.apply(fallback),
                0,
                0,
                labels,
                description,
                value -> constants.get(labels.indexOf(value)));
    }

    /**
     * Any text, such as the name of a file.
     *
     * @param fallback null: the setting is then absent where specifications do not have it
     */
    public static Setting<String> text(String name, String fallback, String description) {
        return new Setting<>(name, Type.TEXT, fallback, 0, 0, List.of(), description, String.class::cast);
    }

    /** Any texts, such as the names of files; absent where specifications do not have it. */
    public static Setting<List<String>> texts(String name, String description) {
        return new Setting<>(
                name,
                Type.TEXTS,
                null,
                0,
                0,
                List.of(),
                description,
                value -> ((List<?>) value).stream().map(String.class::cast).toList());
    }

    /**
     * A whole number.
     *
     * @param fallback null: the setting is then absent where specifications do not have it
     */
    public static Setting<Integer> integer(String name, Integer fallback, int min, int max, String description) {
        return new Setting<>(
                name,
                Type.INTEGER,
                fallback == null ? null : Long.valueOf(fallback),
                min,
                max,
                List.of(),
                description,
                value -> ((Long) value).intValue());
    }

    /** A whole number that may be large. */
    public static Setting<Long> longInteger(String name, long fallback, long min, long max, String description) {
        return new Setting<>(name, Type.INTEGER, fallback, min, max, List.of(), description, Long.class::cast);
    }

    /**
     * A number.
     *
     * @param fallback null: the setting is then absent where specifications do not have it
     */
    public static Setting<Double> number(String name, Double fallback, double min, double max, String description) {
        return new Setting<>(name, Type.NUMBER, fallback, min, max, List.of(), description, Double.class::cast);
    }

    /** True or false. */
    public static Setting<Boolean> flag(String name, boolean fallback, String description) {
        return new Setting<>(name, Type.FLAG, fallback, 0, 0, List.of(), description, Boolean.class::cast);
    }

    /** Whole numbers. */
    public static Setting<List<Long>> integers(
            String name, List<Long> fallback, long min, long max, String description) {
        return new Setting<>(
                name,
                Type.INTEGERS,
                fallback,
                min,
                max,
                List.of(),
                description,
                value -> ((List<?>) value).stream().map(Long.class::cast).toList());
    }

    /**
     * Numbers.
     *
     * @param fallback null: the setting is then absent where specifications do not have it
     */
    public static Setting<List<Double>> numbers(
            String name, List<Double> fallback, double min, double max, String description) {
        return new Setting<>(
                name,
                Type.NUMBERS,
                fallback,
                min,
                max,
                List.of(),
                description,
                value -> ((List<?>) value).stream().map(Double.class::cast).toList());
    }

    /** Its key in specifications. */
    public String name() {
        return name;
    }

    /** One line. */
    public String description() {
        return description;
    }

    Type type() {
        return type;
    }

    /** The value where specifications have none, as they would have it; null if the setting is then absent. */
    Object fallback() {
        return fallback;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** The words that are allowed; empty if any is. */
    List<String> choices() {
        return choices;
    }

    /** What code sees of a value that has been accepted. */
    T read(Object accepted) {
        return accepted == null ? null : reader.apply(accepted);
    }

    /** Whether its values are numbers. */
    boolean isNumeric() {
        return type != Type.TEXT && type != Type.TEXTS && type != Type.FLAG;
    }

    /** Whether it takes several values. */
    boolean isList() {
        return type == Type.TEXTS || type == Type.INTEGERS || type == Type.NUMBERS;
    }

    /**
     * A value as specifications have it, checked.
     *
     * @param value a String, Long, Double or Boolean, or for lists a List of numbers
     * @throws IllegalArgumentException if it is of another type or out of range
     */
    Object accept(Object value) {
        return switch (type) {
            case TEXT -> word(value);
            case INTEGER -> integer(value);
            case NUMBER -> number(value);
            case FLAG -> {
                if (!(value instanceof Boolean)) {
                    throw problem("must be true or false", value);
                }
                yield value;
            }
            case TEXTS -> list(value).stream().map(this::word).toList();
            case INTEGERS -> list(value).stream().map(this::integer).toList();
            case NUMBERS -> list(value).stream().map(this::number).toList();
        };
    }

    private String word(Object value) {
        if (!(value instanceof String text)) {
            throw problem("must be a word", value);
        }
        if (!choices.isEmpty() && !choices.contains(text)) {
            throw problem("must be one of " + String.join(", ", choices), value);
        }
        return text;
    }

    private Long integer(Object value) {
        double number = number(value);
        if (value instanceof Double && (number != Math.rint(number) || Math.abs(number) > 1L << 53)) {
            throw problem("must be a whole number", value);
        }
        return value instanceof Long whole ? whole : Long.valueOf((long) number);
    }

    private Double number(Object value) {
        if (!(value instanceof Long) && !(value instanceof Double) && !(value instanceof Integer)) {
            throw problem("must be a number", value);
        }
        double number = ((Number) value).doubleValue();
        if (!(number >= min && number <= max)) {
            throw problem("must be " + plain(min) + " to " + plain(max), value);
        }
        return number;
    }

    private List<?> list(Object value) {
        List<?> list = value instanceof List<?> several ? several : List.of(value);
        if (list.isEmpty()) {
            throw new IllegalArgumentException("The list " + name + " is empty.");
        }
        return list;
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
                ? Long.toString((long) bound)
                : Double.toString(bound);
    }

    private IllegalArgumentException problem(String what, Object value) {
        return new IllegalArgumentException(
                name + " " + what + ", not " + (value instanceof String ? "\"" + value + "\"" : value) + ".");
    }
}
