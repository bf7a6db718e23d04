// Momentum, Adam, cross-entropy and mini-batches: their kernels against the definitions, and descents that are taken up.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "buffers.h"
#include "naive_network.h"
#include "ntk/batch_order.h"
#include "ntk/kernels.h"

namespace ntk::test {
namespace {

template <class T>
std::vector<T> normals(int64_t count, int seed) {
    std::mt19937_64 engine(seed);
    std::normal_distribution<T> normal;
    std::vector<T> numbers(count);
    for (T& x : numbers) x = normal(engine);
    return numbers;
}

template <class T>
void expect_steps_by_definition(const ElementKernels<T>& k) {
    const int64_t n = 1003;
    const std::vector<T> g = normals<T>(n, 1);
    std::vector<T> m = normals<T>(n, 2), v = m, w = normals<T>(n, 3);
    for (T& x : v) x *= x;
    const std::vector<T> m0 = m, v0 = v, w0 = w;
    const AdamStep<T> adam{T(0.9), T(1 - 0.9), T(0.999), T(1 - 0.999), T(0.01), T(1.5), T(1e-8)};
    k.adam_step(n, adam, g.data(), m.data(), v.data(), w.data());
    for (int64_t i = 0; i < n; ++i) {
        ASSERT_EQ(m[i], adam.decay * m0[i] + adam.gain * g[i]);
        ASSERT_EQ(v[i], adam.second_decay * v0[i] + adam.second_gain * (g[i] * g[i]));
        ASSERT_EQ(w[i], w0[i] - adam.size * m[i] / (adam.scale * std::sqrt(v[i]) + adam.epsilon));
    }
    std::vector<T> velocity = m0, u = w0;
    k.momentum_step(n, T(0.9), T(0.01), g.data(), velocity.data(), u.data());
    for (int64_t i = 0; i < n; ++i) {
        ASSERT_EQ(velocity[i], T(0.9) * m0[i] + g[i]);
        ASSERT_EQ(u[i], w0[i] - T(0.01) * velocity[i]);
    }
}

template <class T>
void expect_cross_entropy(const ElementKernels<T>& k, const ElementKernels<T>& reference) {
    for (int64_t n : {2, 3, 10, 100}) {
        std::vector<T> f = normals<T>(n, 4);
        for (T& x : f) x *= 20;
        std::vector<double> y(n);
        double sum = 0;
        for (int64_t i = 0; i < n; ++i) sum += y[i] = static_cast<double>(1 + i % 4);
        for (double& target : y) target /= sum;
        double partition = 0, loss = 0;
        for (T x : f) partition += std::exp(static_cast<double>(x));
        for (int64_t i = 0; i < n; ++i) loss -= y[i] * (f[i] - std::log(partition));
        std::vector<T> residuals = f, same = f;
        const double ours = k.cross_entropy(n, 0.5, y.data(), residuals.data());
        EXPECT_NEAR(ours, loss, 1e-13 * loss);
        const double tolerance = sizeof(T) == 4 ? 1e-7 : 1e-15;
        for (int64_t i = 0; i < n; ++i) {
            EXPECT_NEAR(residuals[i], 0.5 * (std::exp(static_cast<double>(f[i])) / partition - y[i]), tolerance);
        }
        EXPECT_EQ(reference.cross_entropy(n, 0.5, y.data(), same.data()), ours);
        EXPECT_EQ(same, residuals);
    }
    // Sure of the wrong class: no logarithm of zero.
    std::vector<T> sure{T(2000), T(0)};
    const std::vector<double> y{0, 1};
    EXPECT_EQ(k.cross_entropy(2, 1, y.data(), sure.data()), 2000);
    EXPECT_EQ(sure, (std::vector<T>{T(1), T(-1)}));
}

TEST(Optimizer, KernelsEqualTheirDefinitionsAtEveryLevel) {
    for (const char* level : kernel_levels()) {
        const Kernels* k = kernels_for_level(level);
        if (k == nullptr) continue;
        expect_steps_by_definition(k->f32);
        expect_steps_by_definition(k->f64);
        expect_cross_entropy(k->f32, kernels().f32);
        expect_cross_entropy(k->f64, kernels().f64);
    }
}

TEST(BatchOrder, SeesEachInputOnceInEveryEpoch) {
    BatchOrder order(10, 4, 7);
    EXPECT_EQ(order.epoch_steps(), 3);
    std::vector<int64_t> before;
    for (int64_t epoch : {0, 1, 1000}) {
        std::vector<int64_t> seen;
        for (int64_t step = 3 * epoch; step < 3 * epoch + 3; ++step) {
            EXPECT_EQ(order.ends_epoch(step), step % 3 == 2);
            const int64_t* inputs = order.at(step);
            seen.insert(seen.end(), inputs, inputs + order.count(step));
        }
        EXPECT_NE(seen, before);
        before = seen;
        std::sort(seen.begin(), seen.end());
        for (int64_t i = 0; i < 10; ++i) ASSERT_EQ(seen[i], i);
    }
    EXPECT_TRUE(BatchOrder(10, 10, 7).whole());
}

template <class T>
struct Classification {
    const Problem problem{{5, 9, 7, 3}, 10, 1, kTanh};
    Network network = problem.network();
    DescentRule rule{.learning_rate = 0.01, .patience = 1000, .max_steps = 50, .loss = kCrossEntropy, .optimizer = kAdam,
                     .momentum = 0.9, .second_momentum = 0.999, .epsilon = 1e-8, .batch = 4, .order_key = 3};
    std::vector<T> x0 = random_inputs<T>(problem), parameters = normals<T>(problem.parameter_count(), 5),
                   pending = std::vector<T>(sizeof(T) == 4 ? parameters.size() : 0),
                   moments = std::vector<T>(2 * parameters.size()),
                   scratch = std::vector<T>(descent_scratch(network, 10, rule));
    std::vector<double> targets = std::vector<double>(30), losses;
    DescentState state;

