package io.github.finitentk.data;

import java.nio.ByteOrder;

/** The number type of an {@code .npy} file: float32 or float64 in either byte order; all others are refused. */
record NpyDtype(int bytes, ByteOrder order) {

    /**
     * @param descr NumPy's name such as {@code <f8}
     * @param name what to call the array in messages
     * @throws DataFormatException naming the dtype and how to convert it
     */
    static NpyDtype parse(String descr, String name) {
        switch (descr) {
            case "<f8":
                return new NpyDtype(8, ByteOrder.LITTLE_ENDIAN);
            case ">f8":
                return new NpyDtype(8, ByteOrder.BIG_ENDIAN);
            case "<f4":
                return new NpyDtype(4, ByteOrder.LITTLE_ENDIAN);
            case ">f4":
                return new NpyDtype(4, ByteOrder.BIG_ENDIAN);
            default:
                throw refused(name, plainName(descr) + " (dtype '" + descr + "')", conversion(descr));
        }
    }

    /** A dtype written as a list of named fields. */
    static DataFormatException structured(String name) {
        return refused(name, "records with named fields (a structured dtype)", "save one field, a[\"field\"]");
    }

    /** {@code float32} or {@code float64}. */
    String label() {
        return bytes == 8 ? "float64" : "float32";
    }

    private static DataFormatException refused(String name, String found, String conversion) {
        return new DataFormatException(
                name + " holds " + found + "; only float32 and float64 are read: " + conversion + ".");
    }

    private static String plainName(String descr) {
        if (descr.length() < 2 || "<>|=".indexOf(descr.charAt(0)) < 0) {
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

    private static String conversion(String descr) {
        return descr.startsWith("c", 1)
                ? "save its real part, a.real.astype(\"float64\")"
                : "convert it with a.astype(\"float64\") before saving";
    }
}
