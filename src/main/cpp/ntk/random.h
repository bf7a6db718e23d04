#pragma once

#include <cstdint>

namespace ntk {

// The random stream of one tensor is addressed by (key, network, layer, tensor) and is random access: number i depends on
// nothing but the address and i. NormalStream.java draws the same numbers bit for bit, and makes keys.
//
// Philox key:      key, low word first
// Philox counter:  c0 = block, bits 0-31
//                  c1 = layer (bits 0-15) | tensor (bits 16-23) | block, bits 32-39 (bits 24-31)
//                  c2, c3 = network, low word first
// A block gives numbers 2 * block (from words 0 and 1) and 2 * block + 1 (words 2 and 3); word 0 and word 2 are the low
// halves of a 64-bit number. Box-Muller uses the block's two uniforms together: radius from the first, angle from the
// second, cosine to the even number, sine to the odd one.

constexpr std::uint32_t kMaxLayer = 0xffff;
constexpr std::uint32_t kMaxTensor = 0xff;
constexpr std::int64_t kStreamLength = std::int64_t(1) << 41;

/// Throws std::invalid_argument unless numbers first … first + n - 1 of this stream exist. The kernels don't check.
void require_stream_range(std::uint32_t layer, std::uint32_t tensor, std::int64_t first, std::int64_t n);

}  // namespace ntk
