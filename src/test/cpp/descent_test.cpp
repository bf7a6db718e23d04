// Gradient descent and the gradient's own function against naive sums over samples and parameters, without a JVM.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "buffers.h"
#include "naive_network.h"
#include "ntk/kernels.h"

namespace ntk::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <class T>
struct Trajectory {
    Network network;
    std::vector<T> parameters, pending, x0, scratch;
    std::vector<double> targets, losses;
    TrainingData data;
    DescentState state;

    explicit Trajectory(const Problem& p)
        : network(p.network()),
          parameters(p.parameter_count()),
          pending(sizeof(T) == 4 ? parameters.size() : 0),
          x0(random_inputs<T>(p)),
          scratch(descent_scratch(network, p.inputs, {})),
          targets(p.inputs),
          losses(1000),
          data{.type = kElementType<T>, .inputs = p.inputs, .x0 = bytes(x0), .targets = targets} {
        std::mt19937_64 engine(4);
        for (double& y : targets) y = std::uniform_real_distribution<>(-1, 1)(engine);
        initialize(network, {.type = kElementType<T>, .inputs = p.inputs, .parameters = bytes(parameters)}, 1.7, 0.3,
                   static_cast<int64_t>(stream_key(1, 2)), 5, 0, 1);
    }

    Trajectory(const Trajectory&) = delete;

    void descend(const DescentRule& rule, int64_t until) {
        ntk::descend(network, data, rule, until, bytes(scratch),
                     {.parameters = bytes(parameters), .pending = bytes(pending)}, state, losses);
    }
};

// loss = factor/(2S) sum (f - y)^2 before the step w -= rate grad loss.
double naive_step(const Problem& p, const Trajectory<double>& run, double rate, double factor, std::vector<double>* w) {
    std::vector<double> sum(w->size()), gradient;
    double loss = 0;
    for (int64_t s = 0; s < p.inputs; ++s) {
        const double residual = naive(p, w->data(), run.x0.data() + s * p.widths[0], &gradient) - run.targets[s];
        loss += factor / (2.0 * p.inputs) * residual * residual;
        for (size_t i = 0; i < sum.size(); ++i) sum[i] += factor / p.inputs * residual * gradient[i];
    }
    for (size_t i = 0; i < sum.size(); ++i) (*w)[i] -= rate * sum[i];
    return loss;
}

TEST(Descent, EqualsNaiveDescent) {
    for (int kind : {kPiecewiseLinear, kTanh, kErf}) {
        for (double factor : {1.0, 2.0}) {
            for (const Problem& p : {Problem{{5, 1}, 4, 1, kind}, Problem{{5, 9, 1}, 1, 1, kind},
                                     Problem{{5, 9, 12, 7, 1}, 66, 1, kind}, Problem{{5, 6, 6, 6, 6, 6, 1}, 9, 1, kind}}) {
                Trajectory<double> run(p);
                std::vector<double> w = run.parameters;
                run.descend({0.02, factor, 0, 1000, 50}, 50);
                for (int t = 0; t <= 50; ++t) {
                    const double loss = naive_step(p, run, t < 50 ? 0.02 : 0, factor, &w);
                    ASSERT_NEAR(run.losses[t], loss, 1e-11 * (1 + loss)) << "step " << t;
                }
                for (size_t i = 0; i < w.size(); ++i) ASSERT_NEAR(run.parameters[i], w[i], 1e-11 * (1 + std::abs(w[i])));
                EXPECT_EQ(run.state.step, 50);
                EXPECT_EQ(run.state.status, kMaxSteps);
                EXPECT_EQ(run.state.last_loss, run.losses[50]);
            }
        }
    }
}

