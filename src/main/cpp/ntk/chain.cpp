#include <cmath>

#include "ntk/checks.h"
#include "ntk/kernels.h"
#include "ntk/layer_normals.h"
#include "ntk/ntk_core.h"
#include "ntk/one_input.h"
#include "ntk/random.h"

// The one-input sampler (theory 12.1) in scale-free form. With z^l the unit normals of the forward pass, u = x/|x|,
// D_l = |delta^l|^2, A_l = z^l·delta^l / sqrt(D_l), c = sigma_w^2/n_{l-1} and the shares rho (weights) and 1 - rho
// (biases) of v_l:
//     w = sqrt(rho) A_l + sqrt(1 - rho) xi,                          xi ~ N(0, 1)
//     g = zeta + u (w - u·zeta),                                     zeta ~ N(0, I): W^T delta in units of sqrt(c D_l)
//     D_{l-1} = c D_l |phi' o g|^2,   A_{l-1} = z^{l-1}·(phi' o g) / |phi' o g|
// from D_L = 1, A_L = xi, f = sqrt(v_L) xi. Only the running product D and Theta need more range than a double has.

namespace ntk {
namespace {

// Where the parts of the scratch space begin.
struct ChainScratch {
    double *normals, *values, *slopes, *noise, *scalars, *squares;
    double *mantissas, *exponents;  // |x^l|^2

    static int64_t size(const Network& network) {
        return 3 * network.hidden_units() + LayerNormals::capacity(network) + 4 * (network.depth() + 1);
    }

    ChainScratch(const Network& network, double* scratch) {
        const int64_t units = network.hidden_units();
        const int64_t layers = network.depth() + 1;
        normals = scratch;
        values = normals + units;
        slopes = values + units;
        noise = slopes + units;
        scalars = noise + LayerNormals::capacity(network);
        squares = scalars + layers;
        mantissas = squares + layers;
        exponents = mantissas + layers;
    }

    Scaled norm2(int l) const { return {mantissas[l], static_cast<int64_t>(exponents[l])}; }
    void set_norm2(int l, const Scaled& value) {
        mantissas[l] = value.mantissa;
        exponents[l] = static_cast<double>(value.exponent);
    }
};

void forward(const OneInputLaw& law, uint64_t key, uint64_t draw, ChainScratch& s) {
    kernels().f64.normals(key, draw, 0, kForwardNormals, 0, law.network().hidden_units(), 1.0, s.normals);
    kernels().f64.normals(key, draw, 0, kScalarNormals, 0, law.depth() + 1, 1.0, s.scalars);
    s.set_norm2(0, law.input_norm2());
    int64_t position = 0;
    for (int l = 1; l < law.depth(); ++l) {
        const int64_t n = law.width(l);
        const Scaled v = law.variance(l, s.norm2(l - 1));
        law.activate(v, n, s.normals + position, s.values + position, s.slopes + position);
        s.squares[l] = kernels().dot(n, s.values + position, s.values + position);
        s.set_norm2(l, law.norm2(v, s.squares[l]));
        position += n;
    }
}

Scaled backward(const OneInputLaw& law, uint64_t key, uint64_t draw, const ChainScratch& s) {
    LayerNormals noise(law.network(), key, draw, kBackwardNormals, s.noise);
    Scaled theta = gradient_factor(s.norm2(law.depth() - 1));
    Scaled square{1, 0};           // D
    double alignment = s.scalars[0];  // A
    int64_t position = law.network().hidden_units();
    for (int l = law.depth(); l >= 2; --l) {
        const int64_t n = law.width(l - 1);
        position -= n;
        const Shares shares = law.shares(l, s.norm2(l - 1));
        const double w = std::sqrt(shares.weights) * alignment + std::sqrt(shares.biases) * s.scalars[l];
        const double* zeta = noise.falling(l - 1, position);
        const double* values = s.values + position;
        double factor = 0;
        if (s.squares[l - 1] > 0) {
            const double norm = std::sqrt(s.squares[l - 1]);
            factor = (w - kernels().dot(n, values, zeta) / norm) / norm;
        }
        double sums[2];
        kernels().chain_sums(n, s.normals + position, values, s.slopes + position, zeta, factor, sums);
        if (sums[1] == 0) break;  // no unit passes a gradient
        square.mantissa *= law.weight_variance(l) * sums[1];
        square.normalize();
        alignment = sums[0] / std::sqrt(sums[1]);
        const Scaled x = gradient_factor(s.norm2(l - 2));
        theta.add(square.mantissa * x.mantissa, square.exponent + x.exponent);
    }
    return theta;
}

}  // namespace

int64_t chain_scratch(const Network& network) { return ChainScratch::size(network); }

void chain_draws(const RandomNetwork& network, double input_norm2, int64_t key, int64_t first_draw, int64_t draws,
                 std::span<double> scratch, const KernelDraws& target) {
    const OneInputLaw law(network, input_norm2);
    require_range(first_draw, draws, "draws");
    require_room(scratch, ChainScratch::size(network), "scratch space");
    require_room(target.theta, draws, "kernels");
    require_room(target.exponents, draws, "exponents");
    require_room(target.outputs, draws, "outputs");
    require_stream_range(0, kForwardNormals, 0, network.hidden_units());
    ChainScratch s(network, scratch.data());
    for (int64_t i = 0; i < draws; ++i) {
        const auto draw = static_cast<uint64_t>(first_draw + i);
        forward(law, static_cast<uint64_t>(key), draw, s);
        const Scaled result = backward(law, static_cast<uint64_t>(key), draw, s);
        target.theta[i] = result.mantissa;
        target.exponents[i] = static_cast<double>(result.exponent);
        const Scaled v = law.variance(network.depth(), s.norm2(network.depth() - 1));
        target.outputs[i] = std::sqrt(v.mantissa) * power_of_two(v.exponent / 2) * s.scalars[0];
    }
}

}  // namespace ntk
