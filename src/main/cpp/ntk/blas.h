#pragma once

// cblas under one name for float and double; row-major throughout.

#include <cblas.h>

#include <cstdint>

namespace ntk::blas {

// C (m x n) = alpha-free product: C = A B or A B^T, plus C if accumulate.
inline void multiply(bool transpose_b, int64_t m, int64_t n, int64_t k, const double* a, int64_t lda, const double* b,
                     int64_t ldb, bool accumulate, double* c, int64_t ldc) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, static_cast<blasint>(m),
                static_cast<blasint>(n), static_cast<blasint>(k), 1.0, a, static_cast<blasint>(lda), b,
                static_cast<blasint>(ldb), accumulate ? 1.0 : 0.0, c, static_cast<blasint>(ldc));
}

inline void multiply(bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b,
                     int64_t ldb, bool accumulate, float* c, int64_t ldc) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, static_cast<blasint>(m),
                static_cast<blasint>(n), static_cast<blasint>(k), 1.0f, a, static_cast<blasint>(lda), b,
                static_cast<blasint>(ldb), accumulate ? 1.0f : 0.0f, c, static_cast<blasint>(ldc));
}

// C (m x n) += A^T B, A: k x m, B: k x n.
inline void add_transposed_product(int64_t m, int64_t n, int64_t k, const double* a, const double* b, double* c) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<blasint>(m), static_cast<blasint>(n),
                static_cast<blasint>(k), 1.0, a, static_cast<blasint>(m), b, static_cast<blasint>(n), 1.0, c,
                static_cast<blasint>(n));
}

inline void add_transposed_product(int64_t m, int64_t n, int64_t k, const float* a, const float* b, float* c) {
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<blasint>(m), static_cast<blasint>(n),
                static_cast<blasint>(k), 1.0f, a, static_cast<blasint>(m), b, static_cast<blasint>(n), 1.0f, c,
                static_cast<blasint>(n));
}

// y = A x (+ y if accumulate) or A^T x, A: rows x cols.
inline void multiply_vector(bool transpose, int64_t rows, int64_t cols, const double* a, const double* x,
                            bool accumulate, double* y) {
    cblas_dgemv(CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, static_cast<blasint>(rows),
                static_cast<blasint>(cols), 1.0, a, static_cast<blasint>(cols), x, 1, accumulate ? 1.0 : 0.0, y, 1);
}

inline void multiply_vector(bool transpose, int64_t rows, int64_t cols, const float* a, const float* x, bool accumulate,
                            float* y) {
    cblas_sgemv(CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, static_cast<blasint>(rows),
                static_cast<blasint>(cols), 1.0f, a, static_cast<blasint>(cols), x, 1, accumulate ? 1.0f : 0.0f, y, 1);
}

// Lower triangle of C (n x n) = A A^T, A: n x k.
inline void gram(int64_t n, int64_t k, const double* a, int64_t lda, double* c, int64_t ldc) {
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, static_cast<blasint>(n), static_cast<blasint>(k), 1.0, a,
                static_cast<blasint>(lda), 0.0, c, static_cast<blasint>(ldc));
}

inline void gram(int64_t n, int64_t k, const float* a, int64_t lda, float* c, int64_t ldc) {
    cblas_ssyrk(CblasRowMajor, CblasLower, CblasNoTrans, static_cast<blasint>(n), static_cast<blasint>(k), 1.0f, a,
                static_cast<blasint>(lda), 0.0f, c, static_cast<blasint>(ldc));
}

inline double dot(int64_t n, const double* x, const double* y) {
    return cblas_ddot(static_cast<blasint>(n), x, 1, y, 1);
}

inline float dot(int64_t n, const float* x, const float* y) {
    return cblas_sdot(static_cast<blasint>(n), x, 1, y, 1);
}

}  // namespace ntk::blas
