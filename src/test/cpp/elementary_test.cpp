#include <gtest/gtest.h>
#include <quadmath.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "ntk/activation_kind.h"
#include "ntk/kernels.h"

// Errors against quadruple precision. The bounds are the documented ones (Elementary.java, ElementaryFloat.java); all
// levels give the same bits (activations_test.cpp), so one level is enough here.
namespace ntk::test {
namespace {

using Quad = __float128;

struct Reference {
    Quad value, derivative;
};

Reference reference(int kind, Quad h) {
    const Quad one = 1;
    Quad sigmoid = one / (one + expq(-h));
    Quad mirrored = one / (one + expq(h));
    switch (kind) {
        case kTanh: return {tanhq(h), one / (coshq(h) * coshq(h))};
        case kErf: return {erfq(h), 2 / sqrtq(acosq(-one)) * expq(-h * h)};
        case kGelu: {
            Quad lower = erfcq(-h / sqrtq(2 * one)) / 2;
            return {h * lower, lower + h * expq(-h * h / 2) / sqrtq(2 * acosq(-one))};
        }
        case kSin: return {sinq(h), cosq(h)};
        case kSigmoid: return {sigmoid, sigmoid * mirrored};
        case kSoftplus: return {(h > 0 ? h : 0) + log1pq(expq(-fabsq(h))), sigmoid};
        case kSilu: return {h * sigmoid, sigmoid * (one + h * mirrored)};
        default: return {};
    }
}

/// Error in units of the last place of scale.
template <class T>
double ulps(T got, Quad exact, Quad scale) {
    int exponent;
    frexpq(scale, &exponent);
    return double(fabsq(Quad(got) - exact) / ldexpq(1, exponent - std::numeric_limits<T>::digits));
}

struct Bound {
    int kind;
    double value64, derivative64, value32, derivative32;
};

class Accuracy : public testing::TestWithParam<Bound> {};

template <class T>
void check(int kind, double valueBound, double derivativeBound) {
    std::vector<T> h;
    std::mt19937_64 random(kind);
    std::uniform_real_distribution<double> uniform(-1, 1);
    const double exponentialRange = sizeof(T) == 8 ? 700 : 80;
    for (double range : {1e-3, 0.1, 1.0, 3.0, 8.0, 40.0, exponentialRange, kind == kSin ? 1e5 : 2.0,
                         kind == kSin ? 1.6e6 : 0.5}) {
        for (int i = 0; i < 20000; i++) h.push_back(T(range * uniform(random)));
    }
    for (double x : {0.0, 1e-30, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 6.0}) {
        for (T y : {T(x), std::nextafter(T(x), T(0)), std::nextafter(T(x), T(9))}) h.insert(h.end(), {y, -y});
    }
    if (kind == kSin) {
        // The numbers nearest to multiples of pi/2 are where the reduction can lose everything.
        for (int n = 1; n < 60000; n += 7) h.push_back(T(n * 1.5707963267948966));
    }
    std::vector<T> values = h, derivatives(h.size());
    kernels().of<T>().activate(kind, 0, 0, std::int64_t(h.size()), values.data(), derivatives.data());
    // Below this a result may be cut to 0.
    const Quad tiny = sizeof(T) == 8 ? Quad(1e-305) : Quad(1e-35);
    // The derivatives of gelu and silu have a zero: their bound is absolute, in ulp of numbers just below 1.
    const bool absolute = kind == kGelu || kind == kSilu;
    double worstValue = 0, worstDerivative = 0;
    for (std::size_t i = 0; i < h.size(); i++) {
        Reference exact = reference(kind, Quad(h[i]));
        if (fabsq(exact.value) > tiny) worstValue = std::max(worstValue, ulps(values[i], exact.value, exact.value));
        else EXPECT_LE(std::abs(values[i]), 1.01 * double(tiny));
        if (fabsq(exact.derivative) > tiny) {
            const Quad scale = absolute ? Quad(0.75) : exact.derivative;
            worstDerivative = std::max(worstDerivative, ulps(derivatives[i], exact.derivative, scale));
        }
    }
    EXPECT_LE(worstValue, valueBound);
    EXPECT_LE(worstDerivative, derivativeBound);
    testing::Test::RecordProperty(sizeof(T) == 8 ? "f64" : "f32",
                                  std::to_string(worstValue) + " / " + std::to_string(worstDerivative));
}

TEST_P(Accuracy, OfDoubleIsAsDocumented) {
    check<double>(GetParam().kind, GetParam().value64, GetParam().derivative64);
}

TEST_P(Accuracy, OfFloatIsAsDocumented) {
    check<float>(GetParam().kind, GetParam().value32, GetParam().derivative32);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Accuracy,
                         testing::Values(Bound{kTanh, 3, 4.5, 3, 4.5}, Bound{kErf, 1.5, 2.5, 2.5, 3},
                                         Bound{kGelu, 6, 4, 6, 4}, Bound{kSin, 2, 2, 2, 2},
                                         Bound{kSigmoid, 3, 5, 3, 5}, Bound{kSoftplus, 2.5, 4, 2.5, 4},
                                         Bound{kSilu, 4, 4, 4, 4}),
                         [](const auto& info) { return "activation" + std::to_string(info.param.kind); });

}  // namespace
}  // namespace ntk::test
