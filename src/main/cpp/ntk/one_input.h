#pragma once

// One network at one input, layer by layer, without its weights: given x^{l-1}, h^l has independent N(0, v_l) entries
// with v_l = (sigma_w^2 / n_{l-1}) |x^{l-1}|^2 + sigma_b^2 (theory 12.1). Shared by the samplers.

#include <cstdint>

#include "ntk/network.h"
#include "ntk/scaled.h"

namespace ntk {

// The tensor numbers of the samplers' random streams. A layer's own numbers lie at the positions that its units have
// when all hidden layers are laid one behind the other, all on layer 0 of the stream: one call draws many layers.
constexpr uint32_t kForwardNormals = 16;
constexpr uint32_t kBackwardNormals = 17;
constexpr uint32_t kScalarNormals = 18;

// How h^l's variance splits: the weights' share (sigma_w^2/n_{l-1}) |x^{l-1}|^2 / v_l, and the biases' share.
struct Shares {
    double weights;
    double biases;
};

class OneInputLaw {
   public:
    // network must outlive this. Throws std::invalid_argument unless input_norm2 >= 0 is finite.
    OneInputLaw(const RandomNetwork& network, double input_norm2);

    const RandomNetwork& network() const { return network_; }
    int depth() const { return network_.depth(); }
    int64_t width(int l) const { return network_.width(l); }

    // sigma_w^2 / n_{l-1}
    double weight_variance(int l) const { return network_.sigma_w2() / static_cast<double>(network_.width(l - 1)); }

    // |x^0|^2
    Scaled input_norm2() const;

    // v_l given |x^{l-1}|^2
    Scaled variance(int l, const Scaled& norm2_below) const;

    Shares shares(int l, const Scaled& norm2_below) const;

    // Turns layer l's standard normals into its values x = phi(sqrt(v) z) and slopes phi'(sqrt(v) z). Piecewise linear
    // activations give x / sqrt(v) instead, which no v can push out of the doubles; at v = 0 the preactivations are 0 all
    // the same. Others give x 2^(-excess/2) where they are linear, so that no square leaves the doubles.
    void activate(const Scaled& v, int64_t n, const double* normals, double* values, double* slopes) const;

    // |x|^2, from the sum of squares of the values that activate wrote.
    Scaled norm2(const Scaled& v, double sum_of_squares) const;

   private:
    // The even power of two by which v lies outside the range in which phi has to be evaluated.
    int64_t excess(const Scaled& v) const;

    bool piecewise_linear() const;

    const RandomNetwork& network_;
    double input_norm2_;
};

// |x|^2 + 1: what a layer's weights and bias contribute to Theta for each unit of |delta|^2.
inline Scaled gradient_factor(Scaled norm2) {
    norm2.add(1, 0);
    return norm2;
}

}  // namespace ntk
