#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "checksum.h"
#include "ntk/activation_kind.h"
#include "ntk/kernels.h"

namespace ntk::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class ActivationsAtEveryLevel : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        level = kernels_for_level(GetParam());
        if (level == nullptr) GTEST_SKIP() << "this CPU has no " << GetParam();
    }
    const Kernels* level = nullptr;
};

template <class T>
void activate(const Kernels& k, int kind, std::vector<T>& values, T* derivatives, double a = -0.25, double b = 1.5) {
    k.of<T>().activate(kind, a, b, std::int64_t(values.size()), values.data(), derivatives);
}

template <class T>
std::uint64_t checksum(const Kernels& k, int kind) {
    std::vector<double> h = inputs();
    std::vector<T> values(h.begin(), h.end());
    std::vector<T> derivatives(h.size());
    activate(k, kind, values, derivatives.data());
    Checksum sum;
    for (std::size_t i = 0; i < h.size(); i++) {
        sum.add(values[i]);
        sum.add(derivatives[i]);
    }
    return sum.value();
}

// By activation code; the same constants are in ActivationBitsTest.java.
constexpr std::uint64_t kExpected64[] = {
    0x7e1485256cf36ca1u, 0xe8953dd58177a765u, 0xd94b3158f1664a34u, 0xd449be5a7797bef5u,
    0xd956c9a3c299fc72u, 0xa39c8d92b17b628bu, 0x3b2d8cde44ff82bcu, 0x18455f4dcf716bb5u};
constexpr std::uint64_t kExpected32[] = {
    0x8e543c1100871df4u, 0x3e9028c4463a318bu, 0x712fb3f3097d5ff9u, 0x738cf49b0fe2de8du,
    0x9804ee3a97a8ac8au, 0xffa64244412cf987u, 0x990b10f2a07048b3u, 0x745705ba33fc1a10u};

TEST_P(ActivationsAtEveryLevel, GivesTheBitsThatJavaGives) {
    for (int kind = kPiecewiseLinear; kind <= kSilu; kind++) {
        EXPECT_EQ(checksum<double>(*level, kind), kExpected64[kind]) << "f64, activation " << kind;
        EXPECT_EQ(checksum<float>(*level, kind), kExpected32[kind]) << "f32, activation " << kind;
    }
}

TEST_P(ActivationsAtEveryLevel, ValuesAloneEqualValuesWithDerivatives) {
    const std::vector<double> h = inputs();
    for (int kind = kPiecewiseLinear; kind <= kSilu; kind++) {
        std::vector<double> alone = h, both = h, derivatives(h.size());
        activate<double>(*level, kind, alone, nullptr);
        activate<double>(*level, kind, both, derivatives.data());
        for (std::size_t i = 0; i < h.size(); i++) {
            ASSERT_TRUE(alone[i] == both[i] || (std::isnan(alone[i]) && std::isnan(both[i]))) << kind << " at " << h[i];
        }
    }
}

TEST_P(ActivationsAtEveryLevel, GivesTheSameWhateverTheLengthAndAlignment) {
    const std::vector<double> h = inputs();
    for (int kind = kPiecewiseLinear; kind <= kSilu; kind++) {
        std::vector<double> whole = h;
        activate<double>(*level, kind, whole, nullptr);
        for (std::size_t start : {0u, 1u, 3u, 5u}) {
            for (std::size_t n : {0u, 1u, 2u, 7u, 8u, 9u, 31u}) {
                std::vector<double> part(h.begin() + long(start), h.begin() + long(start + n));
                activate<double>(*level, kind, part, nullptr);
                for (std::size_t i = 0; i < n; i++) ASSERT_EQ(part[i], whole[start + i]);
            }
        }
    }
}

struct Limit {
    int kind;
    double h, value, derivative;
};

TEST_P(ActivationsAtEveryLevel, HasItsLimitsAtHugeArguments) {
    for (double big : {1000.0, 1e30, 1e300, kInfinity}) {
        for (Limit c : std::vector<Limit>{{kTanh, big, 1, 0},     {kTanh, -big, -1, 0},  {kErf, big, 1, 0},
                                          {kErf, -big, -1, 0},    {kGelu, big, big, 1},  {kGelu, -big, 0, 0},
                                          {kSigmoid, big, 1, 0},  {kSigmoid, -big, 0, 0}, {kSoftplus, big, big, 1},
                                          {kSoftplus, -big, 0, 0}, {kSilu, big, big, 1}, {kSilu, -big, 0, 0}}) {
            std::vector<double> v{c.h}, d(1);
            activate(*level, c.kind, v, d.data());
            EXPECT_EQ(v[0], c.value) << c.kind << " at " << c.h;
            EXPECT_EQ(d[0], c.derivative) << c.kind << " at " << c.h;
            std::vector<float> vf{float(c.h)}, df(1);
            activate(*level, c.kind, vf, df.data());
            EXPECT_EQ(vf[0], float(c.value)) << c.kind << " at " << c.h;
            EXPECT_EQ(df[0], float(c.derivative)) << c.kind << " at " << c.h;
        }
    }
}

