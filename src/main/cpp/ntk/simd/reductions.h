// Sums over the units of one layer, for the samplers that draw no weights. Eight partial sums in a fixed order, lane j
// taking units j, j + 8, j + 16, …: every SIMD level and Java then give the same bits.
#pragma once

#include <cstdint>

#include "ntk/simd/elementary.h"

namespace ntk::NTK_LEVEL {

constexpr std::int64_t kSumLanes = 8;
using SumLanes = double __attribute__((vector_size(kSumLanes * sizeof(double))));

NTK_INLINE SumLanes load(const double* p) {
    SumLanes lanes;
    __builtin_memcpy(&lanes, p, sizeof lanes);
    return lanes;
}

/// The last, incomplete lanes; the missing units count as 0, which changes no sum.
NTK_INLINE SumLanes load_rest(const double* p, std::int64_t n) {
    double rest[kSumLanes] = {};
    for (std::int64_t j = 0; j < n; j++) rest[j] = p[j];
    return load(rest);
}

NTK_INLINE double total(SumLanes s) { return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7])); }

[[maybe_unused]] static double dot(std::int64_t n, const double* x, const double* y) {
    SumLanes sum{};
    std::int64_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes) sum += load(x + i) * load(y + i);
    if (i < n) sum += load_rest(x + i, n - i) * load_rest(y + i, n - i);
    return total(sum);
}

struct ChainSums {
    SumLanes projection{};
    SumLanes square{};

    NTK_INLINE void add(ChainSums& sums, SumLanes normals, SumLanes values, SumLanes slopes, SumLanes noise, double factor) {
        SumLanes delta = slopes * (noise + factor * values);
        sums.projection += normals * delta;
        sums.square += delta * delta;
    }
};

[[maybe_unused]] static void chain_sums(std::int64_t n, const double* normals, const double* values, const double* slopes,
                                        const double* noise, double factor, double* sums) {
    ChainSums s;
    std::int64_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes) {
        ChainSums::add(s, load(normals + i), load(values + i), load(slopes + i), load(noise + i), factor);
    }
    if (i < n) {
        std::int64_t rest = n - i;
        ChainSums::add(s, load_rest(normals + i, rest), load_rest(values + i, rest), load_rest(slopes + i, rest),
                       load_rest(noise + i, rest), factor);
    }
    sums[0] = total(s.projection);
    sums[1] = total(s.square);
}

/// The nine sums of the Rao-Blackwell recursion, in the order of LayerSums (moment_forms.h).
struct MomentSums {
    static constexpr int kCount = 9;
    SumLanes sums[kCount] = {};

    NTK_INLINE void add(MomentSums& s, SumLanes z, SumLanes x, SumLanes slope) {
        SumLanes p = slope * slope;
        SumLanes x2 = x * x;
        SumLanes px2 = p * x2;
        SumLanes b = z * slope;
        SumLanes b2 = b * b;
        SumLanes bx = b * x;
        s.sums[0] += x2;
        s.sums[1] += p;
        s.sums[2] += p * p;
        s.sums[3] += px2;
        s.sums[4] += p * px2;
        s.sums[5] += bx;
        s.sums[6] += b2;
        s.sums[7] += p * bx;
        s.sums[8] += p * b2;
    }
};

[[maybe_unused]] static void moment_sums(std::int64_t n, const double* normals, const double* values, const double* slopes,
                                         double* sums) {
    MomentSums s;
    std::int64_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes) MomentSums::add(s, load(normals + i), load(values + i), load(slopes + i));
    if (i < n) {
        std::int64_t rest = n - i;
        MomentSums::add(s, load_rest(normals + i, rest), load_rest(values + i, rest), load_rest(slopes + i, rest));
    }
    for (int k = 0; k < MomentSums::kCount; k++) sums[k] = total(s.sums[k]);
}

}  // namespace ntk::NTK_LEVEL
