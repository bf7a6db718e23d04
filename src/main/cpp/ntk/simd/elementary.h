// Elementary functions from + - * / sqrt, selects and exponent bits only.
//
// No libm, no fused multiply-add and no fast-math: IEEE 754 then fixes every bit, so that all SIMD levels and the Java
// twins (Elementary.java, ElementaryFloat.java: the same statements in the same order) agree exactly. Everything is
// branch-free, so that plain loops over it vectorise. Included once per level, inside that level's namespace.
//
// An exponential below exp(-708) = 3e-308 (exp(-87) = 2e-38 in single precision) is returned as 0: gradual underflow
// would cost a second scaling, and subnormal numbers are slow.
#pragma once

#include <cstdint>

#define NTK_INLINE static inline __attribute__((always_inline))

namespace ntk::NTK_LEVEL {

#include "ntk/simd/polynomials.h"

template <class T>
struct Format;

template <>
struct Format<double> {
    using Bits = std::uint64_t;
    static constexpr int kMantissaBits = 52;
    static constexpr Bits kSign = 0x8000000000000000;
    static constexpr Bits kOne = 0x3ff0000000000000;
    // Keeps 26 bits of the significand: the square of such a number is exact.
    static constexpr Bits kUpperHalf = 0xfffffffff8000000;
    // Adding this rounds to an integer, whose low bits are then the low bits of the sum.
    static constexpr double kRound = 0x1.8p52;
    static constexpr double kLog2E = 0x1.71547652b82fep0;
    // log(2) = high + low; n * high is exact for |n| < 2^11.
    static constexpr double kLn2High = 0x1.62e42fefa38p-1;
    static constexpr double kLn2Low = 0x1.ef35793c7673p-45;
    static constexpr double kExpLimit = 708.0;
    static constexpr double kErfSplit = 1.0;
    static constexpr double kErfShift = 2.5;
    static constexpr double kErfTop = 6.0;
    static constexpr double kErfClamp = 27.0;
    static constexpr double kMillsShift = 5.0;
    static constexpr double kGaussClamp = 40.0;
};

template <>
struct Format<float> {
    using Bits = std::uint32_t;
    static constexpr int kMantissaBits = 23;
    static constexpr Bits kSign = 0x80000000;
    static constexpr Bits kOne = 0x3f800000;
    static constexpr Bits kUpperHalf = 0xfffff000;
    static constexpr float kRound = 0x1.8p23f;
    static constexpr float kLog2E = 0x1.715476p0f;
    static constexpr float kLn2High = 0x1.62e4p-1f;
    static constexpr float kLn2Low = 0x1.7f7d1cp-20f;
    static constexpr float kExpLimit = 87.0f;
    static constexpr float kErfSplit = 0.75f;
    static constexpr float kErfShift = 2.5f;
    static constexpr float kErfTop = 4.0f;
    static constexpr float kErfClamp = 10.0f;
    static constexpr float kMillsShift = 4.0f;
    static constexpr float kGaussClamp = 14.0f;
};

template <class T>
NTK_INLINE typename Format<T>::Bits to_bits(T x) {
    return __builtin_bit_cast(typename Format<T>::Bits, x);
}

template <class T>
NTK_INLINE T from_bits(typename Format<T>::Bits x) {
    return __builtin_bit_cast(T, x);
}

template <class T>
NTK_INLINE T magnitude(T x) {
    return from_bits<T>(to_bits(x) & ~Format<T>::kSign);
}

template <class T>
NTK_INLINE T with_sign_of(T nonNegative, T x) {
    return from_bits<T>(to_bits(nonNegative) | (to_bits(x) & Format<T>::kSign));
}

/// The smaller one; x if it is NaN.
template <class T>
NTK_INLINE T at_most(T x, T limit) {
    return x > limit ? limit : x;
}

template <class T>
NTK_INLINE T at_least(T x, T limit) {
    return x < limit ? limit : x;
}

/// 2^n for the integer n held in the low bits of rounded = n + kRound, -1022 <= n <= 1023.
template <class T>
NTK_INLINE T power_of_two(T rounded) {
    return from_bits<T>((to_bits(rounded) << Format<T>::kMantissaBits) + Format<T>::kOne);
}

/// exp(x + low) for x <= 0 and |low| much smaller than 1; 0 for x < -kExpLimit.
template <class T>
NTK_INLINE T exp_nonpositive(T x, T low) {
    using F = Format<T>;
    T rounded = x * F::kLog2E + F::kRound;
    T n = rounded - F::kRound;
    T r = (x - n * F::kLn2High) + (low - n * F::kLn2Low);
    T p = r + r * r * expm1_tail(r);
    T scale = power_of_two(rounded);
    T y = scale + scale * p;
    return x < -F::kExpLimit ? T(0) : y;
}

/// expm1(x) for 0 <= x <= kExpLimit.
template <class T>
NTK_INLINE T expm1_nonnegative(T x) {
    using F = Format<T>;
    T rounded = x * F::kLog2E + F::kRound;
    T n = rounded - F::kRound;
    T r = (x - n * F::kLn2High) - n * F::kLn2Low;
    T p = r + r * r * expm1_tail(r);
    T scale = power_of_two(rounded);
    return scale * p + (scale - T(1));
}

/// exp(-factor x^2) with factor 1 or 1/2. Squaring a rounded half exactly keeps the relative error at 1 ulp; a plain
/// x * x would multiply its rounding error by x^2.
template <class T>
NTK_INLINE T exp_minus_square(T factor, T x) {
    T high = from_bits<T>(to_bits(x) & Format<T>::kUpperHalf);
    T low = x - high;
    return exp_nonpositive(-(factor * (high * high)), -(factor * (low * (x + high))));
}

/// log(x) for normal x > 0 (no zero, infinity or NaN).
template <class Doubles>
NTK_INLINE Doubles log_positive(Doubles x) {
    constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
    constexpr std::uint64_t kBias = 1023;
    const auto shifted = to_bits(x) - kSqrtHalf + (kBias << 52);
    // 2^52 + biased exponent, by bits: SSE2 and AVX2 convert no 64-bit integers.
    Doubles n = from_bits<double>((shifted >> 52) | 0x4330000000000000) - (0x1.0p52 + double(kBias));
    Doubles f = from_bits<double>((shifted & 0x000fffffffffffff) + kSqrtHalf) - 1.0;
    Doubles s = f / (2.0 + f);
    Doubles z = s * s;
    Doubles tail = z * log_tail(z);
    using F = Format<double>;
    return n * F::kLn2High - ((s * (f - tail) - n * F::kLn2Low) - f);
}

/// sin and cos of r, |r| <= pi/4 (a few ulp beyond it do no harm).
template <class T>
NTK_INLINE T sin_reduced(T r) {
    T z = r * r;
    return r + r * z * sin_tail(z);
}

template <class T>
NTK_INLINE T cos_reduced(T r) {
    T z = r * r;
    return T(1) + (z * z * cos_tail(z) - T(0.5) * z);
}

/// x reduced to r = x - n pi/2 with |r| <= pi/4; quarter holds n in its low bits.
struct QuarterTurns {
    double r;
    std::uint64_t quarter;
};

/// Cody-Waite reduction: pi/2 in parts of 33, 33 and 53 bits, so that the first two products are exact while
/// |n| < 2^20, i.e. |x| < 1.6e6. Beyond that the argument is in effect perturbed by one or two ulp of x; from 2^50
/// on, where neighbouring doubles are 1/8 radian and more apart, x counts as 0.
NTK_INLINE QuarterTurns reduce_quarter_turns(double x) {
    double inside = magnitude(x) <= 0x1.0p50 ? x : x - x;
    double rounded = inside * 0x1.45f306dc9c883p-1 + 0x1.8p52;
    double n = rounded - 0x1.8p52;
    double a = inside - n * 0x1.921fb544p0;
    double w = n * 0x1.0b4611a6p-34;
    // a - w cancels when x is near a multiple of pi/2: keep its rounding error (Knuth's two-sum).
    double r = a - w;
    double t = r - a;
    double lost = (a - (r - t)) - (w + t);
    r = r + (lost - n * 0x1.3198a2e037073p-69);
    return {at_least(at_most(r, 0.8), -0.8), to_bits(rounded)};
}

}  // namespace ntk::NTK_LEVEL
