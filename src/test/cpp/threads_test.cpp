// The core is stateless and re-entrant: several threads at once, each with ranges of its own in memory that they share, as the
// pool of the Java side calls it, leave the bits that one thread leaves. Built with -fsanitize=thread these tests find data
// races in the core (scripts/sanitize).
#include <gtest/gtest.h>

#include <barrier>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "buffers.h"
#include "naive_network.h"

namespace ntk::test {
namespace {

constexpr int kThreads = 4;

// task(0), …, task(kThreads - 1) at once, none before all threads are there.
void at_once(const std::function<void(int)>& task) {
    std::barrier together(kThreads);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            together.arrive_and_wait();
            task(t);
        });
    }
    for (std::thread& thread : threads) thread.join();
}

template <class T>
void expect_same_bits(const std::vector<T>& one, const std::vector<T>& other) {
    ASSERT_EQ(one.size(), other.size());
    EXPECT_EQ(0, std::memcmp(one.data(), other.data(), one.size() * sizeof(T)));
}

class Threads : public testing::Test {
   protected:
    // What the library does once after loading: BLAS then keeps no threads of its own.
    void SetUp() override { prepare_blas(); }
};

// In a process of its own, as ctest runs each test, nothing has been chosen yet.
TEST_F(Threads, ChooseTheSameLevelAndProducts) {
    std::vector<std::string> chosen(kThreads);
    at_once([&](int t) { chosen[t] = std::string(simd_level()) + " " + products_name() + " " + blas_description(); });
    for (const std::string& one : chosen) EXPECT_EQ(chosen[0], one);
}

// Each thread a network of its own over inputs that they share.
template <class T>
void expect_networks_are_independent(int kind) {
    Problem p{{9, 33, 17, 2}, 70, kThreads, kind};
    p.directions = 2;
    p.pairs = true;
    Buffers<T> alone(p), shared(p);
    alone.run(p);
    input_gram(shared.network, shared.batch);
    const std::vector<double> v = p.unit_vectors();
    at_once([&](int t) {
        std::vector<T> scratch(shared.tile_scratch.size());
        initialize(shared.network, shared.batch, 1.7, 0.3, static_cast<int64_t>(stream_key(1, 2)), 5 + t, t, 1);
        forward(shared.network, shared.batch, t, 1, 0, p.inputs);
        backward(shared.network, shared.batch, v, t, 1, 0, p.inputs);
        ntk_gram(shared.network, shared.batch, v, p.weight_rates(), p.bias_rates(), t, 1, 0, tiles(p), bytes(scratch));
    });
    expect_same_bits(alone.parameters, shared.parameters);
    expect_same_bits(alone.outputs, shared.outputs);
    expect_same_bits(alone.theta, shared.theta);
}

TEST_F(Threads, HaveNetworksOfTheirOwn) {
    for (int kind : {kPiecewiseLinear, kTanh, kErf}) {
        expect_networks_are_independent<float>(kind);
        expect_networks_are_independent<double>(kind);
    }
}

// One network: each thread blocks of its inputs, then tiles of its kernel, then rows of what is made of both.
template <class T>
void expect_parts_of_one_network_are_independent() {
    const Problem p{{9, 33, 17, 1}, 64 * kThreads - 5, 1};
    const int64_t s = p.inputs, parameters = p.parameter_count();
    Buffers<T> alone(p), shared(p);
    const std::vector<double> v = p.unit_vectors(), alpha = p.weight_rates(), beta = p.bias_rates(), c(s, 0.5);
    alone.run(p);
    shared.draw(5, 0, 1);
    input_gram(shared.network, shared.batch);
    at_once([&](int t) {
        const int64_t first = 64 * t, count = std::min<int64_t>(64, s - first);
        forward(shared.network, shared.batch, 0, 1, first, count);
        backward(shared.network, shared.batch, v, 0, 1, first, count);
    });
    std::vector<double> rows(s * s), change(s), change_alone(s);
    std::vector<std::vector<T>> gradients(kThreads, std::vector<T>(parameters));
    at_once([&](int t) {
        std::vector<T> scratch(shared.tile_scratch.size()), row_scratch(4 * 64 * s), work(shared.scratch.size());
        for (int64_t tile = t; tile < tiles(p); tile += kThreads) {
            ntk_gram(shared.network, shared.batch, v, alpha, beta, 0, 1, tile, 1, bytes(scratch));
        }
        const int64_t first = 64 * t, count = std::min<int64_t>(64, s - first);
        cross_gram(shared.network, shared.batch, shared.batch, v, alpha, beta, false, first, count, 0, s, bytes(row_scratch),
                   std::span(rows).subspan(first * s, count * s));
        derivatives(shared.network, shared.batch, 0, 0, v, shared.batch, first, count, change);
        Batch target = shared.batch;
        target.parameters = bytes(gradients[t]);
        target.scratch = bytes(work);
        add_gradient(shared.network, shared.batch, 0, 0, v, c, target);
    });
    expect_same_bits(alone.outputs, shared.outputs);
    expect_same_bits(alone.theta, shared.theta);
    derivatives(alone.network, alone.batch, 0, 0, v, alone.batch, 0, s, change_alone);
    expect_same_bits(change_alone, change);
    if (std::string(products_name()) == "own") expect_same_bits(alone.theta, rows);  // OpenBLAS: bits depend on the sizes
    for (const auto& gradient : gradients) expect_same_bits(gradients[0], gradient);
}

