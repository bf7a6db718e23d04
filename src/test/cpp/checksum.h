#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace ntk::test {

// The expected checksums are written in the Java tests too (Checksums.java, the twin of this file): equal constants
// show that the two languages agree bit for bit without calling one another.

/// FNV-1a, 64 bits, over the little-endian bytes; every NaN counts as the canonical one.
class Checksum {
public:
    void add(double x) { add_bytes(std::isnan(x) ? 0x7ff8000000000000u : bits<std::uint64_t>(x), 8); }
    void add(float x) { add_bytes(std::isnan(x) ? 0x7fc00000u : bits<std::uint32_t>(x), 4); }
    std::uint64_t value() const { return hash_; }

private:
    template <class Bits, class T>
    static Bits bits(T x) {
        Bits b;
        std::memcpy(&b, &x, sizeof b);
        return b;
    }
    void add_bytes(std::uint64_t x, int n) {
        for (int i = 0; i < n; i++) hash_ = (hash_ ^ ((x >> (8 * i)) & 0xff)) * 0x100000001b3u;
    }
    std::uint64_t hash_ = 0xcbf29ce484222325u;
};

/// 200,000 numbers of magnitude up to 2^11 on a logarithmic scale (SplitMix64), then the special ones.
inline std::vector<double> inputs() {
    std::vector<double> h;
    for (std::uint64_t i = 1; i <= 200000; i++) {
        std::uint64_t x = i * 0x9E3779B97F4A7C15u;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
        x ^= x >> 31;
        h.push_back(std::ldexp(double(x >> 11) * 0x1p-52 - 1, int(x & 31) - 20));
    }
    const double infinity = std::numeric_limits<double>::infinity();
    for (double x : {0.0, 4.9e-324, 1e-310, 1e-300, 1e-40, 0.5, 0.75, 1.0, 4.0, 6.0, 14.0, 27.0, 37.6, 40.0, 87.0, 88.0,
                     354.0, 708.0, 709.0, 710.0, 1e5, 1.6e6, 1e9, 1e15, 0x1p50, 1e17, 3e38, 1e100, 1.7e308, infinity}) {
        h.push_back(x);
        h.push_back(-x);
    }
    h.push_back(std::numeric_limits<double>::quiet_NaN());
    return h;
}

}  // namespace ntk::test
