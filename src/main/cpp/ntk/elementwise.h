#pragma once

// The elementwise kernels of kernels.h under one name for float and double.

#include "ntk/kernels.h"

namespace ntk {

inline void activate(int kind, double a, double b, int64_t n, double* values, double* derivatives) {
    kernels().activate_f64(kind, a, b, n, values, derivatives);
}
inline void activate(int kind, double a, double b, int64_t n, float* values, float* derivatives) {
    kernels().activate_f32(kind, a, b, n, values, derivatives);
}

inline void multiply_elements(int64_t n, const double* factor, double* inout) { kernels().multiply_f64(n, factor, inout); }
inline void multiply_elements(int64_t n, const float* factor, float* inout) { kernels().multiply_f32(n, factor, inout); }

inline void multiply_outer(int64_t rows, int64_t cols, const double* left, const double* right, double* inout) {
    kernels().multiply_outer_f64(rows, cols, left, right, inout);
}
inline void multiply_outer(int64_t rows, int64_t cols, const float* left, const float* right, float* inout) {
    kernels().multiply_outer_f32(rows, cols, left, right, inout);
}

inline void add_rows(int64_t rows, int64_t cols, const double* in, double* out) {
    kernels().add_rows_f64(rows, cols, in, out);
}
inline void add_rows(int64_t rows, int64_t cols, const float* in, float* out) {
    kernels().add_rows_f32(rows, cols, in, out);
}

inline void broadcast_rows(int64_t rows, int64_t cols, const double* row, double* out) {
    kernels().broadcast_rows_f64(rows, cols, row, out, cols);
}
inline void broadcast_rows(int64_t rows, int64_t cols, const float* row, float* out) {
    kernels().broadcast_rows_f32(rows, cols, row, out, cols);
}

}  // namespace ntk
