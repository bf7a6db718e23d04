package io.github.finitentk.data;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A strict parser for the header of a {@code .safetensors} file, a JSON object that gives each tensor's name an object with exactly
 * the keys {@code dtype} (a string), {@code shape} (an array of integers) and {@code data_offsets} (two integers), and may have a
 * key {@code __metadata__} with an object of strings, which is skipped. Nothing else of JSON's grammar is accepted.
 */
final class SafetensorsHeader {

    private static final int MAX_RANK = 64;
    private static final int MAX_DIGITS = 18;

    /** The format's names of number types with those of NumPy. */
    private static final Map<String, NpyDtype> DTYPES = Map.ofEntries(
            dtype("BOOL", 'b', 1),
            dtype("I8", 'i', 1),
            dtype("U8", 'u', 1),
            dtype("I16", 'i', 2),
            dtype("U16", 'u', 2),
            dtype("I32", 'i', 4),
            dtype("U32", 'u', 4),
            dtype("I64", 'i', 8),
            dtype("U64", 'u', 8),
            dtype("BF16", 'V', 2),
            dtype("F16", 'f', 2),
            dtype("F32", 'f', 4),
            dtype("F64", 'f', 8));

    /**
     * Where a tensor lies.
     *
     * @param begin its first byte, counted from the end of the header
     * @param end the byte after its last
     */
    record Tensor(NpyDtype dtype, int[] shape, int count, long begin, long end) {}

    private final String text;
    private final String name;
    private int position;

    private SafetensorsHeader(String text, String name) {
        this.text = text;
        this.name = name;
    }

    private static Map.Entry<String, NpyDtype> dtype(String name, char kind, int bytes) {
        return Map.entry(name, new NpyDtype(kind, bytes, ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * @param name what to call the file in messages
     * @return the tensors by name, in the order of the header
     * @throws DataFormatException if the header is malformed, or asks for a number type or size that is not read
     */
    static Map<String, Tensor> parse(String text, String name) {
        return new SafetensorsHeader(text, name).tensors();
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        boolean metadata = false;
        expect('{');
        if (!accept('}')) {
            do {
                String key = string();
                expect(':');
                if (key.equals("__metadata__")) {
                    requireOnce(!metadata, key);
                    metadata = true;
                    skipStrings();
                } else {
                    requireOnce(!tensors.containsKey(key), key);
                    tensors.put(key, tensor(key));
                }
            } while (accept(','));
            expect('}');
        }
        skipBlanks();
        if (position < text.length()) {
            throw malformed("something follows the closing brace");
        }
        return tensors;
    }

    private void skipStrings() {
        expect('{');
        if (!accept('}')) {
            do {
                string();
                expect(':');
                string();
            } while (accept(','));
            expect('}');
        }
    }

    private Tensor tensor(String tensor) {
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        expect('{');
        do {
            String key = string();
            expect(':');
            switch (key) {
                case "dtype" -> {
                    requireOnce(dtype == null, key);
                    dtype = string();
                }
                case "shape" -> {
                    requireOnce(shape == null, key);
                    shape = integers();
                }
                case "data_offsets" -> {
                    requireOnce(offsets == null, key);
                    offsets = integers();
                }
                default -> throw malformed("\"" + key + "\" is not one of dtype, shape and data_offsets");
            }
        } while (accept(','));
        expect('}');
        if (dtype == null || shape == null || offsets == null) {
            throw malformed("\"" + tensor + "\" lacks one of dtype, shape and data_offsets");
        }
        return tensor(tensor, dtype, shape, offsets);
    }

    private Tensor tensor(String tensor, String dtype, long[] lengths, long[] offsets) {
        String label = name + ", tensor \"" + tensor + "\"";
        NpyDtype type = DTYPES.get(dtype);
        if (type == null) {
            throw new DataFormatException(label + " holds numbers of type " + dtype
                    + "; read are F64, F32, F16, BF16, BOOL and integers of 8 to 64 bits: convert it before saving, in PyTorch with"
                    + " .float().");
        }
        int[] shape = new int[lengths.length];
        for (int d = 0; d < shape.length; d++) {
            if (lengths[d] > NpyArray.MAX_ELEMENTS) {
                throw new DataFormatException(label + " declares a length of " + lengths[d]
                        + " in its shape; the largest length allowed is " + NpyArray.MAX_ELEMENTS + ".");
            }
            shape[d] = (int) lengths[d];
        }
        long count = NpyArray.elementCount(shape);
        if (count < 0) {
            throw new DataFormatException(label + " declares shape " + NpyArray.shapeText(shape) + ", more than the "
                    + NpyArray.MAX_ELEMENTS + " numbers one array can hold.");
        }
        if (offsets.length != 2 || offsets[1] - offsets[0] != count * type.bytes()) {
            throw new DataFormatException(label + " of shape " + NpyArray.shapeText(shape) + " and type " + dtype
                    + " takes " + count * type.bytes()
                    + " bytes, which its data_offsets are not apart.");
        }
        return new Tensor(type, shape, (int) count, offsets[0], offsets[1]);
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            if (c < ' ') {
                throw malformed("a string is not closed, or has a control character");
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        switch (c) {
            case '"', '\\', '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw malformed("\\u is not followed by four hexadecimal digits");
                    }
                    code = code << 4 | digit;
                }
                return (char) code;
            default:
                throw malformed("a string has an unknown escape");
        }
    }

    private long[] integers() {
        long[] values = new long[MAX_RANK];
        int count = 0;
        expect('[');
        if (!accept(']')) {
            do {
                if (count == MAX_RANK) {
                    throw malformed("an array has more than " + MAX_RANK + " numbers");
                }
                values[count++] = integer();
            } while (accept(','));
            expect(']');
        }
        return Arrays.copyOf(values, count);
    }

    private long integer() {
        skipBlanks();
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        int digits = position - start;
        if (digits == 0 || digits > MAX_DIGITS || digits > 1 && text.charAt(start) == '0') {
            throw malformed("a nonnegative integer is missing");
        }
        return Long.parseLong(text, start, position, 10);
    }

    private void requireOnce(boolean first, String key) {
        if (!first) {
            throw malformed("\"" + key + "\" appears twice");
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

    private char next() {
        char c = peek();
        position++;
        return c;
    }

    private DataFormatException malformed(String what) {
        return new DataFormatException(
                name + " has a malformed safetensors header: " + what + " (character " + position + ").");
    }
}
