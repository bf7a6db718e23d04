#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "ntk/batch_order.h"
#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/ntk_core.h"
#include "ntk/optimizer.h"
#include "ntk/passes.h"

namespace ntk {
namespace {

// Inputs of one step.
int64_t batch_size(int64_t inputs, const DescentRule& rule) { return rule.batch == 0 ? inputs : rule.batch; }

template <class T>
int64_t scratch_numbers(const Network& network, int64_t inputs, const DescentRule& rule) {
    const int64_t batch = batch_size(inputs, rule);
    const int64_t copied = batch < inputs ? network.width(0) : 0;
    const int64_t row = sum(sum(2 * network.hidden_units(), network.max_hidden_width() + 2 * network.outputs()), copied);
    return sum(product(batch, row), Optimizer<T>::scratch_numbers(network, rule));
}

template <class T>
class Descent {
   public:
    Descent(const Network& network, const TrainingData& data, const DescentRule& rule, T* scratch,
            const Weights<T>& weights)
        : batch_(batch_size(data.inputs, rule)),
          passes_{network, batch_, nullptr, scratch, scratch + batch_ * network.hidden_units(), nullptr},
          pulled_(passes_.deltas + batch_ * network.hidden_units()),
          x0_(reinterpret_cast<const T*>(data.x0.data())),
          data_(data),
          rule_(rule),
          order_(data.inputs, batch_, rule.order_key),
          weights_(weights),
          optimizer_(network, rule, pulled_ + batch_ * (network.max_hidden_width() + 2 * network.outputs()), weights) {
        passes_.outputs = pulled_ + batch_ * network.max_hidden_width();
        top_ = passes_.outputs + batch_ * network.outputs();
        copies_ = top_ + batch_ * network.outputs() + Optimizer<T>::scratch_numbers(network, rule);
    }

    void run(int64_t until, DescentState& state, double* losses) {
        while (state.status == kRunning && (state.step < until || state.step == rule_.max_steps)) {
            if (state.step == rule_.max_steps) {
                state.epoch_sum = 0;
                state.status = observe(loss(), state);
                *losses++ = state.last_loss;
                return;
            }
            const int64_t rows = order_.count(state.step);
            select(state.step, rows);
            passes_.forward(weights_.values, 0, rows);
            state.epoch_sum += take_losses(rows, optimizer_.residual_factor(rows), selected_);
            const bool complete = order_.ends_epoch(state.step);
            if (complete || !std::isfinite(state.epoch_sum)) {
                state.status = observe(mean(state.epoch_sum), state);
                state.epoch_sum = 0;
                if (state.status == kEarlyStop && !order_.whole()) end_with(loss(), state);
                *losses++ = state.last_loss;
            }
            if (state.status == kRunning) {
                step(state.step, rows);
                ++state.step;
            }
        }
    }

    // Of all inputs.
    double loss() {
        double sum = 0;
        for (int64_t first = 0; first < data_.inputs; first += batch_) {
            const int64_t rows = std::min(batch_, data_.inputs - first);
            passes_.x0 = x0_ + first * passes_.network.width(0);
            passes_.forward(weights_.values, 0, rows);
            sum += take_losses(rows, 0, nullptr, first);
        }
        return mean(sum);
    }

   private:
    // Makes the inputs of a step those that the passes read.
    void select(int64_t step, int64_t rows) {
        passes_.x0 = x0_;
        selected_ = nullptr;
        if (order_.whole()) return;
        selected_ = order_.at(step);
        const int64_t dim = passes_.network.width(0);
        for (int64_t i = 0; i < rows; ++i) std::copy_n(x0_ + selected_[i] * dim, dim, copies_ + i * dim);
        passes_.x0 = copies_;
    }

    // The sum of the losses of the rows that have just been evaluated, those of inputs[0], inputs[1], …, or first,
    // first + 1, …; their outputs are turned into factor times the residuals.
    double take_losses(int64_t rows, double factor, const int64_t* inputs, int64_t first = 0) const {
        const int64_t n = passes_.network.outputs();
        double sum = 0;
        for (int64_t i = 0; i < rows; ++i) {
            const double* y = data_.targets.data() + (inputs == nullptr ? first + i : inputs[i]) * n;
            T* f = passes_.outputs + i * n;
            if (rule_.loss == kCrossEntropy) {
                sum += kernels().of<T>().cross_entropy(n, factor, y, f);
                continue;
            }
            double loss = 0;
            for (int64_t k = 0; k < n; ++k) {
                const double residual = static_cast<double>(f[k]) - y[k];
                loss += residual * residual;
                f[k] = static_cast<T>(factor * residual);
            }
            sum += loss;
        }
        return sum;
    }

