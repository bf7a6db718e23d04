#pragma once

// What the weights of a layer do with its gradient.

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "ntk/ntk_core.h"
#include "ntk/passes.h"

namespace ntk {

// Numbers that an optimizer remembers for each parameter.
inline int64_t moments_per_parameter(const DescentRule& rule) {
    return rule.optimizer == kAdam ? 2 : rule.optimizer == kMomentum ? 1 : 0;
}

// The weights of f64 networks take a step directly; those of f32 networks collect it in their pending part first.
template <class T>
struct Weights {
    T* values;
    T* steps;
    T* moments;  // moments_per_parameter times all parameters

    void settle(const Layer& layer) const {
        if constexpr (std::is_same_v<T, float>) {
            kernels().settle(layer.n_out * (layer.n_in + 1), values + layer.weights, steps + layer.weights);
        }
    }
};

template <class T>
class Optimizer {
   public:
    // Numbers of scratch space: the gradient of one layer, where it must be known apart from the weights.
    static int64_t scratch_numbers(const Network& network, const DescentRule& rule) {
        int64_t most = 0;
        for (const Layer& layer : network.layers()) most = std::max(most, layer.n_out * (layer.n_in + 1));
        return moments_per_parameter(rule) > 0 ? most : 0;
    }

    Optimizer(const Network& network, const DescentRule& rule, T* scratch, const Weights<T>& weights)
        : rule_(rule), parameters_(network.parameter_count()), gradient_(scratch), weights_(weights) {}

    // What the residuals of a step are multiplied by: gradient descent takes its step with the gradient's own product.
    double residual_factor(int64_t rows) const {
        const double rate = rule_.optimizer == kGradientDescent ? -rule_.learning_rate : 1;
        return rate * rule_.loss_factor / static_cast<double>(rows);
    }

    // Before the layers of step t, counted from 0.
    void begin(int64_t t) {
        if (rule_.optimizer != kAdam) return;
        const double first = 1 - power(rule_.momentum, t + 1);
        const double second = 1 - power(rule_.second_momentum, t + 1);
        adam_ = {.decay = T(rule_.momentum),
                 .gain = T(1 - rule_.momentum),
                 .second_decay = T(rule_.second_momentum),
                 .second_gain = T(1 - rule_.second_momentum),
                 .size = T(rule_.learning_rate / first),
                 .scale = T(1 / std::sqrt(second)),
                 .epsilon = T(rule_.epsilon)};
    }

    // delta: n_l x rows, carrying the coefficients of the step; below: what Passes::below says.
    void take(const Layer& layer, int64_t rows, const T* delta, const T* below) const {
        if (rule_.optimizer == kGradientDescent) {
            add_layer_gradient(layer, rows, delta, below, weights_.steps);
        } else {
            const int64_t count = layer.n_out * (layer.n_in + 1);
            Layer alone = layer;
            alone.weights = 0;
            alone.biases = layer.biases - layer.weights;
            std::fill_n(gradient_, count, T(0));
            add_layer_gradient(alone, rows, delta, below, gradient_);
            T* first = weights_.moments + layer.weights;
            T* steps = weights_.steps + layer.weights;
            if (rule_.optimizer == kMomentum) {
                kernels().of<T>().momentum_step(count, T(rule_.momentum), T(rule_.learning_rate), gradient_, first, steps);
            } else {
                kernels().of<T>().adam_step(count, adam_, gradient_, first, first + parameters_, steps);
            }
        }
        weights_.settle(layer);
    }

   private:
    // By squaring: the same multiplications in Java, wherever a descent is taken up.
    static double power(double base, int64_t exponent) {
        double result = 1;
        for (; exponent > 0; exponent >>= 1) {
            if (exponent & 1) result *= base;
            base *= base;
        }
        return result;
    }

    const DescentRule& rule_;
    int64_t parameters_;
    T* gradient_;
    Weights<T> weights_;
    AdamStep<T> adam_{};
};

}  // namespace ntk
