#pragma once

// The matrix products that everything else is made of, by our own register tiles or by OpenBLAS.
//
// Arithmetic of our own, the same bits on every processor and in Java: each number of a product is
//     acc = fma(a_k, b_k, acc)   for k = 0, 1, 2, … in turn,
// in the element type, from 0 or from the number that the product is added to. No sum is split. What reduces to a vector
// or a number, matrix_vector and dot, sums in kSumLanes lanes instead, lane j taking k = j, j + lanes, … by fma from 0;
// the lanes are added as ((0 + 1) + (2 + 3)) + …, and a start value after them.
// OpenBLAS sums in an order of its own, which depends on the processor.

#include <cstdint>
#include <type_traits>

namespace ntk {

/// What the sums of a product start from: number (i, j) from data[i row + j column], column being 0 or 1. With row 0 one row
/// serves all, with column 0 one column.
template <class T>
struct Start {
    const T* data;
    std::int64_t row;
    std::int64_t column = 1;

    // Of the part of C that begins there.
    [[gnu::always_inline]] Start at(std::int64_t i, std::int64_t j) const {
        return {data == nullptr ? nullptr : data + i * row + j * column, row, column};
    }
};

template <class T>
constexpr Start<T> kFromZero = {nullptr, 0};

/// A row-major matrix: row i begins at data + i stride.
template <class T>
struct Rows {
    T* data;
    std::int64_t stride;

    // Inlined everywhere: what a SIMD level emits must not serve the others.
    [[gnu::always_inline]] operator Rows<const T>() const { return {data, stride}; }
    [[gnu::always_inline]] operator Start<std::remove_const_t<T>>() const { return {data, stride}; }
};

template <class T>
constexpr std::int64_t kSumLanes = 64 / sizeof(T);

/// The products in one precision. start may be C itself, to add to it. Otherwise no argument may overlap C. Sizes may be 0;
/// nothing is checked.
template <class T>
struct ElementProducts {
    /// C (m x n) = start + A B, A: m x k, B: k x n.
    void (*multiply_nn)(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b,
                        Start<T> start, Rows<T> c);

    /// C (m x n) = start + A B^T, A: m x k, B: n x k.
    void (*multiply_nt)(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b,
                        Start<T> start, Rows<T> c);

    /// C (m x n) = start + A^T B, A: k x m, B: k x n.
    void (*multiply_tn)(std::int64_t m, std::int64_t n, std::int64_t k, Rows<const T> a, Rows<const T> b,
                        Start<T> start, Rows<T> c);

    /// Lower triangle of C (n x n) = A A^T, A: n x k. What is above the diagonal afterwards is not defined.
    void (*gram_nt)(std::int64_t n, std::int64_t k, Rows<const T> a, Rows<T> c);

    /// The same of A^T A, A: k x n.
    void (*gram_tn)(std::int64_t n, std::int64_t k, Rows<const T> a, Rows<T> c);

    /// y = A x + start, A: m x k; start: m numbers or null, may be y.
    void (*matrix_vector)(std::int64_t m, std::int64_t k, Rows<const T> a, const T* x, const T* start, T* y);

    /// sum x y
    T (*dot)(std::int64_t n, const T* x, const T* y);
};

struct Products {
    const char* name;  // "own" or "blas"

    ElementProducts<float> f32;
    ElementProducts<double> f64;

    template <class T>
    const ElementProducts<T>& of() const {
        if constexpr (std::is_same_v<T, float>) {
            return f32;
        } else {
            return f64;
        }
    }
};

/// Our own products at the SIMD level of kernels(), or OpenBLAS if the environment variable NTK_PRODUCTS is "blas". "own"
/// says the default; any other value throws std::invalid_argument on every call.
const Products& products();

/// Those of OpenBLAS.
const Products& blas_products();

}  // namespace ntk
