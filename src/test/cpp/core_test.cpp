// The core's passes against the definitions, one parameter at a time, without a JVM.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "buffers.h"
#include "naive_network.h"

namespace ntk::test {
namespace {

template <class T>
void expect_ntk_is_the_gradient_product(const Problem& p, double tolerance) {
    Buffers<T> buffers(p);
    buffers.run(p);
    for (int64_t k = 0; k < p.networks; ++k) {
        std::vector<std::vector<double>> gradients(p.inputs);
        const T* w = buffers.parameters.data() + k * p.parameter_count();
        for (int64_t s = 0; s < p.inputs; ++s) {
            const double f = naive(p, w, buffers.x0.data() + s * p.widths[0], &gradients[s]);
            EXPECT_NEAR(buffers.outputs[k * p.inputs + s], f, tolerance * (1 + std::abs(f)));
        }
        std::vector<double> expected(p.inputs * p.inputs);
        double largest = 0;
        for (int64_t s = 0; s < p.inputs; ++s) {
            for (int64_t r = 0; r < p.inputs; ++r) {
                for (int64_t i = 0; i < p.parameter_count(); ++i) {
                    expected[s * p.inputs + r] += gradients[s][i] * gradients[r][i];
                }
                largest = std::max(largest, std::abs(expected[s * p.inputs + r]));
            }
        }
        for (size_t i = 0; i < expected.size(); ++i) {
            ASSERT_NEAR(buffers.theta[k * expected.size() + i], expected[i], tolerance * largest) << "entry " << i;
        }
    }
}

TEST(Core, NtkIsTheExplicitGradientProduct) {
    for (int kind : {kPiecewiseLinear, kTanh, kErf}) {
        for (int64_t inputs : {1, 2, 5, 64, 65, 130}) {
            expect_ntk_is_the_gradient_product<double>({{7, 20, 13, 31, 1}, inputs, 2, kind}, 1e-12);
            expect_ntk_is_the_gradient_product<float>({{7, 20, 13, 31, 1}, inputs, 2, kind}, 1e-4);
        }
        expect_ntk_is_the_gradient_product<double>({{4, 1}, 3, 2, kind}, 1e-12);
        expect_ntk_is_the_gradient_product<double>({{4, 1, 1, 1}, 3, 2, kind}, 1e-12);
    }
}

TEST(Core, RangesOfNetworksInputsAndTilesGiveTheSameBits) {
    const Problem p{{9, 33, 17, 1}, 150, 3};
    Buffers<double> whole(p), parts(p);
    whole.run(p);
    const Network& network = parts.network;
    input_gram(network, parts.batch);
    for (int64_t k = 0; k < 3; ++k) {
        parts.draw(5 + k, k, 1);
        for (int64_t first : {64, 0, 128}) {
            const int64_t count = std::min<int64_t>(64, p.inputs - first);
            forward(network, parts.batch, k, 1, first, count);
            backward(network, parts.batch, k, 1, first, count);
        }
        for (int64_t t = tiles(p.inputs) - 1; t >= 0; --t) {
            ntk_gram(network, parts.batch, k, 1, t, 1, bytes(parts.tile_scratch));
        }
    }
    EXPECT_EQ(0, std::memcmp(whole.theta.data(), parts.theta.data(), whole.theta.size() * sizeof(double)));
    EXPECT_EQ(0, std::memcmp(whole.outputs.data(), parts.outputs.data(), whole.outputs.size() * sizeof(double)));
}

TEST(Core, SinglePrecisionParametersAreTheRoundedCanonicalStream) {
    const Problem p{{9, 33, 17, 1}, 1, 2};
    Buffers<double> wide(p);
    Buffers<float> narrow(p);
    wide.run(p);
    narrow.run(p);
    for (size_t i = 0; i < wide.parameters.size(); ++i) {
        ASSERT_EQ(static_cast<float>(wide.parameters[i]), narrow.parameters[i]);
    }
}

TEST(Core, ParametersHaveTheirVariances) {
    Buffers<double> buffers(Problem{{100, 200, 1}, 1, 1});
    buffers.draw(0, 0, 1);
    const std::vector<double>& w = buffers.parameters;
    double sum = 0;
    for (int i = 0; i < 20000; ++i) sum += w[i] * w[i];
    // The mean of n squared normals has standard error sqrt(2/n) of itself: five of them.
    EXPECT_NEAR(sum / 20000, 1.7 / 100, 5 * std::sqrt(2.0 / 20000) * 1.7 / 100);
    sum = 0;
    for (int i = 20000; i < 20200; ++i) sum += w[i] * w[i];
    EXPECT_NEAR(sum / 200, 0.3, 5 * std::sqrt(2.0 / 200) * 0.3);
}

}  // namespace
}  // namespace ntk::test
