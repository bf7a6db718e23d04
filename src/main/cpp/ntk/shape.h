#pragma once

// Offsets into the buffers of ntk_core.h, and the checks that keep a bad call from touching memory.

#include <cstdint>
#include <span>

namespace ntk {

class Shape {
   public:
    // Throws std::invalid_argument if there are fewer than depth + 1 widths, one is not positive, the last one is not 1, or
    // the network is beyond all counting.
    Shape(std::span<const int64_t> widths, int depth);

    int depth() const { return depth_; }
    int64_t width(int l) const { return widths_[l]; }
    int64_t parameter_count() const { return parameter_count_; }
    int64_t hidden_units() const { return hidden_units_; }
    int64_t max_hidden_width() const { return max_hidden_width_; }

    // Where x^l (or delta^l) of one network starts in its S H numbers, 1 <= l <= L - 1.
    int64_t state_offset(int l, int64_t inputs) const;

   private:
    const int64_t* widths_;
    int depth_;
    int64_t parameter_count_ = 0;
    int64_t hidden_units_ = 0;
    int64_t max_hidden_width_ = 1;
};

// a b for counts a, b >= 0; throws std::invalid_argument beyond 2^63 - 1.
int64_t product(int64_t a, int64_t b);

// The same for a + b.
int64_t sum(int64_t a, int64_t b);

// Throws std::invalid_argument unless a buffer of size numbers has room for so many.
void require_room(const void* data, uint64_t size, int64_t needed, const char* what);

template <class T>
void require_room(std::span<T> buffer, int64_t needed, const char* what) {
    require_room(buffer.data(), buffer.size(), needed, what);
}

// Throws std::invalid_argument unless first >= 0, count >= 0 and first + count fits its type.
void require_range(int64_t first, int64_t count, const char* what);

// Additionally requires first + count <= size.
void require_range(int64_t first, int64_t count, int64_t size, const char* what);

// Throws std::invalid_argument unless there is such an activation.
void require_activation(int kind);

// Throws std::invalid_argument unless sigma_w^2 > 0 and sigma_b^2 >= 0 are finite.
void require_variances(double sigma_w2, double sigma_b2);

}  // namespace ntk
