#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ntk/ntk_core.h"

namespace ntk {

// Directions in the space of outputs, rounded to the element type.
template <class T>
class Directions {
   public:
    // numbers: one direction after the other. Throws std::invalid_argument unless there are 1 to batch.directions of them.
    Directions(const Network& network, const Batch& batch, std::span<const double> numbers)
        : outputs_(network.outputs()), numbers_(numbers.begin(), numbers.end()) {
        const auto size = static_cast<int64_t>(numbers.size());
        if (size == 0 || size % outputs_ != 0 || size / outputs_ > batch.directions) {
            throw std::invalid_argument("A batch that keeps " + std::to_string(batch.directions) + " direction(s) of " +
                                        std::to_string(outputs_) + " output(s) cannot take " + std::to_string(size) +
                                        " numbers for directions.");
        }
    }

    int64_t count() const { return static_cast<int64_t>(numbers_.size()) / outputs_; }

    // K numbers.
    const T* operator[](int64_t d) const { return numbers_.data() + d * outputs_; }

   private:
    int64_t outputs_;
    std::vector<T> numbers_;
};

}  // namespace ntk
