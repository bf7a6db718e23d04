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
        sum[part] = fma_first(load_first(x + k, count), load_first(y + k, count), sum[part], count);
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

// sums_i = sum of row_i x in lanes, for as many rows as a vector holds: rows of lanes become lanes of rows.
template <class T>
NTK_INLINE Vector<T> sums_of_rows(std::int64_t n, const T* const* rows, const T* x) {
    constexpr int width = kWidth<T>;
    Vector<T> lanes[kSumLanes<T>];
    for (int part = 0; part < kParts<T>; part++) {
        Vector<T> sum[width] = {};
        std::int64_t k = part * width;
        for (; k + width <= n; k += kSumLanes<T>) {
            const Vector<T> right = load(x + k);
#pragma GCC unroll 16
            for (int i = 0; i < width; i++) sum[i] = fma(load(rows[i] + k), right, sum[i]);
        }
        if (k < n) {
            const int count = static_cast<int>(n - k);
            const Vector<T> right = load_first(x + k, count);
#pragma GCC unroll 16
            for (int i = 0; i < width; i++) sum[i] = fma_first(load_first(rows[i] + k, count), right, sum[i], count);
        }
        transpose<T>(sum);
        for (int i = 0; i < width; i++) lanes[part * width + i] = sum[i];
    }
    return tree(lanes, static_cast<int>(kSumLanes<T>));
}

template <class T>
static void matrix_vector(std::int64_t m, std::int64_t k, Rows<const T> a, const T* x, const T* start, T* y) {
    for (std::int64_t first = 0; first < m; first += kWidth<T>) {
        const int count = m - first < kWidth<T> ? static_cast<int>(m - first) : kWidth<T>;
        const T* rows[kWidth<T>];
        // The last row stands for those that are not there.
        for (int i = 0; i < kWidth<T>; i++) rows[i] = a.data + (first + (i < count ? i : count - 1)) * a.stride;
        Vector<T> sums = sums_of_rows(k, rows, x);
        if (start != nullptr) sums += load_first(start + first, count);
        store_first(y + first, sums, count);
    }
}

}  // namespace ntk::NTK_LEVEL
