package io.github.finitentk.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the header of an {@code .npy} file says: the number type, the order of the elements and the shape.
 *
 * @param start where the elements begin, in bytes from the beginning of the file
 */
record NpyHeader(NpyDtype dtype, boolean fortranOrder, long[] shape, long start) {

    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** NumPy starts the elements at a multiple of this many bytes. */
    private static final int ALIGNMENT = 64;

    /** NumPy reserves room for this many digits of the first length, so that a file can be appended to in place. */
    private static final int GROWTH_DIGITS = 21;

    /** The bytes the elements take in the file; {@code Long.MAX_VALUE} where they are more than that. */
    long dataBytes() {
        if (Arrays.stream(shape).anyMatch(length -> length == 0)) {
            return 0;
        }
        long bytes = dtype.bytes();
        for (long length : shape) {
            if (bytes > Long.MAX_VALUE / length) {
                return Long.MAX_VALUE;
            }
            bytes *= length;
        }
        return bytes;
    }

    /**
     * The shape of what a Java array is to hold.
     *
     * @param name what to call the array in messages
     * @throws DataFormatException if it does not
     */
    int[] arrayShape(String name) {
        int[] lengths = new int[shape.length];
        for (int d = 0; d < lengths.length; d++) {
            if (shape[d] > NpyArray.MAX_ELEMENTS) {
                throw tooLong(Long.toString(shape[d]), name);
            }
            lengths[d] = (int) shape[d];
        }
        if (NpyArray.elementCount(lengths) < 0) {
            throw new DataFormatException(name + " declares shape " + shapeText() + ", more than the "
                    + NpyArray.MAX_ELEMENTS + " numbers one array can hold.");
        }
        return lengths;
    }

    static DataFormatException tooLong(String digits, String name) {
        return new DataFormatException(name + " declares a length of " + digits
                + " in its shape; the largest length allowed is " + NpyArray.MAX_ELEMENTS + ".");
    }

    /** As Python writes it: {@code (2, 3)}. */
    String shapeText() {
        return NpyArray.shapeText(shape);
    }

    /** The whole header, magic included, of an array in C order, byte for byte as NumPy writes it. */
    static byte[] format(NpyDtype dtype, long... shape) {
        StringBuilder text = new StringBuilder("{'descr': '")
                .append(dtype.descr())
                .append("', 'fortran_order': False, 'shape': ")
                .append(NpyArray.shapeText(shape))
                .append(", }");
        if (shape.length > 0) {
            text.append(" ".repeat(GROWTH_DIGITS - Long.toString(shape[0]).length()));
        }
        int prefix = MAGIC.length + 4;
        // a header that already ends on the boundary gets a whole block of padding, as in NumPy
        text.append(" ".repeat(ALIGNMENT - (prefix + text.length() + 1) % ALIGNMENT));
        text.append('\n');
        byte[] header = new byte[prefix + text.length()];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[6] = 1;
        header[7] = 0;
        header[8] = (byte) text.length();
        header[9] = (byte) (text.length() >> 8);
        System.arraycopy(text.toString().getBytes(StandardCharsets.US_ASCII), 0, header, prefix, text.length());
        return header;
    }
}
