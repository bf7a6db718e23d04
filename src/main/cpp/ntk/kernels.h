#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "ntk/products.h"

namespace ntk {

/// One step of Adam: the numbers that all parameters share.
template <class T>
struct AdamStep {
    T decay, gain;                // of the gradient's mean
    T second_decay, second_gain;  // of the mean of its square
    T size, scale, epsilon;
};

/// The elementwise kernels in one precision.
template <class T>
struct ElementKernels {
    /// On entry values holds preactivations h, on return phi(h); derivatives, unless null, receives phi'(h).
    /// kind is an ActivationKind; a and b are the slopes of kPiecewiseLinear and ignored by the others.
    /// An unknown kind leaves the arrays alone.
    void (*activate)(int kind, double a, double b, std::int64_t n, T* values, T* derivatives);

    /// Standard normal numbers first … first + n - 1 of a stream (see random.h), each times scale.
    /// The f32 numbers are the f64 ones rounded.
    void (*normals)(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor,
                    std::int64_t first, std::int64_t n, double scale, T* out);

    /// inout *= factor, elementwise.
    void (*multiply)(std::int64_t n, const T* factor, T* inout);

    /// inout_ij *= left_i right_j; row-major without gaps.
    void (*multiply_outer)(std::int64_t rows, std::int64_t cols, const T* left, const T* right, T* inout);

    /// out_i += sum_j in_ij, columns in rising order; row-major without gaps.
    void (*add_columns)(std::int64_t rows, std::int64_t cols, const T* in, T* out);

    /// velocity = momentum velocity + gradient; step -= rate velocity.
    void (*momentum_step)(std::int64_t n, T momentum, T rate, const T* gradient, T* velocity, T* step);

    /// mean = decay mean + gain gradient; square = second_decay square + second_gain gradient^2;
    /// step -= size mean / (scale sqrt(square) + epsilon).
    void (*adam_step)(std::int64_t n, const AdamStep<T>& adam, const T* gradient, T* mean, T* square, T* step);

    /// -y . log softmax(f) of n numbers, in double, where y sums to 1; f is replaced by factor (softmax(f) - y).
    double (*cross_entropy)(std::int64_t n, double factor, const double* y, T* f);

    /// One layer's term of a kernel: theta += delta_gram o (alpha activation_gram + beta), always in double arithmetic.
    /// Row-major; both Grams have leading dimension ld_gram.
    void (*ntk_accumulate)(std::int64_t rows, std::int64_t cols, const T* delta_gram, const T* activation_gram,
                           std::int64_t ld_gram, double alpha, double beta, double* theta, std::int64_t ld_theta);
};

/// The kernels of one SIMD level. Every level gives the same bits, except for the payload of a NaN.
///
/// The functions check nothing: they are called in inner loops by code that has validated its arguments. Arrays of one
/// call must not overlap. All functions are re-entrant.
struct Kernels {
    const char* level;  // its name, one of kernel_levels()

    ElementKernels<float> f32;
    ElementKernels<double> f64;

    const Products& products;

    template <class T>
    const ElementKernels<T>& of() const {
        if constexpr (std::is_same_v<T, float>) {
            return f32;
        } else {
            return f64;
        }
    }

    /// Numbers of the same stream as the normals before the normal transform, uniform in (0, 1): odd multiples of 2^-53.
    void (*uniforms)(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor,
                     std::int64_t first, std::int64_t n, double* out);

    /// The same numbers as 64 random bits each.
    void (*words)(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor,
                  std::int64_t first, std::int64_t n, std::uint64_t* out);

    /// out = factor * in, elementwise.
    void (*scale)(std::int64_t n, double factor, const double* in, double* out);

    // Sums in eight lanes, lane j taking elements j, j + 8, …, added as ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)): the
    // same bits at every level and in Java.

    /// sum x y
    double (*dot)(std::int64_t n, const double* x, const double* y);

    /// With delta = slopes (noise + factor values): sums = [sum normals delta, sum delta^2].
    void (*chain_sums)(std::int64_t n, const double* normals, const double* values, const double* slopes,
                       const double* noise, double factor, double* sums);

    /// With z, x, s one unit's normal, value and slope, p = s^2: sums = [sum x^2, sum p, sum p^2, sum p x^2, sum p^2 x^2,
    /// sum z s x, sum z^2 p, sum z s p x, sum z^2 p^2].
    void (*moment_sums)(std::int64_t n, const double* normals, const double* values, const double* slopes, double* sums);

    /// Numbers kept as value + pending with |pending| at most about half a unit in the last place of value: moves what
    /// has been added to pending since into value, t = value + pending, pending -= t - value, value = t (the
    /// compensated sum of Kahan and Neumaier).
    void (*settle)(std::int64_t n, float* value, float* pending);
};

/// The levels of this build, the best first. x86-64: "v4" (AVX-512), "v3" (AVX2), "v1", its micro-architecture levels;
/// aarch64: "neon"; elsewhere "portable".
std::span<const char* const> kernel_levels();

/// The kernels for this CPU, chosen on the first call. The environment variable NTK_SIMD = (a level's name) lowers the
/// level; any other value, or a level the CPU lacks, throws std::invalid_argument on every call.
const Kernels& kernels();

/// The kernels of one level, or null if the name is unknown or this CPU or operating system can't run them.
const Kernels* kernels_for_level(const char* level);

}  // namespace ntk
