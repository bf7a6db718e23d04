#include <algorithm>

#include "ntk/checks.h"
#include "ntk/directions.h"
#include "ntk/element_type.h"
#include "ntk/ntk_core.h"
#include "ntk/passes.h"

namespace ntk {
namespace {

struct Ranges {
    int64_t first_network, networks, first_input, input_count;

    int64_t end() const { return first_network + networks; }

    void require(int64_t inputs) const {
        require_range(first_network, networks, "networks");
        require_inputs(inputs);
        require_blocks(first_input, input_count, inputs);
    }

    // Calls body(network, first, rows) for each network and block of inputs.
    template <class Body>
    void for_each_block(Body body) const {
        for (int64_t k = first_network; k < end(); ++k) {
            for (int64_t first = first_input; first < first_input + input_count; first += block_size()) {
                body(k, first, std::min<int64_t>(block_size(), first_input + input_count - first));
            }
        }
    }
};

}  // namespace

void forward(const Network& network, const Batch& batch, int64_t first_network, int64_t networks, int64_t first_input,
             int64_t input_count) {
    const Ranges ranges{first_network, networks, first_input, input_count};
    ranges.require(batch.inputs);
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t inputs = batch.inputs;
        const int64_t states = product(inputs, network.hidden_units());
        const T* parameters = numbers<T>(batch.parameters, product(ranges.end(), network.parameter_count()), "parameters");
        const T* x0 = numbers<T>(batch.x0, product(inputs, network.width(0)), "inputs");
        T* activations = numbers<T>(batch.activations, product(ranges.end(), states), "activations");
        T* derivatives = numbers<T>(batch.derivatives, product(ranges.end(), states), "derivatives");
        const int64_t values = product(inputs, network.outputs());
        T* outputs = numbers<T>(batch.outputs, product(ranges.end(), values), "outputs");
        ranges.for_each_block([&](int64_t k, int64_t first, int64_t rows) {
            const Passes<T> passes{network, inputs, x0, activations + k * states, derivatives + k * states, outputs + k * values};
            passes.forward(parameters + k * network.parameter_count(), first, rows);
        });
    });
}

void backward(const Network& network, const Batch& batch, std::span<const double> directions, int64_t first_network,
              int64_t networks, int64_t first_input, int64_t input_count) {
    const Ranges ranges{first_network, networks, first_input, input_count};
    ranges.require(batch.inputs);
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const Directions<T> v(network, batch, directions);
        const int64_t inputs = batch.inputs;
        const int64_t states = product(inputs, network.hidden_units());
        const int64_t all_states = product(batch.directions, states);
        const int64_t space = network.depth() > 1 ? product(inputs, network.max_hidden_width()) : 0;
        const T* parameters = numbers<T>(batch.parameters, product(ranges.end(), network.parameter_count()), "parameters");
        const T* derivatives = numbers<T>(batch.derivatives, product(ranges.end(), states), "derivatives");
        T* deltas = numbers<T>(batch.deltas, product(ranges.end(), all_states), "deltas");
        T* scratch = numbers<T>(batch.scratch, product(ranges.end(), space), "scratch space");
        ranges.for_each_block([&](int64_t k, int64_t first, int64_t rows) {
            T* pulled = scratch + k * space + first * network.max_hidden_width();
            for (int64_t d = 0; d < v.count(); ++d) {
                T* delta = deltas + k * all_states + d * states;
                if (derivatives + k * states != delta) {
                    for (const Layer& layer : network.layers()) {
                        const int64_t start = layer.units * inputs + first * layer.n_out;
                        if (network.hidden(layer)) {
                            std::copy_n(derivatives + k * states + start, rows * layer.n_out, delta + start);
                        }
                    }
                }
                const Passes<T> passes{network, inputs, nullptr, nullptr, delta, nullptr};
                passes.backward_along(parameters + k * network.parameter_count(), v[d], first, rows, pulled);
            }
        });
    });
}

}  // namespace ntk
