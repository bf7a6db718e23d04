#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "checksum.h"
#include "ntk/kernels.h"
#include "ntk/random.h"
#include "philox.h"

namespace ntk::test {
namespace {

class NormalsAtEveryLevel : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        level = kernels_for_level(GetParam());
        if (level == nullptr) GTEST_SKIP() << "this CPU has no " << GetParam();
    }
    const Kernels* level = nullptr;
};

// The same constants are in NormalStreamTest.java.
TEST_P(NormalsAtEveryLevel, GivesTheBitsThatJavaGives) {
    const std::uint64_t key = stream_key(1, 2);
    std::vector<double> x(1000000);
    std::vector<float> y(1000000);
    Checksum normals, rounded, uniforms, far;
    level->f64.normals(key, 3, 4, 5, 7, 1000000, 1.25, x.data());
    for (double v : x) normals.add(v);
    level->f32.normals(key, 3, 4, 5, 7, 1000000, 1.25, y.data());
    for (float v : y) rounded.add(v);
    level->uniforms(key, 3, 4, 5, 7, 1000000, x.data());
    for (double v : x) uniforms.add(v);
    level->f64.normals(key, ~std::uint64_t(0), 0xffff, 0xff, kStreamLength - 1000, 1000, 1.0, x.data());
    for (int i = 0; i < 1000; i++) far.add(x[std::size_t(i)]);
    EXPECT_EQ(normals.value(), 0xbc7c6f28e71c3243u);
    EXPECT_EQ(rounded.value(), 0xa7d14250edbda0dbu);
    EXPECT_EQ(uniforms.value(), 0x74abf93f9e24700au);
    EXPECT_EQ(far.value(), 0x305a6142a72bd52au);
}

TEST_P(NormalsAtEveryLevel, IsRandomAccess) {
    const std::int64_t n = 3000;
    std::vector<double> whole(n), part(n);
    std::vector<float> partf(n);
    level->f64.normals(9, 8, 7, 6, 0, n, 1.0, whole.data());
    for (std::int64_t first : {0, 1, 2, 511, 512, 513, 1025}) {
        for (std::int64_t length : {0, 1, 2, 3, 15, 16, 17, 511, 512, 513, 1100}) {
            level->f64.normals(9, 8, 7, 6, first, length, 1.0, part.data());
            level->f32.normals(9, 8, 7, 6, first, length, 1.0, partf.data());
            for (std::int64_t i = 0; i < length; i++) {
                ASSERT_EQ(part[std::size_t(i)], whole[std::size_t(first + i)]);
                ASSERT_EQ(partf[std::size_t(i)], float(whole[std::size_t(first + i)]));
            }
        }
    }
}

TEST_P(NormalsAtEveryLevel, WritesNothingOutsideItsRange) {
    for (std::int64_t first : {0, 1}) {
        for (std::int64_t n = 0; n < 40; n++) {
            std::vector<double> out(60, -99.0);
            level->f64.normals(1, 1, 1, 1, first, n, 1.0, out.data() + 8);
            for (std::int64_t i = 0; i < 60; i++) {
                EXPECT_EQ(out[std::size_t(i)] == -99.0, i < 8 || i >= 8 + n);
            }
        }
    }
}

TEST_P(NormalsAtEveryLevel, FollowsBoxMuller) {
    std::vector<double> u(20000), z(20000);
    level->uniforms(5, 0, 1, 0, 0, 20000, u.data());
    level->f64.normals(5, 0, 1, 0, 0, 20000, 1.0, z.data());
    const long double tau = 2 * acosl(-1.0L);
    for (std::size_t i = 0; i < 20000; i += 2) {
        long double radius = sqrtl(-2 * logl(u[i]));
        EXPECT_NEAR(double(z[i] - radius * cosl(tau * u[i + 1])), 0, 2e-15);
        EXPECT_NEAR(double(z[i + 1] - radius * sinl(tau * u[i + 1])), 0, 2e-15);
    }
}

INSTANTIATE_TEST_SUITE_P(Levels, NormalsAtEveryLevel, testing::ValuesIn(kernel_levels()),
                         [](const auto& info) { return std::string(info.param); });

constexpr std::int64_t kDraws = 4000000;

std::vector<double> draw(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor) {
    std::vector<double> z(kDraws);
    kernels().f64.normals(key, network, layer, tensor, 0, kDraws, 1.0, z.data());
    return z;
}

// Streams are deterministic: the thresholds (5 standard errors; Kolmogorov's 1e-6 quantile) can't fail by chance later.
TEST(Normals, HaveTheMomentsOfANormalDistribution) {
    double sums[6] = {};
    for (double z : draw(stream_key(0, 0), 0, 1, 0)) {
        double power = 1;
        for (double& sum : sums) sum += (power *= z);
    }
    const double mean[6] = {0, 1, 0, 3, 0, 15};
    const double variance[6] = {1, 2, 15, 96, 945, 10170};
    for (int k = 0; k < 6; k++) {
        EXPECT_NEAR(sums[k] / kDraws, mean[k], 5 * std::sqrt(variance[k] / kDraws)) << "moment " << k + 1;
    }
}

TEST(Normals, PassKolmogorovSmirnov) {
    std::vector<double> z = draw(stream_key(1, 0), 5, 2, 1);
    std::sort(z.begin(), z.end());
    double distance = 0;
    for (std::int64_t i = 0; i < kDraws; i++) {
        double p = 0.5 * std::erfc(-z[std::size_t(i)] * std::sqrt(0.5));
        distance = std::max({distance, p - double(i) / kDraws, double(i + 1) / kDraws - p});
    }
    EXPECT_LT(distance * std::sqrt(double(kDraws)), 2.69);  // P(K > 2.69) = 1e-6
}

TEST(Normals, AreUncorrelatedWithTheirNeighbours) {
    const std::uint64_t key = stream_key(2, 3);
    const std::vector<double> z = draw(key, 0, 1, 0);
    auto expectUncorrelated = [&](const std::vector<double>& other, std::int64_t lag, const char* what) {
        double products = 0, squares = 0;
        for (std::int64_t i = 0; i + lag < kDraws; i++) {
            double a = z[std::size_t(i)], b = other[std::size_t(i + lag)];
            products += a * b;
            squares += (a * a - 1) * (b * b - 1) / 2;
        }
        EXPECT_LT(std::abs(products) / std::sqrt(double(kDraws)), 5) << what;
        EXPECT_LT(std::abs(squares) / std::sqrt(double(kDraws)), 2 * 5) << what;
    };
    for (std::int64_t lag : {1, 2, 3, 512}) expectUncorrelated(z, lag, "lag");
    expectUncorrelated(draw(key, 1, 1, 0), 0, "next network");
    expectUncorrelated(draw(key, 0, 2, 0), 0, "next layer");
    expectUncorrelated(draw(key, 0, 1, 1), 0, "next tensor");
    expectUncorrelated(draw(stream_key(2, 4), 0, 1, 0), 0, "next cell");
    expectUncorrelated(draw(stream_key(3, 3), 0, 1, 0), 0, "next seed");
}

}  // namespace
}  // namespace ntk::test
