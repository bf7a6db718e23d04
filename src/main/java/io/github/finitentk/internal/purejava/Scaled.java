package io.github.finitentk.internal.purejava;

/**
 * A number beyond the range of a double: mantissa times a power of two. Theta grows like {@code chi_1^L} and leaves the
 * doubles in deep chaotic networks. Mutable, because it is the running product or sum of an inner loop; the statements
 * are those of {@code scaled.h}.
 */
final class Scaled {

    private static final int BIAS = 1023;

    double mantissa;
    long exponent;

    Scaled(double mantissa, long exponent) {
        this.mantissa = mantissa;
        this.exponent = exponent;
    }

    /** {@code 2^k} as a normal double; 0 below that range, which is where a term no longer counts. */
    static double powerOfTwo(long k) {
        return k < -1022 ? 0 : Double.longBitsToDouble((Math.min(k, BIAS) + BIAS) << 52);
    }

    /** Adds {@code m 2^e}. */
    void add(double m, long e) {
        if (m == 0) {
            return;
        }
        if (mantissa == 0 || e > exponent) {
            mantissa = mantissa * powerOfTwo(exponent - e) + m;
            exponent = e;
        } else {
            mantissa += m * powerOfTwo(e - exponent);
        }
    }

    /** Brings the mantissa back to the middle of the doubles when it has come far from it; the exponent stays even. */
    void normalize() {
        if (!(mantissa > 0x1p300 || mantissa < 0x1p-300 && mantissa > 0) || mantissa > Double.MAX_VALUE) {
            return;
        }
        long shift = 0;
        if (mantissa < 0x1p-1000) {
            mantissa *= 0x1p100;
            shift = -100;
        }
        long e = Math.getExponent(mantissa) & ~1L;
        mantissa *= powerOfTwo(-e);
        exponent += e + shift;
    }
}
