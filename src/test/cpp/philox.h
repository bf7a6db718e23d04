#pragma once

// Philox by its definition, one block at a time, and the keys that NormalStream.java makes.

#include <array>
#include <cstdint>

namespace ntk::test {

/// Philox 4x32-10 of one counter (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3. SC 2011).
inline std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
    for (int round = 0; round < 10; round++) {
        std::uint64_t product0 = std::uint64_t(0xD2511F53u) * c[0];
        std::uint64_t product1 = std::uint64_t(0xCD9E8D57u) * c[2];
        c = {std::uint32_t(product1 >> 32) ^ c[1] ^ k[0], std::uint32_t(product1),
             std::uint32_t(product0 >> 32) ^ c[3] ^ k[1], std::uint32_t(product0)};
        k[0] += 0x9E3779B9u;
        k[1] += 0xBB67AE85u;
    }
    return c;
}

inline std::uint64_t stream_key(std::uint64_t seed, std::uint64_t cell) {
    // The tag ("NTK key\0" as two words) keeps this use of Philox apart from any stream that has the seed as its key.
    auto words = philox4x32({std::uint32_t(cell), std::uint32_t(cell >> 32), 0x204b544eu, 0x0079656bu},
                            {std::uint32_t(seed), std::uint32_t(seed >> 32)});
    return words[0] | std::uint64_t(words[1]) << 32;
}

}  // namespace ntk::test
