#include <algorithm>
#include <stdexcept>
#include <vector>

#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/ntk_core.h"
#include "ntk/passes.h"

namespace ntk {
namespace {

// What one direction of a network's backward pass has left.
template <class T>
Passes<T> passes_of(const Network& network, const Batch& source, int64_t index, int64_t direction) {
    const int64_t inputs = source.inputs;
    const int64_t states = product(inputs, network.hidden_units());
    const int64_t all_states = product(source.directions, states);
    const T* x0 = numbers<T>(source.x0, product(inputs, network.width(0)), "inputs");
    T* activations = numbers<T>(source.activations, product(index + 1, states), "activations");
    T* deltas = numbers<T>(source.deltas, product(index + 1, all_states), "deltas");
    return {network, inputs, x0, activations + index * states, deltas + index * all_states + direction * states, nullptr};
}

void require_twins(const Network& network, const Batch& source, int64_t index, int64_t direction,
                   std::span<const double> v, const Batch& other) {
    require_range(index, 1, "networks");
    require_range(direction, 1, source.directions, "directions");
    require_inputs(source.inputs);
    if (source.type != other.type || source.inputs != other.inputs) {
        throw std::invalid_argument(
            "A gradient and its parameters belong to batches of the same element type and number of inputs.");
    }
    require_room(v, network.outputs(), "direction");
}

}  // namespace

void add_gradient(const Network& network, const Batch& source, int64_t index, int64_t direction,
                  std::span<const double> v, std::span<const double> c, const Batch& target) {
    require_twins(network, source, index, direction, v, target);
    const int64_t inputs = source.inputs;
    require_room(c, inputs, "coefficients");
    with_element_type(source.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t space = product(inputs, network.max_hidden_width());
        const Passes<T> passes = passes_of<T>(network, source, index, direction);
        T* scratch = numbers<T>(target.scratch, product(index + 1, space), "scratch space") + index * space;
        T* parameters = numbers<T>(target.parameters, product(index + 1, network.parameter_count()), "parameters");
        std::vector<T> top(static_cast<size_t>(product(inputs, network.outputs())));
        for (const Layer& layer : network.layers()) {
            const int64_t n = layer.n_out;
            const bool hidden = network.hidden(layer);
            T* scaled = hidden ? scratch : top.data();
            for (int64_t first = 0; first < inputs; first += block_size()) {
                const int64_t rows = std::min<int64_t>(block_size(), inputs - first);
                const T* delta = passes.delta(layer, first);
                for (int64_t i = 0; i < n; ++i) {
                    for (int64_t s = 0; s < rows; ++s) {
                        scaled[i * rows + s] = static_cast<T>(c[first + s]) * (hidden ? delta[i * rows + s] : static_cast<T>(v[i]));
                    }
                }
                add_layer_gradient(layer, rows, scaled, passes.below(layer, first),
                                   parameters + index * network.parameter_count());
            }
        }
    });
}

void derivatives(const Network& network, const Batch& source, int64_t index, int64_t direction, std::span<const double> v,
                 const Batch& along, int64_t first_input, int64_t input_count, std::span<double> target) {
    require_twins(network, source, index, direction, v, along);
    const int64_t inputs = source.inputs;
    require_blocks(first_input, input_count, inputs);
    require_room(target, inputs, "derivatives");
    with_element_type(source.type, [&](auto zero) {
        using T = decltype(zero);
        const Passes<T> passes = passes_of<T>(network, source, index, direction);
        const int64_t count = network.parameter_count();
        const T* u = numbers<T>(along.parameters, product(index + 1, count), "parameters") + index * count;
        const int64_t width = std::max<int64_t>(network.max_hidden_width(), network.outputs());
        std::vector<T> tangent(static_cast<size_t>(block_size() * width));
        const std::vector<T> top(v.begin(), v.begin() + network.outputs());
        for (int64_t first = first_input; first < first_input + input_count; first += block_size()) {
            const int64_t rows = std::min<int64_t>(block_size(), first_input + input_count - first);
            std::fill_n(target.begin() + first, rows, 0.0);
            for (const Layer& layer : network.layers()) {
                const int64_t n = layer.n_out;
                const bool hidden = network.hidden(layer);
                passes.affine(layer, u, first, rows, tangent.data());
                const T* delta = passes.delta(layer, first);
                for (int64_t i = 0; i < n; ++i) {
                    for (int64_t s = 0; s < rows; ++s) {
                        target[first + s] += static_cast<double>((hidden ? delta[i * rows + s] : top[i]) * tangent[i * rows + s]);
                    }
                }
            }
        }
    });
}

}  // namespace ntk
