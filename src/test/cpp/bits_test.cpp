// The arithmetic contract of ntk_core.h: what is computed has the same bits on every processor. Run at every SIMD level and
// architecture (CMakeLists.txt), each of these checksums shows it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "buffers.h"
#include "checksum.h"
#include "naive_network.h"
#include "ntk/products.h"

namespace ntk::test {
namespace {

template <class T>
std::vector<T> simple_inputs(int64_t count) {
    std::vector<T> x(count);
    for (int64_t i = 0; i < count; ++i) x[i] = static_cast<T>(i * 37 % 101 - 50) / T(64);
    return x;
}

template <class T>
uint64_t kernel_checksum(const Problem& p) {
    Buffers<T> buffers(p);
    std::ranges::copy(simple_inputs<T>(p.inputs * p.widths[0]), buffers.x0.begin());
    buffers.run(p);
    Checksum checksum;
    for (T f : buffers.outputs) checksum.add(f);
    for (double theta : buffers.theta) checksum.add(theta);
    return checksum.value();
}

template <class T>
uint64_t descent_checksum(const Problem& p) {
    Buffers<T> buffers(p);
    buffers.draw(5, 0, 1);
    const DescentRule rule{.learning_rate = 0.01, .loss_factor = 1, .min_decrease = 0, .patience = 1000, .max_steps = 20};
    std::vector<T> x0 = simple_inputs<T>(p.inputs * p.widths[0]), scratch(descent_scratch(buffers.network, p.inputs, rule)),
                   pending(sizeof(T) == 4 ? p.parameter_count() : 0);
    const std::vector<double> targets = simple_inputs<double>(p.inputs);
    std::vector<double> losses(21);
    DescentState state;
    descend(buffers.network, {kElementType<T>, p.inputs, bytes(x0), targets}, rule, 20, bytes(scratch),
            {.parameters = bytes(buffers.parameters), .pending = bytes(pending)}, state, losses);
    Checksum checksum;
    for (double loss : losses) checksum.add(loss);
    for (T w : buffers.parameters) checksum.add(w);
    for (T w : pending) checksum.add(w);
    return checksum.value();
}

uint64_t conditional_checksum(int64_t inputs) {
    const RandomNetwork network(std::vector<int64_t>{9, 33, 70, 17, 1}, kTanh, 0, 0, 1.7, 0.3);
    const std::vector<double> x0 = simple_inputs<double>(inputs * 9);
    std::vector<double> scratch(conditional_scratch(network, inputs)), theta(3 * inputs * inputs), f(3 * inputs);
    conditional_draws(network, inputs, x0, 42, 0, 3, scratch, {.theta = theta, .outputs = f});
    Checksum checksum;
    for (double number : theta) checksum.add(number);
    for (double number : f) checksum.add(number);
    return checksum.value();
}

struct Expected {
    int64_t inputs;
    uint64_t kernel_f32, kernel_f64, descent_f32, descent_f64, conditional;
};

// inputs: one alone, a few, more than a block with one left over.
constexpr Expected kExpected[] = {
    {1, 0x435d6f08f2da1961, 0xac18ba57842f28c3, 0x3bb95ba6129dd8ea, 0xdf2fd35ea97141ba,
     0x8855cd56be49eec2},
    {5, 0x64268f4733a35432, 0xbf239c04a63c7b74, 0x48b649b339746e35, 0x9bc8b9c6a3987aac,
     0x811e8756147cfeb7},
    {65, 0x216e5786d3ce4d21, 0x9972e9ff0bb32aa0, 0xa1a7ca638eb83dc5, 0xb565533e55ba6fd0,
     0x7822cbfdb08ad0a6},
};

TEST(Bits, AreTheSameOnEveryProcessor) {
    if (products().name == std::string("blas")) GTEST_SKIP() << "OpenBLAS has bits of its own";
    for (const Expected& expected : kExpected) {
        const Problem p{{9, 33, 70, 17, 1}, expected.inputs, 1, kTanh};
        SCOPED_TRACE(expected.inputs);
        EXPECT_EQ(kernel_checksum<float>(p), expected.kernel_f32);
        EXPECT_EQ(kernel_checksum<double>(p), expected.kernel_f64);
        EXPECT_EQ(descent_checksum<float>(p), expected.descent_f32);
        EXPECT_EQ(descent_checksum<double>(p), expected.descent_f64);
        EXPECT_EQ(conditional_checksum(expected.inputs), expected.conditional);
    }
}

}  // namespace
}  // namespace ntk::test