TEST(Descent, CompensatedSinglePrecisionKeepsTinySteps) {
    const Problem p{{5, 9, 12, 1}, 9, 1, kTanh};
    Trajectory<double> wide(p);
    Trajectory<float> narrow(p);
    const std::vector<double> start = wide.parameters;
    for (size_t i = 0; i < start.size(); ++i) narrow.pending[i] = static_cast<float>(start[i] - narrow.parameters[i]);
    wide.descend({1e-9, 1, 0, 1000, 500}, 500);
    narrow.descend({1e-9, 1, 0, 1000, 500}, 500);
    double largest = 0;
    for (size_t i = 0; i < start.size(); ++i) largest = std::max(largest, std::abs(wide.parameters[i] - start[i]));
    ASSERT_GT(largest, 0);
    EXPECT_LT(largest, 1e-5);
    for (size_t i = 0; i < start.size(); ++i) {
        const double moved = narrow.parameters[i] - start[i] + narrow.pending[i];
        ASSERT_NEAR(moved, wide.parameters[i] - start[i], 1e-4 * largest) << "parameter " << i;
    }
}

template <class T>
void expect_interruptions_change_nothing() {
    const Problem p{{5, 9, 12, 1}, 66, 1, kErf};
    Trajectory<T> whole(p), parts(p);
    whole.descend({0.02, 1, 1e-4, 20, 200}, 200);
    std::vector<double> losses;
    for (int64_t until = 1; until <= 200; ++until) {
        const int64_t before = parts.state.step;
        const bool runs = parts.state.status == kRunning;
        parts.descend({0.02, 1, 1e-4, 20, 200}, until);
        const bool ended = runs && parts.state.status != kRunning;
        const int64_t count = parts.state.step - before + (ended ? 1 : 0);
        losses.insert(losses.end(), parts.losses.begin(), parts.losses.begin() + count);
        std::fill(parts.scratch.begin(), parts.scratch.end(), T(NAN));
    }
    EXPECT_EQ(whole.state.step, parts.state.step);
    EXPECT_EQ(whole.state.status, parts.state.status);
    EXPECT_EQ(whole.state.best, parts.state.best);
    EXPECT_EQ(whole.state.waited, parts.state.waited);
    EXPECT_EQ(whole.state.least_loss, parts.state.least_loss);
    EXPECT_EQ(whole.state.last_loss, parts.state.last_loss);
    EXPECT_EQ(0, std::memcmp(whole.parameters.data(), parts.parameters.data(), whole.parameters.size() * sizeof(T)));
    EXPECT_EQ(0, std::memcmp(whole.pending.data(), parts.pending.data(), whole.pending.size() * sizeof(T)));
    ASSERT_EQ(static_cast<int64_t>(losses.size()), whole.state.step + 1);
    EXPECT_EQ(0, std::memcmp(losses.data(), whole.losses.data(), losses.size() * sizeof(double)));
}

TEST(Descent, InterruptionsChangeNothing) {
    expect_interruptions_change_nothing<double>();
    expect_interruptions_change_nothing<float>();
}

TEST(Descent, StopsAtTheLossThatCompletesThePatience) {
    const Problem p{{5, 9, 1}, 7, 1, kTanh};
    Trajectory<double> run(p);
    run.descend({0.05, 1, 1e-3, 4, 900}, 900);
    ASSERT_EQ(run.state.status, kEarlyStop);
    double best = kInfinity;
    int waited = 0, t = 0;
    for (;; ++t) {
        waited = run.losses[t] < best - 1e-3 ? 0 : waited + 1;
        if (waited == 0) best = run.losses[t];
        if (waited == 4) break;
    }
    EXPECT_EQ(run.state.step, t);
    EXPECT_EQ(run.state.best, best);
}

TEST(Descent, ALossThatIsNotFiniteEndsIt) {
    const Problem p{{5, 9, 8, 1}, 7, 1, kPiecewiseLinear};
    Trajectory<float> run(p);
    run.descend({1e6, 1, 0, 1000, 900}, 900);
    EXPECT_EQ(run.state.status, kDiverged);
    EXPECT_FALSE(std::isfinite(run.state.last_loss));
    EXPECT_TRUE(std::isfinite(run.state.least_loss));
}

