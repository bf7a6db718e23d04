#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "ntk/activation_kind.h"
#include "ntk/layer.h"
#include "ntk/ntk_core.h"
#include "ntk/shape.h"

namespace ntk {
namespace {

enum State : int { kStep, kStatus, kBest, kWaited, kLeast, kLast };

struct Objective {
    const double* targets;
    double learning_rate;
    double factor;
};

// The weights of f64 networks take a step directly; those of f32 networks collect it in their pending part first.
struct Plain {
    double* values;

    double* step(int64_t offset) const { return values + offset; }
    void settle(int64_t, int64_t) const {}
};

struct Compensated {
    float* values;
    float* pending;

    float* step(int64_t offset) const { return pending + offset; }
    void settle(int64_t offset, int64_t n) const { kernels().settle_f32(n, values + offset, pending + offset); }
};

template <class T, class Weights>
class Descent {
   public:
    Descent(const Shape& shape, int kind, double a, double b, int64_t inputs, const T* x0, T* scratch,
            const Weights& weights)
        : shape_(shape),
          kind_(kind),
          a_(a),
          b_(b),
          inputs_(inputs),
          x0_(x0),
          activations_(scratch),
          deltas_(activations_ + inputs * shape.hidden_units()),
          pulled_(deltas_ + inputs * shape.hidden_units()),
          outputs_(pulled_ + inputs * shape.max_hidden_width()),
          weights_(weights) {}

    // activations = x^l, deltas = phi'(h^l), outputs = f.
    void forward() {
        const T* x = x0_;
        int64_t offset = 0;
        int64_t state = 0;
        for (int l = 1; l <= shape_.depth(); ++l) {
            const int64_t n_in = shape_.width(l - 1);
            const int64_t n = shape_.width(l);
            const T* w = weights_.values + offset;
            T* h = l == shape_.depth() ? outputs_ : activations_ + state;
            affine(inputs_, n, n_in, x, w, w + n * n_in, h);
            if (l < shape_.depth()) activate(kind_, a_, b_, inputs_ * n, h, deltas_ + state);
            x = h;
            offset += n * (n_in + 1);
            state += inputs_ * n;
        }
    }

    // Also turns the outputs into the coefficients c of the gradient step.
    double loss(const Objective& objective) {
        const double rate = -objective.learning_rate * objective.factor / static_cast<double>(inputs_);
        double sum = 0;
        for (int64_t s = 0; s < inputs_; ++s) {
            const double residual = static_cast<double>(outputs_[s]) - objective.targets[s];
            sum += residual * residual;
            outputs_[s] = static_cast<T>(rate * residual);
        }
        return objective.factor / (2 * static_cast<double>(inputs_)) * sum;
    }

    // w += J^T c. With delta^L = c instead of 1 the deltas of all layers carry the coefficients, and a layer's step is
    // D^T X. Each layer's weights pull deltas back before they change.
    void step() {
        const T* delta = outputs_;
        int64_t offset = shape_.parameter_count();
        int64_t state = inputs_ * shape_.hidden_units();
        for (int l = shape_.depth(); l >= 1; --l) {
            const int64_t n_in = shape_.width(l - 1);
            const int64_t n = shape_.width(l);
            offset -= n * (n_in + 1);
            state -= inputs_ * n_in;  // of layer l - 1; not used in layer 1
            const T* x = x0_;
            T* below = nullptr;
            if (l > 1) {
                x = activations_ + state;
                below = deltas_ + state;
                pull(l, delta, weights_.values + offset, below);
            }
            blas::add_transposed_product(n, n_in, inputs_, delta, x, weights_.step(offset));
            add_rows(inputs_, n, delta, weights_.step(offset + n * n_in));
            weights_.settle(offset, n * (n_in + 1));
            delta = below;
        }
    }

   private:
    // below (phi' on entry) = phi' o (delta W^l)
    void pull(int l, const T* delta, const T* w, T* below) {
        const int64_t n_in = shape_.width(l - 1);
        if (l == shape_.depth()) {
            multiply_outer(inputs_, n_in, delta, w, below);
        } else {
            pull_back(inputs_, shape_.width(l), n_in, delta, w, pulled_);
            multiply_elements(inputs_ * n_in, pulled_, below);
        }
    }

