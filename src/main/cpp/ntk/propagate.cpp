#include <algorithm>

#include "ntk/checks.h"
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
        require_range(first_input, input_count, inputs, "inputs");
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
        T* deltas = numbers<T>(batch.deltas, product(ranges.end(), states), "deltas");
        T* outputs = numbers<T>(batch.outputs, product(ranges.end(), product(inputs, network.outputs())), "outputs");
        ranges.for_each_block([&](int64_t k, int64_t first, int64_t rows) {
            const Passes<T> passes{network, inputs, x0, activations + k * states, deltas + k * states, outputs + k * inputs * network.outputs()};
            passes.forward(parameters + k * network.parameter_count(), first, rows);
        });
    });
}

void backward(const Network& network, const Batch& batch, int64_t first_network, int64_t networks, int64_t first_input,
              int64_t input_count) {
    network.require_one_output();
    const Ranges ranges{first_network, networks, first_input, input_count};
    ranges.require(batch.inputs);
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t inputs = batch.inputs;
        const int64_t states = product(inputs, network.hidden_units());
        const int64_t space = network.depth() > 1 ? product(inputs, network.max_hidden_width()) : 0;
        const T* parameters = numbers<T>(batch.parameters, product(ranges.end(), network.parameter_count()), "parameters");
        T* deltas = numbers<T>(batch.deltas, product(ranges.end(), states), "deltas");
        T* scratch = numbers<T>(batch.scratch, product(ranges.end(), space), "scratch space");
        if (network.depth() == 1) return;
        ranges.for_each_block([&](int64_t k, int64_t first, int64_t rows) {
            // delta^L = 1 takes the place of the first product, which is formed only when it is no longer needed.
            T* pulled = scratch + k * space + first * network.max_hidden_width();
            std::fill_n(pulled, rows, T(1));
            const Passes<T> passes{network, inputs, nullptr, nullptr, deltas + k * states, nullptr};
            passes.backward(parameters + k * network.parameter_count(), pulled, first, rows, pulled,
                            [](const Layer&, const T*) {});
        });
    });
}

}  // namespace ntk
