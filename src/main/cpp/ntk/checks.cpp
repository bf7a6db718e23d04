#include "ntk/checks.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include "ntk/ntk_core.h"

namespace ntk {

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

void require_room(const void* data, uint64_t size, uint64_t bytes, int64_t needed, const char* what) {
    if (needed > 0 && data == nullptr) {
        throw std::invalid_argument(std::string("A null pointer was passed for the ") + what + ".");
    }
    if (static_cast<uint64_t>(needed) > size) {
        throw std::invalid_argument("The buffer for the " + std::string(what) + " has room for " + std::to_string(size) +
                                    " numbers, not for " + std::to_string(needed) + ".");
    }
    if (reinterpret_cast<uintptr_t>(data) % bytes != 0) {
        throw std::invalid_argument("The buffer for the " + std::string(what) + " does not start at a multiple of " +
                                    std::to_string(bytes) + " bytes, the size of its numbers.");
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

void require_blocks(int64_t first_input, int64_t input_count, int64_t inputs) {
    require_range(first_input, input_count, inputs, "inputs");
    const int64_t end = first_input + input_count;
    if (first_input % block_size() != 0 || (end % block_size() != 0 && end != inputs)) {
        throw std::invalid_argument("Inputs are worked on in blocks of " + std::to_string(block_size()) +
                                    ", which these break: first " + std::to_string(first_input) + ", count " +
                                    std::to_string(input_count) + ".");
    }
}

void require_inputs(int64_t inputs) { require_range(0, inputs, INT32_MAX, "inputs"); }

void require_variances(double sigma_w2, double sigma_b2) {
    if (!(sigma_w2 > 0) || !(sigma_b2 >= 0) || !std::isfinite(sigma_w2) || !std::isfinite(sigma_b2)) {
        throw std::invalid_argument("The variances must be finite, sigma_w^2 > 0 and sigma_b^2 >= 0, not " +
                                    std::to_string(sigma_w2) + " and " + std::to_string(sigma_b2) + ".");
    }
}

}  // namespace ntk
