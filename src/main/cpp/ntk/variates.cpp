#include "ntk/variates.h"

#include <bit>
#include <cmath>

#include "ntk/kernels.h"

// The elementary functions once more, for code outside the SIMD levels: the logarithm must have Java's bits.
#define NTK_LEVEL scalar
#include "ntk/simd/elementary.h"

namespace ntk {
namespace {

constexpr int64_t kMaxBits = 1024;

void count_bits(const VariateAddress& at, int64_t n, int64_t first_draw, int64_t count, double* out) {
    const int64_t words = (n + 63) / 64;
    const uint64_t mask = n % 64 == 0 ? ~uint64_t(0) : (uint64_t(1) << n % 64) - 1;
    uint64_t bits[kMaxBits / 64 * kVariateGroup];
    kernels().words(at.key, 0, at.layer, at.tensor, first_draw * words, count * words, bits);
    for (int64_t i = 0; i < count; ++i) {
        const uint64_t* word = bits + i * words;
        int ones = std::popcount(word[words - 1] & mask);
        for (int64_t k = 0; k + 1 < words; ++k) ones += std::popcount(word[k]);
        out[i] = ones;
    }
}

// log k! - [ (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2 ], for k >= 10.
double stirling_rest(double k) {
    const double y = 1 / (k + 1);
    const double y2 = y * y;
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 * y2) * y2) * y;
}

// BTRS for p = 1/2: transformed rejection with a squeeze.
class Btrs {
   public:
    explicit Btrs(double n) : n_(n) {
        const double deviation = std::sqrt(0.25 * n);
        b_ = 1.15 + 2.53 * deviation;
        a_ = -0.0873 + 0.0248 * b_ + 0.01 * 0.5;
        centre_ = n * 0.5 + 0.5;
        squeeze_ = 0.92 - 4.2 / b_;
        alpha_ = (2.83 + 5.1 / b_) * deviation;
        mode_ = std::floor((n + 1) * 0.5);
        mode_rest_ = stirling_rest(mode_) + stirling_rest(n - mode_);
    }

    // One attempt from two uniform numbers; false if rejected.
    bool accept(double first, double v, double* result) const {
        const double u = first - 0.5;
        const double us = 0.5 - std::fabs(u);
        const double k = std::floor((2 * a_ / us + b_) * u + centre_);
        *result = k;
        if (us >= 0.07 && v <= squeeze_) return true;
        if (k < 0 || k > n_) return false;
        const double bound = scalar::log_positive(v * alpha_ / (a_ / (us * us) + b_));
        const double other = n_ - k;
        const double log_ratio = (mode_ + 0.5) * scalar::log_positive((mode_ + 1) / (n_ - mode_ + 1)) +
                                 (n_ + 1) * scalar::log_positive((n_ - mode_ + 1) / (other + 1)) +
                                 (k + 0.5) * scalar::log_positive((other + 1) / (k + 1)) +
                                 (mode_rest_ - (stirling_rest(k) + stirling_rest(other)));
        return bound <= log_ratio;
    }

   private:
    double n_, a_, b_, centre_, squeeze_, alpha_, mode_, mode_rest_;
};

// Marsaglia and Tsang's test for shape d + 1/3: x normal, u uniform.
bool accept_gamma(double d, double x, double u, double* result) {
    const double t = 1 + x / std::sqrt(9 * d);
    const double v = t * t * t;
    if (!(v > 0)) return false;
    *result = d * v;
    const double x2 = x * x;
    if (u < 1 - 0.0331 * (x2 * x2)) return true;
    return scalar::log_positive(u) < 0.5 * x2 + d * ((1 - v) + scalar::log_positive(v));
}

}  // namespace

void binomial_half(const VariateAddress& at, int64_t n, int64_t first_draw, int64_t count, double* out) {
    if (n <= kMaxBits) return count_bits(at, n, first_draw, count, out);
    const Btrs btrs(static_cast<double>(n));
    double u[2 * kVariateGroup];
    kernels().uniforms(at.key, 0, at.layer, at.tensor, 2 * first_draw, 2 * count, u);
    for (int64_t i = 0; i < count; ++i) {
        double pair[2] = {u[2 * i], u[2 * i + 1]};
        for (uint64_t attempt = 1; !btrs.accept(pair[0], pair[1], out + i); ++attempt) {
            kernels().uniforms(at.key, attempt, at.layer, at.tensor, 2 * (first_draw + i), 2, pair);
        }
    }
}

void chi_square(const VariateAddress& at, const double* degrees, int64_t first_draw, int64_t count, double* out) {
    double x[kVariateGroup];
    double u[kVariateGroup];
    kernels().f64.normals(at.key, 0, at.layer, at.tensor, first_draw, count, 1.0, x);
    kernels().uniforms(at.key, 0, at.layer, at.tensor + 1, first_draw, count, u);
    for (int64_t i = 0; i < count; ++i) {
        if (degrees[i] <= 1) {
            out[i] = degrees[i] == 1 ? x[i] * x[i] : 0;
            continue;
        }
        const double d = 0.5 * degrees[i] - 1.0 / 3;
        double normal = x[i];
        double uniform = u[i];
        double gamma;
        for (uint64_t attempt = 1; !accept_gamma(d, normal, uniform, &gamma); ++attempt) {
            kernels().f64.normals(at.key, attempt, at.layer, at.tensor, first_draw + i, 1, 1.0, &normal);
            kernels().uniforms(at.key, attempt, at.layer, at.tensor + 1, first_draw + i, 1, &uniform);
        }
        out[i] = 2 * gamma;
    }
}

}  // namespace ntk