    const Shape& shape_;
    int kind_;
    double a_, b_;
    int64_t inputs_;
    const T* x0_;
    T* activations_;
    T* deltas_;
    T* pulled_;
    T* outputs_;
    Weights weights_;
};

struct Limits {
    double min_decrease;
    int64_t patience;
    int64_t max_steps;
    int64_t until;
};

// The loss of step t as the stopping rule sees it.
DescentStatus observe(const Limits& limits, int64_t t, double loss, double* state) {
    state[kLast] = loss;
    if (!std::isfinite(loss)) return kDiverged;
    state[kLeast] = std::min(state[kLeast], loss);
    if (loss < state[kBest] - limits.min_decrease) {
        state[kBest] = loss;
        state[kWaited] = 0;
    } else {
        state[kWaited] += 1;
    }
    if (state[kWaited] >= static_cast<double>(limits.patience)) return kEarlyStop;
    return t == limits.max_steps ? kMaxSteps : kRunning;
}

bool running(const double* state) { return static_cast<int>(state[kStatus]) == kRunning; }

template <class T, class Weights>
void run(Descent<T, Weights> descent, const Objective& objective, const Limits& limits, double* state, double* losses) {
    auto t = static_cast<int64_t>(state[kStep]);
    while (running(state) && (t < limits.until || t == limits.max_steps)) {
        descent.forward();
        const double loss = descent.loss(objective);
        *losses++ = loss;
        state[kStatus] = static_cast<double>(observe(limits, t, loss, state));
        if (running(state)) {
            descent.step();
            state[kStep] = static_cast<double>(++t);
        }
    }
}

int64_t scratch_numbers(const Shape& shape, int64_t inputs) {
    return product(inputs, sum(2 * shape.hidden_units(), shape.max_hidden_width() + 1));
}

template <class T>
void check(const Shape& shape, int kind, int64_t inputs, std::span<const T> x0, std::span<const double> targets,
           const Limits& limits, std::span<T> scratch, std::span<T> parameters, std::span<double> state,
           std::span<double> losses) {
    require_activation(kind);
    require_range(0, inputs, INT32_MAX, "inputs");
    require_room(x0, product(inputs, shape.width(0)), "inputs");
    require_room(targets, inputs, "targets");
    require_room(scratch, scratch_numbers(shape, inputs), "scratch space");
    require_room(parameters, shape.parameter_count(), "parameters");
    require_room(state, kDescentState, "state");
    require_range(0, limits.until, limits.max_steps, "steps");
    if (limits.patience < 1) {
        throw std::invalid_argument("The patience must be at least 1, not " + std::to_string(limits.patience) + ".");
    }
    const double step = state[kStep];
    // The negation catches NaN.
    if (!(step >= 0 && step <= static_cast<double>(limits.until))) {
        throw std::invalid_argument("The descent stands at step " + std::to_string(step) + "; it cannot go on to step " +
                                    std::to_string(limits.until) + ".");
    }
    require_room(losses, sum(limits.until - static_cast<int64_t>(step), 1), "losses");
}

}  // namespace

int64_t descent_scratch(std::span<const int64_t> widths, int depth, int64_t inputs) {
    const Shape shape(widths, depth);
    require_range(0, inputs, INT32_MAX, "inputs");
    return scratch_numbers(shape, inputs);
}

void descend(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs, std::span<const double> x0,
             std::span<const double> targets, double learning_rate, double factor, double min_decrease, int64_t patience,
             int64_t max_steps, int64_t until, std::span<double> scratch, std::span<double> parameters, std::span<double> state, std::span<double> losses) {
    const Shape shape(widths, depth);
    const Objective objective{targets.data(), learning_rate, factor};
    const Limits limits{min_decrease, patience, max_steps, until};
    check(shape, activation_kind, inputs, x0, targets, limits, scratch, parameters, state, losses);
    run(Descent<double, Plain>(shape, activation_kind, a, b, inputs, x0.data(), scratch.data(), Plain{parameters.data()}),
        objective, limits, state.data(), losses.data());
}

void descend(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs, std::span<const float> x0,
             std::span<const double> targets, double learning_rate, double factor, double min_decrease, int64_t patience,
             int64_t max_steps, int64_t until, std::span<float> scratch, std::span<float> parameters, std::span<float> pending, std::span<double> state,
             std::span<double> losses) {
    const Shape shape(widths, depth);
    const Objective objective{targets.data(), learning_rate, factor};
    const Limits limits{min_decrease, patience, max_steps, until};
    check(shape, activation_kind, inputs, x0, targets, limits, scratch, parameters, state, losses);
    require_room(pending, shape.parameter_count(), "pending parts of the parameters");
    run(Descent<float, Compensated>(shape, activation_kind, a, b, inputs, x0.data(), scratch.data(),
                                    Compensated{parameters.data(), pending.data()}),
        objective, limits, state.data(), losses.data());
}

}  // namespace ntk
