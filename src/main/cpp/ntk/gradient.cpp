#include "ntk/blas.h"
#include "ntk/elementwise.h"
#include "ntk/ntk_core.h"
#include "ntk/shape.h"

namespace ntk {
namespace {

template <class T>
void add_gradient_of(std::span<const int64_t> widths, int depth, int64_t inputs, std::span<const double> coefficients,
                     std::span<const T> x0, std::span<const T> all_activations, std::span<const T> all_deltas,
                     std::span<T> space, std::span<T> parameters) {
    const Shape shape(widths, depth);
    require_range(0, inputs, INT32_MAX, "inputs");
    require_room(coefficients, inputs, "coefficients");
    require_room(x0, product(inputs, shape.width(0)), "inputs");
    require_room(parameters, shape.parameter_count(), "parameters");
    require_room(all_activations, product(inputs, shape.hidden_units()), "activations");
    require_room(all_deltas, product(inputs, shape.hidden_units()), "deltas");
    require_room(space, product(inputs, shape.max_hidden_width()), "scratch space");
    const double* c = coefficients.data();
    const T* x = x0.data();
    const T* activations = all_activations.data();
    const T* deltas = all_deltas.data();
    T* scratch = space.data();
    T* weights = parameters.data();
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

void add_gradient(std::span<const int64_t> widths, int depth, int64_t inputs, std::span<const double> c, std::span<const double> x0,
                  std::span<const double> activations, std::span<const double> deltas, std::span<double> scratch, std::span<double> parameters) {
    add_gradient_of(widths, depth, inputs, c, x0, activations, deltas, scratch, parameters);
}

void add_gradient(std::span<const int64_t> widths, int depth, int64_t inputs, std::span<const double> c, std::span<const float> x0,
                  std::span<const float> activations, std::span<const float> deltas, std::span<float> scratch, std::span<float> parameters) {
    add_gradient_of(widths, depth, inputs, c, x0, activations, deltas, scratch, parameters);
}

}  // namespace ntk
