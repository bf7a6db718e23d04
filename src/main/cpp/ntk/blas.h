#pragma once

// cblas under one name for float and double; row-major throughout.

#include <cblas.h>

#include <cstdint>
#include <type_traits>

namespace ntk::blas {

// The function of T's precision.
template <class T, class Single, class Double>
constexpr auto of(Single single, Double wide) {
    if constexpr (std::is_same_v<T, float>) {
        return single;
    } else {
        return wide;
    }
}

// C (m x n) = A B or A B^T, plus C if accumulate.
template <class T>
void multiply(bool transpose_b, int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb,
              bool accumulate, T* c, int64_t ldc) {
    of<T>(cblas_sgemm, cblas_dgemm)(CblasRowMajor, CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
                                    static_cast<blasint>(m), static_cast<blasint>(n), static_cast<blasint>(k), T(1), a,
                                    static_cast<blasint>(lda), b, static_cast<blasint>(ldb), T(accumulate), c,
                                    static_cast<blasint>(ldc));
}

// C (m x n) += A^T B, A: k x m, B: k x n.
template <class T>
void add_transposed_product(int64_t m, int64_t n, int64_t k, const T* a, const T* b, T* c) {
    of<T>(cblas_sgemm, cblas_dgemm)(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<blasint>(m),
                                    static_cast<blasint>(n), static_cast<blasint>(k), T(1), a, static_cast<blasint>(m), b,
                                    static_cast<blasint>(n), T(1), c, static_cast<blasint>(n));
}

// y = A x or A^T x, plus y if accumulate, A: rows x cols.
template <class T>
void multiply_vector(bool transpose, int64_t rows, int64_t cols, const T* a, const T* x, bool accumulate, T* y) {
    of<T>(cblas_sgemv, cblas_dgemv)(CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, static_cast<blasint>(rows),
                                    static_cast<blasint>(cols), T(1), a, static_cast<blasint>(cols), x, 1, T(accumulate),
                                    y, 1);
}

// Lower triangle of C (n x n) = A A^T, A: n x k without gaps.
template <class T>
void gram(int64_t n, int64_t k, const T* a, T* c, int64_t ldc) {
    of<T>(cblas_ssyrk, cblas_dsyrk)(CblasRowMajor, CblasLower, CblasNoTrans, static_cast<blasint>(n),
                                    static_cast<blasint>(k), T(1), a, static_cast<blasint>(k), T(0), c,
                                    static_cast<blasint>(ldc));
}

template <class T>
T dot(int64_t n, const T* x, const T* y) {
    return of<T>(cblas_sdot, cblas_ddot)(static_cast<blasint>(n), x, 1, y, 1);
}

}  // namespace ntk::blas
