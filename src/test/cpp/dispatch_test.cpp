#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include "ntk/kernels.h"
#include "set_environment.h"

namespace ntk::test {
namespace {

/// kernels() decides once per process, so each value of NTK_SIMD is tried in a process of its own.
void choose_and_exit(const char* wanted) {
    set_environment("NTK_SIMD", wanted);
    try {
        std::cerr << "level " << kernels().level << std::endl;
    } catch (const std::invalid_argument& e) {
        std::cerr << "refused: " << e.what() << std::endl;
    }
    std::exit(0);
}

class Dispatch : public testing::Test {
protected:
    void SetUp() override { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};
using DispatchDeathTest = Dispatch;

TEST_F(DispatchDeathTest, TakesTheLevelOfTheEnvironment) {
    for (const char* level : kernel_levels()) {
        if (kernels_for_level(level) != nullptr) {
            EXPECT_EXIT(choose_and_exit(level), testing::ExitedWithCode(0), std::string("level ") + level);
        } else {
            EXPECT_EXIT(choose_and_exit(level), testing::ExitedWithCode(0), "refused: NTK_SIMD asks for level ");
        }
    }
}

TEST_F(DispatchDeathTest, TakesTheHighestLevelByDefault) {
    const char* best = nullptr;
    for (const char* level : kernel_levels()) {
        if (best == nullptr && kernels_for_level(level) != nullptr) best = level;
    }
    ASSERT_NE(best, nullptr);
    EXPECT_EXIT(choose_and_exit(""), testing::ExitedWithCode(0), std::string("level ") + best);
}

TEST_F(DispatchDeathTest, RefusesAnUnknownLevel) {
    const std::string names = kernel_levels().size() == 3 ? "v1, v3 or v4" : kernel_levels().back();
    EXPECT_EXIT(choose_and_exit("v2"), testing::ExitedWithCode(0), "refused: NTK_SIMD must be " + names + ", not 'v2'.");
    EXPECT_EXIT(choose_and_exit("avx512"), testing::ExitedWithCode(0), "refused: NTK_SIMD must be");
}

TEST(KernelsForLevel, KnowsItsNames) {
    const char* lowest = kernel_levels().back();
    EXPECT_STREQ(kernels_for_level(lowest)->level, lowest);
    EXPECT_EQ(kernels_for_level("v2"), nullptr);
    EXPECT_EQ(kernels_for_level(""), nullptr);
    EXPECT_EQ(&kernels(), &kernels());
}

}  // namespace
}  // namespace ntk::test
