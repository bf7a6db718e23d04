#include "ntk/shape.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include "ntk/activation_kind.h"

namespace ntk {

Shape::Shape(std::span<const int64_t> widths, int depth) : widths_(widths.data()), depth_(depth) {
    if (depth < 1) {
        throw std::invalid_argument("The depth must be at least 1, not " + std::to_string(depth) + ".");
    }
    require_room(widths, int64_t(depth) + 1, "widths");
    for (int l = 0; l <= depth; ++l) {
        if (widths[l] < 1 || widths[l] > INT32_MAX) {
            throw std::invalid_argument("Width " + std::to_string(l) + " must be between 1 and 2^31 - 1, not " +
                                        std::to_string(widths[l]) + ".");
        }
    }
    if (widths[depth] != 1) {
        throw std::invalid_argument("The last width must be 1 (a scalar output), not " +
                                    std::to_string(widths[depth]) + ".");
    }
    for (int l = 1; l <= depth; ++l) {
        // A layer has less than 2^62 + 2^31 parameters.
        if (__builtin_add_overflow(parameter_count_, widths[l] * (widths[l - 1] + 1), &parameter_count_)) {
            throw std::invalid_argument("The network has more than 2^63 parameters.");
        }
        if (l < depth) {
            hidden_units_ += widths[l];
            if (widths[l] > max_hidden_width_) max_hidden_width_ = widths[l];
        }
    }
}

int64_t Shape::state_offset(int l, int64_t inputs) const {
    int64_t units = 0;
    for (int k = 1; k < l; ++k) units += widths_[k];
    return units * inputs;
}

int64_t product(int64_t a, int64_t b) {
    int64_t result;
    if (__builtin_mul_overflow(a, b, &result)) {
        throw std::invalid_argument("A buffer of " + std::to_string(a) + " times " + std::to_string(b) +
                                    " numbers is beyond all memory.");
    }
    return result;
}

int64_t sum(int64_t a, int64_t b) {
    int64_t result;
    if (__builtin_add_overflow(a, b, &result)) {
        throw std::invalid_argument("A buffer of " + std::to_string(a) + " and " + std::to_string(b) +
                                    " numbers is beyond all memory.");
    }
    return result;
}

void require_room(const void* data, uint64_t size, int64_t needed, const char* what) {
    if (needed > 0 && data == nullptr) {
        throw std::invalid_argument(std::string("A null pointer was passed for the ") + what + ".");
    }
    if (static_cast<uint64_t>(needed) > size) {
        throw std::invalid_argument("The buffer for the " + std::string(what) + " has room for " + std::to_string(size) +
                                    " numbers, not for " + std::to_string(needed) + ".");
    }
}

void require_range(int64_t first, int64_t count, const char* what) {
    if (first < 0 || count < 0) {
        throw std::invalid_argument(std::string("The range of ") + what + " must not be negative: first " +
                                    std::to_string(first) + ", count " + std::to_string(count) + ".");
    }
    if (first > INT64_MAX - count) {
        throw std::invalid_argument(std::string("The range of ") + what + " ends beyond 2^63 - 1: first " +
                                    std::to_string(first) + ", count " + std::to_string(count) + ".");
    }
}

void require_range(int64_t first, int64_t count, int64_t size, const char* what) {
    require_range(first, count, what);
    if (count > size || first > size - count) {
        throw std::invalid_argument(std::string("The range of ") + what + " ends beyond " + std::to_string(size) +
                                    ": first " + std::to_string(first) + ", count " + std::to_string(count) + ".");
    }
}

void require_activation(int kind) {
    if (kind < kPiecewiseLinear || kind > kSilu) {
        throw std::invalid_argument("There is no activation of kind " + std::to_string(kind) + ".");
    }
}

void require_variances(double sigma_w2, double sigma_b2) {
    if (!(sigma_w2 > 0) || !(sigma_b2 >= 0) || !std::isfinite(sigma_w2) || !std::isfinite(sigma_b2)) {
        throw std::invalid_argument("The variances must be finite, sigma_w^2 > 0 and sigma_b^2 >= 0, not " +
                                    std::to_string(sigma_w2) + " and " + std::to_string(sigma_b2) + ".");
    }
}

}  // namespace ntk