TEST_F(Threads, HavePartsOfOneNetwork) {
    expect_parts_of_one_network_are_independent<float>();
    expect_parts_of_one_network_are_independent<double>();
}

// Each thread a descent of its own on data and by a rule that they share.
template <class T>
void expect_descents_are_independent(const DescentRule& rule) {
    const Problem p{{9, 33, 17, 1}, 70, 1};
    const Network network = p.network();
    const auto x0 = random_inputs<T>(p);
    const std::vector<double> targets(p.inputs, 0.5);
    const TrainingData data{kElementType<T>, p.inputs, std::as_bytes(std::span(x0)), targets};
    const int64_t moments = rule.optimizer == kAdam ? 2 : rule.optimizer == kMomentum ? 1 : 0;
    const auto descent = [&] {
        Buffers<T> buffers(p);
        buffers.draw(5, 0, 1);
        std::vector<T> scratch(descent_scratch(network, p.inputs, rule)), m(moments * p.parameter_count()),
            pending(sizeof(T) == 4 ? p.parameter_count() : 0);
        std::vector<double> losses(rule.max_steps + 1);
        DescentState state;
        descend(network, data, rule, rule.max_steps, bytes(scratch), {bytes(buffers.parameters), bytes(pending), bytes(m)}, state,
                losses);
        return std::pair(buffers.parameters, losses);
    };
    const auto alone = descent();
    std::vector<decltype(descent())> shared(kThreads);
    at_once([&](int t) { shared[t] = descent(); });
    for (const auto& one : shared) {
        expect_same_bits(alone.first, one.first);
        expect_same_bits(alone.second, one.second);
    }
}

TEST_F(Threads, HaveDescentsOfTheirOwn) {
    DescentRule rule{.learning_rate = 0.01, .patience = 1000, .max_steps = 12, .momentum = 0.9, .second_momentum = 0.99,
                     .epsilon = 1e-8, .order_key = 7};
    for (OptimizerKind optimizer : {kGradientDescent, kMomentum, kAdam}) {
        rule.optimizer = optimizer;
        rule.batch = optimizer == kGradientDescent ? 0 : 32;
        expect_descents_are_independent<float>(rule);
        expect_descents_are_independent<double>(rule);
    }
}

// Draws between all threads against the same draws by one.
template <class Draw>
void expect_draws_are_independent(int64_t inputs, int64_t scratch_numbers, Draw draw) {
    constexpr int64_t each = 5, all = each * kThreads;
    struct Numbers {
        std::vector<double> theta, exponents, outputs;
        explicit Numbers(int64_t s) : theta(all * s * s), exponents(all), outputs(all * s) {}
        KernelDraws part(int64_t s, int64_t first, int64_t count) {
            return {std::span(theta).subspan(first * s * s, count * s * s), std::span(exponents).subspan(first, count),
                    std::span(outputs).subspan(first * s, count * s)};
        }
    } alone(inputs), shared(inputs);
    std::vector<double> scratch(scratch_numbers);
    draw(0, all, std::span(scratch), alone.part(inputs, 0, all));
    at_once([&](int t) {
        std::vector<double> own(scratch_numbers);
        draw(each * t, each, std::span(own), shared.part(inputs, each * t, each));
    });
    expect_same_bits(alone.theta, shared.theta);
    expect_same_bits(alone.exponents, shared.exponents);
    expect_same_bits(alone.outputs, shared.outputs);
}

