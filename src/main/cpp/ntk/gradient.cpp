#include "ntk/blas.h"
#include "ntk/elementwise.h"
#include "ntk/ntk_core.h"
#include "ntk/shape.h"

namespace ntk {
namespace {

template <class T>
void add_gradient_of(const int64_t* widths, int depth, int64_t inputs, const double* c, const T* x0,
                     const T* activations, const T* deltas, T* scratch, T* parameters) {
    const Shape shape(widths, depth);
    require_range(0, inputs, INT32_MAX, "inputs");
    require_not_null(c, "the coefficients");
    require_not_null(x0, "the inputs");
    require_not_null(parameters, "the parameters");
    if (depth > 1) {
        require_not_null(activations, "the activations");
        require_not_null(deltas, "the deltas");
    }
    require_not_null(scratch, "the scratch space");
    const T* x = x0;
    T* weights = parameters;
    for (int l = 1; l <= depth; ++l) {
        const int64_t n_in = shape.width(l - 1);
        const int64_t n = shape.width(l);
        T* bias = weights + n * n_in;
        if (l == depth) {
            for (int64_t s = 0; s < inputs; ++s) scratch[s] = static_cast<T>(c[s]);
        } else {
            for (int64_t s = 0; s < inputs; ++s) {
                const T factor = static_cast<T>(c[s]);
                for (int64_t i = 0; i < n; ++i) scratch[s * n + i] = factor * deltas[s * n + i];
            }
            deltas += inputs * n;
        }
        blas::add_transposed_product(n, n_in, inputs, scratch, x, weights);
        add_rows(inputs, n, scratch, bias);
        x = activations;
        activations += inputs * n;
        weights = bias + n;
    }
}

}  // namespace

void add_gradient(const int64_t* widths, int depth, int64_t inputs, const double* c, const double* x0,
                  const double* activations, const double* deltas, double* scratch, double* parameters) {
    add_gradient_of(widths, depth, inputs, c, x0, activations, deltas, scratch, parameters);
}

void add_gradient(const int64_t* widths, int depth, int64_t inputs, const double* c, const float* x0,
                  const float* activations, const float* deltas, float* scratch, float* parameters) {
    add_gradient_of(widths, depth, inputs, c, x0, activations, deltas, scratch, parameters);
}

}  // namespace ntk
