// The activations with their derivatives, one number at a time. The smooth ones repeat the methods of these names in
// Elementary.java and ElementaryFloat.java. The forms are chosen so that both tails of phi and phi' keep relative accuracy,
// and so that infinities give limits instead of 0 * inf; a NaN stays NaN.
#pragma once

#include "ntk/simd/elementary.h"

namespace ntk::NTK_LEVEL {

template <class T>
struct Pair {
    T value;
    T derivative;
};

/// With E = expm1(2|h|): tanh|h| = E / (E + 2) = 1 - 2 / (E + 2) and tanh' = 4 (E + 1) / (E + 2)^2. 1 - tanh^2 would
/// lose every digit of the derivative for large |h|.
struct Tanh {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        T x = magnitude(h) + magnitude(h);
        T e = expm1_nonnegative(at_most(x, Format<T>::kExpLimit));
        T u = T(1) / (e + T(2));
        // Each form where it is the more accurate one; the second reaches exactly 1.
        T value = e < T(2) ? e * u : T(1) - (u + u);
        T derivative = T(4) * (e + T(1)) * u * u;
        return {with_sign_of(value, h), x > Format<T>::kExpLimit ? T(0) : derivative};
    }
};

/// Near 0 a polynomial, outside 1 - erfc with erfc = exp(-h^2) times a polynomial in (|h| - k) / (|h| + k).
struct Erf {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        using F = Format<T>;
        constexpr T kTwoBySqrtPi = T(0x1.20dd750429b6dp0);
        T x = at_most(magnitude(h), F::kErfClamp);
        T e = exp_minus_square(T(1), x);
        T outside = at_most(x, F::kErfTop);
        T u = T(1) / (outside + F::kErfShift);
        T large = T(1) - e * (u * erfc_outer((outside - F::kErfShift) * u));
        T small = x + x * erf_centre(x * x);
        return {with_sign_of(x < F::kErfSplit ? small : large, h), kTwoBySqrtPi * e};
    }
};

/// With M = exp(h^2/2) Phi(-|h|): Phi(-|h|) = exp(-h^2/2) M, phi'(-|h|) = exp(-h^2/2) (M - |h| / sqrt(2 pi)), and
/// phi'(h) = 1 - phi'(-h). Near 0 the rounding error of (|h| - k) / (|h| + k) would cost 7 ulp: there Phi has a
/// polynomial of its own. The derivative has a zero at h = -0.7518: near it the error is absolute, not relative.
struct Gelu {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        using F = Format<T>;
        constexpr T kInverseSqrtTwoPi = T(0x1.9884533d43651p-2);
        constexpr T kSplit = T(0.75);
        T x = at_most(magnitude(h), F::kGaussClamp);
        T e = exp_minus_square(T(0.5), x);
        T u = T(1) / (x + F::kMillsShift);
        T mills = u * mills_tail((x - F::kMillsShift) * u);
        T centre = T(0.5) - x * normal_centre(x * x);
        T lower = x < kSplit ? centre : e * mills;
        T slope = x < kSplit ? centre - e * (kInverseSqrtTwoPi * x) : e * (mills - kInverseSqrtTwoPi * x);
        return {h < T(0) ? -(x * lower) : h * (T(1) - lower), h < T(0) ? slope : T(1) - slope};
    }
};

struct Sin {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        using F = Format<T>;
        // In single precision too the reduction runs in double: 24 bits can't hold n pi/2 exactly.
        QuarterTurns turns = reduce_quarter_turns(double(h));
        T r = T(turns.r);
        T s = sin_reduced(r);
        T c = cos_reduced(r);
        auto quarter = static_cast<typename F::Bits>(turns.quarter);
        constexpr int kToSign = int(8 * sizeof(T)) - 2;
        T value = (quarter & 1) ? c : s;
        T derivative = (quarter & 1) ? s : c;
        return {from_bits<T>(to_bits(value) ^ ((quarter & 2) << kToSign)),
                from_bits<T>(to_bits(derivative) ^ (((quarter + 1) & 2) << kToSign))};
    }
};

/// With e = exp(-|h|): 1 / (1 + e) or e / (1 + e); derivative e / (1 + e)^2.
struct Sigmoid {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        T e = exp_nonpositive(-magnitude(h), T(0));
        T u = T(1) / (T(1) + e);
        T v = e * u;
        return {h < T(0) ? v : u, v * u};
    }
};

/// max(h, 0) + log1p(e) with e = exp(-|h|); derivative the sigmoid. log1p(e) = e - s (e - z q(z)) with s = e / (2 + e),
/// z = s^2: the rounding error of s enters with a factor below 1/2.
struct Softplus {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        T e = exp_nonpositive(-magnitude(h), T(0));
        T sum = T(1) + e;
        T next = T(2) + e;
        // One division for both quotients.
        T inverse = T(1) / (sum * next);
        T u = next * inverse;
        T s = e * (sum * inverse);
        T z = s * s;
        T log1p = e - s * (e - z * log1p_tail(z));
        return {(h > T(0) ? h : T(0)) + log1p, h < T(0) ? e * u : u};
    }
};

/// h sigmoid(h); derivative sigmoid(h) (1 + h sigmoid(-h)), whose zero at h = -1.2785 has absolute accuracy only.
struct Silu {
    template <class T>
    NTK_INLINE Pair<T> at(T h) {
        using F = Format<T>;
        T e = exp_nonpositive(-magnitude(h), T(0));
        T u = T(1) / (T(1) + e);
        T v = e * u;
        T below = at_least(h, -T(2) * F::kExpLimit);
        T inside = at_most(below, T(2) * F::kExpLimit);
        T sigmoid = h < T(0) ? v : u;
        T mirrored = h < T(0) ? u : v;
        return {below * sigmoid, sigmoid * (T(1) + inside * mirrored)};
    }
};

/// A zero slope gives 0 even at an infinity, where slope * h would be NaN.
template <class T>
NTK_INLINE Pair<T> piecewise_linear(T h, T a, T b) {
    T slope = h > T(0) ? b : a;
    T product = slope * h;
    return {slope == T(0) && h == h ? T(0) : product, slope};
}

}  // namespace ntk::NTK_LEVEL
