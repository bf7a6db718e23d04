// Register tiles: rows x vectors of outputs, each summed over k in turn (see products.h). Whatever the shape of a tile, and
// wherever k is interrupted by storing the sums, the bits are the same.
#pragma once

#include "ntk/products.h"
#include "ntk/simd/vectors.h"

namespace ntk::NTK_LEVEL {

#if defined(__AVX512F__)
constexpr int kTileRows = 14;
#elif defined(__aarch64__)
constexpr int kTileRows = 12;
#else
constexpr int kTileRows = 6;
#endif
constexpr int kTileVectors = 2;
template <class T>
constexpr int kTileColumns = kTileVectors * kWidth<T>;

// Numbers of A as a tile reads them: a_ik = data[i row + k step].
template <class T>
struct Left {
    const T* data;
    std::int64_t row, step;

    Left at(std::int64_t i, std::int64_t k) const { return {data == nullptr ? nullptr : data + i * row + k * step, row, step}; }
};

// Brings what a tile reads of A in steps [first, end), one line of the cache at most, nearer.
template <class T, int kRows>
NTK_INLINE void fetch(Left<T> a, std::int64_t first, std::int64_t end) {
    constexpr int kLine = 64 / sizeof(T);
    if (a.step == 1) {
        for (int i = 0; i < kRows; i++) __builtin_prefetch(a.data + i * a.row + first);
    } else {
        for (std::int64_t p = first; p < end; p++) {
            for (int i = kRows - 1; i >= 0; i -= kLine) __builtin_prefetch(a.data + i * a.row + p * a.step);
        }
    }
}

// C (Rows x columns) = start + A B in columns = (Vectors - 1) whole vectors and last numbers of another. Where there are no
// masks, vectors of B are whole: beyond the last number lie some that are not used.
template <class T, int kRows, int kVectors>
static void tile(std::int64_t k, Left<T> a, Rows<const T> b, Start<T> start, Rows<T> c, int last, Left<T> ahead) {
    Vector<T> sum[kRows][kVectors] = {};
    if (start.data != nullptr) {
#pragma GCC unroll 16
        for (int i = 0; i < kRows; i++) {
            const T* row = start.data + i * start.row;
            for (int v = 0; v < kVectors; v++) {
                sum[i][v] = start.column == 0   ? all_equal(*row)
                            : v + 1 < kVectors ? load(row + v * kWidth<T>)
                                                : load_first(row + v * kWidth<T>, last);
            }
        }
    }
    constexpr std::int64_t kLine = 64 / sizeof(T);
    for (std::int64_t first = 0; first < k; first += kLine) {
        const std::int64_t end = first + kLine < k ? first + kLine : k;
        if (ahead.data != nullptr) fetch<T, kRows>(ahead, first, end);
        for (std::int64_t p = first; p < end; p++) {
            Vector<T> right[kVectors];
            for (int v = 0; v < kVectors; v++) {
                const T* numbers = b.data + p * b.stride + v * kWidth<T>;
                right[v] = kMaskedLoads && v + 1 == kVectors ? load_first(numbers, last) : load(numbers);
            }
#pragma GCC unroll 16
            for (int i = 0; i < kRows; i++) {
                const T left = a.data[i * a.row + p * a.step];
                for (int v = 0; v < kVectors; v++) sum[i][v] = fma(left, right[v], sum[i][v]);
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < kRows; i++) {
        T* row = c.data + i * c.stride;
        for (int v = 0; v + 1 < kVectors; v++) store(row + v * kWidth<T>, sum[i][v]);
        store_first(row + (kVectors - 1) * kWidth<T>, sum[i][kVectors - 1], last);
    }
}

template <class T>
using TileFunction = void (*)(std::int64_t, Left<T>, Rows<const T>, Start<T>, Rows<T>, int, Left<T>);

// The tiles of 1, 2, … kTileRows rows.
template <class T, int kVectors, class = std::make_index_sequence<kTileRows>>
struct TileFunctions;

template <class T, int kVectors, std::size_t... kIndex>
struct TileFunctions<T, kVectors, std::index_sequence<kIndex...>> {
    static constexpr TileFunction<T> kOfRows[] = {tile<T, int(kIndex) + 1, kVectors>...};
};

// One panel of C: m rows, at most kTileColumns columns. ahead: what will be read of A after this tile's part, or null.
template <class T>
NTK_INLINE void tiles(std::int64_t m, std::int64_t columns, std::int64_t k, Left<T> a, Rows<const T> b,
                      Start<T> start, Rows<T> c, Left<T> ahead) {
    static_assert(kTileVectors == 2);
    const bool one = columns <= kWidth<T>;
    const int last = static_cast<int>(one ? columns : columns - kWidth<T>);
    const TileFunction<T>* functions = one ? TileFunctions<T, 1>::kOfRows : TileFunctions<T, 2>::kOfRows;
    for (std::int64_t i = 0; i < m; i += kTileRows) {
        const std::int64_t rows = m - i < kTileRows ? m - i : kTileRows;
        // What the next tile writes.
        for (std::int64_t r = i + kTileRows; r < m && r < i + 2 * kTileRows; r++) {
            __builtin_prefetch(c.data + r * c.stride, 1);
            __builtin_prefetch(c.data + r * c.stride + columns - 1, 1);
        }
        functions[rows - 1](k, a.at(i, 0), b, start.at(i, 0), {c.data + i * c.stride, c.stride}, last, ahead.at(i, 0));
    }
}

}  // namespace ntk::NTK_LEVEL
