#pragma once

// Numbers beyond the range of a double: mantissa times a power of two. Theta grows like chi_1^L and leaves the doubles in
// deep chaotic networks. Scaled.java repeats these statements.

#include <bit>
#include <cstdint>

namespace ntk {

// 2^k as a normal double; 0 below that range, which is where a term no longer counts.
inline double power_of_two(int64_t k) {
    if (k < -1022) return 0;
    return std::bit_cast<double>(static_cast<uint64_t>((k > 1023 ? 1023 : k) + 1023) << 52);
}

// The even exponent e with 2^e <= x < 2^(e+2), for normal x > 0. Even, so that square roots scale exactly.
inline int64_t even_exponent(double x) {
    return (static_cast<int64_t>(std::bit_cast<uint64_t>(x) >> 52 & 0x7ff) - 1023) & ~int64_t(1);
}

// mantissa * 2^exponent, nonnegative.
struct Scaled {
    double mantissa = 0;
    int64_t exponent = 0;

    // Adds m 2^e.
    void add(double m, int64_t e) {
        if (m == 0) return;
        if (mantissa == 0 || e > exponent) {
            mantissa = mantissa * power_of_two(exponent - e) + m;
            exponent = e;
        } else {
            mantissa += m * power_of_two(e - exponent);
        }
    }

    // Brings the mantissa back to the middle of the doubles when it has come far from it.
    void normalize() {
        if (mantissa > 0x1p300 || (mantissa < 0x1p-300 && mantissa > 0)) {
            if (mantissa > 0x1.fffffffffffffp1023) return;  // infinite
            int64_t shift = 0;
            if (mantissa < 0x1p-1000) {
                mantissa *= 0x1p100;
                shift = -100;
            }
            const int64_t e = even_exponent(mantissa);
            mantissa *= power_of_two(-e);
            exponent += e + shift;
        }
    }
};

}  // namespace ntk