    double mean(double sum) const {
        const auto inputs = static_cast<double>(data_.inputs);
        return rule_.loss_factor / (rule_.loss == kSquaredError ? 2 * inputs : inputs) * sum;
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

    // The loss of all inputs after an epoch that was the last one.
    static void end_with(double loss, DescentState& state) {
        state.last_loss = loss;
        if (std::isfinite(loss)) {
            state.least_loss = std::min(state.least_loss, loss);
        } else {
            state.status = kDiverged;
        }
    }

    // With delta^L = c instead of 1 the deltas of all layers carry the coefficients c, and a layer's gradient is D X^T.
    // Each layer's weights pull deltas back before they change.
    void step(int64_t t, int64_t rows) {
        optimizer_.begin(t);
        transpose(rows, passes_.network.outputs(), passes_.outputs, top_);
        passes_.backward(weights_.values, top_, 0, rows, pulled_, [&](const Layer& layer, const T* delta) {
            optimizer_.take(layer, rows, delta, passes_.below(layer, 0));
        });
    }

    int64_t batch_;
    Passes<T> passes_;
    T* pulled_;
    T* top_;     // delta^L
    T* copies_;  // of the inputs of a step, where it does not see all
    const T* x0_;
    const TrainingData& data_;
    const DescentRule& rule_;
    BatchOrder order_;
    const int64_t* selected_ = nullptr;
    Weights<T> weights_;
    Optimizer<T> optimizer_;
};

bool is_fraction(double x) { return x >= 0 && x < 1; }

void check(const Network& network, int64_t inputs, const DescentRule& rule) {
    require_inputs(inputs);
    if (inputs == 0) throw std::invalid_argument("A descent needs at least 1 input.");
    require_range(0, rule.batch, inputs, "inputs of a step");
    if (rule.loss < kSquaredError || rule.loss > kCrossEntropy || rule.optimizer < kGradientDescent || rule.optimizer > kAdam) {
        throw std::invalid_argument("There is no loss " + std::to_string(rule.loss) + " with optimizer " +
                                    std::to_string(rule.optimizer) + ".");
    }
    if (!is_fraction(rule.momentum) || !is_fraction(rule.second_momentum) || !(rule.epsilon >= 0)) {
        throw std::invalid_argument("Momenta must be at least 0 and below 1, and epsilon at least 0.");
    }
    if (rule.loss == kCrossEntropy && network.outputs() < 2) {
        throw std::invalid_argument("Cross-entropy needs at least 2 outputs.");
    }
}

void check(const TrainingData& data, const DescentRule& rule, int64_t until, const DescentState& state,
           std::span<double> losses) {
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
    const int64_t epoch = BatchOrder(data.inputs, batch_size(data.inputs, rule), rule.order_key).epoch_steps();
    require_room(losses, sum(until / epoch - state.step / epoch, 1), "losses");
}

}  // namespace

int64_t descent_scratch(const Network& network, int64_t inputs, const DescentRule& rule) {
    check(network, inputs, rule);
    return scratch_numbers<double>(network, inputs, rule);
}

void descend(const Network& network, const TrainingData& data, const DescentRule& rule, int64_t until,
             std::span<std::byte> scratch, const DescentNumbers& values, DescentState& state, std::span<double> losses) {
    check(network, data.inputs, rule);
    check(data, rule, until, state, losses);
    require_room(data.targets, product(data.inputs, network.outputs()), "targets");
    with_element_type(data.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t count = network.parameter_count();
        numbers<T>(data.x0, product(data.inputs, network.width(0)), "inputs");
        T* space = numbers<T>(scratch, scratch_numbers<T>(network, data.inputs, rule), "scratch space");
        T* parameters = numbers<T>(values.parameters, count, "parameters");
        Weights<T> weights{parameters, parameters, nullptr};
        if constexpr (std::is_same_v<T, float>) {
            weights.steps = numbers<T>(values.pending, count, "pending parts of the parameters");
        } else if (!values.pending.empty()) {
            throw std::invalid_argument("Parameters in f64 have no pending parts.");
        }
        if (moments_per_parameter(rule) > 0) {
            weights.moments = numbers<T>(values.moments, product(moments_per_parameter(rule), count), "moments");
        } else if (!values.moments.empty()) {
            throw std::invalid_argument("Gradient descent has no moments.");
        }
        Descent<T>(network, data, rule, space, weights).run(until, state, losses.data());
    });
}

double descent_loss(const Network& network, const TrainingData& data, const DescentRule& rule, std::span<std::byte> scratch,
                    std::span<const std::byte> parameters) {
    check(network, data.inputs, rule);
    require_room(data.targets, product(data.inputs, network.outputs()), "targets");
    double loss = 0;
    with_element_type(data.type, [&](auto zero) {
        using T = decltype(zero);
        numbers<T>(data.x0, product(data.inputs, network.width(0)), "inputs");
        T* space = numbers<T>(scratch, scratch_numbers<T>(network, data.inputs, rule), "scratch space");
        // Read only: no step is taken.
        T* values = const_cast<T*>(numbers<T>(parameters, network.parameter_count(), "parameters"));
        loss = Descent<T>(network, data, rule, space, {values, nullptr, nullptr}).loss();
    });
    return loss;
}

}  // namespace ntk
