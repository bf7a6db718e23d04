#include <algorithm>
#include <cmath>

#include "ntk/checks.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/products.h"
#include "ntk/random.h"

// The S-input sampler (theory 12.3). Rows are inputs. With X_{l-1} = C Q (Q: orthonormal or zero rows, C lower
// triangular), the weights enter the forward pass only through Y = Q W^T, S x n_l independent N(0, c) numbers,
// c = sigma_w^2/n_{l-1}:  H_l = C Y + 1 b^T. Backward, with Delta_l = F E of the same kind,
//     Delta_l W = Z + (Delta_l Y^T - Z Q^T) Q,   Z = sqrt(c) F N(0,1)^{S x n_{l-1}},
// which is the law of Delta_l W given Y. Neither step inverts anything, so nearly parallel inputs (deep in the ordered
// phase) and duplicates are as good as any other.

namespace ntk {
namespace {

// Tensor numbers of the streams; the layer is the stream's own.
constexpr uint32_t kProducts = 25;
constexpr uint32_t kBiasVectors = 26;
constexpr uint32_t kBackwardNoise = 27;

// A row whose part outside the span of the rows before it is smaller than this, relative to the row, counts as in it.
constexpr double kRankCut = 1e-12;

// Rows of X (rows x n) become Q, and X = C Q. Classical Gram-Schmidt, each row orthogonalised twice.
void orthonormalize(int64_t rows, int64_t n, double* x, double* c, double* coefficients) {
    const ElementProducts<double>& f64 = products().f64;
    std::fill_n(c, rows * rows, 0.0);
    for (int64_t s = 0; s < rows; ++s) {
        double* row = x + s * n;
        double* c_row = c + s * rows;
        const double size = std::sqrt(f64.dot(n, row, row));
        for (int pass = 0; pass < 2 && s > 0; ++pass) {
            f64.matrix_vector(s, n, {x, n}, row, nullptr, coefficients);
            for (int64_t k = 0; k < s; ++k) {
                c_row[k] += coefficients[k];
                coefficients[k] = -coefficients[k];
            }
            f64.multiply_nn(1, n, s, {coefficients, s}, {x, n}, {row, n}, {row, n});
        }
        const double rest = std::sqrt(f64.dot(n, row, row));
        if (rest > kRankCut * size) {
            c_row[s] = rest;
            for (int64_t i = 0; i < n; ++i) row[i] /= rest;
        } else {
            std::fill_n(row, n, 0.0);
        }
    }
}

class Conditional {
   public:
    static int64_t scratch(const Network& network, int64_t inputs) {
        const int64_t by_input = sum(3 * sum(network.hidden_units(), widest(network)), 2);
        return product(inputs, sum(by_input, (int64_t(network.depth()) + 3) * inputs));
    }

    Conditional(const RandomNetwork& network, int64_t inputs, const double* x0, double* scratch)
        : network_(network), inputs_(inputs) {
        const int64_t units = inputs * network.hidden_units();
        const int64_t square = inputs * inputs;
        directions_ = scratch;
        slopes_ = directions_ + units;
        products_ = slopes_ + units;
        factors_ = products_ + units + inputs;
        delta_factor_ = factors_ + network.depth() * square;
        projections_ = delta_factor_ + square;
        overlaps_ = projections_ + square;
        coefficients_ = overlaps_ + square;
        delta_ = coefficients_ + inputs;
        noise_ = delta_ + inputs * widest(network);
        pulled_ = noise_ + inputs * widest(network);
        std::copy_n(x0, inputs * network.width(0), delta_);
        orthonormalize(inputs, network.width(0), delta_, factors_, coefficients_);
    }

    void draw(uint64_t key, uint64_t draw, double* theta, double* outputs) {
        for (int l = 1; l <= network_.depth(); ++l) forward(l, key, draw, outputs);
        std::fill_n(theta, inputs_ * inputs_, 0.0);
        std::fill_n(delta_, inputs_, 1.0);
        for (int l = network_.depth(); l >= 1; --l) backward(l, key, draw, theta);
    }

   private:
    // The first layer's input takes the place of a hidden state once.
    static int64_t widest(const Network& network) { return std::max(network.width(0), network.max_hidden_width()); }

    double* factor(int l) { return factors_ + l * inputs_ * inputs_; }
    double weight_scale(int l) const { return std::sqrt(network_.sigma_w2() / static_cast<double>(network_.width(l - 1))); }

    // Where layer l's part of directions, slopes and products starts.
    int64_t offset(int l) const { return network_.layer(l).units * inputs_; }

