package io.github.finitentk.data;

import java.nio.charset.StandardCharsets;

/**
 * What the header of an {@code .npy} file says: the number type, the order of the elements and the shape.
 *
 * @param count the product of the shape
 */
record NpyHeader(NpyDtype dtype, boolean fortranOrder, int[] shape, int count) {

    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** NumPy starts the elements at a multiple of this many bytes. */
    private static final int ALIGNMENT = 64;

    /** NumPy reserves room for this many digits of the first length, so that a file can be appended to in place. */
    private static final int GROWTH_DIGITS = 21;

    /** The bytes the elements take in the file. */
    long dataBytes() {
        return (long) count * dtype.bytes();
    }

    /** The whole header, magic included, of a little-endian f64 array in C order, byte for byte as NumPy writes it. */
    static byte[] format(int[] shape) {
        StringBuilder text = new StringBuilder("{'descr': '<f8', 'fortran_order': False, 'shape': ")
                .append(NpyArray.shapeText(shape))
                .append(", }");
        if (shape.length > 0) {
            text.append(" ".repeat(GROWTH_DIGITS - Integer.toString(shape[0]).length()));
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
