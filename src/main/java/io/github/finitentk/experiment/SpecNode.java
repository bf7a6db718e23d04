package io.github.finitentk.experiment;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * A part of a specification that knows its place.
 *
 * @param line where it starts, from 1
 * @param column where it starts, from 1
 * @param value a String, BigDecimal (exactly as written) or Boolean, null, a {@code List<SpecNode>} or a
 *     {@code Map<String, SpecNode>} whose values, except scalars in the same line, have the places of their keys
 */
record SpecNode(int line, int column, Object value) {

    private static final int QUOTED_CHARACTERS = 60;

    /** Its entries; null if it is no map. */
    @SuppressWarnings("unchecked")
    Map<String, SpecNode> map() {
        return value instanceof Map<?, ?> ? (Map<String, SpecNode>) value : null;
    }

    /** Its elements; itself alone if it is no list. */
    @SuppressWarnings("unchecked")
    List<SpecNode> list() {
        return value instanceof List<?> ? (List<SpecNode>) value : List.of(this);
    }

    /** Whether it is one value, not a list, a group or nothing. */
    boolean isScalar() {
        return value != null && !(value instanceof List<?>) && map() == null;
    }

    /**
     * Its value as {@link Setting#accept} takes it: numbers are Long if they are written as integers that fit, else
     * Double.
     */
    Object setting() {
        if (value instanceof BigDecimal number) {
            boolean integer = number.scale() == 0 && number.unscaledValue().bitLength() < Long.SIZE;
            return integer ? (Object) number.longValueExact() : (Object) number.doubleValue();
        }
        return value;
    }

    /** The same at another place. */
    SpecNode at(int otherLine, int otherColumn) {
        return new SpecNode(otherLine, otherColumn, value);
    }

    /** As it may be quoted in a sentence. */
    @Override
    public String toString() {
        if (value instanceof List<?>) {
            return "a list";
        }
        if (map() != null) {
            return "a group of keys";
        }
        return value instanceof String text ? "\"" + abbreviated(text) + "\"" : String.valueOf(setting());
    }

    static String abbreviated(String text) {
        return text.length() <= QUOTED_CHARACTERS ? text : text.substring(0, QUOTED_CHARACTERS) + "...";
    }
}