TEST_P(ActivationsAtEveryLevel, PropagatesNaN) {
    for (int kind = kPiecewiseLinear; kind <= kSilu; kind++) {
        std::vector<double> v(9, std::nan("")), d(9);
        activate(*level, kind, v, d.data(), 0, 1);
        std::vector<float> vf(9, std::nanf("")), df(9);
        activate(*level, kind, vf, df.data(), 0, 1);
        for (int i = 0; i < 9; i++) {
            EXPECT_TRUE(std::isnan(v[std::size_t(i)])) << kind;
            EXPECT_TRUE(std::isnan(vf[std::size_t(i)])) << kind;
            if (kind == kPiecewiseLinear) continue;  // its derivative is one of the two slopes, whatever h is
            EXPECT_TRUE(std::isnan(d[std::size_t(i)])) << kind;
            EXPECT_TRUE(std::isnan(df[std::size_t(i)])) << kind;
        }
    }
}

TEST_P(ActivationsAtEveryLevel, KeepsSineDefinedBeyondItsReduction) {
    for (double h : {1e7, 1e12, 1e15, 1e16, 1e300, 1.7e308}) {
        std::vector<double> v{h, -h}, d(2);
        activate(*level, kSin, v, d.data());
        EXPECT_LE(std::abs(v[0]), 1.0);
        EXPECT_LE(std::abs(d[0]), 1.0);
        EXPECT_EQ(v[0], -v[1]);
    }
    std::vector<double> v{kInfinity}, d(1);
    activate(*level, kSin, v, d.data());
    EXPECT_TRUE(std::isnan(v[0]) && std::isnan(d[0]));
}

TEST_P(ActivationsAtEveryLevel, TreatsReluAtItsKinkAndAtInfinity) {
    std::vector<double> v{0.0, -0.0, -3, 2, -kInfinity, kInfinity}, d(6);
    activate(*level, kPiecewiseLinear, v, d.data(), 0, 1);
    EXPECT_EQ(v, (std::vector<double>{0, 0, 0, 2, 0, kInfinity}));
    EXPECT_EQ(d, (std::vector<double>{0, 0, 0, 1, 0, 1}));
    EXPECT_FALSE(std::signbit(v[2]));
}

TEST_P(ActivationsAtEveryLevel, MultipliesAccumulatesAndBroadcasts) {
    const std::int64_t n = 37;
    std::vector<double> a(37), b(37);
    std::vector<float> af(37), bf(37);
    for (std::size_t i = 0; i < 37; i++) {
        a[i] = 0.1 * double(i) - 1;
        b[i] = 3.0 / (double(i) + 1);
        af[i] = float(a[i]);
        bf[i] = float(b[i]);
    }
    std::vector<double> product = b;
    level->f64.multiply(n, a.data(), product.data());
    std::vector<float> productf = bf;
    level->f32.multiply(n, af.data(), productf.data());
    for (std::size_t i = 0; i < 37; i++) {
        EXPECT_EQ(product[i], b[i] * a[i]);
        EXPECT_EQ(productf[i], bf[i] * af[i]);
    }
    // 3 x 9 out of rows of 12; theta has rows of 10, whose last column must stay.
    std::vector<double> theta(30, 1.0), thetaf(30, 1.0);
    level->f64.ntk_accumulate(3, 9, a.data(), b.data(), 12, 0.7, 1.3, theta.data(), 10);
    level->f32.ntk_accumulate(3, 9, af.data(), bf.data(), 12, 0.7, 1.3, thetaf.data(), 10);
    for (std::size_t r = 0; r < 3; r++) {
        for (std::size_t c = 0; c < 10; c++) {
            EXPECT_EQ(theta[r * 10 + c], c == 9 ? 1.0 : 1.0 + a[r * 12 + c] * (0.7 * b[r * 12 + c] + 1.3));
            EXPECT_EQ(thetaf[r * 10 + c],
                      c == 9 ? 1.0 : 1.0 + double(af[r * 12 + c]) * (0.7 * double(bf[r * 12 + c]) + 1.3));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Levels, ActivationsAtEveryLevel, testing::ValuesIn(kernel_levels()),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ntk::test
