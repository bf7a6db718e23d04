#include "ntk/one_input.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include "ntk/activation_kind.h"
#include "ntk/kernels.h"

namespace ntk {
namespace {

// Beyond 2^300, and below 2^-300, an activation that is linear there is so to the last bit, for every normal number that a
// double can be.
constexpr int64_t kLinearExponent = 600;

bool linear_at_zero(int kind) {
    return kind == kTanh || kind == kErf || kind == kGelu || kind == kSin || kind == kSilu;
}

bool linear_at_infinity(int kind) { return kind == kGelu || kind == kSoftplus || kind == kSilu; }

}  // namespace

OneInputLaw::OneInputLaw(const RandomNetwork& network, double input_norm2) : network_(network), input_norm2_(input_norm2) {
    if (!(input_norm2 >= 0) || !std::isfinite(input_norm2)) {
        throw std::invalid_argument("The squared input norm must be a finite number >= 0, not " +
                                    std::to_string(input_norm2) + ".");
    }
}

Scaled OneInputLaw::input_norm2() const {
    Scaled norm2{input_norm2_, 0};
    norm2.normalize();
    return norm2;
}

Scaled OneInputLaw::variance(int l, const Scaled& norm2_below) const {
    Scaled v{weight_variance(l) * norm2_below.mantissa, norm2_below.exponent};
    v.add(network_.sigma_b2(), 0);
    return v;
}

Shares OneInputLaw::shares(int l, const Scaled& norm2_below) const {
    const Scaled v = variance(l, norm2_below);
    if (v.mantissa == 0) return {0, 0};
    const double weights = weight_variance(l) * norm2_below.mantissa * power_of_two(norm2_below.exponent - v.exponent);
    return {weights / v.mantissa, network_.sigma_b2() * power_of_two(-v.exponent) / v.mantissa};
}

void OneInputLaw::activate(const Scaled& v, int64_t n, const double* normals, double* values, double* slopes) const {
    const double scale =
        piecewise_linear() && v.mantissa > 0 ? 1.0 : std::sqrt(v.mantissa * power_of_two(v.exponent - excess(v)));
    kernels().scale(n, scale, normals, values);
    kernels().f64.activate(network_.activation(), network_.a(), network_.b(), n, values, slopes);
}

Scaled OneInputLaw::norm2(const Scaled& v, double sum_of_squares) const {
    Scaled result = piecewise_linear() ? Scaled{v.mantissa * sum_of_squares, v.exponent}
                                       : Scaled{sum_of_squares, sum_of_squares == 0 ? 0 : excess(v)};
    result.normalize();
    return result;
}

bool OneInputLaw::piecewise_linear() const { return network_.activation() == kPiecewiseLinear; }

int64_t OneInputLaw::excess(const Scaled& v) const {
    if (v.mantissa == 0) return 0;
    const int64_t exponent = v.exponent + even_exponent(v.mantissa);
    if (exponent > kLinearExponent && linear_at_infinity(network_.activation())) return exponent - kLinearExponent;
    if (exponent < -kLinearExponent && linear_at_zero(network_.activation())) return exponent + kLinearExponent;
    return 0;
}

}  // namespace ntk
