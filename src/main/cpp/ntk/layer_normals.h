#pragma once

// The unit normals of one draw's layers, drawn for several small layers in one call (short calls waste part of their
// vectors) and served layer by layer in rising or falling order. Chunking cannot change a number.

#include <algorithm>
#include <cstdint>

#include "ntk/kernels.h"
#include "ntk/shape.h"

namespace ntk {

class LayerNormals {
   public:
    // Numbers of the buffer.
    static int64_t capacity(const Shape& shape) { return std::max<int64_t>(4096, shape.max_hidden_width()); }

    LayerNormals(const Shape& shape, uint64_t key, uint64_t stream, uint32_t tensor, double* buffer)
        : shape_(shape), key_(key), stream_(stream), tensor_(tensor), buffer_(buffer) {}

    // Layer's n_l numbers, which start at position; called for rising layers up to last_layer.
    const double* rising(int layer, int64_t position, int last_layer) {
        if (position < first_ || position >= end_) {
            first_ = position;
            end_ = position + shape_.width(layer);
            while (layer < last_layer && end_ + shape_.width(layer + 1) - first_ <= capacity(shape_)) {
                end_ += shape_.width(++layer);
            }
            fill();
        }
        return buffer_ + (position - first_);
    }

    // The same for falling layers.
    const double* falling(int layer, int64_t position) {
        if (position < first_ || position >= end_) {
            first_ = position;
            end_ = position + shape_.width(layer);
            while (layer > 1 && end_ - first_ + shape_.width(layer - 1) <= capacity(shape_)) {
                first_ -= shape_.width(--layer);
            }
            fill();
        }
        return buffer_ + (position - first_);
    }

   private:
    void fill() { kernels().normals_f64(key_, stream_, 0, tensor_, first_, end_ - first_, 1.0, buffer_); }

    const Shape& shape_;
    uint64_t key_, stream_;
    uint32_t tensor_;
    double* buffer_;
    int64_t first_ = 0;
    int64_t end_ = 0;
};

}  // namespace ntk
