// Faults on purpose, to see that the sanitizers find them in the core: it is given memory that is smaller than it is told, or
// was given back, a truth value that is none, and two threads for one range. Without sanitizers there is nothing here.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <thread>

#include "buffers.h"

#ifdef NTK_SANITIZE_THREAD
// The sanitizer would report a race and go on.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options() { return "halt_on_error=1"; }
#endif

namespace ntk::test {
namespace {

// In programs of their own: OpenBLAS has started threads in this one.
class PlantedDeathTest : public testing::Test {
   protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

[[maybe_unused]] const Problem kProblem{{9, 33, 17, 1}, 70, 2};

#ifdef NTK_SANITIZE_ADDRESS
void write_beyond_the_end() {
    Buffers<double> buffers(kProblem);
    std::vector<double> small(buffers.outputs.size() - 1);
    buffers.batch.outputs = {reinterpret_cast<std::byte*>(small.data()), buffers.outputs.size() * sizeof(double)};
    buffers.run(kProblem);
}

// By the instruction with a mask that ends each row, where the level has one.
void write_beyond_the_end_of_a_tile(int64_t columns) {
    std::vector<double> whole(10 * columns, 1), small(10 * columns - 1);
    const Panel left{kF64, 10, columns, bytes(whole)};
    const std::span<std::byte> more(reinterpret_cast<std::byte*>(small.data()), whole.size() * sizeof(double));
    add_product(left, 0, false, left, 0, {kF64, 10, columns, more}, 0, 10, std::min<int64_t>(10, columns));
}

void read_what_was_given_back() {
    Buffers<float> buffers(kProblem);
    std::vector<float>().swap(buffers.x0);
    buffers.run(kProblem);
}

TEST_F(PlantedDeathTest, AddressesAreWatched) {
    EXPECT_DEATH(write_beyond_the_end(), "ERROR: AddressSanitizer");
    if (std::string(products_name()) == "own") { // OpenBLAS is not watched
        for (int64_t columns : {37, 40, 48}) EXPECT_DEATH(write_beyond_the_end_of_a_tile(columns), "ERROR: AddressSanitizer");
        EXPECT_DEATH(read_what_was_given_back(), "heap-use-after-free");
    }
}
#endif

#ifdef NTK_SANITIZE_UNDEFINED
void read_a_truth_value_of_two() {
    Buffers<double> buffers(kProblem);
    std::memset(&buffers.batch.pairs, 2, 1);
    buffers.run(kProblem);
}

TEST_F(PlantedDeathTest, UndefinedBehaviourIsWatched) {
    EXPECT_DEATH(read_a_truth_value_of_two(), "not a valid value for type 'bool'");
}
#endif

#ifdef NTK_SANITIZE_THREAD
void write_at_once() {
    Buffers<double> buffers(kProblem);
    buffers.run(kProblem);
    const auto pass = [&] { forward(buffers.network, buffers.batch, 0, 2, 0, kProblem.inputs); };
    std::thread other(pass);
    pass();
    other.join();
}

TEST_F(PlantedDeathTest, ThreadsAreWatched) { EXPECT_DEATH(write_at_once(), "data race"); }
#endif

}  // namespace
}  // namespace ntk::test
