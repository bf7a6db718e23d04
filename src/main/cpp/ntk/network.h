#pragma once

// What network a call is about: widths and activation, checked once, with the places of its layers' numbers.

#include <cstdint>
#include <span>
#include <vector>

namespace ntk {

// Layer l of L: sizes, and where its numbers start in the buffers of ntk_core.h.
struct Layer {
    int64_t n_in;     // n_{l-1}
    int64_t n_out;    // n_l
    int64_t weights;  // W^l among the parameters of one network
    int64_t biases;   // b^l
    int64_t units;    // n_1 + … + n_{l-1}: x^l and delta^l start at S times this, for l < L
};

// f(x) = h^L, h^l = W^l x^{l-1} + b^l, x^l = phi(h^l). Immutable; several threads may use one.
class Network {
   public:
    // widths: n_0 … n_L, copied; activation: an ActivationKind with its parameters a and b. Throws std::invalid_argument
    // if there are fewer than two widths, one is not positive, the network is beyond all counting, or there is no
    // such activation.
    Network(std::span<const int64_t> widths, int activation, double a, double b);

    // L
    int depth() const { return static_cast<int>(layers_.size()); }
    int64_t width(int l) const { return l == 0 ? layers_[0].n_in : layers_[l - 1].n_out; }
    // Layer l, 1 <= l <= L.
    const Layer& layer(int l) const { return layers_[l - 1]; }
    std::span<const Layer> layers() const { return layers_; }
    bool hidden(const Layer& layer) const { return &layer != &layers_.back(); }

    // P = sum_l n_l (n_{l-1} + 1)
    int64_t parameter_count() const { return parameter_count_; }
    // H = n_1 + … + n_{L-1}
    int64_t hidden_units() const { return layers_.back().units; }
    // K = n_L
    int64_t outputs() const { return layers_.back().n_out; }
    // Throws std::invalid_argument if there are several.
    void require_one_output() const;
    // The largest of n_1 … n_{L-1}, at least 1.
    int64_t max_hidden_width() const { return max_hidden_width_; }

    int activation() const { return activation_; }
    double a() const { return a_; }
    double b() const { return b_; }

   private:
    std::vector<Layer> layers_;
    int activation_;
    double a_, b_;
    int64_t parameter_count_ = 0;
    int64_t max_hidden_width_ = 1;
};

// The distribution of networks at initialisation: W^l_ij ~ N(0, sigma_w2 / n_{l-1}), b^l_i ~ N(0, sigma_b2).
class RandomNetwork : public Network {
   public:
    // Throws std::invalid_argument as Network does, if there are several outputs, or unless sigma_w2 > 0 and sigma_b2 >= 0
    // are finite.
    RandomNetwork(std::span<const int64_t> widths, int activation, double a, double b, double sigma_w2, double sigma_b2);

    double sigma_w2() const { return sigma_w2_; }
    double sigma_b2() const { return sigma_b2_; }

   private:
    double sigma_w2_, sigma_b2_;
};

}  // namespace ntk
