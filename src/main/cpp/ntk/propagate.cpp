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
    require_range(0, inputs, INT32_MAX, "inputs");
    require_range(first_input, input_count, inputs, "inputs");
}

template <class T>
void forward_networks(std::span<const int64_t> widths, int depth, int kind, double a, double b, int64_t inputs,
                      int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count,
                      std::span<const T> parameters, std::span<const T> x0, std::span<T> activations,
                      std::span<T> deltas, std::span<T> outputs) {
    const Shape shape(widths, depth);
    require_ranges(inputs, first_network, networks, first_input, input_count);
    require_activation(kind);
    const int64_t states = product(inputs, shape.hidden_units());
    const int64_t end = first_network + networks;
    require_room(parameters, product(end, shape.parameter_count()), "parameters");
    require_room(x0, product(inputs, shape.width(0)), "inputs");
    require_room(activations, product(end, states), "activations");
    require_room(deltas, product(end, states), "deltas");
    require_room(outputs, product(end, inputs), "outputs");
    for (int64_t k = first_network; k < end; ++k) {
        for (int64_t first = first_input; first < first_input + input_count; first += block_size()) {
            const int64_t rows = std::min<int64_t>(block_size(), first_input + input_count - first);
            forward_block(shape, kind, a, b, inputs, first, rows, parameters.data() + k * shape.parameter_count(), x0.data(),
                          activations.data() + k * states, deltas.data() + k * states, outputs.data() + k * inputs);
        }
    }
}

template <class T>
void backward_networks(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network,
                       int64_t networks, int64_t first_input, int64_t input_count, std::span<const T> parameters,
                       std::span<T> deltas, std::span<T> scratch) {
    const Shape shape(widths, depth);
    require_ranges(inputs, first_network, networks, first_input, input_count);
    const int64_t states = product(inputs, shape.hidden_units());
    const int64_t space = depth > 1 ? product(inputs, shape.max_hidden_width()) : 0;
    const int64_t end = first_network + networks;
    require_room(parameters, product(end, shape.parameter_count()), "parameters");
    require_room(deltas, product(end, states), "deltas");
    require_room(scratch, product(end, space), "scratch space");
    for (int64_t k = first_network; k < end; ++k) {
        for (int64_t first = first_input; first < first_input + input_count; first += block_size()) {
            const int64_t rows = std::min<int64_t>(block_size(), first_input + input_count - first);
            backward_block(shape, inputs, first, rows, parameters.data() + k * shape.parameter_count(),
                           deltas.data() + k * states, scratch.data() + k * space);
        }
    }
}

}  // namespace

void forward(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs,
             int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count, std::span<const double> parameters,
             std::span<const double> x0, std::span<double> activations, std::span<double> deltas, std::span<double> outputs) {
    forward_networks(widths, depth, activation_kind, a, b, inputs, first_network, networks, first_input, input_count,
                     parameters, x0, activations, deltas, outputs);
}

void forward(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs,
             int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count, std::span<const float> parameters,
             std::span<const float> x0, std::span<float> activations, std::span<float> deltas, std::span<float> outputs) {
    forward_networks(widths, depth, activation_kind, a, b, inputs, first_network, networks, first_input, input_count,
                     parameters, x0, activations, deltas, outputs);
}

void backward(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_input, int64_t input_count, std::span<const double> parameters, std::span<double> deltas, std::span<double> scratch) {
    backward_networks(widths, depth, inputs, first_network, networks, first_input, input_count, parameters, deltas,
                      scratch);
}

void backward(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_input, int64_t input_count, std::span<const float> parameters, std::span<float> deltas, std::span<float> scratch) {
    backward_networks(widths, depth, inputs, first_network, networks, first_input, input_count, parameters, deltas,
                      scratch);
}

}  // namespace ntk
