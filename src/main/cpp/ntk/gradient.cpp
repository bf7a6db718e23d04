#include <stdexcept>

#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/ntk_core.h"
#include "ntk/passes.h"

namespace ntk {

void add_gradient(const Network& network, const Batch& source, int64_t index, std::span<const double> c,
                  const Batch& target) {
    network.require_one_output();
    const int64_t inputs = source.inputs;
    require_range(index, 1, "networks");
    require_inputs(inputs);
    if (source.type != target.type || inputs != target.inputs) {
        throw std::invalid_argument("A gradient can be added to a batch of the same element type and number of inputs only.");
    }
    require_room(c, inputs, "coefficients");
    with_element_type(source.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t states = product(inputs, network.hidden_units());
        const int64_t space = product(inputs, network.max_hidden_width());
        const T* x0 = numbers<T>(source.x0, product(inputs, network.width(0)), "inputs");
        T* activations = numbers<T>(source.activations, product(index + 1, states), "activations");
        const int64_t all_states = product(source.directions, states);
        T* deltas = numbers<T>(source.deltas, product(index + 1, all_states), "deltas");
        T* scratch = numbers<T>(target.scratch, product(index + 1, space), "scratch space") + index * space;
        T* parameters = numbers<T>(target.parameters, product(index + 1, network.parameter_count()), "parameters");
        const Passes<T> passes{network, inputs, x0, activations + index * states, deltas + index * all_states, nullptr};
        for (const Layer& layer : network.layers()) {
            const T* delta = passes.deltas + layer.units * inputs;
            for (int64_t s = 0; s < inputs; ++s) {
                const T factor = static_cast<T>(c[s]);
                if (!network.hidden(layer)) {
                    scratch[s] = factor;
                    continue;
                }
                const int64_t n = layer.n_out;
                for (int64_t i = 0; i < n; ++i) scratch[s * n + i] = factor * delta[s * n + i];
            }
            add_layer_gradient(layer, inputs, scratch, passes.below(layer), parameters + index * network.parameter_count());
        }
    });
}

}  // namespace ntk
