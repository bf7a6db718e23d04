package io.github.finitentk.internal.numeric;

/**
 * The twin of {@code checksum.h} in the C++ tests: the same inputs and the same sum. Equal constants in both test
 * suites show that the two languages agree bit for bit without calling one another.
 */
public final class Checksums {
    private long hash = 0xcbf29ce484222325L;

    /** FNV-1a, 64 bits, over the little-endian bytes; every NaN counts as the canonical one. */
    public void add(double x) {
        addBytes(Double.doubleToLongBits(x), 8);
    }

    public void add(float x) {
        addBytes(Float.floatToIntBits(x), 4);
    }

    public long value() {
        return hash;
    }

    private void addBytes(long x, int n) {
        for (int i = 0; i < n; i++) {
            hash = (hash ^ ((x >>> (8 * i)) & 0xff)) * 0x100000001b3L;
        }
    }

    /** 200,000 numbers of magnitude up to 2^11 on a logarithmic scale (SplitMix64), then the special ones. */
    public static double[] inputs() {
        double[] special = {
            0.0,
            4.9e-324,
            1e-310,
            1e-300,
            1e-40,
            0.5,
            0.75,
            1.0,
            4.0,
            6.0,
            14.0,
            27.0,
            37.6,
            40.0,
            87.0,
            88.0,
            354.0,
            708.0,
            709.0,
            710.0,
            1e5,
            1.6e6,
            1e9,
            1e15,
            0x1p50,
            1e17,
            3e38,
            1e100,
            1.7e308,
            Double.POSITIVE_INFINITY
        };
        int n = 200_000;
        double[] h = new double[n + 2 * special.length + 1];
        for (int i = 1; i <= n; i++) {
            long x = i * 0x9E3779B97F4A7C15L;
            x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
            x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
            x ^= x >>> 31;
            h[i - 1] = Math.scalb((x >>> 11) * 0x1p-52 - 1, (int) (x & 31) - 20);
        }
        for (int i = 0; i < special.length; i++) {
            h[n + 2 * i] = special[i];
            h[n + 2 * i + 1] = -special[i];
        }
        h[h.length - 1] = Double.NaN;
        return h;
    }
}
