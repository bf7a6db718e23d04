// The core's passes against the definitions, one parameter at a time, without a JVM.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "buffers.h"
#include "naive_network.h"

namespace ntk::test {
namespace {

// What each parameter's gradients count by.
std::vector<double> scales(const Problem& p) {
    std::vector<double> scale;
    for (int l = 1; l <= p.depth(); ++l) {
        scale.insert(scale.end(), p.widths[l] * p.widths[l - 1], p.weight_rates()[l - 1]);
        scale.insert(scale.end(), p.widths[l], p.bias_rates()[l - 1]);
    }
    return scale;
}

template <class T>
void expect_ntk_is_the_gradient_product(const Problem& p, double tolerance) {
    Buffers<T> buffers(p);
    buffers.run(p);
    const std::vector<double> scale = scales(p);
    const int64_t outputs = p.widths.back();
    for (int64_t k = 0; k < p.networks; ++k) {
        std::vector<std::vector<double>> gradients(p.inputs * p.directions);  // direction d of input s: s D + d
        const T* w = buffers.parameters.data() + k * p.parameter_count();
        for (int64_t s = 0; s < p.inputs; ++s) {
            for (int64_t d = 0; d < p.directions; ++d) {
                const double f = naive(p, w, buffers.x0.data() + s * p.widths[0], &gradients[s * p.directions + d], d);
                EXPECT_NEAR(buffers.outputs[(k * p.inputs + s) * outputs + d], f, tolerance * (1 + std::abs(f)));
            }
        }
        double largest = 0;
        std::vector<double> expected;
        for (int64_t d = 0; d < p.directions; ++d) {
            for (int64_t e = p.pairs ? 0 : d; e < (p.pairs ? p.directions : d + 1); ++e) {
                for (int64_t s = 0; s < p.rows(); ++s) {
                    for (int64_t r = p.columns == 0 ? 0 : p.rows(); r < p.inputs; ++r) {
                        double sum = 0;
                        for (int64_t i = 0; i < p.parameter_count(); ++i) {
                            sum += scale[i] * gradients[s * p.directions + d][i] * gradients[r * p.directions + e][i];
                        }
                        expected.push_back(sum);
                        largest = std::max(largest, std::abs(sum));
                    }
                }
            }
        }
        ASSERT_EQ(buffers.theta.size(), p.networks * expected.size());
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

TEST(Core, KernelsOfSeveralOutputsAreExplicitGradientProducts) {
    for (bool pairs : {false, true}) {
        for (int64_t inputs : {1, 2, 67}) {
            for (int64_t columns : {0, 1, 65}) {
                if (columns >= inputs) continue;
                Problem p{{5, 12, 9, 3}, inputs, 2};
                p.directions = 3;
                p.pairs = pairs;
                p.columns = columns;
                p.first_alpha = 0.7;
                p.first_beta = 1.3;
                p.fall = 1;
                expect_ntk_is_the_gradient_product<double>(p, 1e-12);
                expect_ntk_is_the_gradient_product<float>(p, 1e-4);
                p.widths = {4, 3};
                expect_ntk_is_the_gradient_product<double>(p, 1e-12);
            }
        }
    }
}

TEST(Core, AFrozenLayerTakesNoPart) {
    const Problem p{{5, 12, 9, 1}, 66, 1};
    Buffers<double> buffers(p);
    buffers.run(p);
    std::vector<double> sum(buffers.theta.size());
    const auto add_kernel = [&](const std::vector<double>& alpha, const std::vector<double>& beta) {
        ntk_gram(buffers.network, buffers.batch, p.unit_vectors(), alpha, beta, 0, 1, 0, tiles(p), bytes(buffers.tile_scratch));
        for (size_t i = 0; i < sum.size(); ++i) sum[i] += buffers.theta[i];
    };
    add_kernel({0, 0.3, 0}, {0, 0.4, 0});
    add_kernel({0.5, 0, 0.6}, {0, 0, 0.1});
    ntk_gram(buffers.network, buffers.batch, p.unit_vectors(), std::vector{0.5, 0.3, 0.6}, std::vector{0.0, 0.4, 0.1}, 0, 1, 0,
             tiles(p), bytes(buffers.tile_scratch));
    for (size_t i = 0; i < sum.size(); ++i) ASSERT_NEAR(buffers.theta[i], sum[i], 1e-13 * buffers.theta[0]);
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
            backward(network, parts.batch, p.unit_vectors(), k, 1, first, count);
        }
        for (int64_t t = tiles(p) - 1; t >= 0; --t) {
            ntk_gram(network, parts.batch, p.unit_vectors(), p.weight_rates(), p.bias_rates(), k, 1, t, 1, bytes(parts.tile_scratch));
        }
    }
    EXPECT_EQ(0, std::memcmp(whole.theta.data(), parts.theta.data(), whole.theta.size() * sizeof(double)));
    EXPECT_EQ(0, std::memcmp(whole.outputs.data(), parts.outputs.data(), whole.outputs.size() * sizeof(double)));
}

// Two batches with a part of the inputs each, against one with all of them.
template <class T>
void expect_blocks_between_batches_are_those_of_one(bool pairs) {
    Problem p{{9, 33, 17, 3}, 150, 1};
    p.directions = 3;
    p.pairs = pairs;
    Problem left_part = p, right_part = p;
    left_part.inputs = 71;
    right_part.inputs = 79;
    Buffers<T> whole(p), left(left_part), right(right_part);
    whole.run(p);
    std::copy_n(whole.x0.begin(), left.x0.size(), left.x0.begin());
    std::copy_n(whole.x0.begin() + left.x0.size(), right.x0.size(), right.x0.begin());
    left.run(left_part);
    right.run(right_part);
    // Ranges that begin and end within blocks of inputs.
    const int64_t first_row = 5, rows = 66, first_column = 60, columns = 19;
    const int64_t blocks = pairs ? 9 : 3;
    std::vector<T> scratch(4 * rows * columns);
    std::vector<double> theta(blocks * rows * columns, NAN);
    // OpenBLAS sums in an order that depends on the sizes.
    const bool own = std::string(products_name()) == "own";
    const double tolerance = own ? 0 : (sizeof(T) == 4 ? 1e-6 : 1e-14) * whole.theta[0];
    cross_gram(whole.network, left.batch, right.batch, p.unit_vectors(), p.weight_rates(), p.bias_rates(), pairs, first_row, rows,
               first_column, columns, bytes(scratch), theta);
    for (int64_t b = 0; b < blocks; ++b) {
        for (int64_t i = 0; i < rows; ++i) {
            for (int64_t j = 0; j < columns; ++j) {
                const int64_t s = first_row + i, r = left_part.inputs + first_column + j;
                ASSERT_NEAR(whole.theta[(b * p.inputs + s) * p.inputs + r], theta[(b * rows + i) * columns + j], tolerance)
                    << b << " " << s << " " << r;
            }
        }
    }
}

TEST(Core, BlocksBetweenTwoBatchesAreThoseOfOne) {
    for (bool pairs : {false, true}) {
        expect_blocks_between_batches_are_those_of_one<float>(pairs);
        expect_blocks_between_batches_are_those_of_one<double>(pairs);
    }
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
