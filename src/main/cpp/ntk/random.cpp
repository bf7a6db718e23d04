#include "ntk/random.h"

#include <stdexcept>
#include <string>

namespace ntk {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
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

std::uint64_t stream_key(std::uint64_t seed, std::uint64_t cell) {
    // The tag ("NTK key\0" as two words) keeps this use of Philox apart from any stream that has the seed as its key.
    auto words = philox4x32({std::uint32_t(cell), std::uint32_t(cell >> 32), 0x204b544eu, 0x0079656bu},
                            {std::uint32_t(seed), std::uint32_t(seed >> 32)});
    return words[0] | std::uint64_t(words[1]) << 32;
}

void require_stream_range(std::uint32_t layer, std::uint32_t tensor, std::int64_t first, std::int64_t n) {
    if (layer > kMaxLayer || tensor > kMaxTensor) {
        throw std::invalid_argument("A random stream has layer at most 65535 and tensor at most 255, not layer " +
                                    std::to_string(layer) + " and tensor " + std::to_string(tensor) + ".");
    }
    if (first < 0 || n < 0 || first > kStreamLength || n > kStreamLength - first) {
        throw std::invalid_argument("A random stream has 2^41 numbers; " + std::to_string(n) +
                                    " numbers from position " + std::to_string(first) + " on are not among them.");
    }
}

}  // namespace ntk
