package io.github.finitentk.internal.random;

import io.github.finitentk.internal.numeric.Elementary;
import java.util.Objects;

/**
 * The random numbers of one tensor, addressed by (seed, cell, network, layer, tensor) and random access: number
 * {@code i} depends on nothing but the address and {@code i}. The native core draws the same numbers bit for bit.
 *
 * <p>{@link Philox4x32} with key {@link #key(long, long)} and counter words
 *
 * <pre>
 * c0 = block, bits 0-31
 * c1 = layer (bits 0-15) | tensor (bits 16-23) | block, bits 32-39 (bits 24-31)
 * c2, c3 = network, low word first
 * </pre>
 *
 * gives numbers {@code 2 block} and {@code 2 block + 1}. A uniform number is {@code (2 k + 1) 2^-53} with {@code k} the
 * top 52 bits of two words; the normal ones are {@code sqrt(-2 log u) cos(2 pi v)} and {@code sqrt(-2 log u) sin(2 pi v)}
 * (Box and Muller 1958) in double precision, absolute error below 2e-15. Immutable and safe for use by several threads.
 */
public final class NormalStream {

    /** Numbers in a stream: positions are below this. */
    public static final long LENGTH = 1L << 41;

    /** Blocks per batch: their words stay in the first-level cache, and the two loops over them compile well. */
    private static final int BATCH = 256;

    private static final double ROUND = 0x1.8p52;
    private static final double HALF_PI = 0x1.921fb54442d18p0;

    private final long key;
    private final long network;
    private final int stream;

    /**
     * The stream of one tensor.
     *
     * @param key from {@link #key(long, long)}
     * @param network index of the network within its cell
     * @param layer 0 to 65535
     * @param tensor 0 to 255, which tensor of the layer
     */
    public NormalStream(long key, long network, int layer, int tensor) {
        if (layer < 0 || layer > 0xffff || tensor < 0 || tensor > 0xff) {
            throw new IllegalArgumentException("A random stream has layer 0 to 65535 and tensor 0 to 255, not layer "
                    + layer + " and tensor " + tensor + ".");
        }
        this.key = key;
        this.network = network;
        this.stream = layer | tensor << 16;
    }

    /** The key of one cell's streams: the first 64 bits of Philox with the seed as key and the cell as counter. */
    public static long key(long seed, long cell) {
        // The tag ("NTK key\0" as two words) keeps this use of Philox apart from any stream that has the seed as its
        // key.
        int[] counter = {(int) cell, (int) (cell >>> 32), 0x204b544e, 0x0079656b};
        int[] words = Philox4x32.words(counter, new int[] {(int) seed, (int) (seed >>> 32)});
        return (words[0] & 0xffffffffL) | (long) words[1] << 32;
    }

    /** Writes normal numbers {@code first … first + length - 1}, each times {@code scale}. */
    public void fill(double[] out, int offset, int length, long first, double scale) {
        requireRange(out.length, offset, length, first);
        Batches batches = new Batches(first, length);
        while (batches.next()) {
            normals(batches.low, batches.high, batches.count, batches.numbers);
            for (int i = 0; i < batches.length; i++) {
                out[offset + batches.position + i] = scale * batches.numbers[batches.skip + i];
            }
        }
    }

    /** The numbers of {@link #fill(double[], int, int, long, double)}, rounded to single precision. */
    public void fill(float[] out, int offset, int length, long first, double scale) {
        requireRange(out.length, offset, length, first);
        Batches batches = new Batches(first, length);
        while (batches.next()) {
            normals(batches.low, batches.high, batches.count, batches.numbers);
            for (int i = 0; i < batches.length; i++) {
                out[offset + batches.position + i] = (float) (scale * batches.numbers[batches.skip + i]);
            }
        }
    }

    /** Writes numbers {@code first … first + length - 1} before the normal transform: uniform in (0, 1). */
    public void uniforms(double[] out, int offset, int length, long first) {
        requireRange(out.length, offset, length, first);
        Batches batches = new Batches(first, length);
        while (batches.next()) {
            for (int i = 0; i < batches.length; i++) {
                int number = batches.skip + i;
                long word = (number & 1) == 0 ? batches.low[number / 2] : batches.high[number / 2];
                out[offset + batches.position + i] = unitInterval(word);
            }
        }
    }

    /** Writes numbers {@code first, first + 1, ...} before the uniform transform, 64 random bits each. */
    public void words(long[] out, long first) {
        requireRange(out.length, 0, out.length, first);
        Batches batches = new Batches(first, out.length);
        while (batches.next()) {
            for (int i = 0; i < batches.length; i++) {
                int number = batches.skip + i;
                out[batches.position + i] = (number & 1) == 0 ? batches.low[number / 2] : batches.high[number / 2];
            }
        }
    }

    private static void requireRange(int capacity, int offset, int length, long first) {
        Objects.checkFromIndexSize(offset, length, capacity);
        if (first < 0 || first > LENGTH - length) {
            throw new IllegalArgumentException("A random stream has 2^41 numbers; " + length + " numbers from position "
                    + first + " on are not among them.");
        }
    }

    private static double unitInterval(long word) {
        return (Double.longBitsToDouble((word >>> 12) | 0x3ff0000000000000L) - 1.0) + 0x1.0p-53;
    }

    private static void normals(long[] low, long[] high, int count, double[] numbers) {
        for (int i = 0; i < count; i++) {
            double radius = Math.sqrt(-2.0 * Elementary.logPositive(unitInterval(low[i])));
            // 4 v is split into an integer and a rest exactly, so the angle has no reduction error.
            double turns = 4.0 * unitInterval(high[i]);
            double rounded = turns + ROUND;
            long quarter = Double.doubleToRawLongBits(rounded);
            double r = (turns - (rounded - ROUND)) * HALF_PI;
            double s = Elementary.sinReduced(r);
            double c = Elementary.cosReduced(r);
            // Selects by bits: the quadrant is random, and a mispredicted branch costs more than all of this.
            long swap = -(quarter & 1);
            long sBits = Double.doubleToRawLongBits(s);
            long cBits = Double.doubleToRawLongBits(c);
            long difference = (sBits ^ cBits) & swap;
            long x = (cBits ^ difference) ^ (((quarter + 1) & 2) << 62);
            long y = (sBits ^ difference) ^ ((quarter & 2) << 62);
            numbers[2 * i] = radius * Double.longBitsToDouble(x);
            numbers[2 * i + 1] = radius * Double.longBitsToDouble(y);
        }
    }

    /** Walks over the blocks that hold a range of numbers; the range may start and end in the middle of a block. */
    private final class Batches {
        private final long[] low;
        private final long[] high;
        private final double[] numbers;
        private long first;
        private int left;
        private int position;
        private int count;
        private int skip;
        private int length;

        Batches(long first, int left) {
            this.first = first;
            this.left = left;
            int blocks = (int) Math.min(BATCH, left / 2L + 1);
            this.low = new long[blocks];
            this.high = new long[blocks];
            this.numbers = new double[2 * blocks];
        }

        /** Draws the words of the next blocks; false when the range is done. */
        boolean next() {
            position += length;
            first += length;
            left -= length;
            if (left == 0) {
                length = 0;
                return false;
            }
            skip = (int) (first & 1);
            length = Math.min(left, 2 * low.length - skip);
            count = (skip + length + 1) / 2;
            Philox4x32.blocks(key, network, stream, first >>> 1, count, low, high);
            return true;
        }
    }
}
