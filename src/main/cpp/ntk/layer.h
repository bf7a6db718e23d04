#pragma once

// The two products of a layer with its weights.

#include "ntk/blas.h"
#include "ntk/elementwise.h"

namespace ntk {

// H (rows x n_l) = X (rows x n_{l-1}) W^T + b
template <class T>
void affine(int64_t rows, int64_t n_out, int64_t n_in, const T* x, const T* weights, const T* bias, T* h) {
    broadcast_rows(rows, n_out, bias, h);
    if (rows == 1) {
        blas::multiply_vector(false, n_out, n_in, weights, x, true, h);
    } else {
        blas::multiply(true, rows, n_out, n_in, x, n_in, weights, n_in, true, h, n_out);
    }
}

// G (rows x n_{l-1}) = D (rows x n_l) W
template <class T>
void pull_back(int64_t rows, int64_t n_out, int64_t n_in, const T* delta, const T* weights, T* g) {
    if (rows == 1) {
        blas::multiply_vector(true, n_out, n_in, weights, delta, false, g);
    } else {
        blas::multiply(false, rows, n_in, n_out, delta, n_out, weights, n_in, false, g, n_in);
    }
}

}  // namespace ntk
