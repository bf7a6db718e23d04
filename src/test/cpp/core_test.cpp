// The core's passes against the definitions, one parameter at a time, without a JVM.
#include "ntk/ntk_core.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

#include "naive_network.h"
#include "ntk/activation_kind.h"

namespace {

using ntk::test::Problem;
using ntk::test::naive;

template <class T>
struct Buffers {
    std::vector<T> parameters, x0, gram, activations, deltas, scratch, tiles, outputs;
    std::vector<double> theta;

    explicit Buffers(const Problem& p)
        : parameters(p.networks * p.parameter_count()),
          x0(p.inputs * p.widths[0]),
          gram(p.inputs * p.inputs),
          activations(p.networks * p.inputs * p.hidden_units() + 1),
          deltas(activations.size()),
          scratch(p.networks * p.inputs * p.max_width()),
          tiles(2 * ntk::block_size() * ntk::block_size()),
          outputs(p.networks * p.inputs),
          theta(p.networks * p.inputs * p.inputs) {
        std::mt19937_64 engine(3);
        for (T& x : x0) x = static_cast<T>(std::uniform_real_distribution<>(-1, 1)(engine));
    }

    void run(const Problem& p) {
        ntk::initialize(p.widths, p.depth(), 1.7, 0.3, ntk::random_key(1, 2), 5, 0, p.networks,
                        parameters);
        ntk::input_gram(p.widths[0], p.inputs, x0, gram);
        ntk::forward(p.widths, p.depth(), p.kind, p.a, p.b, p.inputs, 0, p.networks, 0, p.inputs,
                     parameters, x0, activations, deltas, outputs);
        ntk::backward(p.widths, p.depth(), p.inputs, 0, p.networks, 0, p.inputs, parameters,
                      deltas, scratch);
        ntk::ntk_gram(p.widths, p.depth(), p.inputs, 0, p.networks, 0, ntk::ntk_tiles(p.inputs), gram,
                      activations, deltas, tiles, theta);
    }
};

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
    for (int kind : {ntk::kPiecewiseLinear, ntk::kTanh, ntk::kErf}) {
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
    const std::vector<int64_t>& w = p.widths;
    ntk::input_gram(p.widths[0], p.inputs, parts.x0, parts.gram);
    for (int64_t k = 0; k < 3; ++k) {
        ntk::initialize(w, p.depth(), 1.7, 0.3, ntk::random_key(1, 2), 5 + k, k, 1, parts.parameters);
        for (int64_t first : {64, 0, 128}) {
            const int64_t count = std::min<int64_t>(64, p.inputs - first);
            ntk::forward(w, p.depth(), p.kind, 0, 0, p.inputs, k, 1, first, count, parts.parameters,
                         parts.x0, parts.activations, parts.deltas, parts.outputs);
            ntk::backward(w, p.depth(), p.inputs, k, 1, first, count, parts.parameters, parts.deltas,
                          parts.scratch);
        }
        for (int64_t t = ntk::ntk_tiles(p.inputs) - 1; t >= 0; --t) {
            ntk::ntk_gram(w, p.depth(), p.inputs, k, 1, t, 1, parts.gram, parts.activations,
                          parts.deltas, parts.tiles, parts.theta);
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
    const Problem p{{100, 200, 1}, 1, 1};
    std::vector<double> w(p.parameter_count());
    ntk::initialize(p.widths, p.depth(), 1.7, 0.3, ntk::random_key(0, 0), 0, 0, 1, w);
    double sum = 0;
    for (int i = 0; i < 20000; ++i) sum += w[i] * w[i];
    // The mean of n squared normals has standard error sqrt(2/n) of itself: five of them.
    EXPECT_NEAR(sum / 20000, 1.7 / 100, 5 * std::sqrt(2.0 / 20000) * 1.7 / 100);
    sum = 0;
    for (int i = 20000; i < 20200; ++i) sum += w[i] * w[i];
    EXPECT_NEAR(sum / 200, 0.3, 5 * std::sqrt(2.0 / 200) * 0.3);
}

TEST(Core, BadArgumentsAreRefusedBeforeMemoryIsTouched) {
    const std::vector<int64_t> widths{3, 4, 1}, negative{3, -4, 1}, wide_output{3, 4, 2};
    double buffer[1000] = {};
    const auto forward = [&](std::span<const int64_t> w, int depth, int kind, int64_t inputs, int64_t first,
                             int64_t count, std::span<const double> parameters) {
        ntk::forward(w, depth, kind, 0, 1, inputs, 0, 1, first, count, parameters, buffer, buffer, buffer, buffer);
    };
    EXPECT_THROW(forward({}, 2, 1, 1, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(forward(widths, 0, 1, 1, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(forward(negative, 2, 1, 1, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(forward(wide_output, 2, 1, 1, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(forward(widths, 2, 99, 1, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(forward(widths, 2, 1, 1, 0, 2, buffer), std::invalid_argument);
    EXPECT_THROW(forward(widths, 2, 1, 1, -1, 1, buffer), std::invalid_argument);
    EXPECT_THROW(forward(widths, 2, 1, 1, 0, INT64_MAX, buffer), std::invalid_argument);
    EXPECT_THROW(forward(widths, 2, 1, 1, 0, 1, {}), std::invalid_argument);
    EXPECT_THROW(ntk::backward(widths, 2, 1, 0, 1, 0, 1, buffer, std::span<double>{}, buffer),
                 std::invalid_argument);
    EXPECT_THROW(ntk::initialize(widths, 2, -1.0, 0.0, 0, 0, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(ntk::initialize(widths, 2, NAN, 0.0, 0, 0, 0, 1, buffer), std::invalid_argument);
    EXPECT_THROW(ntk::initialize(widths, 2, 1.0, 0.0, 0, -1, 0, 1, buffer), std::invalid_argument);
    // The ends of what can be counted.
    for (int64_t first : {INT64_MAX, INT64_MAX - 1, INT64_MIN}) {
        EXPECT_THROW(ntk::initialize(widths, 2, 1.0, 0.0, 0, first, 0, 2, buffer), std::invalid_argument);
        EXPECT_THROW(ntk::initialize(widths, 2, 1.0, 0.0, 0, 0, first, 2, buffer), std::invalid_argument);
        EXPECT_THROW(ntk::chain_draws(widths, 2, 0, 0, 1, 2, 0, 1, 0, first, 2, buffer, buffer, buffer, buffer),
                     std::invalid_argument);
        EXPECT_THROW(ntk::relu_chain_draws(widths, 2, 2, 0, 1, 0, first, 2, buffer, buffer, buffer, buffer),
                     std::invalid_argument);
        EXPECT_THROW(ntk::conditional_draws(widths, 2, 0, 0, 1, 2, 0, 1, buffer, 0, first, 2, buffer, buffer, buffer),
                     std::invalid_argument);
        EXPECT_THROW(ntk::advance_particles(widths, 2, 0, 0, 1, 2, 0, 1, 0, first, 2, 2, 1, 1, buffer, buffer, buffer),
                     std::invalid_argument);
    }
    const std::vector<int64_t> huge(5000, INT32_MAX);
    std::vector<int64_t> vast = huge;
    vast.back() = 1;
    EXPECT_THROW(ntk::conditional_scratch(vast, 4999, INT32_MAX), std::invalid_argument);
    EXPECT_THROW(ntk::descent_scratch(vast, 4999, INT32_MAX), std::invalid_argument);
    EXPECT_THROW(ntk::input_gram(INT64_MAX, INT64_MAX, buffer, buffer), std::invalid_argument);
    EXPECT_THROW(ntk::ntk_tiles(-1), std::invalid_argument);
    EXPECT_THROW(ntk::ntk_gram(widths, 2, 1, 0, 1, 1, 1, buffer, buffer, buffer, buffer, buffer),
                 std::invalid_argument);
}

}  // namespace
