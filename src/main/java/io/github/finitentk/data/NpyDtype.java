package io.github.finitentk.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The number type of an {@code .npy} file: floats of 16, 32 and 64 bits, integers of 8 to 64 bits and truth values (0 and 1),
 * in either byte order, by all names that NumPy has for them, and bfloat16, which NumPy saves as {@code V2}, two bytes without a
 * meaning. All others are refused.
 *
 * @param kind {@code f}, {@code i}, {@code u} or {@code b}, as in NumPy; {@code V} is bfloat16
 * @param bytes of one number
 */
record NpyDtype(char kind, int bytes, ByteOrder order) {

    static final NpyDtype F64 = new NpyDtype('f', 8, ByteOrder.LITTLE_ENDIAN);

    static final NpyDtype F32 = new NpyDtype('f', 4, ByteOrder.LITTLE_ENDIAN);

    /** The largest magnitude up to which a double holds every integer. */
    private static final long MAX_INTEGER = 1L << 53;

    /** NumPy's one-letter codes and names, each after the kind and size that it stands for. */
    private static final String[] SPELLINGS = {
        "f8 d float64 double float",
        "f4 f float32 single",
        "f2 e float16 half",
        "V2 bfloat16",
        "b1 ? bool bool_",
        "i1 b int8 byte",
        "u1 B uint8 ubyte",
        "i2 h int16 short",
        "u2 H uint16 ushort",
        "i4 i int32 intc",
        "u4 I uint32 uintc",
        "i8 q l p n int64 longlong long int int_ intp",
        "u8 Q L P N uint64 ulonglong ulong uint uintp",
    };

    private static final Map<String, String> CODES = codes();

    private static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        for (String line : SPELLINGS) {
            String[] words = line.split(" ");
            for (String word : words) {
                codes.put(word, words[0]);
            }
        }
        return codes;
    }

    /**
     * @param descr NumPy's name such as {@code <f8}, {@code =f8}, {@code f8}, {@code d} or {@code float64}
     * @param name what to call the array in messages
     * @throws DataFormatException naming the dtype and how to convert it
     */
    static NpyDtype parse(String descr, String name) {
        boolean marked = hasMark(descr);
        String type = marked ? descr.substring(1) : descr;
        String code = marked && type.length() > 2 ? null : CODES.get(type); // NumPy marks no long names
        if (code == null) {
            throw refused(name, plainName(descr) + " (dtype '" + descr + "')", conversion(type));
        }
        ByteOrder order = switch (descr.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
        return new NpyDtype(code.charAt(0), code.charAt(1) - '0', order);
    }

    private static boolean hasMark(String descr) {
        return !descr.isEmpty() && "<>|=".indexOf(descr.charAt(0)) >= 0;
    }

    /** A dtype written as a list of named fields. */
    static DataFormatException structured(String name) {
        return refused(name, "records with named fields (a structured dtype)", "save one field, a[\"field\"]");
    }

    /** What the header of a file calls it: {@code <f8}. */
    String descr() {
        return (order == ByteOrder.LITTLE_ENDIAN ? "<" : ">") + kind + bytes;
    }

    /** NumPy's name: {@code float64}, {@code uint8}, {@code bool}. */
    String label() {
        return kind == 'V' ? "bfloat16" : plainName("|" + kind + bytes);
    }

    /**
     * The numbers as doubles, which hold all of them exactly.
     *
     * @param bytes from position 0 on, in {@link #order}
     * @param name what to call the array in messages
     * @throws DataFormatException if an integer is beyond 2^53
     */
    void decode(ByteBuffer bytes, int count, double[] into, int at, String name) {
        switch ("" + kind + this.bytes) {
            case "f8" -> bytes.asDoubleBuffer().get(into, at, count);
            case "f4" -> {
                FloatBuffer floats = bytes.asFloatBuffer();
                for (int k = 0; k < count; k++) {
                    into[at + k] = floats.get(k);
                }
            }
            case "f2" -> fill(into, at, count, k -> half(bytes.getShort(2 * k)));
            case "V2" -> fill(into, at, count, k -> Float.intBitsToFloat(bytes.getShort(2 * k) << 16));
            case "b1" -> fill(into, at, count, k -> bytes.get(k) == 0 ? 0 : 1);
            case "i1" -> fill(into, at, count, bytes::get);
            case "u1" -> fill(into, at, count, k -> bytes.get(k) & 0xff);
            case "i2" -> fill(into, at, count, k -> bytes.getShort(2 * k));
            case "u2" -> fill(into, at, count, k -> bytes.getShort(2 * k) & 0xffff);
            case "i4" -> fill(into, at, count, k -> bytes.getInt(4 * k));
            case "u4" -> fill(into, at, count, k -> bytes.getInt(4 * k) & 0xffffffffL);
            case "i8" -> fill(into, at, count, k -> exact(bytes.getLong(8 * k), false, name));
            default -> fill(into, at, count, k -> exact(bytes.getLong(8 * k), true, name));
        }
    }

    private interface Numbers {
        double get(int index);
    }

    private static void fill(double[] into, int at, int count, Numbers numbers) {
        for (int k = 0; k < count; k++) {
            into[at + k] = numbers.get(k);
        }
    }

    private static double exact(long value, boolean unsigned, String name) {
        if (value > MAX_INTEGER || value < (unsigned ? 0 : -MAX_INTEGER)) {
            throw new DataFormatException(name + " holds the integer "
                    + (unsigned ? Long.toUnsignedString(value) : Long.toString(value))
                    + ", but only those up to 2^53 = "
                    + MAX_INTEGER + " in magnitude are read: beyond, a float64 does not hold every integer.");
        }
        return value;
    }

    // IEEE 754 binary16: 5 bits of exponent, 10 of the fraction.
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude;
        if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            magnitude = exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(fraction + 0x400, exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    private static DataFormatException refused(String name, String found, String conversion) {
        return new DataFormatException(name + " holds " + found
                + "; only floats and integers of at most 64 bits and truth values are read: " + conversion + ".");
    }

    private static String plainName(String descr) {
        if (!hasMark(descr)) {
            return descr.matches("[A-Za-z][0-9]{1,4}") ? plainName("|" + descr) : "an unknown type";
        }
        if (descr.length() < 2) {
            return "an unknown type";
        }
        String size = descr.substring(2);
        String bits = size.matches("[0-9]{1,4}") ? Integer.toString(8 * Integer.parseInt(size)) : "";
        switch (descr.charAt(1)) {
            case 'b', '?':
                return "bool";
            case 'i':
                return "int" + bits;
            case 'u':
                return "uint" + bits;
            case 'f':
                return "float" + bits;
            case 'c':
                return "complex" + bits;
            case 'O':
                return "Python objects";
            case 'S', 'a':
                return "byte strings";
            case 'U':
                return "strings";
            case 'M', 'm':
                return "dates or times";
            case 'V':
                return "raw bytes";
            default:
                return "an unknown type";
        }
    }

    private static String conversion(String type) {
        if (type.startsWith("O")) {
            return "save each array that is in it by itself, as numpy.savez(file, a=..., b=...) does";
        }
        return type.startsWith("c")
                ? "save its real part, a.real.astype(\"float64\")"
                : "convert it with a.astype(\"float64\") before saving";
    }
}
