#pragma once

// Offsets into the buffers of ntk_core.h, and the checks that keep a bad call from touching memory.

#include <cstdint>

namespace ntk {

class Shape {
   public:
    // Throws std::invalid_argument if the widths are null, not positive, or do not end in 1.
    Shape(const int64_t* widths, int depth);

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

// Throws std::invalid_argument naming what is null.
void require_not_null(const void* pointer, const char* what);

// Throws std::invalid_argument unless first >= 0 and count >= 0.
void require_range(int64_t first, int64_t count, const char* what);

// Additionally requires first + count <= size.
void require_range(int64_t first, int64_t count, int64_t size, const char* what);

// Throws std::invalid_argument unless there is such an activation.
void require_activation(int kind);

// Throws std::invalid_argument unless sigma_w^2 > 0 and sigma_b^2 >= 0 are finite.
void require_variances(double sigma_w2, double sigma_b2);

}  // namespace ntk
