#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/ntk_core.h"
#include "ntk/passes.h"

namespace ntk {
namespace {

int64_t scratch_numbers(const Network& network, int64_t inputs) {
    return product(inputs, sum(2 * network.hidden_units(), network.max_hidden_width() + 1));
}

// The weights of f64 networks take a step directly; those of f32 networks collect it in their pending part first.
template <class T>
struct Weights {
    T* values;
    T* steps;

    void settle(const Layer& layer) const {
        if constexpr (std::is_same_v<T, float>) {
            kernels().settle(layer.n_out * (layer.n_in + 1), values + layer.weights, steps + layer.weights);
        }
    }
};

template <class T>
class Descent {
   public:
    Descent(const Network& network, int64_t inputs, const T* x0, const double* targets, const DescentRule& rule,
            T* scratch, const Weights<T>& weights)
        : passes_{network, inputs, x0, scratch, scratch + inputs * network.hidden_units(), nullptr},
          pulled_(passes_.deltas + inputs * network.hidden_units()),
          targets_(targets),
          rule_(rule),
          weights_(weights) {
        passes_.outputs = pulled_ + inputs * network.max_hidden_width();
    }

    void run(int64_t until, DescentState& state, double* losses) {
        while (state.status == kRunning && (state.step < until || state.step == rule_.max_steps)) {
            passes_.forward(weights_.values, 0, passes_.inputs);
            const double loss = take_loss();
            *losses++ = loss;
            state.status = observe(loss, state);
            if (state.status == kRunning) {
                step();
                ++state.step;
            }
        }
    }

   private:
    // Also turns the outputs into the coefficients c of the gradient step.
    double take_loss() {
        const auto inputs = static_cast<double>(passes_.inputs);
        const double rate = -rule_.learning_rate * rule_.loss_factor / inputs;
        double sum = 0;
        for (int64_t s = 0; s < passes_.inputs; ++s) {
            const double residual = static_cast<double>(passes_.outputs[s]) - targets_[s];
            sum += residual * residual;
            passes_.outputs[s] = static_cast<T>(rate * residual);
        }
        return rule_.loss_factor / (2 * inputs) * sum;
    }

    // The loss as the stopping rule sees it.
    DescentStatus observe(double loss, DescentState& state) const {
        state.last_loss = loss;
        if (!std::isfinite(loss)) return kDiverged;
        state.least_loss = std::min(state.least_loss, loss);
        if (loss < state.best - rule_.min_decrease) {
            state.best = loss;
            state.waited = 0;
        } else {
            ++state.waited;
        }
        if (state.waited >= rule_.patience) return kEarlyStop;
        return state.step == rule_.max_steps ? kMaxSteps : kRunning;
    }

    // w += J^T c. With delta^L = c instead of 1 the deltas of all layers carry the coefficients, and a layer's step is
    // D^T X. Each layer's weights pull deltas back before they change.
    void step() {
        passes_.backward(weights_.values, passes_.outputs, 0, passes_.inputs, pulled_,
                         [this](const Layer& layer, const T* delta) {
                             add_layer_gradient(layer, passes_.inputs, delta, passes_.below(layer), weights_.steps);
                             weights_.settle(layer);
                         });
    }

    Passes<T> passes_;
    T* pulled_;
    const double* targets_;
    const DescentRule& rule_;
    Weights<T> weights_;
};

void check(const TrainingData& data, const DescentRule& rule, int64_t until, const DescentState& state,
           std::span<double> losses) {
    require_inputs(data.inputs);
    require_room(data.targets, data.inputs, "targets");
    require_range(0, until, rule.max_steps, "steps");
    if (rule.patience < 1) {
        throw std::invalid_argument("The patience must be at least 1, not " + std::to_string(rule.patience) + ".");
    }
    if (state.status < kRunning || state.status > kDiverged || state.waited < 0) {
        throw std::invalid_argument("No descent has status " + std::to_string(state.status) + " and has waited for " +
                                    std::to_string(state.waited) + " losses.");
    }
    if (state.step < 0 || state.step > until) {
        throw std::invalid_argument("The descent stands at step " + std::to_string(state.step) +
                                    "; it cannot go on to step " + std::to_string(until) + ".");
    }
    require_room(losses, sum(until - state.step, 1), "losses");
}

}  // namespace

int64_t descent_scratch(const Network& network, int64_t inputs) {
    require_inputs(inputs);
    return scratch_numbers(network, inputs);
}

void descend(const Network& network, const TrainingData& data, const DescentRule& rule, int64_t until,
             std::span<std::byte> scratch, std::span<std::byte> parameters, std::span<std::byte> pending,
             DescentState& state, std::span<double> losses) {
    check(data, rule, until, state, losses);
    with_element_type(data.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t count = network.parameter_count();
        const T* x0 = numbers<T>(data.x0, product(data.inputs, network.width(0)), "inputs");
        T* space = numbers<T>(scratch, scratch_numbers(network, data.inputs), "scratch space");
        T* values = numbers<T>(parameters, count, "parameters");
        Weights<T> weights{values, values};
        if constexpr (std::is_same_v<T, float>) {
            weights.steps = numbers<T>(pending, count, "pending parts of the parameters");
        } else if (!pending.empty()) {
            throw std::invalid_argument("Parameters in f64 have no pending parts.");
        }
        Descent<T>(network, data.inputs, x0, data.targets.data(), rule, space, weights).run(until, state, losses.data());
    });
}

}  // namespace ntk
