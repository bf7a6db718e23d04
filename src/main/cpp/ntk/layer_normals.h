#pragma once

// The unit normals of one draw's layers, drawn for several small layers in one call (short calls waste part of their
// vectors) and served layer by layer in rising or falling order. Chunking cannot change a number.

#include <algorithm>
#include <cstdint>

#include "ntk/kernels.h"
#include "ntk/network.h"

namespace ntk {

class LayerNormals {
   public:
    // Numbers of the buffer.
    static int64_t capacity(const Network& network) { return std::max<int64_t>(4096, network.max_hidden_width()); }

    LayerNormals(const Network& network, uint64_t key, uint64_t stream, uint32_t tensor, double* buffer)
        : network_(network), key_(key), stream_(stream), tensor_(tensor), buffer_(buffer) {}

    // Layer's n_l numbers, which start at position; called for rising layers up to last_layer.
    const double* rising(int layer, int64_t position, int last_layer) {
        if (position < first_ || position >= end_) {
            first_ = position;
            end_ = position + network_.width(layer);
            while (layer < last_layer && end_ + network_.width(layer + 1) - first_ <= capacity(network_)) {
                end_ += network_.width(++layer);
            }
            fill();
        }
        return buffer_ + (position - first_);
    }

    // The same for falling layers.
    const double* falling(int layer, int64_t position) {
        if (position < first_ || position >= end_) {
            first_ = position;
            end_ = position + network_.width(layer);
            while (layer > 1 && end_ - first_ + network_.width(layer - 1) <= capacity(network_)) {
                first_ -= network_.width(--layer);
            }
            fill();
        }
        return buffer_ + (position - first_);
    }

   private:
    void fill() { kernels().f64.normals(key_, stream_, 0, tensor_, first_, end_ - first_, 1.0, buffer_); }

    const Network& network_;
    uint64_t key_, stream_;
    uint32_t tensor_;
    double* buffer_;
    int64_t first_ = 0;
    int64_t end_ = 0;
};

}  // namespace ntk
