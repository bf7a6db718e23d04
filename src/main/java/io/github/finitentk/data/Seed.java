package io.github.finitentk.data;

import io.github.finitentk.internal.random.NormalStream;
import java.nio.charset.StandardCharsets;

/**
 * Where random numbers come from: equal seeds give equal numbers, bit for bit, on every machine and backend. A seed may be any
 * number. Seeds derived from one seed for different purposes give unrelated numbers.
 *
 * @param value the 64 bits that key the random streams
 */
public record Seed(long value) {

    public static Seed of(long value) {
        return new Seed(value);
    }

    /**
     * The seed of one purpose; the same text always gives the same seed.
     *
     * @param purpose tells random numbers of one use from those of another
     */
    public Seed derive(String purpose) {
        return derive(hash(purpose));
    }

    /**
     * The seed of member {@code index} of a family: the first 64 bits of Philox with this seed as key and the index as
     * counter.
     */
    public Seed derive(long index) {
        return new Seed(NormalStream.key(value, index));
    }

    // 64-bit FNV-1a: stable across versions and machines, which String.hashCode's 32 bits would be too, but short.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public String toString() {
        return "seed " + value;
    }
}
