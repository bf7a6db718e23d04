// Products that reduce to a vector or a number, in kSumLanes lanes whatever the level's width (see products.h).
#pragma once

#include "ntk/products.h"
#include "ntk/simd/vectors.h"

namespace ntk::NTK_LEVEL {

template <class T>
constexpr int kParts = kSumLanes<T> / kWidth<T>;

// The lanes of one sum, in kParts vectors.
template <class T>
NTK_INLINE void sum_lanes(std::int64_t n, const T* x, const T* y, Vector<T>* sum) {
    constexpr int lanes = kSumLanes<T>;
    for (int part = 0; part < kParts<T>; part++) sum[part] = Vector<T>{};
    std::int64_t k = 0;
    for (; k + lanes <= n; k += lanes) {
        for (int part = 0; part < kParts<T>; part++) {
            const std::int64_t at = k + part * kWidth<T>;
            sum[part] = fma(load(x + at), load(y + at), sum[part]);
        }
    }
    // Lanes that no number is left for stay as they are, to the sign of a zero.
    for (int part = 0; k < n; part++, k += kWidth<T>) {
        const int count = n - k < kWidth<T> ? static_cast<int>(n - k) : kWidth<T>;
        const Vector<T> added = fma(load_first(x + k, count), load_first(y + k, count), sum[part]);
        for (int j = 0; j < count; j++) sum[part][j] = added[j];
    }
}

// Adds neighbours until one is left.
template <class Number>
NTK_INLINE Number tree(Number* numbers, int count) {
    for (; count > 1; count /= 2) {
        for (int j = 0; j < count / 2; j++) numbers[j] = numbers[2 * j] + numbers[2 * j + 1];
    }
    return numbers[0];
}

template <class T>
static T dot_lanes(std::int64_t n, const T* x, const T* y) {
    Vector<T> sum[kParts<T>];
    sum_lanes(n, x, y, sum);
    T lanes[kSumLanes<T>];
    for (int part = 0; part < kParts<T>; part++) store(lanes + part * kWidth<T>, sum[part]);
    return tree(lanes, static_cast<int>(kSumLanes<T>));
}

template <class T>
static void matrix_vector(std::int64_t m, std::int64_t k, Rows<const T> a, const T* x, const T* start, T* y) {
    for (std::int64_t first = 0; first < m; first += kWidth<T>) {
        const int rows = m - first < kWidth<T> ? static_cast<int>(m - first) : kWidth<T>;
        // Rows of lanes become lanes of rows: a vector sums as many rows at once as it holds.
        Vector<T> lanes[kParts<T>][kWidth<T>] = {};
        for (int i = 0; i < rows; i++) {
            Vector<T> sum[kParts<T>];
            sum_lanes(k, a.data + (first + i) * a.stride, x, sum);
            for (int part = 0; part < kParts<T>; part++) lanes[part][i] = sum[part];
        }
        for (int part = 0; part < kParts<T>; part++) transpose<T>(lanes[part]);
        Vector<T> sums = tree(lanes[0], static_cast<int>(kSumLanes<T>));
        if (start != nullptr) sums += load_first(start + first, rows);
        store_first(y + first, sums, rows);
    }
}

}  // namespace ntk::NTK_LEVEL
