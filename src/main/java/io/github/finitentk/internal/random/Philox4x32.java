package io.github.finitentk.internal.random;

/**
 * The counter-based generator Philox 4x32-10: a keyed bijection of 128-bit counters that passes the usual statistical
 * batteries. Any number of a stream can be computed alone, so results depend neither on order nor on threads.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, <i>Parallel random numbers: as easy as 1, 2, 3</i>, SC 2011. The native core
 * runs the same generator.
 */
public final class Philox4x32 {

    static final long MULTIPLIER_0 = 0xD2511F53L;
    static final long MULTIPLIER_1 = 0xCD9E8D57L;
    static final int WEYL_0 = 0x9E3779B9;
    static final int WEYL_1 = 0xBB67AE85;
    static final int ROUNDS = 10;

    private static final long LOW_WORD = 0xffffffffL;

    private Philox4x32() {}

    /** The four output words of one counter (four words) and key (two words). */
    public static int[] words(int[] counter, int[] key) {
        if (counter.length != 4 || key.length != 2) {
            throw new IllegalArgumentException("Philox 4x32 takes four counter words and two key words, not "
                    + counter.length + " and " + key.length + ".");
        }
        int c0 = counter[0];
        int c1 = counter[1];
        int c2 = counter[2];
        int c3 = counter[3];
        int k0 = key[0];
        int k1 = key[1];
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & LOW_WORD);
            long product1 = MULTIPLIER_1 * (c2 & LOW_WORD);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new int[] {c0, c1, c2, c3};
    }

    /**
     * Words 0 and 1 (in {@code low}) and 2 and 3 (in {@code high}) of {@code count} consecutive blocks; the earlier
     * word of a pair is its lower half.
     */
    static void blocks(long key, long network, int stream, long firstBlock, int count, long[] low, long[] high) {
        for (int i = 0; i < count; i++) {
            long block = firstBlock + i;
            // The upper halves hold garbage between rounds; only the multiplications need clean words.
            long c0 = block;
            long c1 = ((block >>> 32) << 24) | stream;
            long c2 = network;
            long c3 = network >>> 32;
            int k0 = (int) key;
            int k1 = (int) (key >>> 32);
            for (int round = 0; round < ROUNDS; round++) {
                long product0 = MULTIPLIER_0 * (c0 & LOW_WORD);
                long product1 = MULTIPLIER_1 * (c2 & LOW_WORD);
                c0 = (product1 >>> 32) ^ c1 ^ k0;
                c1 = product1;
                c2 = (product0 >>> 32) ^ c3 ^ k1;
                c3 = product0;
                k0 += WEYL_0;
                k1 += WEYL_1;
            }
            low[i] = (c0 & LOW_WORD) | (c1 << 32);
            high[i] = (c2 & LOW_WORD) | (c3 << 32);
        }
    }
}
