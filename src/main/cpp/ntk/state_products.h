#pragma once

// Products of a layer's states at some inputs with those at others.

#include <algorithm>

#include "ntk/ntk_core.h"
#include "ntk/products.h"

namespace ntk {

// The states of a layer of n units at S inputs, as ntk_core.h lays them out.
template <class T>
struct LayerStates {
    const T* data;
    int64_t n;
    int64_t inputs;

    // From input `first` to the end of its block: n x count numbers.
    struct Part {
        int64_t count;
        Rows<const T> units;
    };

    Part from(int64_t first) const {
        const int64_t place = first % block_size();
        const int64_t block = std::min<int64_t>(block_size(), inputs - (first - place));
        return {block - place, {data + (first - place) * n + place, block}};
    }
};

// out (rows x columns) = X_left^T X_right for inputs first_row, … and first_column, …; of the same layer.
template <class T>
void multiply_states(const LayerStates<T>& left, int64_t first_row, int64_t rows, const LayerStates<T>& right,
                     int64_t first_column, int64_t columns, Rows<T> out) {
    for (int64_t i = 0; i < rows;) {
        const auto above = left.from(first_row + i);
        const int64_t height = std::min(above.count, rows - i);
        for (int64_t j = 0; j < columns;) {
            const auto beside = right.from(first_column + j);
            const int64_t width = std::min(beside.count, columns - j);
            products().of<T>().multiply_tn(height, width, left.n, above.units, beside.units, kFromZero<T>,
                                           {out.data + i * out.stride + j, out.stride});
            j += width;
        }
        i += height;
    }
}

}  // namespace ntk
