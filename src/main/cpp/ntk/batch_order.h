#pragma once

// Which inputs each step of a descent sees: in every epoch all of them once, in an order of its own.

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "ntk/kernels.h"

namespace ntk {

class BatchOrder {
   public:
    // size: inputs of one step, from 1 to all; the last step of an epoch has what is left.
    BatchOrder(int64_t inputs, int64_t size, int64_t key)
        : inputs_(inputs), size_(size), key_(static_cast<uint64_t>(key)), epoch_steps_((inputs + size - 1) / size) {}

    // Whether a step sees all inputs; they are then in their own order.
    bool whole() const { return size_ == inputs_; }

    int64_t epoch_steps() const { return epoch_steps_; }

    bool ends_epoch(int64_t step) const { return step % epoch_steps_ == epoch_steps_ - 1; }

    // How many inputs the step sees.
    int64_t count(int64_t step) const {
        const int64_t first = step % epoch_steps_ * size_;
        return inputs_ - first < size_ ? inputs_ - first : size_;
    }

    // The inputs of the step, count(step) of them, unless it sees all; valid until the next call.
    const int64_t* at(int64_t step) {
        if (order_.empty() || step / epoch_steps_ != epoch_) shuffle(step / epoch_steps_);
        return order_.data() + step % epoch_steps_ * size_;
    }

   private:
    // Fisher and Yates with the upper halves of the words of stream (key, epoch, 0, 0), word i for place i. Places are
    // uneven by less than inputs 2^-32.
    void shuffle(int64_t epoch) {
        epoch_ = epoch;
        words_.resize(inputs_);
        order_.resize(inputs_);
        kernels().words(key_, static_cast<uint64_t>(epoch), 0, 0, 0, inputs_, words_.data());
        std::iota(order_.begin(), order_.end(), 0);
        for (int64_t i = inputs_ - 1; i > 0; --i) {
            std::swap(order_[i], order_[(words_[i] >> 32) * static_cast<uint64_t>(i + 1) >> 32]);
        }
    }

    int64_t inputs_, size_;
    uint64_t key_;
    int64_t epoch_steps_, epoch_ = -1;
    std::vector<uint64_t> words_;
    std::vector<int64_t> order_;
};

}  // namespace ntk
