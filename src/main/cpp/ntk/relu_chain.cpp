#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ntk/activation_kind.h"
#include "ntk/checks.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/one_input.h"
#include "ntk/random.h"
#include "ntk/variates.h"

// ReLU at one input (theory 12.2): only norms matter, so a draw costs O(L) at any width. In the notation of chain.cpp,
// with k_l ~ Binomial(n_l, 1/2) active units, chi^2_k the active part of |z^l|^2 and another chi^2_{k-1} backward:
//     |x^l|^2 = v_l chi^2_k,   D_{l-1} = c D_l (w^2 + chi^2_{k-1}),   A_{l-1} = sqrt(chi^2_k) w / sqrt(w^2 + chi^2_{k-1}).
// A layer with k = 0 is dead: D = 0 below it. Without biases every layer above is dead too (v = 0 and ReLU'(0) = 0):
// whatever it drew, its |x^l|^2 is 0, and that is what is asked.

namespace ntk {
namespace {

constexpr uint32_t kActiveUnits = 19;
constexpr uint32_t kForwardSquares = 20;   // and 21
constexpr uint32_t kBackwardSquares = 22;  // and 23
constexpr uint32_t kAlongInput = 24;       // xi, by layer

// What the backward pass needs of every layer, for a group of draws: rows of kVariateGroup numbers.
enum Row : int { kNorm2, kNorm2Exponent, kForward, kBackward, kXi, kRows };

class Group {
   public:
    Group(const OneInputLaw& law, double* scratch) : law_(law), rows_(scratch) {}

    void draw(uint64_t key, int64_t first, int64_t count, double* theta, double* exponents, double* outputs) {
        for (int l = 0; l <= law_.depth(); ++l) draw_layer(l, key, first, count);
        for (int64_t i = 0; i < count; ++i) {
            forward(i);
            const Scaled result = backward(i);
            theta[i] = result.mantissa;
            exponents[i] = static_cast<double>(result.exponent);
            const Scaled v = law_.variance(law_.depth(), norm2(law_.depth() - 1, i));
            outputs[i] = std::sqrt(v.mantissa) * power_of_two(v.exponent / 2) * row(0, kXi)[i];
        }
    }

   private:
    double* row(int l, Row field) { return rows_ + (static_cast<int64_t>(l) * kRows + field) * kVariateGroup; }

    Scaled norm2(int l, int64_t i) {
        return {row(l, kNorm2)[i], static_cast<int64_t>(row(l, kNorm2Exponent)[i])};
    }

    void set_norm2(int l, int64_t i, const Scaled& value) {
        row(l, kNorm2)[i] = value.mantissa;
        row(l, kNorm2Exponent)[i] = static_cast<double>(value.exponent);
    }

    void draw_layer(int l, uint64_t key, int64_t first, int64_t count) {
        const auto layer = static_cast<uint32_t>(l);
        kernels().f64.normals(key, 0, layer, kAlongInput, first, count, 1.0, row(l, kXi));
        if (l == 0 || l == law_.depth()) return;
        double active[kVariateGroup];
        binomial_half({key, layer, kActiveUnits}, law_.width(l), first, count, active);
        chi_square({key, layer, kForwardSquares}, active, first, count, row(l, kForward));
        for (int64_t i = 0; i < count; ++i) active[i] -= 1;
        chi_square({key, layer, kBackwardSquares}, active, first, count, row(l, kBackward));
    }

    void forward(int64_t i) {
        set_norm2(0, i, law_.input_norm2());
        for (int l = 1; l < law_.depth(); ++l) {
            const Scaled v = law_.variance(l, norm2(l - 1, i));
            set_norm2(l, i, law_.norm2(v, row(l, kForward)[i]));
        }
    }

    Scaled backward(int64_t i) {
        Scaled theta = gradient_factor(norm2(law_.depth() - 1, i));
        Scaled square{1, 0};
        double alignment = row(0, kXi)[i];
        for (int l = law_.depth(); l >= 2; --l) {
            if (row(l - 1, kNorm2)[i] == 0) break;  // a dead layer
            const double forward_square = row(l - 1, kForward)[i];
            const Shares shares = law_.shares(l, norm2(l - 1, i));
            const double w = std::sqrt(shares.weights) * alignment + std::sqrt(shares.biases) * row(l, kXi)[i];
            const double passed = w * w + row(l - 1, kBackward)[i];
            if (passed == 0) break;
            square.mantissa *= law_.weight_variance(l) * passed;
            square.normalize();
            alignment = std::sqrt(forward_square) * w / std::sqrt(passed);
            const Scaled x = gradient_factor(norm2(l - 2, i));
            theta.add(square.mantissa * x.mantissa, square.exponent + x.exponent);
        }
        return theta;
    }

    const OneInputLaw& law_;
    double* rows_;
};

}  // namespace

int64_t relu_chain_scratch(const Network& network) { return kRows * kVariateGroup * int64_t(network.depth() + 1); }

void relu_chain_draws(const RandomNetwork& network, double input_norm2, int64_t key, int64_t first_draw, int64_t draws,
                      std::span<double> scratch, const KernelDraws& target) {
    if (network.activation() != kPiecewiseLinear || network.a() != 0 || network.b() != 1) {
        throw std::invalid_argument("Only ReLU networks can be drawn by their norms alone.");
    }
    const OneInputLaw law(network, input_norm2);
    require_range(first_draw, draws, int64_t(1) << 36, "draws");
    require_room(scratch, relu_chain_scratch(network), "scratch space");
    require_room(target.theta, draws, "kernels");
    require_room(target.exponents, draws, "exponents");
    require_room(target.outputs, draws, "outputs");
    require_stream_range(static_cast<uint32_t>(network.depth()), kAlongInput, first_draw, draws);
    Group group(law, scratch.data());
    for (int64_t done = 0; done < draws; done += kVariateGroup) {
        group.draw(static_cast<uint64_t>(key), first_draw + done, std::min(kVariateGroup, draws - done),
                   target.theta.data() + done, target.exponents.data() + done, target.outputs.data() + done);
    }
}

}  // namespace ntk
