// Gradient descent and the gradient's own function against naive sums over samples and parameters, without a JVM.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

#include "naive_network.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"

namespace ntk::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <class T>
struct Trajectory {
    std::vector<T> parameters, pending, x0, scratch;
    std::vector<double> targets, losses;
    std::vector<double> state{0, kRunning, kInfinity, 0, kInfinity, NAN};

    explicit Trajectory(const Problem& p)
        : parameters(p.parameter_count()),
          pending(parameters.size()),
          x0(p.inputs * p.widths[0]),
          scratch(descent_scratch(p.widths, p.depth(), p.inputs)),
          targets(p.inputs),
          losses(1000) {
        std::mt19937_64 engine(3);
        std::uniform_real_distribution<> uniform(-1, 1);
        for (T& x : x0) x = static_cast<T>(uniform(engine));
        for (double& y : targets) y = uniform(engine);
        initialize(p.widths, p.depth(), 1.7, 0.3, random_key(1, 2), 5, 0, 1, parameters);
    }

    void descend(const Problem& p, double rate, double factor, double min_decrease, int64_t patience, int64_t max_steps,
                 int64_t until) {
        const std::vector<int64_t>& w = p.widths;
        if constexpr (sizeof(T) == 8) {
            ntk::descend(w, p.depth(), p.kind, p.a, p.b, p.inputs, x0, targets, rate, factor, min_decrease,
                         patience, max_steps, until, scratch, parameters, state, losses);
        } else {
            ntk::descend(w, p.depth(), p.kind, p.a, p.b, p.inputs, x0, targets, rate, factor, min_decrease,
                         patience, max_steps, until, scratch, parameters, pending, state,
                         losses);
        }
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
                run.descend(p, 0.02, factor, 0, 1000, 50, 50);
                for (int t = 0; t <= 50; ++t) {
                    const double loss = naive_step(p, run, t < 50 ? 0.02 : 0, factor, &w);
                    ASSERT_NEAR(run.losses[t], loss, 1e-11 * (1 + loss)) << "step " << t;
                }
                for (size_t i = 0; i < w.size(); ++i) ASSERT_NEAR(run.parameters[i], w[i], 1e-11 * (1 + std::abs(w[i])));
                EXPECT_EQ(run.state[0], 50);
                EXPECT_EQ(run.state[1], kMaxSteps);
                EXPECT_EQ(run.state[5], run.losses[50]);
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
    wide.descend(p, 1e-9, 1, 0, 1000, 500, 500);
    narrow.descend(p, 1e-9, 1, 0, 1000, 500, 500);
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
    whole.descend(p, 0.02, 1, 1e-4, 20, 200, 200);
    std::vector<double> losses;
    for (int64_t until = 1; until <= 200; ++until) {
        const auto before = static_cast<int64_t>(parts.state[0]);
        const bool runs = parts.state[1] == static_cast<double>(kRunning);
        parts.descend(p, 0.02, 1, 1e-4, 20, 200, until);
        const bool ended = runs && parts.state[1] != static_cast<double>(kRunning);
        const auto count = static_cast<int64_t>(parts.state[0]) - before + (ended ? 1 : 0);
        losses.insert(losses.end(), parts.losses.begin(), parts.losses.begin() + count);
        std::fill(parts.scratch.begin(), parts.scratch.end(), T(NAN));
    }
    EXPECT_EQ(whole.state, parts.state);
    EXPECT_EQ(0, std::memcmp(whole.parameters.data(), parts.parameters.data(), whole.parameters.size() * sizeof(T)));
    EXPECT_EQ(0, std::memcmp(whole.pending.data(), parts.pending.data(), whole.pending.size() * sizeof(T)));
    ASSERT_EQ(static_cast<double>(losses.size()), whole.state[0] + 1);
    EXPECT_EQ(0, std::memcmp(losses.data(), whole.losses.data(), losses.size() * sizeof(double)));
}

TEST(Descent, InterruptionsChangeNothing) {
    expect_interruptions_change_nothing<double>();
    expect_interruptions_change_nothing<float>();
}

TEST(Descent, StopsAtTheLossThatCompletesThePatience) {
    const Problem p{{5, 9, 1}, 7, 1, kTanh};
    Trajectory<double> run(p);
    run.descend(p, 0.05, 1, 1e-3, 4, 900, 900);
    ASSERT_EQ(run.state[1], kEarlyStop);
    double best = kInfinity;
    int waited = 0, t = 0;
    for (;; ++t) {
        waited = run.losses[t] < best - 1e-3 ? 0 : waited + 1;
        if (waited == 0) best = run.losses[t];
        if (waited == 4) break;
    }
    EXPECT_EQ(run.state[0], t);
    EXPECT_EQ(run.state[2], best);
}

TEST(Descent, ALossThatIsNotFiniteEndsIt) {
    const Problem p{{5, 9, 8, 1}, 7, 1, kPiecewiseLinear};
    Trajectory<float> run(p);
    run.descend(p, 1e6, 1, 0, 1000, 900, 900);
    EXPECT_EQ(run.state[1], kDiverged);
    EXPECT_FALSE(std::isfinite(run.state[5]));
    EXPECT_TRUE(std::isfinite(run.state[4]));
}

TEST(Descent, BadArgumentsAreRefused) {
    const Problem p{{5, 9, 1}, 7};
    Trajectory<double> run(p);
    EXPECT_THROW(run.descend(p, 1, 1, 0, 0, 10, 10), std::invalid_argument);
    EXPECT_THROW(run.descend(p, 1, 1, 0, 1, 10, 11), std::invalid_argument);
    EXPECT_THROW(run.descend(Problem{{5, 9, 2}, 7}, 1, 1, 0, 1, 10, 10), std::invalid_argument);
    run.state[0] = 10;
    EXPECT_THROW(run.descend(p, 1, 1, 0, 1, 20, 9), std::invalid_argument);
    for (double step : {-1.0, -1e300, 1e300, static_cast<double>(INT64_MAX), std::nan("")}) {
        run.state[0] = step;
        EXPECT_THROW(run.descend(p, 1, 1, 0, 1, 20, 9), std::invalid_argument);
    }
    run.state[0] = 0;
    EXPECT_THROW(run.descend(p, 1, 1, 0, 1, INT64_MAX, INT64_MAX), std::invalid_argument);
    EXPECT_THROW(run.descend(p, 1, 1, 0, 1, 1000, 1000), std::invalid_argument);  // one loss too many
    const std::span<const double> null;
    EXPECT_THROW(ntk::descend(p.widths, 2, kTanh, 0, 0, 7, run.x0, null, 1, 1, 0, 1, 1, 1, run.scratch,
                              run.parameters, run.state, run.losses),
                 std::invalid_argument);
    EXPECT_THROW(add_gradient(p.widths, 2, 7, null, run.x0, run.x0, run.x0,
                              run.scratch, run.parameters),
                 std::invalid_argument);
}

TEST(Kernels, SettleMovesWhatFitsAndLosesNothing) {
    for (const char* level : {"v1", "v3", "v4"}) {
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
        k->settle_f32(static_cast<std::int64_t>(value.size()), value.data(), pending.data());
        for (size_t i = 0; i < value.size(); ++i) {
            ASSERT_EQ(value[i], static_cast<float>(exact[i])) << level;
            // |pending| < |value| held, so nothing is lost but the rounding of pending itself.
            ASSERT_NEAR(static_cast<double>(value[i]) + pending[i], exact[i], std::ldexp(std::abs(exact[i]), -47)) << level;
        }
    }
}

template <class T, class Outer, class Add>
void expect_row_kernels(Outer outer, Add add) {
    const int64_t rows = 5, cols = 37;
    std::vector<T> left(rows), right(cols), matrix(rows * cols), sums(cols, T(0.5));
    for (int64_t i = 0; i < rows; ++i) left[i] = T(1) / T(3 + i);
    for (int64_t j = 0; j < cols; ++j) right[j] = T(j) / T(7);
    for (int64_t i = 0; i < rows * cols; ++i) matrix[i] = T(i % 11) - T(5);
    const std::vector<T> before = matrix;
    add(rows, cols, matrix.data(), sums.data());
    outer(rows, cols, left.data(), right.data(), matrix.data());
    for (int64_t j = 0; j < cols; ++j) {
        T sum = T(0.5);
        for (int64_t i = 0; i < rows; ++i) {
            sum += before[i * cols + j];
            ASSERT_EQ(matrix[i * cols + j], before[i * cols + j] * (left[i] * right[j]));
        }
        ASSERT_EQ(sums[j], sum);
    }
}

TEST(Kernels, RowKernelsEqualTheirDefinitionsBitForBit) {
    for (const char* level : {"v1", "v3", "v4"}) {
        const Kernels* k = kernels_for_level(level);
        if (k == nullptr) continue;
        expect_row_kernels<double>(k->multiply_outer_f64, k->add_rows_f64);
        expect_row_kernels<float>(k->multiply_outer_f32, k->add_rows_f32);
    }
}

TEST(AddGradient, AddsTheCombinationOfExplicitGradients) {
    for (const Problem& p : {Problem{{5, 1}, 4}, Problem{{5, 9, 12, 7, 1}, 66}}) {
        Trajectory<double> run(p);
        const std::vector<int64_t>& widths = p.widths;
        std::vector<double> activations(p.inputs * p.hidden_units() + 1), deltas(activations.size()), outputs(p.inputs);
        std::vector<double> scratch(p.inputs * p.max_width());
        forward(widths, p.depth(), p.kind, 0, 0, p.inputs, 0, 1, 0, p.inputs, run.parameters, run.x0,
                activations, deltas, outputs);
        backward(widths, p.depth(), p.inputs, 0, 1, 0, p.inputs, run.parameters, deltas, scratch);
        std::vector<double> expected = run.parameters, gradient;
        for (int64_t s = 0; s < p.inputs; ++s) {
            naive(p, run.parameters.data(), run.x0.data() + s * p.widths[0], &gradient);
            for (size_t i = 0; i < expected.size(); ++i) expected[i] += run.targets[s] * gradient[i];
        }
        add_gradient(widths, p.depth(), p.inputs, run.targets, run.x0, activations, deltas,
                     scratch, run.parameters);
        for (size_t i = 0; i < expected.size(); ++i) {
            ASSERT_NEAR(run.parameters[i], expected[i], 1e-12 * (1 + std::abs(expected[i])));
        }
    }
}

}  // namespace
}  // namespace ntk::test
