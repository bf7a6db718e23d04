package io.github.finitentk.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A key of a quantity's settings in a specification.
 *
 * @param name the key
 * @param type of its value
 * @param fallback the value where the key is missing, of the type that {@link Type} states; null: the setting is then absent
 * @param min smallest value of numbers
 * @param max largest value of numbers
 * @param choices the words that are allowed; empty if any is
 * @param description one line
 */
public record SettingKey(
        String name, Type type, Object fallback, double min, double max, List<String> choices, String description) {

    /** What a key takes. */
    public enum Type {
        /** A word or a line of text: {@code String}. */
        TEXT,
        /** A whole number: {@code Long}. */
        INTEGER,
        /** A number: {@code Double}. */
        NUMBER,
        /** {@code true} or {@code false}: {@code Boolean}. */
        FLAG,
        /** Whole numbers, one, a list or a range: {@code List<Long>}. */
        INTEGERS,
        /** Numbers, one, a list or a range: {@code List<Double>}. */
        NUMBERS
    }

    /** One of several words. */
    public static SettingKey word(String name, String fallback, List<String> choices, String description) {
        return new SettingKey(name, Type.TEXT, fallback, 0, 0, List.copyOf(choices), description);
    }

    /** One of the constants of an enumeration, by its label. */
    public static <E extends Enum<E>> SettingKey choice(
            String name, E fallback, Function<E, String> label, String description) {
        List<String> labels = Arrays.stream(fallback.getDeclaringClass().getEnumConstants())
                .map(label)
                .toList();
        return word(name, label.apply(fallback), labels, description);
    }

    /** Any text, such as the name of a file. */
    public static SettingKey text(String name, String fallback, String description) {
        return new SettingKey(name, Type.TEXT, fallback, 0, 0, List.of(), description);
    }

    public static SettingKey integer(String name, Long fallback, long min, long max, String description) {
        return new SettingKey(name, Type.INTEGER, fallback, min, max, List.of(), description);
    }

    public static SettingKey number(String name, Double fallback, double min, double max, String description) {
        return new SettingKey(name, Type.NUMBER, fallback, min, max, List.of(), description);
    }

    public static SettingKey flag(String name, boolean fallback, String description) {
        return new SettingKey(name, Type.FLAG, fallback, 0, 0, List.of(), description);
    }

    public static SettingKey integers(String name, List<Long> fallback, long min, long max, String description) {
        return new SettingKey(name, Type.INTEGERS, fallback, min, max, List.of(), description);
    }

    public static SettingKey numbers(String name, List<Double> fallback, double min, double max, String description) {
        return new SettingKey(name, Type.NUMBERS, fallback, min, max, List.of(), description);
    }

    /** Whether it takes several values. */
    public boolean isList() {
        return type == Type.INTEGERS || type == Type.NUMBERS;
    }

    /**
     * A value of the key's type.
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
