// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011) over vectors of blocks, and Box-Muller on its output.
#pragma once

#include "ntk/simd/several.h"

namespace ntk::NTK_LEVEL {

// One 32-bit word of the state per 64-bit number; the upper halves hold garbage that the multiplications ignore.
using Words = Several<std::uint64_t>;

// Products of the low words of a with factor. gcc turns no portable spelling into the one instruction, hence the intrinsics.
NTK_INLINE Words multiply_low_words(Words a, std::uint64_t factor) {
    const Vector<std::uint64_t> factors = all_equal(factor);
    for (Vector<std::uint64_t>& x : a.vectors) {
#if defined(__AVX512F__)
        // The unmasked intrinsic trips gcc 12's -Wmaybe-uninitialized; an all-ones mask gives the same instruction.
        x = (Vector<std::uint64_t>)_mm512_maskz_mul_epu32(__mmask8(0xff), (__m512i)x, (__m512i)factors);
#elif defined(__AVX2__)
        x = (Vector<std::uint64_t>)_mm256_mul_epu32((__m256i)x, (__m256i)factors);
#elif defined(__x86_64__)
        x = (Vector<std::uint64_t>)_mm_mul_epu32((__m128i)x, (__m128i)factors);
#elif defined(__aarch64__)
        x = (Vector<std::uint64_t>)vmull_u32(vmovn_u64((uint64x2_t)x), vmovn_u64((uint64x2_t)factors));
#else
        x = (x & 0xffffffffu) * factors;
#endif
    }
    return a;
}

constexpr int kBatch = 256;  // blocks per batch; their words stay in the first-level cache
static_assert(kBatch % Words::kNumbers == 0);

/// The random words of blocks first … first + count - 1, rounded up to whole Words: words 0 and 1 of a block in low,
/// words 2 and 3 in high. The counter is laid out in random.h.
[[maybe_unused]] static void philox_blocks(std::uint64_t key, std::uint64_t network, std::uint64_t stream,
                                           std::uint64_t first, std::int64_t count, std::uint64_t* low,
                                           std::uint64_t* high) {
    std::uint64_t numbers[Words::kNumbers];
    for (int i = 0; i < Words::kNumbers; i++) numbers[i] = std::uint64_t(i);
    const Words rising = load_several(numbers);
    for (std::int64_t done = 0; done < count; done += Words::kNumbers) {
        const Words block = rising + (first + std::uint64_t(done));
        Words c0 = block, c1 = ((block >> 32) << 24) | stream, c2 = network, c3 = network >> 32;
        std::uint32_t k0 = std::uint32_t(key);
        std::uint32_t k1 = std::uint32_t(key >> 32);
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            const Words product0 = multiply_low_words(c0, 0xD2511F53u);
            const Words product1 = multiply_low_words(c2, 0xCD9E8D57u);
            c0 = (product1 >> 32) ^ c1 ^ std::uint64_t(k0);
            c1 = product1;
            c2 = (product0 >> 32) ^ c3 ^ std::uint64_t(k1);
            c3 = product0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        store(low + done, (c0 & 0xffffffffu) | (c1 << 32));
        store(high + done, (c2 & 0xffffffffu) | (c3 << 32));
    }
}

/// (2 k + 1) 2^-53 with k the top 52 bits: uniform on a symmetric grid in (0, 1), never 0 or 1.
template <class Bits>
NTK_INLINE auto unit_interval(Bits word) {
    // The subtraction is exact.
    return from_bits<double>((word >> 12) | Format<double>::kOne) - (1.0 - 0x1.0p-53);
}

/// Box-Muller: sqrt(-2 log u) times cos and sin of 2 pi v. 4 v is split into an integer and a rest exactly, so the
/// angle has no reduction error.
NTK_INLINE Pair<Several<double>> box_muller(Words low, Words high) {
    using Doubles = Several<double>;
    const Doubles radius = root(-2.0 * log_positive(unit_interval(low)));
    const Doubles turns = 4.0 * unit_interval(high);
    const Doubles rounded = turns + Format<double>::kRound;
    const Words quarter = to_bits(rounded);
    const Doubles r = (turns - (rounded - Format<double>::kRound)) * 0x1.921fb54442d18p0;
    const Doubles s = sin_reduced(r);
    const Doubles c = cos_reduced(r);
    const Doubles x = choose(quarter & 1, s, c);
    const Doubles y = choose(quarter & 1, c, s);
    return {radius * from_bits<double>(to_bits(x) ^ (((quarter + 1) & 2) << 62)),
            radius * from_bits<double>(to_bits(y) ^ ((quarter & 2) << 62))};
}

}  // namespace ntk::NTK_LEVEL