TEST(Kernels, SettleMovesWhatFitsAndLosesNothing) {
    for (const char* level : kernel_levels()) {
        const Kernels* k = kernels_for_level(level);
        if (k == nullptr) continue;
        std::mt19937_64 engine(7);
        std::normal_distribution<float> normal;
        std::vector<float> value(1003), pending(1003);
        std::vector<double> exact(1003);
        for (size_t i = 0; i < value.size(); ++i) {
            value[i] = normal(engine);
            pending[i] = std::ldexp(normal(engine), -10 - static_cast<int>(i % 30));
            exact[i] = static_cast<double>(value[i]) + pending[i];
        }
        k->settle(static_cast<std::int64_t>(value.size()), value.data(), pending.data());
        for (size_t i = 0; i < value.size(); ++i) {
            ASSERT_EQ(value[i], static_cast<float>(exact[i])) << level;
            // |pending| < |value| held, so nothing is lost but the rounding of pending itself.
            ASSERT_NEAR(static_cast<double>(value[i]) + pending[i], exact[i], std::ldexp(std::abs(exact[i]), -47)) << level;
        }
    }
}

template <class T, class Outer, class Add>
void expect_row_kernels(Outer outer, Add add) {
    for (const auto& [rows, cols] : {std::pair<int64_t, int64_t>{5, 37}, {37, 5}, {16, 16}, {33, 64}, {1, 1}, {70, 1}}) {
        std::vector<T> left(rows), right(cols), matrix(rows * cols), sums(rows, T(0.5));
        for (int64_t i = 0; i < rows; ++i) left[i] = T(1) / T(3 + i);
        for (int64_t j = 0; j < cols; ++j) right[j] = T(j) / T(7);
        for (int64_t i = 0; i < rows * cols; ++i) matrix[i] = T(i % 11) / T(3) - T(5);
        const std::vector<T> before = matrix;
        add(rows, cols, matrix.data(), sums.data());
        outer(rows, cols, left.data(), right.data(), matrix.data());
        for (int64_t i = 0; i < rows; ++i) {
            T sum = T(0.5);
            for (int64_t j = 0; j < cols; ++j) {
                sum += before[i * cols + j];
                ASSERT_EQ(matrix[i * cols + j], before[i * cols + j] * (left[i] * right[j]));
            }
            ASSERT_EQ(sums[i], sum);
        }
    }
}

TEST(Kernels, RowKernelsEqualTheirDefinitionsBitForBit) {
    for (const char* level : kernel_levels()) {
        const Kernels* k = kernels_for_level(level);
        if (k == nullptr) continue;
        expect_row_kernels<double>(k->f64.multiply_outer, k->f64.add_columns);
        expect_row_kernels<float>(k->f32.multiply_outer, k->f32.add_columns);
    }
}

TEST(AddGradient, AddsTheCombinationOfExplicitGradients) {
    for (const Problem& p : {Problem{{5, 1}, 4, 2}, Problem{{5, 9, 12, 7, 1}, 66, 2}}) {
        Buffers<double> source(p), target(p);
        source.run(p);
        target.parameters = source.parameters;
        std::vector<double> c(p.inputs), gradient;
        for (int64_t s = 0; s < p.inputs; ++s) c[s] = std::cos(1.0 + static_cast<double>(s));
        // The second network, into itself and into another batch.
        std::vector<double> expected(source.parameters.begin() + p.parameter_count(), source.parameters.end());
        const std::vector<double> w = expected;
        for (int64_t s = 0; s < p.inputs; ++s) {
            naive(p, w.data(), source.x0.data() + s * p.widths[0], &gradient);
            for (size_t i = 0; i < expected.size(); ++i) expected[i] += c[s] * gradient[i];
        }
        add_gradient(source.network, source.batch, 1, 0, std::array{1.0}, c, target.batch);
        add_gradient(source.network, source.batch, 1, 0, std::array{1.0}, c, source.batch);
        EXPECT_EQ(source.parameters, target.parameters);
        for (size_t i = 0; i < expected.size(); ++i) {
            ASSERT_NEAR(target.parameters[p.parameter_count() + i], expected[i], 1e-12 * (1 + std::abs(expected[i])));
        }
    }
}

}  // namespace
}  // namespace ntk::test
