#include "ntk/products.h"

#include <cblas.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "ntk/kernels.h"

namespace ntk {
namespace {

// The function of T's precision.
template <class T, class Single, class Double>
constexpr auto of(Single single, Double wide) {
    if constexpr (std::is_same_v<T, float>) {
        return single;
    } else {
        return wide;
    }
}

constexpr blasint narrow(int64_t size) { return static_cast<blasint>(size); }

// OpenBLAS wants strides of at least the rows' length even where there is a single row.
template <class T>
blasint leading(Rows<T> matrix, int64_t length) {
    return narrow(std::max<int64_t>({matrix.stride, length, 1}));
}

// Puts what the sums start from into C; returns the factor of C in the product.
template <class T>
T prepare(int64_t m, int64_t n, Start<T> start, Rows<T> c) {
    if (start.data == nullptr) return 0;
    if (start.data != c.data) {
        for (int64_t i = 0; i < m; ++i) {
            const T* from = start.data + i * start.row;
            T* row = c.data + i * c.stride;
            if (start.column == 0) {
                std::fill_n(row, n, *from);
            } else {
                std::copy_n(from, n, row);
            }
        }
    }
    return 1;
}

template <class T>
void gemv(CBLAS_TRANSPOSE transpose, int64_t rows, int64_t columns, Rows<const T> a, const T* x, T beta, T* y) {
    // An empty sum it leaves alone.
    if (beta == 0) std::fill_n(y, transpose == CblasTrans ? columns : rows, T(0));
    of<T>(cblas_sgemv, cblas_dgemv)(CblasRowMajor, transpose, narrow(rows), narrow(columns), T(1), a.data,
                                    leading(a, columns), x, 1, beta, y, 1);
}

template <class T, CBLAS_TRANSPOSE transpose_a, CBLAS_TRANSPOSE transpose_b>
void gemm(int64_t m, int64_t n, int64_t k, Rows<const T> a, Rows<const T> b, Start<T> start, Rows<T> c) {
    if (m == 0 || n == 0) return;
    const T beta = prepare(m, n, start, c);
    if (m == 1 && transpose_a == CblasNoTrans) {
        constexpr bool plain = transpose_b == CblasNoTrans;
        return gemv<T>(plain ? CblasTrans : CblasNoTrans, plain ? k : n, plain ? n : k, b, a.data, beta, c.data);
    }
    of<T>(cblas_sgemm, cblas_dgemm)(CblasRowMajor, transpose_a, transpose_b, narrow(m), narrow(n), narrow(k), T(1), a.data,
                                    leading(a, transpose_a == CblasTrans ? m : k), b.data,
                                    leading(b, transpose_b == CblasTrans ? k : n), beta, c.data, leading(c, n));
}

template <class T, CBLAS_TRANSPOSE transpose>
void syrk(int64_t n, int64_t k, Rows<const T> a, Rows<T> c) {
    if (n == 0) return;
    of<T>(cblas_ssyrk, cblas_dsyrk)(CblasRowMajor, CblasLower, transpose, narrow(n), narrow(k), T(1), a.data,
                                    leading(a, transpose == CblasTrans ? n : k), T(0), c.data, leading(c, n));
}

template <class T>
void matrix_vector(int64_t m, int64_t k, Rows<const T> a, const T* x, const T* start, T* y) {
    if (m == 0) return;
    gemv<T>(CblasNoTrans, m, k, a, x, prepare<T>(1, m, {start, 0}, {y, 0}), y);
}

template <class T>
T dot(int64_t n, const T* x, const T* y) {
    return of<T>(cblas_sdot, cblas_ddot)(narrow(n), x, 1, y, 1);
}

template <class T>
constexpr ElementProducts<T> kElementProducts = {
    .multiply_nn = gemm<T, CblasNoTrans, CblasNoTrans>,
    .multiply_nt = gemm<T, CblasNoTrans, CblasTrans>,
    .multiply_tn = gemm<T, CblasTrans, CblasNoTrans>,
    .gram_nt = syrk<T, CblasNoTrans>,
    .gram_tn = syrk<T, CblasTrans>,
    .matrix_vector = matrix_vector<T>,
    .dot = dot<T>,
};

constexpr Products kBlas = {.name = "blas", .f32 = kElementProducts<float>, .f64 = kElementProducts<double>};

const Products& choose() {
    const char* wanted = std::getenv("NTK_PRODUCTS");
    const std::string value(wanted == nullptr || *wanted == '\0' ? "own" : wanted);
    if (value == "own") return kernels().products;
    if (value == "blas") return kBlas;
    throw std::invalid_argument("NTK_PRODUCTS must be own or blas, not '" + value + "'.");
}

}  // namespace

const Products& blas_products() { return kBlas; }

const Products& products() {
    static const Products& chosen = choose();
    return chosen;
}

}  // namespace ntk