TEST_F(Threads, HaveDrawsOfTheirOwn) {
    const RandomNetwork network(std::vector<int64_t>{9, 33, 17, 1}, kTanh, 0, 1, 1.7, 0.3);
    const RandomNetwork relu(std::vector<int64_t>{9, 33, 17, 1}, kPiecewiseLinear, 0, 1, 1.7, 0.3);
    const auto x0 = random_inputs<double>({{9, 33, 17, 1}, 3});
    expect_draws_are_independent(1, chain_scratch(network), [&](int64_t first, int64_t count, auto scratch, const auto& target) {
        chain_draws(network, 9, 42, first, count, scratch, target);
    });
    expect_draws_are_independent(1, relu_chain_scratch(relu), [&](int64_t first, int64_t count, auto scratch, const auto& target) {
        relu_chain_draws(relu, 9, 42, first, count, scratch, target);
    });
    expect_draws_are_independent(3, conditional_scratch(network, 3),
                                 [&](int64_t first, int64_t count, auto scratch, const auto& target) {
                                     conditional_draws(network, 3, x0, 42, first, count, scratch, target);
                                 });
}

TEST_F(Threads, HaveParticlesOfTheirOwn) {
    const RandomNetwork network(std::vector<int64_t>{9, 33, 17, 1}, kTanh, 0, 1, 1.7, 0.3);
    constexpr int64_t each = 5, all = each * kThreads;
    const auto run = [&](int64_t first, int64_t count, std::vector<double>& state, std::vector<double>& moments) {
        std::vector<double> scratch(moment_scratch(network));
        const Particles particles{count, all, std::span(state).subspan(first, 9 * all), std::span(moments).subspan(first, 4 * all)};
        start_particles(network, 9, particles);
        advance_particles(network, 9, 42, first, 1, 2, scratch, particles);
    };
    // A row more, for views whose first column is not the first one.
    std::vector<double> state(10 * all), moments(5 * all), shared_state(10 * all), shared_moments(5 * all);
    run(0, all, state, moments);
    at_once([&](int t) { run(each * t, each, shared_state, shared_moments); });
    expect_same_bits(state, shared_state);
    expect_same_bits(moments, shared_moments);
}

// Panels as the solvers use them, and LAPACK's functions.
TEST_F(Threads, SolveAtOnce) {
    constexpr int64_t n = 40;
    std::vector<double> a(n * n);
    for (int64_t i = 0; i < n; ++i) {
        for (int64_t j = 0; j < n; ++j) a[i * n + j] = i == j ? n : 1.0 / (1 + i + j);
    }
    std::vector<double> triangle(n * n), right(kThreads * n * n), right_alone;
    for (int64_t i = 0; i < n * n; ++i) triangle[i] = -a[i];
    const Panel u{kF64, n, n, bytes(triangle)};
    ASSERT_EQ(n, factor_triangle(u, 0, n));
    for (size_t i = 0; i < right.size(); ++i) right[i] = std::cos(static_cast<double>(i));
    right_alone = right;
    const auto solve = [&](std::vector<double>& numbers, int t) {
        const Panel x{kF64, kThreads * n, n, bytes(numbers)};
        solve_triangle(u, 0, n, true, x, t * n);
        solve_triangle(u, 0, n, false, x, t * n);
        add_product(u, 0, false, u, 0, x, t * n, n, n);
    };
    for (int t = 0; t < kThreads; ++t) solve(right_alone, t);
    at_once([&](int t) { solve(right, t); });
    expect_same_bits(right_alone, right);

    const auto lapack = [&] {
        std::vector<double> vectors = a, values(n), factor = a, rows(n, 1);
        symmetric_eigen(n, vectors, values);
        EXPECT_TRUE(cholesky_factor(n, factor));
        cholesky_solve(n, factor, 1, rows);
        rows.push_back(cholesky_reciprocal_condition(n, factor, n + 1));
        rows.insert(rows.end(), values.begin(), values.end());
        return rows;
    };
    const std::vector<double> alone = lapack();
    std::vector<std::vector<double>> all(kThreads);
    at_once([&](int t) { all[t] = lapack(); });
    for (const auto& one : all) expect_same_bits(alone, one);
}

}  // namespace
}  // namespace ntk::test
