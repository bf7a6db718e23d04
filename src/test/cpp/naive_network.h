#pragma once

// A network by the definitions, one parameter at a time.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "ntk/activation_kind.h"
#include "ntk/network.h"

namespace ntk::test {

struct Problem {
    std::vector<int64_t> widths;
    int64_t inputs;
    int64_t networks = 1;
    int kind = ntk::kTanh;
    double a = 0, b = 1;
    int64_t directions = 1;
    bool pairs = false;
    int64_t columns = 0;
    double first_alpha = 1, first_beta = 1, fall = 0;  // layer l counts by first/(1 + fall (l - 1))

    int64_t rows() const { return inputs - columns; }
    int64_t entries() const { return rows() * (columns == 0 ? inputs : columns); }
    // The first of them in the space of outputs.
    std::vector<double> unit_vectors() const {
        std::vector<double> v(directions * widths.back());
        for (int64_t d = 0; d < directions; ++d) v[d * widths.back() + d] = 1;
        return v;
    }
    // alpha_l and beta_l.
    std::vector<double> weight_rates() const { return falling(first_alpha); }
    std::vector<double> bias_rates() const { return falling(first_beta); }
    std::vector<double> falling(double first) const {
        std::vector<double> rates(depth());
        for (int l = 0; l < depth(); ++l) rates[l] = first / (1 + fall * l);
        return rates;
    }

    Network network() const { return Network(widths, kind, a, b); }
    int depth() const { return static_cast<int>(widths.size()) - 1; }
    int64_t parameter_count() const {
        int64_t n = 0;
        for (int l = 1; l <= depth(); ++l) n += widths[l] * (widths[l - 1] + 1);
        return n;
    }
    int64_t hidden_units() const {
        int64_t n = 0;
        for (int l = 1; l < depth(); ++l) n += widths[l];
        return n;
    }
    int64_t max_width() const {
        int64_t n = 1;
        for (int l = 1; l < depth(); ++l) n = std::max(n, widths[l]);
        return n;
    }
};

inline double phi(const Problem& p, double h) {
    return p.kind == ntk::kTanh ? std::tanh(h) : p.kind == ntk::kErf ? std::erf(h) : (h > 0 ? p.b * h : p.a * h);
}
inline double phi_prime(const Problem& p, double h) {
    if (p.kind == ntk::kTanh) return 1 - std::tanh(h) * std::tanh(h);
    if (p.kind == ntk::kErf) return 2 / std::sqrt(std::numbers::pi) * std::exp(-h * h);
    return h > 0 ? p.b : p.a;
}

// f_k(x) and df_k/dw for every parameter, by the definitions.
template <class T>
double naive(const Problem& p, const T* w, const T* x0, std::vector<double>* gradient, int64_t k = 0) {
    std::vector<std::vector<double>> x{std::vector<double>(x0, x0 + p.widths[0])}, h{{}};
    std::vector<int64_t> offset{0};
    int64_t at = 0;
    for (int l = 1; l <= p.depth(); ++l) {
        offset.push_back(at);
        std::vector<double> hl(p.widths[l]), xl(p.widths[l]);
        const int64_t n_in = p.widths[l - 1];
        for (int64_t i = 0; i < p.widths[l]; ++i) {
            hl[i] = w[at + p.widths[l] * n_in + i];
            for (int64_t j = 0; j < n_in; ++j) hl[i] += w[at + i * n_in + j] * x[l - 1][j];
            xl[i] = phi(p, hl[i]);
        }
        at += p.widths[l] * (n_in + 1);
        h.push_back(hl);
        x.push_back(xl);
    }
    gradient->assign(p.parameter_count(), 0);
    std::vector<double> delta(p.widths.back());
    delta[k] = 1;
    for (int l = p.depth(); l >= 1; --l) {
        const int64_t n_in = p.widths[l - 1];
        std::vector<double> below(n_in, 0);
        for (int64_t i = 0; i < p.widths[l]; ++i) {
            (*gradient)[offset[l] + p.widths[l] * n_in + i] = delta[i];
            for (int64_t j = 0; j < n_in; ++j) {
                (*gradient)[offset[l] + i * n_in + j] = delta[i] * x[l - 1][j];
                below[j] += delta[i] * w[offset[l] + i * n_in + j];
            }
        }
        if (l > 1) {
            for (int64_t j = 0; j < n_in; ++j) below[j] *= phi_prime(p, h[l - 1][j]);
        }
        delta = below;
    }
    return h.back()[k];
}

}  // namespace ntk::test
