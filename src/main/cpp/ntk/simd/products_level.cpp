// Our own matrix products, compiled once per SIMD level like kernels_level.cpp.
//
// A product is made panel by panel of C's columns. The panel of B is read in place, or copied so that its rows lie close
// together and, for A B^T, transposed.
#include "ntk/products.h"

#include "ntk/simd/reduction_lanes.h"
#include "ntk/simd/tiles.h"

namespace ntk::NTK_LEVEL {
namespace {

// Steps of k whose panel lies in the first-level cache.
constexpr std::int64_t kPanelSteps = 256;

// From so many rows of A on it pays to copy a panel that could be read in place.
constexpr std::int64_t kCopyRows = 4 * kTileRows;

constexpr std::int64_t lesser(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// A panel of B: steps x columns numbers, the columns filled up to whole vectors by zeros.
template <class T>
struct Panel {
    alignas(64) T numbers[kPanelSteps * kTileColumns<T>];

    operator Rows<const T>() const { return {numbers, kTileColumns<T>}; }

    void copy(std::int64_t steps, std::int64_t columns, Rows<const T> b) {
        const std::int64_t whole = columns / kWidth<T> * kWidth<T>;
        for (std::int64_t p = 0; p < steps; p++) {
            const T* from = b.data + p * b.stride;
            T* to = numbers + p * kTileColumns<T>;
            for (std::int64_t j = 0; j < whole; j += kWidth<T>) store(to + j, load(from + j));
            if (whole < columns) store(to + whole, load_first(from + whole, static_cast<int>(columns - whole)));
        }
    }

    // b: columns x steps.
    void copy_transposed(std::int64_t steps, std::int64_t columns, Rows<const T> b) {
        for (std::int64_t j = 0; j < columns; j += kWidth<T>) {
            const int rows = static_cast<int>(lesser(kWidth<T>, columns - j));
            for (std::int64_t p = 0; p < steps; p += kWidth<T>) {
                const int count = static_cast<int>(lesser(kWidth<T>, steps - p));
                const T* from = b.data + j * b.stride + p;
                Vector<T> square[kWidth<T>];
                for (int i = 0; i < kWidth<T>; i++) {
                    square[i] = i >= rows            ? Vector<T>{}
                                : count == kWidth<T> ? load(from + i * b.stride)
                                                     : load_first(from + i * b.stride, count);
                }
                transpose<T>(square);
                T* to = numbers + p * kTileColumns<T> + j;
                for (int q = 0; q < kWidth<T>; q++) store(to + q * kTileColumns<T>, square[q]);
            }
        }
    }
};

// Calls body(first, count) for the pieces of [0, size), at least once.
template <class Body>
NTK_INLINE void for_pieces(std::int64_t size, std::int64_t piece, Body body) {
    std::int64_t first = 0;
    do {
        body(first, lesser(piece, size - first));
        first += piece;
    } while (first < size);
}

// How B is given: its rows are those of the product's k, or its columns'.
enum class Right { kPlain, kTransposed };

// C = start + A B, of each panel only the rows from that of its first column on if lower.
template <Right kRight, class T>
NTK_INLINE void multiply(std::int64_t m, std::int64_t n, std::int64_t k, Left<T> a, Rows<const T> b, Rows<const T> start,
                         Rows<T> c, bool lower) {
    Panel<T> panel;
    for (std::int64_t j = 0; j < n; j += kTileColumns<T>) {
        const std::int64_t columns = lesser(kTileColumns<T>, n - j);
        const std::int64_t top = lower ? j : 0;
        const bool in_place = kRight == Right::kPlain && m - top < kCopyRows &&
                              (kMaskedLoads || columns % kWidth<T> == 0);
        for_pieces(k, in_place ? k : kPanelSteps, [&](std::int64_t p, std::int64_t steps) {
            Rows<const T> right = panel;
            if (in_place) {
                right = {b.data + p * b.stride + j, b.stride};
            } else if (kRight == Right::kPlain) {
                panel.copy(steps, columns, {b.data + p * b.stride + j, b.stride});
            } else {
                panel.copy_transposed(steps, columns, {b.data + j * b.stride + p, b.stride});
            }
            const Rows<T> out{c.data + top * c.stride + j, c.stride};
            Rows<const T> from = out;
            if (p == 0) from = {start.data == nullptr ? nullptr : start.data + top * start.stride + j, start.stride};
            tiles<T>(m - top, columns, steps, {a.data + top * a.row + p * a.step, a.row, a.step}, right, from, out);
        });
    }
}

// A B^T with few columns, as the transpose of B A^T.
template <class T>
void multiply_narrow(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b,
                     Rows<const T> start, Rows<T> c) {
    T sums[kWidth<T> * kTileColumns<T>];
    for_pieces(m, kTileColumns<T>, [&](std::int64_t first, std::int64_t rows) {
        for (std::int64_t i = 0; i < rows && start.data != nullptr; i++) {
            const T* row = start.data + (first + i) * start.stride;
            for (std::int64_t j = 0; j < n; j++) sums[j * kTileColumns<T> + i] = row[j];
        }
        const Rows<T> transposed{sums, kTileColumns<T>};
        const Rows<const T> from{start.data == nullptr ? nullptr : sums, kTileColumns<T>};
        multiply<Right::kTransposed, T>(n, rows, k, {b.data, b.stride, 1}, {a.data + first * a.stride, a.stride}, from,
                                        transposed, false);
        for (std::int64_t i = 0; i < rows; i++) {
            for (std::int64_t j = 0; j < n; j++) c.data[(first + i) * c.stride + j] = sums[j * kTileColumns<T> + i];
        }
    });
}

template <class T>
void multiply_nn(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b, Rows<const T> start,
                 Rows<T> c) {
    multiply<Right::kPlain, T>(m, n, k, {a.data, a.stride, 1}, b, start, c, false);
}

template <class T>
void multiply_nt(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b, Rows<const T> start,
                 Rows<T> c) {
    if (n <= kWidth<T> / 2 && n < m) return multiply_narrow<T>(m, n, k, a, b, start, c);
    multiply<Right::kTransposed, T>(m, n, k, {a.data, a.stride, 1}, b, start, c, false);
}

template <class T>
void multiply_tn(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b, Rows<const T> start,
                 Rows<T> c) {
    multiply<Right::kPlain, T>(m, n, k, {a.data, 1, a.stride}, b, start, c, false);
}

template <class T>
void gram(std::int64_t n, std::int64_t k, Rows<const T> a, Rows<T> c) {
    multiply<Right::kTransposed, T>(n, n, k, {a.data, a.stride, 1}, a, kFromZero<T>, c, true);
}

template <class T>
constexpr ElementProducts<T> kElementProducts = {
    .multiply_nn = multiply_nn<T>,
    .multiply_nt = multiply_nt<T>,
    .multiply_tn = multiply_tn<T>,
    .gram = gram<T>,
    .matrix_vector = matrix_vector<T>,
    .dot = dot_lanes<T>,
};

}  // namespace

extern const Products kProducts;
constexpr Products kProducts = {.name = "own", .f32 = kElementProducts<float>, .f64 = kElementProducts<double>};

}  // namespace ntk::NTK_LEVEL
