#include "ntk/network.h"

#include <stdexcept>
#include <string>

#include "ntk/activation_kind.h"
#include "ntk/checks.h"

namespace ntk {

Network::Network(std::span<const int64_t> widths, int activation, double a, double b)
    : activation_(activation), a_(a), b_(b) {
    if (widths.size() < 2) {
        throw std::invalid_argument("A network has at least 2 widths, that of its inputs and that of its output, not " +
                                    std::to_string(widths.size()) + ".");
    }
    for (size_t l = 0; l < widths.size(); ++l) {
        if (widths[l] < 1 || widths[l] > INT32_MAX) {
            throw std::invalid_argument("Width " + std::to_string(l) + " must be between 1 and 2^31 - 1, not " +
                                        std::to_string(widths[l]) + ".");
        }
    }
    if (activation < kPiecewiseLinear || activation > kSilu) {
        throw std::invalid_argument("There is no activation of kind " + std::to_string(activation) + ".");
    }
    layers_.reserve(widths.size() - 1);
    int64_t units = 0;
    for (size_t l = 1; l < widths.size(); ++l) {
        const int64_t n_in = widths[l - 1];
        const int64_t n_out = widths[l];
        const int64_t weights = parameter_count_;
        // A layer has less than 2^62 + 2^31 parameters.
        if (__builtin_add_overflow(weights, n_out * (n_in + 1), &parameter_count_)) {
            throw std::invalid_argument("The network has more than 2^63 parameters.");
        }
        layers_.push_back({n_in, n_out, weights, weights + n_out * n_in, units});
        if (l + 1 < widths.size()) {
            units += n_out;
            if (n_out > max_hidden_width_) max_hidden_width_ = n_out;
        }
    }
}

void Network::require_one_output() const {
    if (outputs() != 1) {
        throw std::invalid_argument("This is about networks of one output, not of " + std::to_string(outputs()) + ".");
    }
}

RandomNetwork::RandomNetwork(std::span<const int64_t> widths, int activation, double a, double b, double sigma_w2,
                             double sigma_b2)
    : Network(widths, activation, a, b), sigma_w2_(sigma_w2), sigma_b2_(sigma_b2) {
    require_one_output();
    require_variances(sigma_w2, sigma_b2);
}

}  // namespace ntk
