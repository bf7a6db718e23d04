// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011) over vectors of blocks, and Box-Muller on its output.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "ntk/simd/elementary.h"

namespace ntk::NTK_LEVEL {

// One 32-bit word of the state per 64-bit lane; the upper halves hold garbage that the multiplications ignore. gcc
// turns no portable spelling of this product into the one instruction, hence the intrinsics.
#if defined(__AVX512F__)
using Lanes = std::uint64_t __attribute__((vector_size(64)));
NTK_INLINE Lanes multiply_low_words(Lanes a, Lanes b) {
    // The unmasked intrinsic trips gcc 12's -Wmaybe-uninitialized; an all-ones mask gives the same instruction.
    return (Lanes)_mm512_maskz_mul_epu32(__mmask8(0xff), (__m512i)a, (__m512i)b);
}
#elif defined(__AVX2__)
using Lanes = std::uint64_t __attribute__((vector_size(32)));
NTK_INLINE Lanes multiply_low_words(Lanes a, Lanes b) { return (Lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b); }
#else
using Lanes = std::uint64_t __attribute__((vector_size(16)));
#if defined(__x86_64__)
NTK_INLINE Lanes multiply_low_words(Lanes a, Lanes b) { return (Lanes)_mm_mul_epu32((__m128i)a, (__m128i)b); }
#elif defined(__aarch64__)
NTK_INLINE Lanes multiply_low_words(Lanes a, Lanes b) {
    return (Lanes)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
}
#else
NTK_INLINE Lanes multiply_low_words(Lanes a, Lanes b) { return (a & 0xffffffffu) * (b & 0xffffffffu); }
#endif
#endif

constexpr int kLanes = sizeof(Lanes) / sizeof(std::uint64_t);
constexpr int kUnroll = 2;   // independent vectors in flight: hides the latency of ten dependent multiplications
constexpr int kBatch = 256;  // blocks per batch; their words stay in the first-level cache
static_assert(kBatch % (kLanes * kUnroll) == 0);

/// The random words of blocks first … first + count - 1, rounded up to whole vectors: words 0 and 1 of a block in low,
/// words 2 and 3 in high. The counter is laid out in random.h.
[[maybe_unused]] static void philox_blocks(std::uint64_t key, std::uint64_t network, std::uint64_t stream,
                                           std::uint64_t first, std::int64_t count, std::uint64_t* low,
                                           std::uint64_t* high) {
    const Lanes multiplier0 = Lanes{} + 0xD2511F53u;
    const Lanes multiplier1 = Lanes{} + 0xCD9E8D57u;
    Lanes lane{};
    for (int i = 0; i < kLanes; i++) lane[i] = std::uint64_t(i);
    for (std::int64_t done = 0; done < count; done += kLanes * kUnroll) {
        Lanes c0[kUnroll], c1[kUnroll], c2[kUnroll], c3[kUnroll];
        for (int j = 0; j < kUnroll; j++) {
            Lanes block = lane + (first + std::uint64_t(done) + std::uint64_t(j * kLanes));
            c0[j] = block;
            c1[j] = ((block >> 32) << 24) | stream;
            c2[j] = Lanes{} + network;
            c3[j] = Lanes{} + (network >> 32);
        }
        std::uint32_t k0 = std::uint32_t(key);
        std::uint32_t k1 = std::uint32_t(key >> 32);
        for (int round = 0; round < 10; round++) {
            for (int j = 0; j < kUnroll; j++) {
                Lanes product0 = multiply_low_words(c0[j], multiplier0);
                Lanes product1 = multiply_low_words(c2[j], multiplier1);
                c0[j] = (product1 >> 32) ^ c1[j] ^ std::uint64_t(k0);
                c1[j] = product1;
                c2[j] = (product0 >> 32) ^ c3[j] ^ std::uint64_t(k1);
                c3[j] = product0;
            }
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        for (int j = 0; j < kUnroll; j++) {
            Lanes l = (c0[j] & 0xffffffffu) | (c1[j] << 32);
            Lanes h = (c2[j] & 0xffffffffu) | (c3[j] << 32);
            __builtin_memcpy(low + done + j * kLanes, &l, sizeof l);
            __builtin_memcpy(high + done + j * kLanes, &h, sizeof h);
        }
    }
}

/// (2 k + 1) 2^-53 with k the top 52 bits: uniform on a symmetric grid in (0, 1), never 0 or 1.
NTK_INLINE double unit_interval(std::uint64_t word) {
    return (from_bits<double>((word >> 12) | Format<double>::kOne) - 1.0) + 0x1.0p-53;
}

/// Box-Muller: sqrt(-2 log u) times cos and sin of 2 pi v. 4 v is split into an integer and a rest exactly, so the
/// angle has no reduction error.
NTK_INLINE Pair<double> box_muller(std::uint64_t low, std::uint64_t high) {
    double radius = __builtin_sqrt(-2.0 * log_positive(unit_interval(low)));
    double turns = 4.0 * unit_interval(high);
    double rounded = turns + Format<double>::kRound;
    std::uint64_t quarter = to_bits(rounded);
    double r = (turns - (rounded - Format<double>::kRound)) * 0x1.921fb54442d18p0;
    double s = sin_reduced(r);
    double c = cos_reduced(r);
    double x = (quarter & 1) ? s : c;
    double y = (quarter & 1) ? c : s;
    return {radius * from_bits<double>(to_bits(x) ^ (((quarter + 1) & 2) << 62)),
            radius * from_bits<double>(to_bits(y) ^ ((quarter & 2) << 62))};
}

}  // namespace ntk::NTK_LEVEL
