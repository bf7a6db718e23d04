#include "ntk/random.h"

#include <stdexcept>
#include <string>

namespace ntk {

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
