#include <algorithm>

#include "ntk/layer.h"
#include "ntk/ntk_core.h"
#include "ntk/shape.h"

namespace ntk {
namespace {

template <class T>
void forward_block(const Shape& shape, int kind, double a, double b, int64_t inputs, int64_t first, int64_t rows,
                   const T* parameters, const T* x0, T* activations, T* deltas, T* outputs) {
    const T* x = x0 + first * shape.width(0);
    const T* weights = parameters;
    int64_t state = 0;
    for (int l = 1; l <= shape.depth(); ++l) {
        const int64_t n_in = shape.width(l - 1);
        const int64_t n_out = shape.width(l);
        const T* bias = weights + n_out * n_in;
        if (l == shape.depth()) {
            affine(rows, n_out, n_in, x, weights, bias, outputs + first);
        } else {
            T* h = activations + state + first * n_out;
            affine(rows, n_out, n_in, x, weights, bias, h);
            activate(kind, a, b, rows * n_out, h, deltas + state + first * n_out);
            x = h;
            state += inputs * n_out;
        }
        weights = bias + n_out;
    }
}

template <class T>
void backward_block(const Shape& shape, int64_t inputs, int64_t first, int64_t rows, const T* parameters, T* deltas,
                    T* scratch) {
    const T* weights = parameters + shape.parameter_count() - 1 - shape.width(shape.depth() - 1);  // W^L
    int64_t state = shape.hidden_units() * inputs;
    T* g = scratch + first * shape.max_hidden_width();
    const T* delta_above = nullptr;
    for (int l = shape.depth() - 1; l >= 1; --l) {
        const int64_t n = shape.width(l);
        state -= inputs * n;
        T* delta = deltas + state + first * n;
        if (delta_above == nullptr) {
            for (int64_t s = 0; s < rows; ++s) multiply_elements(n, weights, delta + s * n);
        } else {
            pull_back(rows, shape.width(l + 1), n, delta_above, weights, g);
            multiply_elements(rows * n, g, delta);
        }
        delta_above = delta;
        weights -= n * (shape.width(l - 1) + 1);  // from W^{l+1} to W^l
    }
}

void require_ranges(int64_t inputs, int64_t first_network, int64_t networks, int64_t first_input,
                    int64_t input_count) {
    require_range(first_network, networks, "networks");
    require_range(first_input, input_count, inputs, "inputs");
}

template <class T>
void forward_networks(const int64_t* widths, int depth, int kind, double a, double b, int64_t inputs,
                      int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count,
                      const T* parameters, const T* x0, T* activations, T* deltas, T* outputs) {
    const Shape shape(widths, depth);
    require_ranges(inputs, first_network, networks, first_input, input_count);
    require_activation(kind);
    require_not_null(parameters, "the parameters");
    require_not_null(x0, "the inputs");
    require_not_null(outputs, "the outputs");
    if (depth > 1) {
        require_not_null(activations, "the activations");
        require_not_null(deltas, "the deltas");
    }
    const int64_t states = inputs * shape.hidden_units();
    for (int64_t k = first_network; k < first_network + networks; ++k) {
        for (int64_t first = first_input; first < first_input + input_count; first += block_size()) {
            const int64_t rows = std::min<int64_t>(block_size(), first_input + input_count - first);
            forward_block(shape, kind, a, b, inputs, first, rows, parameters + k * shape.parameter_count(), x0,
                          activations + k * states, deltas + k * states, outputs + k * inputs);
        }
    }
}

template <class T>
void backward_networks(const int64_t* widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
                       int64_t first_input, int64_t input_count, const T* parameters, T* deltas, T* scratch) {
    const Shape shape(widths, depth);
    require_ranges(inputs, first_network, networks, first_input, input_count);
    require_not_null(parameters, "the parameters");
    if (depth > 1) {
        require_not_null(deltas, "the deltas");
        require_not_null(scratch, "the scratch space");
    }
    for (int64_t k = first_network; k < first_network + networks; ++k) {
        for (int64_t first = first_input; first < first_input + input_count; first += block_size()) {
            const int64_t rows = std::min<int64_t>(block_size(), first_input + input_count - first);
            backward_block(shape, inputs, first, rows, parameters + k * shape.parameter_count(),
                           deltas + k * inputs * shape.hidden_units(), scratch + k * inputs * shape.max_hidden_width());
        }
    }
}

}  // namespace

void forward(const int64_t* widths, int depth, int activation_kind, double a, double b, int64_t inputs,
             int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count, const double* parameters,
             const double* x0, double* activations, double* deltas, double* outputs) {
    forward_networks(widths, depth, activation_kind, a, b, inputs, first_network, networks, first_input, input_count,
                     parameters, x0, activations, deltas, outputs);
}

void forward(const int64_t* widths, int depth, int activation_kind, double a, double b, int64_t inputs,
             int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count, const float* parameters,
             const float* x0, float* activations, float* deltas, float* outputs) {
    forward_networks(widths, depth, activation_kind, a, b, inputs, first_network, networks, first_input, input_count,
                     parameters, x0, activations, deltas, outputs);
}

void backward(const int64_t* widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_input, int64_t input_count, const double* parameters, double* deltas, double* scratch) {
    backward_networks(widths, depth, inputs, first_network, networks, first_input, input_count, parameters, deltas,
                      scratch);
}

void backward(const int64_t* widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_input, int64_t input_count, const float* parameters, float* deltas, float* scratch) {
    backward_networks(widths, depth, inputs, first_network, networks, first_input, input_count, parameters, deltas,
                      scratch);
}

}  // namespace ntk
