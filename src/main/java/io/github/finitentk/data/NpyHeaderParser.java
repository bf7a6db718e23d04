package io.github.finitentk.data;

import java.util.Arrays;

/**
 * A strict parser for the text of an {@code .npy} header, a Python dictionary with exactly the keys {@code descr}
 * (string), {@code fortran_order} ({@code True} or {@code False}) and {@code shape} (tuple of integers), in any order,
 * followed by blanks. Nothing else of Python's grammar is accepted.
 */
final class NpyHeaderParser {

    /** NumPy's own limit on the number of dimensions. */
    private static final int MAX_RANK = 64;

    /** Of lengths that are surely within a long. */
    private static final int MAX_DIGITS = 18;

    private final String text;
    private final long start;
    private final String name;
    private int position;

    private NpyDtype dtype;
    private Boolean fortranOrder;
    private long[] shape;

    private NpyHeaderParser(String text, long start, String name) {
        this.text = text;
        this.start = start;
        this.name = name;
    }

    /**
     * @param start where the elements begin
     * @param name what to call the array in messages
     * @throws DataFormatException if the header is malformed, or asks for a number type that is not read
     */
    static NpyHeader parse(String text, long start, String name) {
        return new NpyHeaderParser(text, start, name).header();
    }

    private NpyHeader header() {
        expect('{');
        while (!accept('}')) {
            String key = string();
            expect(':');
            entry(key);
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipBlanks();
        if (position < text.length()) {
            throw malformed("something follows the closing brace");
        }
        requireKey(dtype, "descr");
        requireKey(fortranOrder, "fortran_order");
        requireKey(shape, "shape");
        return new NpyHeader(dtype, fortranOrder, shape, start);
    }

    private void entry(String key) {
        switch (key) {
            case "descr" -> {
                requireFirst(dtype, key);
                skipBlanks();
                if (peek() == '[') {
                    throw NpyDtype.structured(name);
                }
                dtype = NpyDtype.parse(string(), name);
            }
            case "fortran_order" -> {
                requireFirst(fortranOrder, key);
                fortranOrder = truthValue();
            }
            case "shape" -> {
                requireFirst(shape, key);
                shape = tuple();
            }
            default -> throw malformed("the key '" + key + "' is not one of descr, fortran_order and shape");
        }
    }

    private String string() {
        skipBlanks();
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw malformed("a quoted string is missing");
        }
        int start = position + 1;
        int end = text.indexOf(quote, start);
        if (end < 0) {
            throw malformed("a string is not closed");
        }
        String value = text.substring(start, end);
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~' || value.charAt(i) == '\\') {
                throw malformed("a string has a character that does not belong there");
            }
        }
        position = end + 1;
        return value;
    }

    private boolean truthValue() {
        skipBlanks();
        for (boolean value : new boolean[] {true, false}) {
            String word = value ? "True" : "False";
            if (text.startsWith(word, position)) {
                position += word.length();
                return value;
            }
        }
        throw malformed("fortran_order is neither True nor False");
    }

    private long[] tuple() {
        long[] lengths = new long[MAX_RANK];
        int rank = 0;
        boolean comma = true;
        expect('(');
        while (!accept(')')) {
            if (!comma) {
                throw malformed("the shape is not a tuple of integers");
            }
            if (rank == MAX_RANK) {
                throw malformed("the shape has more than " + MAX_RANK + " dimensions");
            }
            lengths[rank++] = length();
            comma = accept(',');
        }
        if (rank == 1 && !comma) {
            throw malformed("the shape is a number in parentheses, not a tuple");
        }
        return Arrays.copyOf(lengths, rank);
    }

    private long length() {
        skipBlanks();
        if (peek() == '-') {
            throw malformed("the shape has a negative length");
        }
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position == start) {
            throw malformed("the shape is not a tuple of integers");
        }
        String digits = text.substring(start, position);
        if (peek() == 'L') {
            position++; // Python 2 marked long integers so
        }
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            throw malformed("the shape has a length with leading zeros");
        }
        if (digits.length() > MAX_DIGITS) {
            throw NpyHeader.tooLong(abbreviated(digits), name);
        }
        return Long.parseLong(digits);
    }

    private static String abbreviated(String digits) {
        return digits.length() <= 30 ? digits : digits.substring(0, 30) + "...";
    }

    private void requireFirst(Object value, String key) {
        if (value != null) {
            throw malformed("the key '" + key + "' appears twice");
        }
    }

    private void requireKey(Object value, String key) {
        if (value == null) {
            throw malformed("the key '" + key + "' is missing");
        }
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw malformed("'" + wanted + "' is missing");
        }
    }

    private boolean accept(char wanted) {
        skipBlanks();
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') {
            position++;
        }
    }

    /** The current character, or NUL (which nothing accepts) at the end. */
    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private DataFormatException malformed(String what) {
        return new DataFormatException(
                name + " has a malformed .npy header: " + what + " (character " + position + " of the dictionary).");
    }
}