    Classification() {
        for (int s = 0; s < 10; ++s) targets[3 * s + s % 3] = 1;
    }

    TrainingData data() { return {.type = kElementType<T>, .inputs = 10, .x0 = bytes(x0), .targets = targets}; }

    void descend(int64_t until) {
        std::vector<double> seen(until / 3 - state.step / 3 + 1, NAN);
        const int64_t epochs = state.step / 3;
        ntk::descend(network, data(), rule, until, bytes(scratch),
                     {.parameters = bytes(parameters), .pending = bytes(pending), .moments = bytes(moments)}, state, seen);
        seen.resize(state.step / 3 - epochs + (state.status == kRunning ? 0 : 1));
        losses.insert(losses.end(), seen.begin(), seen.end());
    }
};

template <class T>
void expect_interruptions_change_nothing() {
    Classification<T> whole, parts;
    whole.descend(50);
    for (int64_t until = 1; until <= 50; ++until) {
        std::fill(parts.scratch.begin(), parts.scratch.end(), T(NAN));
        parts.descend(until);
    }
    EXPECT_EQ(whole.state.status, kMaxSteps);
    EXPECT_EQ(whole.losses.size(), 17u);
    EXPECT_LT(whole.losses[15], whole.losses[0]);
    EXPECT_EQ(whole.losses, parts.losses);
    EXPECT_EQ(whole.parameters, parts.parameters);
    EXPECT_EQ(whole.pending, parts.pending);
    EXPECT_EQ(whole.moments, parts.moments);
    EXPECT_EQ(descent_loss(whole.network, whole.data(), whole.rule, bytes(whole.scratch), bytes(whole.parameters)),
              whole.losses[16]);
}

TEST(Optimizer, InterruptionsChangeNothing) {
    expect_interruptions_change_nothing<double>();
    expect_interruptions_change_nothing<float>();
}

}  // namespace
}  // namespace ntk::test
