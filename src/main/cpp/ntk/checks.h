#pragma once

// The checks that keep a bad call from touching memory. All throw std::invalid_argument with a sentence.

#include <cstddef>
#include <cstdint>
#include <span>

namespace ntk {

// a b for counts a, b >= 0; throws beyond 2^63 - 1.
int64_t product(int64_t a, int64_t b);

// The same for a + b.
int64_t sum(int64_t a, int64_t b);

// That a buffer of size numbers, each of so many bytes, has room for those needed and lies where such numbers may lie.
void require_room(const void* data, uint64_t size, uint64_t bytes, int64_t needed, const char* what);

template <class T>
void require_room(std::span<T> buffer, int64_t needed, const char* what) {
    require_room(buffer.data(), buffer.size(), sizeof(T), needed, what);
}

// A buffer as numbers of type T, of which it must hold those needed.
template <class T>
const T* numbers(std::span<const std::byte> buffer, int64_t needed, const char* what) {
    require_room(buffer.data(), buffer.size() / sizeof(T), sizeof(T), needed, what);
    return reinterpret_cast<const T*>(buffer.data());
}

template <class T>
T* numbers(std::span<std::byte> buffer, int64_t needed, const char* what) {
    return const_cast<T*>(numbers<T>(std::span<const std::byte>(buffer), needed, what));
}

// That first >= 0, count >= 0 and first + count fits its type.
void require_range(int64_t first, int64_t count, const char* what);

// Additionally that first + count <= size.
void require_range(int64_t first, int64_t count, int64_t size, const char* what);

// Additionally that the inputs are whole blocks of at most block_size().
void require_blocks(int64_t first_input, int64_t input_count, int64_t inputs);

// That 0 <= inputs < 2^31.
void require_inputs(int64_t inputs);

// That sigma_w2 > 0 and sigma_b2 >= 0 are finite.
void require_variances(double sigma_w2, double sigma_b2);

}  // namespace ntk