    void forward(int l, uint64_t key, uint64_t draw, double* outputs) {
        const int64_t n = network_.width(l);
        const auto layer = static_cast<uint32_t>(l);
        double* y = products_ + offset(l);
        kernels().f64.normals(key, draw, layer, kProducts, 0, inputs_ * n, weight_scale(l), y);
        kernels().f64.normals(key, draw, layer, kBiasVectors, 0, n, std::sqrt(network_.sigma_b2()), noise_);
        double* h = l == network_.depth() ? outputs : directions_ + offset(l);
        products().f64.multiply_nn(inputs_, n, inputs_, {factor(l - 1), inputs_}, {y, n}, {noise_, 0}, {h, n});
        if (l < network_.depth()) {
            kernels().f64.activate(network_.activation(), network_.a(), network_.b(), inputs_ * n, h, slopes_ + offset(l));
            orthonormalize(inputs_, n, h, factor(l), coefficients_);
        }
    }

    // Adds layer l's term to theta and replaces Delta_l by Delta_{l-1}.
    void backward(int l, uint64_t key, uint64_t draw, double* theta) {
        const int64_t n = network_.width(l);
        if (l > 1) {
            const double* y = products_ + offset(l);
            products().f64.multiply_nt(inputs_, inputs_, n, {delta_, n}, {y, n}, kFromZero<double>,
                                       {projections_, inputs_});
        }
        orthonormalize(inputs_, n, delta_, delta_factor_, coefficients_);
        add_term(l, theta);
        if (l > 1) pull_back(l, key, draw);
    }

    // theta += (Delta Delta^T) o (X X^T + 1) with Delta Delta^T = F F^T, X X^T = C C^T.
    void add_term(int l, double* theta) {
        const double* c = factor(l - 1);
        for (int64_t s = 0; s < inputs_; ++s) {
            for (int64_t r = 0; r <= s; ++r) {
                double x = 0;
                double d = 0;
                for (int64_t k = 0; k <= r; ++k) {
                    x += c[s * inputs_ + k] * c[r * inputs_ + k];
                    d += delta_factor_[s * inputs_ + k] * delta_factor_[r * inputs_ + k];
                }
                theta[s * inputs_ + r] += d * (x + 1);
                theta[r * inputs_ + s] = theta[s * inputs_ + r];
            }
        }
    }

    void pull_back(int l, uint64_t key, uint64_t draw) {
        const int64_t n = network_.width(l - 1);
        const double* q = directions_ + offset(l - 1);
        kernels().f64.normals(key, draw, static_cast<uint32_t>(l), kBackwardNoise, 0, inputs_ * n, weight_scale(l), noise_);
        const ElementProducts<double>& f64 = products().f64;
        f64.multiply_nn(inputs_, n, inputs_, {delta_factor_, inputs_}, {noise_, n}, kFromZero<double>, {pulled_, n});
        f64.multiply_nt(inputs_, inputs_, n, {pulled_, n}, {q, n}, kFromZero<double>, {overlaps_, inputs_});
        for (int64_t i = 0; i < inputs_ * inputs_; ++i) projections_[i] -= overlaps_[i];
        f64.multiply_nn(inputs_, n, inputs_, {projections_, inputs_}, {q, n}, {pulled_, n}, {pulled_, n});
        std::copy_n(slopes_ + offset(l - 1), inputs_ * n, delta_);
        kernels().f64.multiply(inputs_ * n, pulled_, delta_);
    }

    const RandomNetwork& network_;
    int64_t inputs_;
    double *directions_, *slopes_, *products_;  // Q_l, phi'(H_l), Y_l
    double* factors_;                           // C_l, l = 0 … L - 1
    double *delta_factor_, *projections_, *overlaps_, *coefficients_;
    double *delta_, *noise_, *pulled_;
};

}  // namespace

int64_t conditional_scratch(const Network& network, int64_t inputs) {
    require_inputs(inputs);
    return Conditional::scratch(network, inputs);
}

void conditional_draws(const RandomNetwork& network, int64_t inputs, std::span<const double> x0, int64_t key,
                       int64_t first_draw, int64_t draws, std::span<double> scratch, const KernelDraws& target) {
    require_inputs(inputs);
    require_range(first_draw, draws, "draws");
    require_room(x0, product(inputs, network.width(0)), "inputs");
    require_room(scratch, Conditional::scratch(network, inputs), "scratch space");
    require_room(target.theta, product(draws, product(inputs, inputs)), "kernels");
    require_room(target.outputs, product(draws, inputs), "outputs");
    require_stream_range(static_cast<uint32_t>(network.depth()), kProducts, 0, inputs * network.max_hidden_width());
    Conditional sampler(network, inputs, x0.data(), scratch.data());
    for (int64_t i = 0; i < draws; ++i) {
        sampler.draw(static_cast<uint64_t>(key), static_cast<uint64_t>(first_draw + i),
                     target.theta.data() + i * inputs * inputs, target.outputs.data() + i * inputs);
    }
}

}  // namespace ntk
