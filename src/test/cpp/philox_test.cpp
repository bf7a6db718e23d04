#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <vector>

#include "ntk/kernels.h"
#include "ntk/random.h"
#include "philox.h"

namespace ntk::test {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Known answers published with Random123 (kat_vectors, philox4x32 10).
TEST(Philox, GivesThePublishedAnswers) {
    EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, VectorKernelsFollowTheDocumentedCounterLayout) {
    const std::uint64_t key = 0x0123456789abcdef, network = 0xfedcba9876543210;
    const std::uint32_t layer = 0xbeef, tensor = 0x5a;
    for (const char* name : kernel_levels()) {
        const Kernels* level = kernels_for_level(name);
        if (level == nullptr) continue;
        for (std::int64_t block : {std::int64_t(0), (std::int64_t(1) << 32) - 20, (std::int64_t(1) << 40) - 40}) {
            std::vector<double> got(80);
            level->uniforms(key, network, layer, tensor, 2 * block, 80, got.data());
            for (std::size_t i = 0; i < 40; i++) {
                std::uint64_t b = std::uint64_t(block) + i;
                Words words = philox4x32({std::uint32_t(b), layer | tensor << 16 | std::uint32_t(b >> 32) << 24,
                                          std::uint32_t(network), std::uint32_t(network >> 32)},
                                         {std::uint32_t(key), std::uint32_t(key >> 32)});
                for (std::size_t half = 0; half < 2; half++) {
                    std::uint64_t word = words[2 * half] | std::uint64_t(words[2 * half + 1]) << 32;
                    ASSERT_EQ(got[2 * i + half], double(2 * (word >> 12) + 1) * 0x1p-53) << name << ", block " << b;
                }
            }
        }
    }
}

TEST(StreamKey, DependsOnEveryBitOfSeedAndCell) {
    std::set<std::uint64_t> keys{stream_key(0, 0)};
    for (int bit = 0; bit < 64; bit++) {
        keys.insert(stream_key(std::uint64_t(1) << bit, 0));
        keys.insert(stream_key(0, std::uint64_t(1) << bit));
    }
    EXPECT_EQ(keys.size(), 129u);
    EXPECT_EQ(stream_key(42, 7), 0xa0322c78dd803b12u);  // the same constant is in NormalStreamTest.java
}

TEST(StreamRange, IsChecked) {
    EXPECT_NO_THROW(require_stream_range(kMaxLayer, kMaxTensor, kStreamLength - 5, 5));
    EXPECT_THROW(require_stream_range(kMaxLayer + 1, 0, 0, 1), std::invalid_argument);
    EXPECT_THROW(require_stream_range(0, kMaxTensor + 1, 0, 1), std::invalid_argument);
    EXPECT_THROW(require_stream_range(0, 0, -1, 1), std::invalid_argument);
    EXPECT_THROW(require_stream_range(0, 0, 0, -1), std::invalid_argument);
    EXPECT_THROW(require_stream_range(0, 0, kStreamLength - 5, 6), std::invalid_argument);
}

}  // namespace
}  // namespace ntk::test
