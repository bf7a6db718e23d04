// Our own matrix products, compiled once per SIMD level like kernels_level.cpp.
//
// A product is made panel by panel of C's columns. The panel of B is read in place, or copied so that its rows lie close
// together and, for A B^T, transposed. A is read in place unless its rows lie where they evict one another.
#include "ntk/products.h"

#include "ntk/simd/reduction_lanes.h"
#include "ntk/simd/tiles.h"

namespace ntk::NTK_LEVEL {
namespace {

// Steps of k whose panel lies in the first-level cache.
constexpr std::int64_t kPanelSteps = 256;

// From so many steps on it pays to bring numbers nearer that the next tile reads.
constexpr std::int64_t kFetchedSteps = 32;

// From so many rows of A on it pays to copy a panel that could be read in place.
constexpr std::int64_t kCopyRows = 8 * kTileRows;

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
            const std::int64_t rows = lesser(kWidth<T>, columns - j);
            for (std::int64_t p = 0; p < steps; p += kWidth<T>) {
                copy_square(p, j, lesser(kWidth<T>, steps - p), rows, {b.data + j * b.stride + p, b.stride});
            }
        }
    }

   private:
    void copy_square(std::int64_t p, std::int64_t j, std::int64_t steps, std::int64_t rows, Rows<const T> b) {
        Vector<T> square[kWidth<T>];
        if (rows == kWidth<T> && steps == kWidth<T>) {
            for (int i = 0; i < kWidth<T>; i++) square[i] = load(b.data + i * b.stride);
        } else {
            for (int i = 0; i < kWidth<T>; i++) {
                square[i] = i < rows ? load_first(b.data + i * b.stride, static_cast<int>(steps)) : Vector<T>{};
            }
        }
        transpose<T>(square);
        T* to = numbers + p * kTileColumns<T> + j;
        for (int q = 0; q < kWidth<T>; q++) store(to + q * kTileColumns<T>, square[q]);
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

// Rows of A whose copy is kept: a few more than callers' blocks have.
constexpr std::int64_t kBlockRows = 72 / kTileRows * kTileRows;

// A block of A, its rows a little apart from where they would share a set of the first-level cache.
template <class T>
struct Block {
    static constexpr std::int64_t kRowStride = kPanelSteps + 64 / sizeof(T);

    alignas(64) T numbers[kBlockRows * kRowStride];

    // Whether rows so far apart share one set, and a tile has more of them than the set has room for.
    static bool serves(std::int64_t stride) { return kTileRows > 8 && stride * sizeof(T) % 4096 == 0; }

    Left<T> copy(std::int64_t m, std::int64_t steps, Left<T> a) {
        const bool by_rows = a.step == 1;
        const std::int64_t rows = by_rows ? m : steps;
        const std::int64_t length = by_rows ? steps : m;
        const std::int64_t from = by_rows ? a.row : a.step;
        const std::int64_t to = by_rows ? kRowStride : kBlockRows;
        for (std::int64_t i = 0; i < rows; i++) {
            __builtin_memcpy(numbers + i * to, a.data + i * from, static_cast<std::size_t>(length) * sizeof(T));
        }
        return by_rows ? Left<T>{numbers, to, 1} : Left<T>{numbers, 1, to};
    }
};

// C = start + A B for steps p, p + 1, … of k, as far as a panel reaches. If lower, C's rows are rows first, first + 1, … of
// a square, of which only the lower triangle is wanted.
template <Right kRight, class T>
NTK_INLINE void add_steps(std::int64_t m, std::int64_t n, std::int64_t p, std::int64_t steps, Left<T> a, Rows<const T> b,
                          Start<T> start, Rows<T> c, bool lower, std::int64_t first, Left<T> ahead, Panel<T>& panel) {
    for (std::int64_t j = 0; j < n; j += kTileColumns<T>) {
        if (lower && j >= first + m) return;
        const std::int64_t columns = lesser(kTileColumns<T>, n - j);
        const bool in_place = kRight == Right::kPlain && m < kCopyRows && (kMaskedLoads || columns % kWidth<T> == 0);
        Rows<const T> right = panel;
        if (in_place) {
            right = {b.data + p * b.stride + j, b.stride};
        } else if (kRight == Right::kPlain) {
            panel.copy(steps, columns, {b.data + p * b.stride + j, b.stride});
        } else {
            panel.copy_transposed(steps, columns, {b.data + j * b.stride + p, b.stride});
        }
        const auto rows = [&](std::int64_t from, std::int64_t end, std::int64_t width) {
            tiles<T>(end - from, width, steps, a.at(from, 0), right, start.at(from, j),
                     {c.data + from * c.stride + j, c.stride}, ahead.at(from, 0));
        };
        if (!lower) {
            rows(0, m, columns);
            continue;
        }
        // Rows that the panel's second vector meets above the diagonal take its first alone.
        const std::int64_t top = j > first ? j - first : 0;
        const std::int64_t both = j + kWidth<T> > first ? lesser(m, j + kWidth<T> - first) : 0;
        rows(top, both > top ? both : top, lesser(columns, kWidth<T>));
        rows(both > top ? both : top, m, columns);
    }
}

// C = start + A B, or of a square C its lower triangle.
template <Right kRight, class T>
NTK_INLINE void multiply(std::int64_t m, std::int64_t n, std::int64_t k, Left<T> a, Rows<const T> b, Start<T> start,
                         Rows<T> c, bool lower) {
    Panel<T> panel;
    Block<T> block;
    const bool copies = n > kTileColumns<T> && m >= kTileRows && Block<T>::serves(a.row * a.step);
    for_pieces(m, copies ? kBlockRows : m, [&](std::int64_t first, std::int64_t rows) {
        const Rows<T> out{c.data + first * c.stride, c.stride};
        for_pieces(k, kPanelSteps, [&](std::int64_t p, std::int64_t steps) {
            Left<T> left = a.at(first, p);
            Left<T> ahead = left.at(kTileRows, 0);
            if (copies) {
                // The next block.
                ahead = p + steps < k ? a.at(first, p + steps) : a.at(first + rows, 0);
                left = block.copy(rows, steps, left);
            }
            if (steps < kFetchedSteps) ahead.data = nullptr;
            const Start<T> from = p == 0 ? start.at(first, 0) : Start<T>{out.data, out.stride};
            add_steps<kRight, T>(rows, n, p, steps, left, b, from, out, lower, first, ahead, panel);
        });
    });
}

// A B^T with few columns, as the transpose of B A^T.
template <class T>
void multiply_narrow(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b,
                     Start<T> start, Rows<T> c) {
    T sums[kWidth<T> * kTileColumns<T>];
    for_pieces(m, kTileColumns<T>, [&](std::int64_t first, std::int64_t rows) {
        for (std::int64_t i = 0; i < rows && start.data != nullptr; i++) {
            const Start<T> row = start.at(first + i, 0);
            for (std::int64_t j = 0; j < n; j++) sums[j * kTileColumns<T> + i] = row.data[j * row.column];
        }
        const Rows<T> transposed{sums, kTileColumns<T>};
        const Start<T> from{start.data == nullptr ? nullptr : sums, kTileColumns<T>};
        multiply<Right::kTransposed, T>(n, rows, k, {b.data, b.stride, 1}, {a.data + first * a.stride, a.stride}, from,
                                        transposed, false);
        for (std::int64_t i = 0; i < rows; i++) {
            for (std::int64_t j = 0; j < n; j++) c.data[(first + i) * c.stride + j] = sums[j * kTileColumns<T> + i];
        }
    });
}

template <class T>
void multiply_nn(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b, Start<T> start,
                 Rows<T> c) {
    multiply<Right::kPlain, T>(m, n, k, {a.data, a.stride, 1}, b, start, c, false);
}

template <class T>
void multiply_nt(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b, Start<T> start,
                 Rows<T> c) {
    if (n <= kWidth<T> / 2 && n < m) return multiply_narrow<T>(m, n, k, a, b, start, c);
    multiply<Right::kTransposed, T>(m, n, k, {a.data, a.stride, 1}, b, start, c, false);
}

template <class T>
void multiply_tn(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b, Start<T> start,
                 Rows<T> c) {
    multiply<Right::kPlain, T>(m, n, k, {a.data, 1, a.stride}, b, start, c, false);
}

template <class T>
void gram_nt(std::int64_t n, std::int64_t k, Rows<const T> a, Rows<T> c) {
    multiply<Right::kTransposed, T>(n, n, k, {a.data, a.stride, 1}, a, kFromZero<T>, c, true);
}

template <class T>
void gram_tn(std::int64_t n, std::int64_t k, Rows<const T> a, Rows<T> c) {
    multiply<Right::kPlain, T>(n, n, k, {a.data, 1, a.stride}, a, kFromZero<T>, c, true);
}

template <class T>
constexpr ElementProducts<T> kElementProducts = {
    .multiply_nn = multiply_nn<T>,
    .multiply_nt = multiply_nt<T>,
    .multiply_tn = multiply_tn<T>,
    .gram_nt = gram_nt<T>,
    .gram_tn = gram_tn<T>,
    .matrix_vector = matrix_vector<T>,
    .dot = dot_lanes<T>,
};

}  // namespace

extern const Products kProducts;
constexpr Products kProducts = {.name = "own", .f32 = kElementProducts<float>, .f64 = kElementProducts<double>};

}  // namespace ntk::NTK_LEVEL
